"""The part of the REST API for those who keep children safe: alerts, records, concerns, who is meant, referrals.

STEP 2 for programs. To whoever may not see a record it does not exist.
"""

from __future__ import annotations

from typing import Any

from services.portal.api_reading import Blueprint
from services.portal.api_shapes import (
    AcknowledgeShape,
    ClosingShape,
    ConcernShape,
    EndedShape,
    ReferralShape,
    RungShape,
    SubjectShape,
    TriageShape,
)
from services.portal.api_token import StaffView, my_id, needs
from services.portal.doorkeeper import reach

api = Blueprint(
    "safeguarding_api", "safeguarding", url_prefix="/api/v1", description="For those who keep children safe."
)


@api.route("/alerts")
class Alerts(StaffView):
    """Alerts."""

    @needs("safeguarding")
    @api.response(200)
    def get(self) -> Any:
        """The alerts this person is to answer or has answered."""
        return reach().calls.safeguarding.alerts(person_id=my_id())


@api.route("/alerts/<alert_id>")
class Alert(StaffView):
    """One alert."""

    @needs("safeguarding")
    @api.response(200)
    def get(self, alert_id: str) -> Any:
        """What it is about, by when, and who was called."""
        return reach().calls.safeguarding.alert(person_id=my_id(), alert_id=alert_id)


@api.route("/alerts/<alert_id>/acknowledge")
class Acknowledge(StaffView):
    """Answering an alert."""

    @needs("safeguarding")
    @api.arguments(AcknowledgeShape, required=False)
    @api.response(200)
    def post(self, sent: dict[str, Any], alert_id: str) -> Any:
        """ "I have it": the ladder stops calling. With `can` false, "I cannot": the next is called at once."""
        return reach().calls.safeguarding.acknowledge(
            person_id=my_id(), alert_id=alert_id, how=sent.get("how", "page"), can=sent.get("can", True)
        )


@api.route("/alerts/rung")
class Rung(StaffView):
    """Answers over the telephone."""

    @needs("safeguarding")
    @api.response(200)
    def get(self) -> Any:
        """Whom the platform may call at this person's homes, whether or not it has."""
        return {"people": reach().calls.safeguarding.who_may_ring(person_id=my_id())}

    @needs("safeguarding")
    @api.arguments(RungShape)
    @api.response(200)
    def post(self, sent: dict[str, Any]) -> Any:
        """Somebody who was called has rung, and said their four digits to this person."""
        return reach().calls.safeguarding.answer_by_phone(taken_by=my_id(), **sent)


@api.route("/past-complaints")
class PastComplaints(StaffView):
    """Complaints of an earlier log."""

    @needs("safeguarding")
    @api.response(200)
    def get(self) -> Any:
        """Those in which the screen found something, and which this person has still to read."""
        return reach().calls.safeguarding.past_to_read(person_id=my_id())


@api.route("/past-complaints/<report_id>/read")
class PastComplaintRead(StaffView):
    """Reading one of them."""

    @needs("safeguarding")
    @api.response(200)
    def post(self, report_id: str) -> Any:
        """Record that it was read, and that there is nothing to raise."""
        return reach().calls.safeguarding.past_read(person_id=my_id(), report_id=report_id)


@api.route("/records/<report_id>")
class Record(StaffView):
    """A safeguarding record."""

    @needs("safeguarding")
    @api.response(200)
    def get(self, report_id: str) -> Any:
        """The whole record, for the cleared lead."""
        return reach().calls.safeguarding.record(person_id=my_id(), report_id=report_id)


@api.route("/records/<report_id>/concerns")
class Concerns(StaffView):
    """Decisions on concerns."""

    @needs("safeguarding")
    @api.arguments(ConcernShape)
    @api.response(200)
    def post(self, sent: dict[str, Any], report_id: str) -> Any:
        """Confirm or clear a concern, with the reason."""
        calls = reach().calls.safeguarding
        decide = calls.confirm_concern if sent["decision"] == "confirm" else calls.clear_concern
        return decide(person_id=my_id(), report_id=report_id, concern=sent["concern"], reason=sent["reason"])


@api.route("/questions")
class QuestionsWaiting(StaffView):
    """Reports whose questions wait for answers."""

    @needs("safeguarding")
    @api.response(200)
    def get(self) -> Any:
        """The reports about which this person has still to answer what every concern asks."""
        return reach().calls.safeguarding.to_triage(person_id=my_id())


@api.route("/records/<report_id>/questions")
class Questions(StaffView):
    """What every concern asks about a report."""

    @needs("safeguarding")
    @api.arguments(TriageShape)
    @api.response(200)
    def post(self, sent: dict[str, Any], report_id: str) -> Any:
        """Answer all of it, with the decision and its reason. A yes raises the concern; a no clears what was found."""
        return reach().calls.safeguarding.triage(person_id=my_id(), report_id=report_id, **sent)


@api.route("/records/<report_id>/subjects")
class Subjects(StaffView):
    """Who is meant."""

    @needs("safeguarding")
    @api.arguments(SubjectShape)
    @api.response(200)
    def post(self, sent: dict[str, Any], report_id: str) -> Any:
        """Record who is meant by a name or a few words."""
        return reach().calls.safeguarding.identify(person_id=my_id(), report_id=report_id, **sent)

    @needs("safeguarding")
    @api.response(200)
    def get(self, report_id: str) -> Any:
        """The people whom the words could mean."""
        return reach().calls.safeguarding.people_it_could_be(person_id=my_id(), report_id=report_id)


@api.route("/records/<report_id>/referrals")
class Referrals(StaffView):
    """Referrals and calls."""

    @needs("safeguarding")
    @api.arguments(ReferralShape)
    @api.response(200)
    def post(self, sent: dict[str, Any], report_id: str) -> Any:
        """Record a referral or a telephone call, with what was agreed."""
        told = sent | {"at": sent["at"].isoformat()}
        return reach().calls.safeguarding.record_referral(person_id=my_id(), report_id=report_id, **told)


@api.route("/records/<report_id>/ended")
class Ended(StaffView):
    """The end of another procedure about the same matter."""

    @needs("safeguarding")
    @api.arguments(EndedShape)
    @api.response(200)
    def post(self, sent: dict[str, Any], report_id: str) -> Any:
        """Record that the disciplinary procedure has ended, or what the police and the court did."""
        return reach().calls.safeguarding.ended(person_id=my_id(), report_id=report_id, **sent)


@api.route("/records/<report_id>/close")
class Closing(StaffView):
    """The end of safeguarding's part."""

    @needs("safeguarding")
    @api.arguments(ClosingShape)
    @api.response(200)
    def post(self, sent: dict[str, Any], report_id: str) -> Any:
        """Record that safeguarding has ended, and how."""
        return reach().calls.safeguarding.close(person_id=my_id(), report_id=report_id, **sent)
