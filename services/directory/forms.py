"""What is asked for each thing that the directory keeps: its fields, and which of them it cannot do without.

A form reads one command of `changes.py`; whether what it names exists is seen to there. Pure.
"""

from __future__ import annotations

import re
from datetime import UTC

from marshmallow import RAISE, Schema, fields, validate

from services.directory.colours import readable

BETWEEN_PEOPLE = ("spouse_or_partner", "manages")
RELATIONS = (
    *BETWEEN_PEOPLE, "manages_the_service", "employee", "director", "elected_member", "employed_until",
    "elected_until", "directed_until",
)  # fmt: skip
ROUTINE_WAYS = ("email", "text", "portal")
ALERT_WAYS = ("email", "text", "call")
_slug = validate.Regexp(re.compile(r"^[a-z0-9]+(-[a-z0-9]+)*$"), error="Small letters, numbers and hyphens only.")
_line = validate.Regexp(re.compile(r"[^\x00-\x1f\x7f]*\Z"), error="Write this on one line, in letters and digits.")
_words = validate.And(validate.Length(min=1, max=200), _line)
_phone = validate.And(validate.Length(max=40), _line)


class _Form(Schema):
    class Meta:
        unknown = RAISE

    id = fields.String(validate=validate.Regexp(r"^[0-9a-f]{32}$"))


class _Spell(_Form):
    since = fields.AwareDateTime(load_default=None, allow_none=True, default_timezone=UTC)
    until = fields.AwareDateTime(load_default=None, allow_none=True, default_timezone=UTC)


class OperatorForm(_Form):
    name = fields.String(required=True, validate=_words)
    slug = fields.String(required=True, validate=_slug)


class ProviderForm(_Form):
    operator = fields.String(required=True)
    name = fields.String(required=True, validate=_words)
    procedure = fields.String(required=True)
    colour = fields.String(load_default=None, allow_none=True, validate=readable)


class HomeForm(_Form):
    provider = fields.String(required=True)
    name = fields.String(required=True, validate=_words)
    slug = fields.String(required=True, validate=_slug)
    area = fields.String(load_default=None, allow_none=True, validate=_words)


class PersonForm(_Form):
    operator = fields.String(required=True)
    name = fields.String(required=True, validate=_words)
    email = fields.Email(load_default=None, allow_none=True)
    phone = fields.String(load_default=None, allow_none=True, validate=_phone)
    verified = fields.Boolean(load_default=False)
    works_for = fields.List(fields.String(), load_default=list)
    outside = fields.Boolean(load_default=False)


class ReachForm(_Form):
    """In which way somebody wants to be reached: for what can wait, and when they are called about an alert."""

    id = fields.String(required=True)
    routine_way = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(ROUTINE_WAYS))
    alert_way = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(ALERT_WAYS))


class _Role(_Spell):
    person = fields.String(required=True)
    role = fields.String(required=True)
    provider = fields.String(load_default=None, allow_none=True)
    home = fields.String(load_default=None, allow_none=True)


class HoldingForm(_Role):
    """`reads_safeguarding`: of somebody who only looks in, that they also read what was said about safeguarding."""

    reads_safeguarding = fields.Boolean(load_default=False)


class AbsenceForm(_Spell):
    person = fields.String(required=True)


class OnCallForm(_Role):
    """Who answers first for a role, while this lasts."""


class RelationForm(_Form):
    """`b` is a person, a home or provider (`manages_the_service`), or a date (those that end in `_until`)."""

    kind = fields.String(required=True, validate=validate.OneOf(RELATIONS))
    a = fields.String(required=True)
    b = fields.String(required=True, validate=validate.And(validate.Length(min=1, max=32), _line))


class ContactForm(_Form):
    """How a body outside is reached: for one provider, or for every home of the operator's in an area.

    `contact` is a contact of a procedure, or a kind of them (lado, mash, out_of_hours ...), `out_of_hours` its number
    for nights, weekends and bank holidays beside the ordinary one; `verified_on` is the day on
    which somebody rang the number and got the right office.
    """

    operator = fields.String(load_default=None, allow_none=True)
    provider = fields.String(load_default=None, allow_none=True)
    contact = fields.String(required=True, validate=validate.And(validate.Length(min=1, max=80), _line))
    area = fields.String(load_default=None, allow_none=True, validate=_words)
    name = fields.String(load_default=None, allow_none=True, validate=validate.And(validate.Length(max=200), _line))
    email = fields.Email(load_default=None, allow_none=True)
    phone = fields.String(load_default=None, allow_none=True, validate=_phone)
    out_of_hours = fields.String(load_default=None, allow_none=True, validate=_phone)
    verified_on = fields.Date(load_default=None, allow_none=True)


class CloseForm(_Form):
    """`passes_to` is the person who sees to what is still open there."""

    id = fields.String(required=True)
    until = fields.AwareDateTime(load_default=None, allow_none=True, default_timezone=UTC)
    passes_to = fields.String(load_default=None, allow_none=True)


class HandOverForm(_Form):
    """`id` is a home, `provider` who runs it from now on."""

    id = fields.String(required=True)
    provider = fields.String(required=True)


class VerifyForm(_Form):
    id = fields.String(required=True)
    verified_on = fields.Date(load_default=None, allow_none=True)


class HolidayForm(_Form):
    """A bank holiday that was proclaimed after the published days; `reason` says who proclaimed it, and where."""

    day = fields.Date(required=True)
    name = fields.String(required=True, validate=_words)
    reason = fields.String(required=True, validate=_words)


class TakeBackForm(_Form):
    """A proclaimed day that is none after all, and why."""

    id = fields.String(required=True)
    because = fields.String(required=True, validate=_words)


class EndForm(_Form):
    id = fields.String(required=True)
    until = fields.AwareDateTime(load_default=None, allow_none=True, default_timezone=UTC)
