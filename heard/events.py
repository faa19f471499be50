"""Every fact that the services tell each other, in the order of a complaint's journey.

A fact is past tense, carries ids and codes instead of a child's words, and has a version: fields are only ever added.
Words travel sealed (an *envelope*) to the services that may open them. The queues of the whole platform are made from
``FACTS``: who publishes, who hears. A test holds this table against the handlers that the services really have.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate


class _Form(Schema):
    """A listener passes over fields of a later version that it does not know."""

    class Meta:
        unknown = EXCLUDE


class EnvelopeSchema(_Form):
    """Words or contact details under a data key, wrapped for each service that may open them (base64 throughout)."""

    key = fields.String(required=True)
    retention = fields.String(required=True, data_key="class")
    wraps = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    fields_ = fields.Dict(keys=fields.String(), values=fields.String(), required=True, data_key="fields")


class HappeningSchema(_Form):
    """One row of a ledger as other services may see it: ids and codes, never words."""

    seq = fields.Integer(required=True, validate=validate.Range(min=1))
    event = fields.String(required=True)
    at = fields.AwareDateTime(required=True)
    written_at = fields.AwareDateTime(required=True)
    by = fields.String(required=True)
    stage = fields.String(load_default=None, allow_none=True)
    data = fields.Dict(load_default=dict)


class PlaceSchema(_Form):
    """Where something belongs: the tenant, the provider record and the home."""

    operator = fields.String(required=True)
    provider = fields.String(required=True)
    home = fields.String(required=True)


class DirectoryEntrySchema(_Form):
    """The whole new state of one person, home, role held ...; ``data`` is null when it is gone."""

    kind = fields.String(
        required=True,
        validate=validate.OneOf([
            "operator", "provider", "home", "person", "holding", "absence", "on_call", "relation", "contact",
            "bank_holiday",
        ]),
    )
    id = fields.String(required=True)
    data = fields.Dict(required=True, allow_none=True)


class DirectoryChanged(_Form):
    """Something about who is who changed; ``version`` counts up by one with each change."""

    version = fields.Integer(required=True)
    entries = fields.List(fields.Nested(DirectoryEntrySchema), required=True)


class DirectoryConfirmed(_Form):
    """The directory still stands at this version: a copy that has it is fresh."""

    version = fields.Integer(required=True)
    at = fields.AwareDateTime(required=True)


class SubjectSchema(_Form):
    """Whom a report is about, as far as is known. ``person`` stays null until somebody has identified them."""

    subject = fields.String(required=True)
    person = fields.String(load_default=None, allow_none=True)
    role = fields.String(load_default=None, allow_none=True)
    identified = fields.Boolean(required=True)
    might_be = fields.List(fields.String(), load_default=list)


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


class PastSchema(_Form):
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

    report_id = fields.String(required=True)
    words_id = fields.String(required=True)
    received_at = fields.AwareDateTime(required=True)
    sort = fields.String(required=True)
    not_words = fields.List(fields.String(), load_default=list)
    words = fields.Nested(EnvelopeSchema, required=True)


class LadderPaged(PlaceSchema):
    """Intake had no proof that safeguarding holds a report, and called the ladder itself."""

    report_id = fields.String(required=True)
    whom = fields.List(fields.String(), required=True)
    channel = fields.String(required=True)
    at = fields.AwareDateTime(required=True)


class ConcernSchema(_Form):
    """A concern that the screen found, with the rules or words that caused it (their ids, not their text)."""

    concern = fields.String(required=True)
    because = fields.List(fields.String(), required=True)


class ReportScreened(PlaceSchema):
    """Safeguarding has a report (or later words), has screened it and says who must be kept away."""

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


class RungSchema(_Form):
    """One who can be called about an alert, and how many seconds after it was raised."""

    kind = fields.String(required=True, validate=validate.OneOf(["person", "contact"]))
    key = fields.String(required=True)
    after = fields.Integer(required=True)


class LadderCalled(PlaceSchema):
    """Safeguarding calls somebody about an alert; notifications carries the call out.

    ``ladder`` is everybody who can be called about it as things stand, for whoever has to should the call stay behind.
    """

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


class LetterSchema(_Form):
    """Words that a row of the ledger sends to somebody, sealed to notifications."""

    seq = fields.Integer(required=True)
    to = fields.String(required=True)
    words = fields.Nested(EnvelopeSchema, required=True)


class CaseAdvanced(PlaceSchema):
    """The ledger of a case grew by these rows; ``stage`` is where the case now stands."""

    case_id = fields.String(required=True)
    reference = fields.String(required=True)
    procedure_version = fields.String(required=True)
    stage = fields.String(load_default=None, allow_none=True)
    happenings = fields.List(fields.Nested(HappeningSchema), required=True)
    letters = fields.List(fields.Nested(LetterSchema), load_default=list)


class ConcernRaised(PlaceSchema):
    """Somebody who works on a case, or a step of the procedure, says that it may be a safeguarding matter."""

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


class NoteRaised(StandingNoteWritten):
    """Such a note may mean that a child is not safe: it becomes a report."""


SIGN_IN_CHANGES = (
    "password", "app_on", "app_off", "passkey_added", "passkey_removed", "lost_phone", "token", "joined", "parted",
    "glass",
)  # fmt: skip
"""What can change in how somebody signs in; `glass`: a link was made that lets in without what they sign in with."""


class SignInLinkMade(_Form):
    """Somebody is to choose a password by a link, which whoever sends it makes again (`chassis.entering`).

    ``verified``: somebody has tried this address.
    """

    link_id = fields.String(required=True)
    person = fields.String(required=True)
    email = fields.String(required=True)
    verified = fields.Boolean(required=True)
    why = fields.String(required=True, validate=validate.OneOf(["invited", "forgotten"]))
    over_at = fields.AwareDateTime(required=True)


class SignInChanged(_Form):
    """How somebody signs in has changed; they are told at this address. ``verified``: somebody has tried it."""

    change_id = fields.String(required=True)
    person = fields.String(required=True)
    email = fields.String(required=True)
    verified = fields.Boolean(required=True)
    what = fields.String(required=True, validate=validate.OneOf(SIGN_IN_CHANGES))
    at = fields.AwareDateTime(required=True)


class FreshCodeMade(PlaceSchema):
    """Somebody lost the code of their report and is to get another, sealed, at the place where their letters go."""

    report_id = fields.String(required=True)
    code_id = fields.String(required=True)
    code = fields.Nested(EnvelopeSchema, required=True)
    over_at = fields.AwareDateTime(required=True)


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


class MessageSent(PlaceSchema):
    """A message about a case was handed over, once. ``about`` says which duty, rule or ledger row asked for it."""

    message_id = fields.String(required=True)
    case_id = fields.String(required=True)
    about = fields.Dict(keys=fields.String(), values=fields.Raw(allow_none=True), required=True)
    whom = fields.String(required=True)
    channel = fields.String(required=True)
    at = fields.AwareDateTime(required=True)


class MessageFailed(MessageSent):
    """A message about a case cannot be delivered; a person must be told."""

    why = fields.String(required=True)


class MailReturned(_Form):
    """A mail server or a mailbox answered one of our e-mails by itself: it cannot be delivered, or nobody reads it now.

    ``sort`` is returned or away; ``code`` is the mail server's status code, if it gave one.
    """

    message_id = fields.String(required=True)
    sort = fields.String(required=True, validate=validate.OneOf(["returned", "away"]))
    code = fields.String(load_default="")
    at = fields.AwareDateTime(required=True)


class CallSent(PlaceSchema):
    """A call of the ladder was handed over."""

    message_id = fields.String(required=True)
    report_id = fields.String(required=True)
    alert_id = fields.String(required=True)
    attempt = fields.Integer(required=True)
    channel = fields.String(required=True)
    at = fields.AwareDateTime(required=True)


class CallFailed(CallSent):
    """A call of the ladder cannot be delivered; the next one is due, unless the call ``goes_on`` in another way."""

    why = fields.String(required=True)
    goes_on = fields.Boolean(load_default=False)


class FormDelivered(PlaceSchema):
    """A form was handed to the mail server of the body it is for. ``seq`` is the row with which it was sent."""

    message_id = fields.String(required=True)
    report_id = fields.String(required=True)
    seq = fields.Integer(required=True)
    channel = fields.String(required=True)
    at = fields.AwareDateTime(required=True)


class FormFailed(FormDelivered):
    """A form cannot be delivered; whoever sent it must send it in another way."""

    why = fields.String(required=True)


@dataclass(frozen=True, slots=True)
class FactKind:
    """One sort of fact: its name, who publishes it, who hears it, its schema and the schema's version."""

    name: str
    publisher: str
    heard_by: tuple[str, ...]
    schema: type[Schema]
    version: int = 1
    urgent: bool = False
    alarm: bool = False
    """It stands on the way from something worrying to somebody's telephone: it leaves before everything else."""
    first: tuple[str, ...] = ()
    """Who hears those of them that their publisher calls alarming first, on a queue where nothing else stands."""

    @property
    def meaning(self) -> str:
        """The first sentence of the schema's docstring."""
        return (self.schema.__doc__ or "").strip().splitlines()[0]


