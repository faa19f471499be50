"""The part of the REST API for forms of bodies outside: as they stand, filled in, as documents, sent.

STEP 2 for programs. To whoever may not see the record there is no form.
"""

from __future__ import annotations

from typing import Any

from flask import Response
from marshmallow import Schema, fields, validate

from services.portal.api_reading import Blueprint
from services.portal.api_token import StaffView, my_id, needs
from services.portal.doorkeeper import reach
from services.portal.downloads import as_download
from services.portal.form_pages import KINDS, WAYS
from services.portal.safeguarding_pages import STEPS

api = Blueprint("forms_api", "forms", url_prefix="/api/v1", description="Referrals and notifications on a record.")

_FORM = "/records/<report_id>/forms/<form>"
_AFTER = {"description": "The `last` of the form as you saw it: so that sending twice sends once."}


class AnswersShape(Schema):
    """Answers by the question's key; an empty one takes back what was typed."""

    answers = fields.Dict(
        keys=fields.String(validate=validate.Length(1, 80)), values=fields.String(validate=validate.Length(max=5_000)),
        required=True,
    )  # fmt: skip


class SendShape(Schema):
    """To which of the form's contacts it is e-mailed."""

    whom = fields.String(required=True, validate=validate.Length(1, 80))
    after = fields.Integer(required=True, validate=validate.Range(0, 1_000_000), metadata=_AFTER)


class SentShape(SendShape):
    """How and when it was sent in another way."""

    channel = fields.String(required=True, validate=validate.OneOf(list(WAYS)))
    at = fields.AwareDateTime(required=True)
    note = fields.String(load_default="", validate=validate.Length(max=5_000))


class WhichShape(Schema):
    """Which state of the form."""

    sent = fields.Integer(
        load_default=None, validate=validate.Range(1, 1_000_000), metadata={"description": "As this row sent it."}
    )


class StepShape(Schema):
    """What happened with an allegation; `said` holds subject, outcome, meeting, at, next_at, invited, as it needs."""

    step = fields.String(required=True, validate=validate.OneOf(list(STEPS)))
    said = fields.Dict(keys=fields.String(validate=validate.Length(1, 40)), load_default=dict)
    reason = fields.String(required=True, validate=validate.Length(1, 5_000))


class EvidenceShape(Schema):
    """For whom the evidence is taken out."""

    whom = fields.String(required=True, validate=validate.Length(1, 500))


@api.route("/records/<report_id>/steps")
class Steps(StaffView):
    """Meetings about an allegation, and how it ended."""

    @needs("safeguarding")
    @api.arguments(StepShape)
    @api.response(200)
    def post(self, sent: dict[str, Any], report_id: str) -> Any:
        """Record a step; what stands already is recorded once."""
        return reach().calls.safeguarding.record_step(person_id=my_id(), report_id=report_id, **sent)


@api.route("/records/<report_id>/evidence.<kind>")
class Evidence(StaffView):
    """Everything that was recorded about a report."""

    @needs("safeguarding")
    @api.arguments(EvidenceShape)
    @api.response(200, content_type="application/pdf")
    def post(self, sent: dict[str, Any], report_id: str, kind: str) -> Response:
        """As `pdf` or `json`, to hand to an inspector or the LADO; that it was taken out is recorded."""
        return as_download(
            reach().calls.safeguarding.evidence(person_id=my_id(), report_id=report_id, kind=kind, **sent)
        )


@api.route(_FORM)
class Form(StaffView):
    """A form of a body outside."""

    @needs("safeguarding")
    @api.response(200)
    def get(self, report_id: str, form: str) -> Any:
        """Filled in as far as it can be, what is missing, to whom it goes and when it was sent."""
        return reach().calls.safeguarding.form(person_id=my_id(), report_id=report_id, form=form)

    @needs("safeguarding")
    @api.arguments(AnswersShape)
    @api.response(200)
    def post(self, sent: dict[str, Any], report_id: str, form: str) -> Any:
        """Keep answers."""
        return reach().calls.safeguarding.fill_form(person_id=my_id(), report_id=report_id, form=form, **sent)


@api.route(f"{_FORM}/document.<kind>")
class Document(StaffView):
    """It as a document."""

    @needs("safeguarding")
    @api.arguments(WhichShape, location="query")
    @api.response(200, content_type="application/pdf")
    def get(self, which: dict[str, Any], report_id: str, form: str, kind: str) -> Response:
        """A tagged PDF (`pdf`), or a document to edit (`docx`)."""
        return as_download(
            reach().calls.safeguarding.form_document(
                person_id=my_id(), report_id=report_id, form=form, kind=kind if kind in KINDS else "", **which
            )
        )


@api.route(f"{_FORM}/send")
class Send(StaffView):
    """Sending it by e-mail."""

    @needs("safeguarding")
    @api.arguments(SendShape)
    @api.response(200)
    def post(self, sent: dict[str, Any], report_id: str, form: str) -> Any:
        """E-mail the PDF to a contact whose address was verified."""
        return reach().calls.safeguarding.send_form(person_id=my_id(), report_id=report_id, form=form, **sent)


@api.route(f"{_FORM}/sent")
class Sent(StaffView):
    """Having sent it in another way."""

    @needs("safeguarding")
    @api.arguments(SentShape)
    @api.response(200)
    def post(self, sent: dict[str, Any], report_id: str, form: str) -> Any:
        """Record it, with the form as it stands."""
        told = sent | {"at": sent["at"].isoformat()}
        return reach().calls.safeguarding.form_sent_otherwise(person_id=my_id(), report_id=report_id, form=form, **told)
