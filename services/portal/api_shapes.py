"""The shapes of the REST API: what may be sent, what comes back. OpenAPI is made from them.

A report is checked here for its form and again by intake, which owns it; an unknown field is a fault, so that a
misspelt one is never silently lost.
"""

from __future__ import annotations

from marshmallow import RAISE, Schema, fields, validate

from heard.vocabulary import ANSWERS
from services.portal.tell import LONGEST

_line = validate.Length(max=200, error="Please use at most {max} characters here.")


class _Sent(Schema):
    class Meta:
        unknown = RAISE


class ComplainantShape(_Sent):
    """Who tells. Everything but `is` may be left out."""

    is_ = fields.String(data_key="is", validate=_line)
    name = fields.String(validate=_line)
    email = fields.Email(allow_none=True)
    phone = fields.String(validate=_line)
    safe_contact = fields.String(validate=_line)
    anonymous = fields.Boolean()


class ChildShape(_Sent):
    """The young person it is about."""

    name = fields.String(validate=_line)
    age = fields.Integer(allow_none=True, strict=True, validate=validate.Range(0, 25))


class AboutShape(_Sent):
    """Somebody it is about: a name, a role, or any words."""

    name = fields.String(validate=_line)
    role = fields.String(validate=_line)
    words = fields.String(validate=_line)


class ReportShape(_Sent):
    """A report: a complaint, a concern, a comment, a compliment, or a worker's report of wrongdoing."""

    home = fields.String(required=True, validate=validate.Length(1, 80), metadata={"description": "The home's slug."})
    kind = fields.String(validate=validate.OneOf(["compliment", "comment", "concern", "complaint", "whistleblowing"]))
    formality = fields.String(allow_none=True, validate=validate.OneOf(["informal", "formal"]))
    channel = fields.String(validate=validate.Length(max=80))
    complainant = fields.Nested(ComplainantShape)
    child = fields.Nested(ChildShape, allow_none=True)
    about = fields.List(fields.Nested(AboutShape), validate=validate.Length(max=20))
    what_happened = fields.String(required=True, validate=validate.Length(1, LONGEST))
    wanted = fields.String(validate=validate.Length(max=LONGEST))
    worries = fields.List(fields.String(validate=validate.Length(1, 80)), validate=validate.Length(max=60))
    not_words = fields.List(
        fields.String(validate=validate.OneOf(["voice", "picture", "video", "document"])),
        metadata={"description": "What came along that is no text and that somebody holds: a person looks at it soon."},
    )
    in_danger_now = fields.Boolean()
    advocate_wanted = fields.Boolean()
    advocate_refused = fields.Boolean(
        metadata={"description": "A young person does not want the advocacy service told (where it else would be)."}
    )
    first_told_at = fields.AwareDateTime(allow_none=True)
    category = fields.List(fields.String(validate=validate.Length(1, 80)), validate=validate.Length(max=20))
    noticed_on = fields.Date(metadata={"description": "Since when they have known of it, where a time limit counts."})
    facts = fields.Dict(
        keys=fields.String(validate=validate.Length(1, 80)), values=fields.String(validate=validate.Length(1, 80)),
        metadata={"description": "Answers to the provider's own questions, by the question's key."},
    )  # fmt: skip
    equality = fields.Dict(keys=fields.String(), values=fields.String(), allow_none=True)


class WrittenDownShape(ReportShape):
    """A report that a member of staff writes down for somebody; it counts from `first_told_at`."""

    first_told_at = fields.AwareDateTime(required=True, metadata={"description": "When they were told."})
    read_back = fields.String(validate=validate.OneOf(["agreed", "not_yet", "not_possible"]))
    consent = fields.String(validate=validate.OneOf(list(ANSWERS["consent_answered"])))


class LinksShape(Schema):
    """Where to follow it up."""

    self_ = fields.String(data_key="self", attribute="self")
    messages = fields.String()
    page = fields.String()


class ReceiptShape(Schema):
    """The receipt. The code is shown this once."""

    reference = fields.String(required=True)
    receipt_code = fields.String(required=True)
    received_at = fields.String(required=True)
    links = fields.Nested(LinksShape, required=True)


class SignedReceiptShape(Schema):
    """A signed receipt, and the public key (PEM) it is checked with."""

    text = fields.String(required=True)
    key = fields.String(required=True)


class CodeHeader(Schema):
    """The secret code of a receipt; spaces do not matter."""

    code = fields.String(required=True, data_key="X-Receipt-Code", validate=validate.Length(1, 60))


class PromiseShape(Schema):
    """Something owed to the teller, by when, and why that day."""

    says = fields.String()
    by = fields.String(allow_none=True)
    by_words = fields.String(metadata={"description": "By when, as people say it, in London."})
    status = fields.String()
    why = fields.String()
    moved = fields.String(
        allow_none=True, metadata={"description": "Which day it was before, where it is another now, and why."}
    )


class FollowShape(Schema):
    """What happens next, in plain words."""

    reference = fields.String()
    received_at = fields.String()
    status = fields.String()
    next = fields.List(fields.String())
    promises = fields.List(fields.Nested(PromiseShape))
    read_back = fields.Dict(
        allow_none=True, metadata={"description": "What staff wrote down for them, until they agree that it is right."}
    )


class WordsShape(_Sent):
    """More words about a report."""

    words = fields.String(required=True, validate=validate.Length(1, LONGEST))
    sort = fields.String(
        validate=validate.OneOf(
            ["message", "appeal", "comment", "withdrawal", "satisfied", "not_satisfied", "agreed", "correction"]
        )
    )
    not_words = fields.List(fields.String(validate=validate.OneOf(["voice", "picture", "video", "document"])))


