"""What workflow says, step 3 of a complaint: how a case moves, what staff write, what is owed without any."""

from __future__ import annotations

from marshmallow import fields, validate

from heard.facts.parts import EnvelopeSchema, Form, HappeningSchema, PlaceSchema


class LetterSchema(Form):
    """Words that a row of the ledger sends to somebody, sealed to notifications."""

    seq = fields.Integer(required=True)
    to = fields.String(required=True)
    words = fields.Nested(EnvelopeSchema, required=True)


class CaseAdvanced(PlaceSchema):
    """The ledger of a case grew by these rows; ``stage`` is where the case now stands.

    ``hears``: whom it concerns when whoever complained writes.
    """

    case_id = fields.String(required=True)
    reference = fields.String(required=True)
    procedure_version = fields.String(required=True)
    stage = fields.String(load_default=None, allow_none=True)
    hears = fields.String(load_default=None, allow_none=True)
    happenings = fields.List(fields.Nested(HappeningSchema), required=True)
    letters = fields.List(fields.Nested(LetterSchema), load_default=list)


class ConcernRaised(PlaceSchema):
    """Somebody who works on a case, or a step of the procedure, says that it may be a safeguarding matter."""

    same_by = ("raised_id",)
    report_id = fields.String(required=True)
    case_id = fields.String(required=True)
    raised_id = fields.String(required=True)
    concern = fields.String(required=True)
    by = fields.String(required=True)
    at = fields.AwareDateTime(required=True)
    known_at = fields.AwareDateTime(required=True)
    because = fields.List(fields.String(), load_default=list)
    words = fields.Nested(EnvelopeSchema, load_default=None, allow_none=True)


class WordsWritten(PlaceSchema):
    """A member of staff wrote something on a case: a letter, a note, a reason, the record of a talk."""

    report_id = fields.String(required=True)
    case_id = fields.String(required=True)
    words_id = fields.String(required=True)
    by = fields.String(required=True)
    written_at = fields.AwareDateTime(required=True)
    sort = fields.String(required=True, validate=validate.OneOf(["letter", "staff_note"]))
    words = fields.Nested(EnvelopeSchema, required=True)


class StandingNoteWritten(PlaceSchema):
    """A member of staff wrote a note beside what is owed without any complaint (home: "" for all of a provider's)."""

    note_id = fields.String(required=True)
    by = fields.String(required=True)
    written_at = fields.AwareDateTime(required=True)
    words = fields.Nested(EnvelopeSchema, required=True)


class StandingDutyReminded(PlaceSchema):
    """Whoever owes something without any complaint is reminded: it is due soon, or late. ``many`` of a kind at once.

    ``home`` is empty for what the provider owes as a whole.
    """

    book_id = fields.String(required=True)
    seq = fields.Integer(required=True)
    procedure_version = fields.String(required=True)
    duty = fields.String(required=True)
    when = fields.String(required=True, validate=validate.OneOf(["soon", "late"]))
    due = fields.String(required=True)
    many = fields.Integer(required=True)
    whom = fields.List(fields.String(), required=True)
    at = fields.AwareDateTime(required=True)


class CaseOpened(PlaceSchema):
    """Somebody who may see it opened a case, and so read what had been reported by then."""

    same_by = ("case_id", "by", "at")
    report_id = fields.String(required=True)
    case_id = fields.String(required=True)
    by = fields.String(required=True)
    at = fields.AwareDateTime(required=True)


class StageOpened(PlaceSchema):
    """A case went to another stage; ``seq`` is the row of its ledger that says so."""

    report_id = fields.String(required=True)
    case_id = fields.String(required=True)
    stage = fields.String(required=True)
    seq = fields.Integer(required=True)
    at = fields.AwareDateTime(required=True)
