"""What safeguarding says, step 2 of a complaint: what the screen found, whom it calls, and how its record grows."""

from __future__ import annotations

from marshmallow import fields, validate

from heard.facts.parts import EnvelopeSchema, Form, HappeningSchema, PlaceSchema
from heard.facts.workflow import StandingNoteWritten


class SubjectSchema(Form):
    """Whom a report is about, as far as is known. ``person`` stays null until somebody has identified them."""

    subject = fields.String(required=True)
    person = fields.String(load_default=None, allow_none=True)
    role = fields.String(load_default=None, allow_none=True)
    identified = fields.Boolean(required=True)
    might_be = fields.List(fields.String(), load_default=list)


class ConcernSchema(Form):
    """A concern that the screen found, with the rules or words that caused it (their ids, not their text)."""

    concern = fields.String(required=True)
    because = fields.List(fields.String(), required=True)


class ReportScreened(PlaceSchema):
    """Safeguarding has a report (or later words), has screened it and says who must be kept away."""

    same_by = ("report_id", "words_id", "screened_at")
    report_id = fields.String(required=True)
    words_id = fields.String(load_default=None, allow_none=True)
    screened_at = fields.AwareDateTime(required=True)
    priority = fields.String(required=True, validate=validate.OneOf(["routine", "soon", "urgent", "now"]))
    concerns = fields.List(fields.Nested(ConcernSchema), required=True)
    subjects = fields.List(fields.Nested(SubjectSchema), required=True)
    alert_id = fields.String(load_default=None, allow_none=True)
    reference = fields.String(load_default="")
    happenings = fields.List(fields.Nested(HappeningSchema), load_default=list)
    """The rows with which a new record begins. What it grows by later comes with ``safeguarding_advanced``."""


class NoteRaised(StandingNoteWritten):
    """A note beside what is owed without any complaint may mean that a child is not safe: it becomes a report."""


class RungSchema(Form):
    """One who can be called about an alert, and how many seconds after it was raised."""

    kind = fields.String(required=True, validate=validate.OneOf(["person", "contact"]))
    key = fields.String(required=True)
    after = fields.Integer(required=True)


class LadderCalled(PlaceSchema):
    """Safeguarding calls somebody about an alert; notifications carries the call out.

    ``ladder`` is everybody who can be called about it as things stand, for whoever has to should the call stay behind.
    """

    same_by = ("alert_id", "attempt", "person", "contact")
    alert_id = fields.String(required=True)
    report_id = fields.String(required=True)
    attempt = fields.Integer(required=True)
    person = fields.String(load_default=None, allow_none=True)
    contact = fields.String(load_default=None, allow_none=True)
    priority = fields.String(required=True)
    ladder = fields.List(fields.Nested(RungSchema), load_default=list)
    channels = fields.List(fields.String(), required=True)
    at = fields.AwareDateTime(required=True)


class SafeguardingAdvanced(PlaceSchema):
    """The safeguarding ledger of a report grew by these rows; the first ones came with ``report_screened``."""

    report_id = fields.String(required=True)
    alert_id = fields.String(load_default=None, allow_none=True)
    happenings = fields.List(fields.Nested(HappeningSchema), required=True)


class FormHandedOver(PlaceSchema):
    """The safeguarding lead sends a filled form to a body outside; notifications carries it, sealed until then."""

    report_id = fields.String(required=True)
    seq = fields.Integer(required=True)
    form = fields.String(required=True)
    contact = fields.String(required=True)
    by = fields.String(required=True)
    document = fields.Nested(EnvelopeSchema, required=True)
    at = fields.AwareDateTime(required=True)