_EVERYONE = ("intake", "safeguarding", "workflow", "notifications", "reporting")

FACTS: dict[str, FactKind] = {
    kind.name: kind
    for kind in (
        FactKind("directory_changed", "directory", _EVERYONE, DirectoryChanged),
        FactKind("directory_confirmed", "directory", _EVERYONE, DirectoryConfirmed),
        FactKind("sign_in_link_made", "directory", ("notifications",), SignInLinkMade),
        FactKind("sign_in_changed", "directory", ("notifications",), SignInChanged),
        FactKind(
            "complaint_received",
            "intake",
            ("safeguarding", "workflow", "notifications"),
            ComplaintReceived,
            urgent=True,
            first=("safeguarding",),
        ),
        FactKind("past_complaint_told", "intake", ("safeguarding", "workflow"), PastComplaintTold),
        FactKind("words_received", "intake", ("safeguarding", "workflow"), WordsReceived, urgent=True),
        FactKind("mail_returned", "intake", ("notifications",), MailReturned, urgent=True),
        FactKind("fresh_code_made", "intake", ("notifications",), FreshCodeMade),
        FactKind("ladder_paged", "intake", ("safeguarding",), LadderPaged, urgent=True),
        FactKind("report_screened", "safeguarding", ("intake", "workflow", "reporting"), ReportScreened, urgent=True),
        FactKind("note_raised", "safeguarding", ("intake",), NoteRaised, urgent=True, alarm=True),
        FactKind("ladder_called", "safeguarding", ("notifications", "intake"), LadderCalled, urgent=True, alarm=True),
        FactKind("safeguarding_advanced", "safeguarding", ("workflow", "reporting"), SafeguardingAdvanced),
        FactKind("form_handed_over", "safeguarding", ("notifications",), FormHandedOver, urgent=True),
        FactKind("case_advanced", "workflow", ("notifications", "reporting"), CaseAdvanced),
        FactKind("concern_raised", "workflow", ("safeguarding",), ConcernRaised, urgent=True, alarm=True),
        FactKind("words_written", "workflow", ("safeguarding",), WordsWritten, urgent=True),
        FactKind("standing_note_written", "workflow", ("safeguarding",), StandingNoteWritten, urgent=True),
        FactKind("standing_duty_reminded", "workflow", ("notifications",), StandingDutyReminded),
        FactKind("case_opened", "workflow", ("safeguarding",), CaseOpened),
        FactKind("stage_opened", "workflow", ("safeguarding",), StageOpened),
        FactKind("message_sent", "notifications", ("workflow",), MessageSent),
        FactKind("message_failed", "notifications", ("workflow",), MessageFailed),
        FactKind("call_sent", "notifications", ("safeguarding", "intake"), CallSent),
        FactKind("call_failed", "notifications", ("safeguarding",), CallFailed, urgent=True, alarm=True),
        FactKind("form_delivered", "notifications", ("safeguarding",), FormDelivered),
        FactKind("form_failed", "notifications", ("safeguarding",), FormFailed, urgent=True),
    )
}

