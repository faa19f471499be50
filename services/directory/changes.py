"""What may be changed in the directory, in the words of whoever keeps it, and what each change makes of an entry.

A command is ``{"do": "add_home", ...}``; `entries_of` answers the entries that it leaves behind, whole. Several
commands make one change: they hold together or not at all. Nothing here reads or writes a table.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from marshmallow import RAISE, Schema, ValidationError, fields, validate

from heard.seeing import GROUP
from services.chassis.errors import Invalid

GROUP_OPERATOR = GROUP
"""Whoever oversees every home of an operator; held in the whole group when no provider is given."""
STAFF = "staff"
"""Somebody who works at a home and has no part in its procedure: a complaint may be about them all the same."""
PLATFORM_ROLES = (GROUP_OPERATOR, STAFF)
"""The roles that belong to the platform and to no procedure."""

RELATIONS = (
    "spouse_or_partner", "manages", "manages_the_service", "employee", "director", "elected_member", "employed_until",
    "elected_until", "directed_until",
)  # fmt: skip
_slug = validate.Regexp(re.compile(r"^[a-z0-9]+(-[a-z0-9]+)*$"), error="Small letters, numbers and hyphens only.")
_words = validate.Length(min=1, max=200)


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


class HomeForm(_Form):
    provider = fields.String(required=True)
    name = fields.String(required=True, validate=_words)
    slug = fields.String(required=True, validate=_slug)
    area = fields.String(load_default=None, allow_none=True)
    active = fields.Boolean(load_default=True)


class PersonForm(_Form):
    operator = fields.String(required=True)
    name = fields.String(required=True, validate=_words)
    email = fields.Email(load_default=None, allow_none=True)
    phone = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=40))
    verified = fields.Boolean(load_default=False)
    works_for = fields.List(fields.String(), load_default=list)
    outside = fields.Boolean(load_default=False)


class HoldingForm(_Spell):
    person = fields.String(required=True)
    role = fields.String(required=True)
    provider = fields.String(load_default=None, allow_none=True)
    home = fields.String(load_default=None, allow_none=True)


class AbsenceForm(_Spell):
    person = fields.String(required=True)


class OnCallForm(HoldingForm):
    """Who answers first for a role, while this lasts."""


class RelationForm(_Form):
    """`b` is a person, a home or provider (`manages_the_service`), or a date (those that end in `_until`)."""

    kind = fields.String(required=True, validate=validate.OneOf(RELATIONS))
    a = fields.String(required=True)
    b = fields.String(required=True, validate=validate.Length(min=1, max=32))


class ContactForm(_Form):
    provider = fields.String(required=True)
    contact = fields.String(required=True)
    area = fields.String(load_default=None, allow_none=True)
    email = fields.Email(load_default=None, allow_none=True)
    phone = fields.String(load_default=None, allow_none=True)
    verified = fields.Boolean(load_default=False)


class EndForm(_Form):
    id = fields.String(required=True)
    until = fields.AwareDateTime(load_default=None, allow_none=True, default_timezone=UTC)


@dataclass(frozen=True, slots=True)
class Entry:
    """The whole new state of one thing in the directory; `data` is None when it is gone."""

    kind: str
    id: str
    data: dict[str, Any] | None

    def as_json(self) -> dict[str, Any]:
        """As `directory_changed` carries it: moments as ISO 8601."""
        data = None if self.data is None else {k: _plain(v) for k, v in self.data.items()}
        return {"kind": self.kind, "id": self.id, "data": data}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


FORMS: dict[str, tuple[str, type[Schema]]] = {
    "add_operator": ("operator", OperatorForm),
    "add_provider": ("provider", ProviderForm),
    "add_home": ("home", HomeForm),
    "add_person": ("person", PersonForm),
    "hold_role": ("holding", HoldingForm),
    "away": ("absence", AbsenceForm),
    "on_call": ("on_call", OnCallForm),
    "relate": ("relation", RelationForm),
    "set_contact": ("contact", ContactForm),
}
ENDINGS: dict[str, str] = {
    "end_role": "holding",
    "back": "absence",
    "off_call": "on_call",
    "end_relation": "relation",
    "close_home": "home",
    "verify_person": "person",
}
COMMANDS = (*FORMS, *ENDINGS)

REFERS_TO: dict[str, str] = {
    "operator": "operator",
    "provider": "provider",
    "home": "home",
    "person": "person",
    "a": "person",
}
"""Field of an entry -> the kind of entry that its id must name."""

Find = Callable[[str, str], Mapping[str, Any] | None]
"""(kind, id) -> the entry's data as it stands, or None."""


def entry_of(command: Mapping[str, Any], find: Find, now: datetime) -> Entry:
    """The entry that a command leaves behind. Raises `Invalid` with a sentence for each field at fault."""
    given = dict(command)
    do = given.pop("do", None)
    if do in FORMS:
        kind, form = FORMS[do]
        data = _load(form(), given)
        entry = Entry(kind, data.pop("id", None) or uuid4().hex, data)
        return _complete(entry, find, now)
    if do in ENDINGS:
        kind = ENDINGS[do]
        data = _load(EndForm(), given)
        known = find(kind, data["id"])
        if known is None:
            raise Invalid({"id": [f"The directory has no {kind} with this id."]})
        if kind == "relation":  # a relation holds or it does not: whoever decides needs no history of it
            return Entry(kind, data["id"], None)
        changed = {"active": False} if kind == "home" else {"verified": True} if kind == "person" else None
        return Entry(kind, data["id"], {**known, **(changed or {"until": data["until"] or now})})
    raise Invalid({"do": [f"{do!r} is no change the directory knows. It knows: {', '.join(COMMANDS)}."]})


def _load(form: Schema, given: dict[str, Any]) -> dict[str, Any]:
    try:
        loaded: dict[str, Any] = form.load(given)
    except ValidationError as fault:
        messages = fault.messages_dict
        raise Invalid({str(field): [str(one) for one in said] for field, said in messages.items()}) from fault
    return loaded


def _complete(entry: Entry, find: Find, now: datetime) -> Entry:
    """Each id must name something; a home takes its operator from its provider; a spell without a start starts now."""
    data = dict(entry.data or {})
    for field, kind in REFERS_TO.items():
        if data.get(field) and find(kind, data[field]) is None:
            raise Invalid({field: [f"The directory has no {kind} with this id."]})
    for provider in data.get("works_for", ()):
        if find("provider", provider) is None:
            raise Invalid({"works_for": ["The directory has no provider with this id."]})
    if entry.kind == "home":
        data["operator"] = (find("provider", data["provider"]) or {})["operator"]
    if (
        entry.kind == "relation"
        and data["kind"] in ("spouse_or_partner", "manages")
        and find("person", data["b"]) is None
    ):
        raise Invalid({"b": ["The directory has no person with this id."]})
    if "role" in data and not data["provider"] and data["role"] != GROUP_OPERATOR:
        raise Invalid({"provider": ["Say at which provider: only a group operator's role is held everywhere."]})
    if data.get("home") and (find("home", data["home"]) or {}).get("provider") != data.get("provider"):
        raise Invalid({"home": ["This home belongs to another provider."]})
    if "since" in data:
        data["since"] = data["since"] or now
    if data.get("since") and data.get("until") and data["until"] < data["since"]:
        raise Invalid({"until": ["This ends before it begins."]})
    return Entry(entry.kind, entry.id, data)