class ActionShape(_Sent):
    """One act in a case, decided on the case as it stood at `expected_seq`."""

    command = fields.String(required=True, validate=validate.Length(1, 60))
    data = fields.Dict(keys=fields.String(), load_default=dict)
    expected_seq = fields.Integer(required=True, strict=True, validate=validate.Range(min=0))


class StandingShape(_Sent):
    """One thing to write down about a standing duty.

    `done`: duty, whom, on, by, ticked, explained (item: why not), note. `happened`: event, on, mark or young_person.
    `left` and `forget`: young_person. `strike_out`: row, why. Days are ISO dates.
    """

    command = fields.String(
        required=True, validate=validate.OneOf(["done", "happened", "left", "strike_out", "forget"])
    )
    data = fields.Dict(keys=fields.String(), load_default=dict)


class VersionShape(_Sent):
    """To which version of its procedure a case goes over, and why; `rehearse` only says what would be different."""

    to = fields.String(required=True, validate=validate.Length(1, 120))
    reason = fields.String(load_default="", validate=validate.Length(max=LONGEST))
    rehearse = fields.Boolean(load_default=False)


class PageQuery(Schema):
    """Which page of a list, from 1."""

    page = fields.Integer(load_default=1, validate=validate.Range(1, 100_000))


class CasesQuery(PageQuery):
    """Which cases."""

    state = fields.String(load_default=None, validate=validate.OneOf(["open", "closed", "passed_on"]))


class PeriodQuery(Schema):
    """From the first day to the last; without them what the procedure says the report covers."""

    since = fields.Date()
    until = fields.Date()


class AcknowledgeShape(_Sent):
    """How the alert reached whoever answers it."""

    how = fields.String(load_default="page", validate=validate.Length(1, 32))
    can = fields.Boolean(load_default=True)


class RungShape(_Sent):
    """Who rang, the four digits they said, and whether they have it."""

    person_id = fields.String(required=True, validate=validate.Length(1, 64))
    code = fields.String(required=True, validate=validate.Length(1, 16))
    can = fields.Boolean(load_default=True)


class ConcernShape(_Sent):
    """A decision on a concern."""

    concern = fields.String(required=True, validate=validate.Length(1, 80))
    decision = fields.String(required=True, validate=validate.OneOf(["confirm", "clear"]))
    reason = fields.String(required=True, validate=validate.Length(1, LONGEST))


class TriageShape(_Sent):
    """Answers to what every concern asks: yes, no or not_known; of one whose questions each are enough, a list."""

    answers = fields.Dict(
        keys=fields.String(validate=validate.Length(1, 80)), required=True,
        metadata={"description": "By concern: yes, no or not_known, or a list of those, one for each question."},
    )  # fmt: skip
    decision = fields.String(required=True, validate=validate.OneOf(["safeguarding", "advice", "none"]))
    reason = fields.String(required=True, validate=validate.Length(1, 5_000))
    reasons = fields.Dict(
        keys=fields.String(validate=validate.Length(1, 80)), values=fields.String(validate=validate.Length(max=5_000)),
        load_default=dict, metadata={"description": "Reasons of single answers, by concern."},
    )  # fmt: skip


class SubjectShape(_Sent):
    """Who is meant."""

    subject = fields.String(required=True, validate=validate.Length(1, 80))
    person = fields.String(
        required=True, allow_none=True, validate=validate.Length(1, 80), metadata={"description": "null: nobody here."}
    )
    reason = fields.String(required=True, validate=validate.Length(1, LONGEST))


class ReferralShape(_Sent):
    """A referral or a telephone call that was made."""

    rule = fields.String(load_default="", validate=validate.Length(max=80))
    whom = fields.String(required=True, validate=validate.Length(1, 80))
    channel = fields.String(load_default="telephone", validate=validate.Length(1, 32))
    at = fields.AwareDateTime(required=True)
    note = fields.String(required=True, validate=validate.Length(1, LONGEST))
    agreed = fields.Boolean(load_default=False, metadata={"description": "They agreed what happens next."})


class ClosingShape(_Sent):
    """How safeguarding's part ended."""

    reason = fields.String(required=True, validate=validate.Length(1, LONGEST))
    outcome = fields.String(required=True, validate=validate.Length(1, 200))


class EndedShape(_Sent):
    """Another procedure about the same matter that has ended."""

    event = fields.String(required=True, validate=validate.OneOf(["disciplinary_closed", "proceedings_closed"]))
    reason = fields.String(required=True, validate=validate.Length(1, LONGEST))
    go_on = fields.Boolean(load_default=True, metadata={"description": "What was on hold for it may go on."})


class ProblemShape(Schema):
    """What went wrong: fields names each fault, clause the rule that refuses, instead what may be done."""

    status = fields.Integer()
    title = fields.String()
    detail = fields.String()
    fields_ = fields.Dict(keys=fields.String(), values=fields.List(fields.String()), data_key="fields")
    clause = fields.Raw(allow_none=True)
    instead = fields.String(allow_none=True)
    expected = fields.Integer(
        allow_none=True, metadata={"description": "How far the case was when it was looked at, if it has moved on."}
    )
    actual = fields.Integer(allow_none=True, metadata={"description": "How far it is now."})
    retry_after = fields.Integer(metadata={"description": "After how many seconds to try again."})
