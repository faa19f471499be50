"""The form of a report and of later words, as they come in. Each fault is a sentence for whoever filled it in."""

from __future__ import annotations

from datetime import date
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, post_load, validate

from heard.calendar import FIRST_YEAR
from heard.speaking_up import WHISTLEBLOWING
from heard.vocabulary import ANSWERS

KINDS = ("compliment", "comment", "concern", "complaint", WHISTLEBLOWING)
READ_BACK = ("agreed", "not_yet", "not_possible")
"""Whether what staff wrote down for somebody was read back to them."""
AGREED, CORRECTION = "agreed", "correction"
"""Sorts of later words: what staff wrote down for somebody is right, or it is not and this is what was meant."""
SORTS = (
    "message", "appeal", "comment", "note", "withdrawal", "satisfied", "not_satisfied", AGREED, CORRECTION,
)  # fmt: skip
NOT_WORDS = ("voice", "picture", "video", "document")
LONGEST = 20_000  # characters of what somebody tells
_short = validate.Length(max=200, error="Please use at most {max} characters here.")
_some = validate.Length(max=20, error="Please choose at most {max}.")
_word = validate.Regexp(r"^[\w .,'’/()&-]{1,80}\Z", error="This is not one of the choices.")
_number = validate.Regexp(r"^[0-9+() -]{0,40}\Z", error="This is not a phone number.")
_formality = validate.OneOf(["informal", "formal"], error="Choose one of: {choices}.")
_NO_ADDRESS: dict[str, Any] = {"invalid": "This is not an e-mail address."}
_NO_MOMENT: dict[str, Any] = {
    "invalid": "Please give a date and time.",
    "invalid_awareness": "Please give the time zone too.",
}
_narrative = validate.Length(
    min=1, max=LONGEST, error="Please tell us in at least one word and at most 20,000 characters."
)


def _countable(moment: date) -> None:
    """A moment before the days that calendars know would stop every clock of the case: it is told here, not there."""
    if moment.year <= FIRST_YEAR:
        raise ValidationError(f"Please give a date after {FIRST_YEAR}, and tell in words what was known before.")


class _Text(fields.String):
    """Text with the blanks at both ends taken off; what is left of nothing is nothing.

    PostgreSQL takes no NUL. Half of a character (JSON can carry one) has no bytes: it becomes a question mark, since
    nobody's report is refused for it.
    """

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text: str = super()._deserialize(value, attr, data, **kwargs)
        return text.replace("\x00", "").encode("utf-8", "replace").decode().strip()


def _not_words() -> fields.List[str]:
    """What comes along that is no text and that somebody has: a person hears or sees it, soon."""
    one = fields.String(validate=validate.OneOf(NOT_WORDS, error="Choose one of: {choices}."))
    return fields.List(one, load_default=list, validate=_some)


MOST_FILES = 10


def _files() -> fields.List[str]:
    """Files that were added before, by their tokens: only the portal hands them on."""
    some = validate.Length(max=MOST_FILES, error="Please add at most {max} files.")
    return fields.List(fields.String(validate=validate.Length(max=64)), load_default=list, validate=some)


class _Form(Schema):
    class Meta:
        unknown = RAISE


class ComplainantForm(_Form):
    """Who tells us, as far as they wish."""

    is_ = _Text(data_key="is", load_default="not_said", validate=_word)
    name = _Text(load_default="", validate=_short)
    email = fields.Email(load_default=None, allow_none=True, error_messages=_NO_ADDRESS)
    phone = _Text(load_default="", validate=_number)
    safe_contact = _Text(load_default="", validate=_short)
    anonymous = fields.Boolean(load_default=False)


class ChildForm(_Form):
    """The child or young person it concerns."""

    name = _Text(load_default="", validate=_short)
    age = fields.Integer(
        load_default=None, allow_none=True, validate=validate.Range(0, 25, error="Please give an age from 0 to 25.")
    )


class AboutForm(_Form):
    """Somebody the report is about: by name, by role, or in any words."""

    name = _Text(load_default="", validate=_short)
    role = _Text(load_default="", validate=_short)
    words = _Text(load_default="", validate=_short)


class ReportForm(_Form):
    """A report."""

    home = _Text(required=True, validate=validate.Length(1, 80), error_messages={"required": "Please say which home."})
    kind = fields.String(
        load_default="complaint",
        validate=validate.OneOf(KINDS, error="Choose one of: {choices}."),
    )
    formality = fields.String(load_default=None, allow_none=True, validate=_formality)
    channel = _Text(load_default="portal", validate=_word)
    complainant = fields.Nested(ComplainantForm, load_default=dict)
    child = fields.Nested(ChildForm, load_default=None, allow_none=True)
    about = fields.List(fields.Nested(AboutForm), load_default=list, validate=_some)
    what_happened = _Text(
        required=True, validate=_narrative, error_messages={"required": "Please tell us what happened."}
    )
    wanted = _Text(load_default="", validate=validate.Length(max=LONGEST, error="Please use at most {max} characters."))
    worries = fields.List(
        _Text(validate=_word), load_default=list, validate=validate.Length(max=60, error="Please choose at most {max}.")
    )
    not_words = _not_words()
    files = _files()
    in_danger_now = fields.Boolean(load_default=False)
    advocate_wanted = fields.Boolean(load_default=False)
    advocate_refused = fields.Boolean(load_default=False)
    first_told_at = fields.AwareDateTime(
        load_default=None, allow_none=True, validate=_countable, error_messages=_NO_MOMENT
    )
    told_day_unknown = fields.Boolean(load_default=False)
    taken_by = _Text(load_default="", validate=validate.Length(max=64))
    read_back = fields.String(
        load_default=None, allow_none=True, validate=validate.OneOf(READ_BACK, error="Choose one of: {choices}.")
    )
    consent = fields.String(
        load_default=None, allow_none=True,
        validate=validate.OneOf(ANSWERS["consent_answered"], error="Choose one of: {choices}."),
    )  # fmt: skip
    noticed_on = fields.Date(
        load_default=None, allow_none=True, validate=_countable, error_messages={"invalid": "Please give a day."}
    )
    category = fields.List(_Text(validate=_word), load_default=list, validate=_some)
    facts = fields.Dict(keys=_Text(validate=_word), values=_Text(validate=_word), load_default=dict, validate=_some)
    equality = fields.Dict(
        keys=_Text(validate=validate.Length(max=60)), values=_Text(validate=validate.Length(max=200)),
        load_default=None, allow_none=True, validate=_some,
    )  # fmt: skip

    @post_load
    def fill(self, data: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
        """A complaint is formal unless it says otherwise; an empty `complainant` has its own defaults."""
        data["complainant"] = data["complainant"] or ComplainantForm().load({})
        if data["formality"] is None and data["kind"] == "complaint":
            data["formality"] = "formal"
        return data


class ReceiptForm(_Form):
    """A reference and the code that came with it."""

    reference = _Text(required=True, validate=validate.Length(max=40))
    code = _Text(required=True, validate=validate.Length(max=40))


class LostForm(_Form):
    """The reference whose code somebody lost."""

    reference = _Text(required=True, validate=validate.Length(max=40))


class WordsForm(_Form):
    """More words about a report."""

    code = _Text(required=True, validate=validate.Length(max=40))
    words = _Text(required=True, validate=_narrative, error_messages={"required": "Please write something."})
    not_words = _not_words()
    files = _files()
    sort = fields.String(
        load_default="message",
        validate=validate.OneOf(SORTS, error="Choose one of: {choices}."),
    )
