"""The part of the REST API for staff, with a token: today, cases, acts, reports, messages, parked facts.

Every answer is asked for in the name of the token's person; what they may not know of is a 404 like any other.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import request

from services.chassis.errors import NotFound
from services.portal.api_finding import FindShape
from services.portal.api_public import handed_in
from services.portal.api_reading import Blueprint
from services.portal.api_shapes import (
    ActionShape,
    CasesQuery,
    PageQuery,
    PeriodQuery,
    ReceiptShape,
    StandingShape,
    VersionShape,
    WrittenDownShape,
)
from services.portal.api_token import StaffView, my_id, needs
from services.portal.doorkeeper import bearer, only_who_mends, only_who_works_here, reach
from services.portal.group_pages import handle_again, parked_everywhere

api = Blueprint("staff_api", "staff", url_prefix="/api/v1", description="For staff, with a token.")


@api.route("/written-down")
class WrittenDown(StaffView):
    """What somebody told a member of staff."""

    @needs("cases:act")
    @api.arguments(WrittenDownShape)
    @api.response(201, ReceiptShape)
    def post(self, _: dict[str, Any]) -> tuple[dict[str, Any], int, dict[str, str]]:
        """Write it down for them; the receipt is theirs. It is screened and counts from when it was told."""
        only_who_works_here(bearer())
        told = request.get_json()
        if reach().home(str(told["home"]))["operator"] != bearer()["operator"]:
            raise NotFound
        return handed_in(told | {"taken_by": my_id()})


@api.route("/today")
class Today(StaffView):
    """Today."""

    @needs("cases:read")
    @api.response(200)
    def get(self) -> Any:
        """What is late, due and waiting for this person, in order, each with its clause and its derivation."""
        return reach().calls.workflow.today(person_id=my_id())


@api.route("/cases")
class Cases(StaffView):
    """Cases."""

    @needs("cases:read")
    @api.arguments(CasesQuery, location="query")
    @api.response(200)
    def get(self, query: dict[str, Any]) -> Any:
        """The cases this person may see, newest first."""
        return reach().calls.workflow.cases(person_id=my_id(), state=query["state"], page=query["page"])


@api.route("/cases/find")
class Find(StaffView):
    """Looking for a case."""

    @needs("cases:read")
    @api.arguments(FindShape)
    @api.response(200)
    def post(self, sent: dict[str, Any]) -> Any:
        """The cases of this person's that are meant, newest first. In the body: a name stands in no address."""
        page = sent.pop("page")
        wanted = {name: value.isoformat() if isinstance(value, date) else value for name, value in sent.items()}
        return reach().calls.workflow.find(person_id=my_id(), wanted=wanted, page=page)


@api.route("/cases/<case_id>")
class Case(StaffView):
    """One case."""

    @needs("cases:read")
    @api.response(200)
    def get(self, case_id: str) -> Any:
        """Where it stands, what is due and why, who holds which part, what may be done and what not and why."""
        return reach().calls.workflow.case(person_id=my_id(), case_id=case_id, to_read=True)


@api.route("/cases/<case_id>/ledger")
class Ledger(StaffView):
    """Its ledger."""

    @needs("cases:read")
    @api.response(200)
    def get(self, case_id: str) -> Any:
        """What happened, in order."""
        return reach().calls.workflow.ledger(person_id=my_id(), case_id=case_id)


@api.route("/cases/<case_id>/actions")
class Actions(StaffView):
    """Acts."""

    @needs("cases:act")
    @api.arguments(ActionShape)
    @api.response(200)
    @api.problem(409, "Refused, or somebody was first")
    def post(self, sent: dict[str, Any], case_id: str) -> Any:
        """Do one thing. 409 with `clause` when the procedure refuses, with `actual` when the case has moved on."""
        return reach().calls.workflow.act(
            person_id=my_id(), case_id=case_id, command=sent["command"], data=sent["data"],
            expected_seq=sent["expected_seq"], key=request.headers.get("Idempotency-Key"),
        )  # fmt: skip


@api.route("/cases/<case_id>/procedure")
class Version(StaffView):
    """By which version of its procedure it goes."""

    @needs("cases:act")
    @api.arguments(VersionShape)
    @api.response(200)
    @api.problem(409, "It cannot go over")
    def post(self, sent: dict[str, Any], case_id: str) -> Any:
        """Let it go over to another version (for the group's operator): what becomes different, line by line."""
        return reach().calls.workflow.migrate(person_id=my_id(), case_id=case_id, **sent)


@api.route("/standing")
class StandingDuties(StaffView):
    """What is owed without any complaint."""

    @needs("cases:read")
    @api.response(200)
    def get(self) -> Any:
        """The homes and providers whose standing duties this person may read, with how much is late and due soon."""
        return reach().calls.workflow.standing(person_id=my_id())


@api.route("/standing/<book_id>")
class StandingPlace(StaffView):
    """One home, or a provider as a whole."""

    @needs("cases:read")
    @api.response(200)
    def get(self, book_id: str) -> Any:
        """Each duty with its day, its clause and why that day: late, due, kept, kept late, never done."""
        return reach().calls.workflow.standing_place(person_id=my_id(), book_id=book_id)

    @needs("cases:act")
    @api.arguments(StandingShape)
    @api.response(200)
    def post(self, sent: dict[str, Any], book_id: str) -> Any:
        """Write down that something was done, that a young person came or left, or that an entry was wrong."""
        return reach().calls.workflow.write_standing(
            person_id=my_id(), book_id=book_id, command=sent["command"], data=sent["data"],
            key=request.headers.get("Idempotency-Key"),
        )  # fmt: skip


@api.route("/reports")
class Reports(StaffView):
    """Reports."""

    @needs("reports")
    @api.response(200)
    def get(self) -> Any:
        """Which reports this person may draw up."""
        return reach().calls.reporting.reports_for(person_id=my_id())


@api.route("/reports/<provider>/<key>")
class Report(StaffView):
    """One report."""

    @needs("reports")
    @api.arguments(PeriodQuery, location="query")
    @api.response(200)
    def get(self, query: dict[str, date], provider: str, key: str) -> Any:
        """A provider's report over a period."""
        days = {name: query[name].isoformat() if name in query else None for name in ("since", "until")}
        return reach().calls.reporting.report(person_id=my_id(), provider=provider, key=key, **days)


@api.route("/outgoing")
class Outgoing(StaffView):
    """Messages."""

    @needs("cases:read")
    @api.arguments(PageQuery, location="query")
    @api.response(200)
    def get(self, query: dict[str, int]) -> Any:
        """The messages that were sent, or that a trial held back, newest first."""
        return reach().outgoing(my_id(), query["page"])


@api.route("/parked")
class Parked(StaffView):
    """Parked facts."""

    @needs("directory")
    @api.response(200)
    def get(self) -> Any:
        """What could not be handled; for a group operator, and by its number alone for the administrator."""
        only_who_mends(bearer())
        return parked_everywhere(my_id())


@api.route("/parked/<service>/<parked_id>/replay")
class Replay(StaffView):
    """Trying again."""

    @needs("directory")
    @api.response(200)
    def post(self, service: str, parked_id: str) -> Any:
        """Handle a parked fact again."""
        only_who_mends(bearer())
        return handle_again(service, parked_id, my_id())