_SCHEMAS: dict[str, Schema] = {name: kind.schema() for name, kind in FACTS.items()}


class UnknownFact(LookupError):
    """Nobody publishes a fact of this name."""


class MalformedFact(ValueError):
    """A fact does not have the form that its schema promises; ``faults`` names each field."""

    def __init__(self, name: str, faults: Any) -> None:
        super().__init__(f"{name}: {faults}")
        self.faults = faults


def check_fact(name: str, body: dict[str, Any]) -> None:
    """Raise ``MalformedFact`` unless ``body`` (JSON-able) has the form of the fact called ``name``."""
    try:
        faults = _SCHEMAS[name].validate(body)
    except KeyError:
        raise UnknownFact(f"no fact is called {name!r}; there are: {', '.join(FACTS)}") from None
    except ValidationError as fault:  # a schema-wide check
        raise MalformedFact(name, fault.messages) from fault
    if faults:
        raise MalformedFact(name, faults)


def read_fact(name: str, body: dict[str, Any]) -> dict[str, Any]:
    """The body as the listener uses it: moments parsed, absent fields filled, fields of a later version left out."""
    try:
        loaded: dict[str, Any] = _SCHEMAS[name].load(body)
    except KeyError:
        raise UnknownFact(f"no fact is called {name!r}; there are: {', '.join(FACTS)}") from None
    except ValidationError as fault:
        raise MalformedFact(name, fault.messages) from fault
    return loaded
