"""What intake says, step 1 of a complaint: what was told, what was told later, and what it did by itself."""

from __future__ import annotations

from marshmallow import fields, validate

from heard.facts.parts import EnvelopeSchema, Form, PlaceSchema


class ComplaintReceived(PlaceSchema):
    """A report is stored and its receipt is out. The clocks count from ``received_at``.

    ``taken_by`` wrote it down for somebody at ``taken_at``; then ``received_at`` is when that person was told.
    ``not_words`` says what came with it that no screen can read: a voice, a picture.
    ``told_day_unknown``: somebody here was told before, on a day that the teller does not remember; then
    ``first_known`` is the receipt until somebody finds out more.
    """

    report_id = fields.String(required=True)
    reference = fields.String(required=True)
    procedure = fields.String(required=True)
    received_at = fields.AwareDateTime(required=True)
    first_known = fields.AwareDateTime(required=True)
    told_day_unknown = fields.Boolean(load_default=False)
    kind = fields.String(required=True)
    formality = fields.String(load_default=None, allow_none=True)
    channel = fields.String(required=True)
    complainant = fields.String(required=True)
    anonymous = fields.Boolean(required=True)
    contactable = fields.Boolean(required=True)
    about_a_child = fields.Boolean(required=True)
    child_ages = fields.List(fields.Integer(allow_none=True), load_default=list)
    categories = fields.List(fields.String(), load_default=list)
    facts = fields.Dict(keys=fields.String(), values=fields.String(), load_default=dict)
    worries = fields.List(fields.String(), load_default=list)
    in_danger_now = fields.Boolean(required=True)
    advocate_wanted = fields.Boolean(load_default=False)
    advocate_refused = fields.Boolean(load_default=False)
    subjects = fields.List(fields.String(), load_default=list)
    taken_by = fields.String(load_default=None, allow_none=True)
    taken_at = fields.AwareDateTime(load_default=None, allow_none=True)
    read_back = fields.String(load_default=None, allow_none=True)
    consent = fields.String(load_default=None, allow_none=True)
    matter_noticed = fields.AwareDateTime(load_default=None, allow_none=True)
    not_words = fields.List(fields.String(), load_default=list)
    words = fields.Nested(EnvelopeSchema, required=True)
    contact = fields.Nested(EnvelopeSchema, load_default=None, allow_none=True)


class PastSchema(Form):
    """What an earlier log states of a complaint after its receipt (`heard.imported.Past`)."""

    acknowledged = fields.AwareDateTime(load_default=None, allow_none=True)
    responded = fields.AwareDateTime(load_default=None, allow_none=True)
    stage = fields.String(load_default=None, allow_none=True)
    stage_requested = fields.AwareDateTime(load_default=None, allow_none=True)
    stage_responded = fields.AwareDateTime(load_default=None, allow_none=True)
    finding = fields.String(load_default=None, allow_none=True)
    closed = fields.AwareDateTime(load_default=None, allow_none=True)
    outcome = fields.String(load_default=None, allow_none=True)


class PastComplaintTold(ComplaintReceived):
    """A complaint of before was brought here from an earlier log: nobody is written to, called or reminded of it."""

    imported_at = fields.AwareDateTime(required=True)
    past = fields.Nested(PastSchema, required=True)


class WordsReceived(PlaceSchema):
    """More words about a report that exists: a message, an appeal, a comment. Screened like the first."""

    same_by = ("words_id",)
    report_id = fields.String(required=True)
    words_id = fields.String(required=True)
    received_at = fields.AwareDateTime(required=True)
    sort = fields.String(required=True)
    not_words = fields.List(fields.String(), load_default=list)
    words = fields.Nested(EnvelopeSchema, required=True)


class MailReturned(Form):
    """A mail server or a mailbox answered one of our e-mails by itself: it cannot be delivered, or nobody reads it now.

    ``sort`` is returned or away; ``code`` is the mail server's status code, if it gave one.
    """

    message_id = fields.String(required=True)
    sort = fields.String(required=True, validate=validate.OneOf(["returned", "away"]))
    code = fields.String(load_default="")
    at = fields.AwareDateTime(required=True)


class FreshCodeMade(PlaceSchema):
    """Somebody lost the code of their report and is to get another, sealed, at the place where their letters go."""

    same_by = ("code_id",)
    report_id = fields.String(required=True)
    code_id = fields.String(required=True)
    code = fields.Nested(EnvelopeSchema, required=True)
    over_at = fields.AwareDateTime(required=True)


class LadderPaged(PlaceSchema):
    """Intake had no proof that safeguarding holds a report, and called the ladder itself."""

    same_by = ("report_id", "at")
    report_id = fields.String(required=True)
    whom = fields.List(fields.String(), required=True)
    channel = fields.String(required=True)
    at = fields.AwareDateTime(required=True)
