"""What may be changed in the directory, in the words of whoever keeps it, and what each change makes of an entry.

A command is ``{"do": "add_home", ...}``; `entry_of` answers the entry that it leaves behind, whole. Several commands
make one change: they hold together or not at all. Nothing here reads or writes a table.

A home that is handed over keeps its id and its address, and from that moment it takes reports under its new provider's
procedure. What was received before stays where it was received: a case carries the operator, provider and home of its
receipt, and the roles that people hold *for the old provider* at that home are left as they are until somebody ends
them. So the old operator's people finish what was promised to the people who complained to them, the new operator's
people never see it, and no case changes its rules half way. The other choice, taking open cases along, would show one
tenant's words to another and bind it to a procedure that it never promised.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from marshmallow import Schema, ValidationError

from heard.instants import london_day
from heard.vocabulary import ADMINISTRATOR, GROUP, LOOKING_IN
from services.chassis.errors import Invalid
from services.directory import forms

GROUP_OPERATOR = GROUP
"""Whoever oversees every home of an operator; held in the whole group when no provider is given."""
SYSTEM_ADMINISTRATOR = ADMINISTRATOR
"""Whoever looks after the installation: keeps the directory of every operator, and sees no case."""
STAFF = "staff"
"""Somebody who works at a home and has no part in its procedure: a complaint may be about them all the same."""
PLATFORM_ROLES = (GROUP_OPERATOR, SYSTEM_ADMINISTRATOR, STAFF, *LOOKING_IN)
"""The roles that belong to the platform and to no procedure."""
HELD_EVERYWHERE = (GROUP_OPERATOR, SYSTEM_ADMINISTRATOR)
HOLIDAYS = "bank_holiday"
"""The kind of entry that changes the calendar, and nothing of who is who."""


@dataclass(frozen=True, slots=True)
class Entry:
    """The whole new state of one thing in the directory; `data` is None when it is gone."""

    kind: str
    id: str
    data: dict[str, Any] | None

    def as_json(self) -> dict[str, Any]:
        """As `directory_changed` carries it: moments and days as ISO 8601."""
        data = None if self.data is None else {k: _plain(v) for k, v in self.data.items()}
        return {"kind": self.kind, "id": self.id, "data": data}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


FORMS: dict[str, tuple[str, type[Schema]]] = {
    "add_operator": ("operator", forms.OperatorForm),
    "add_provider": ("provider", forms.ProviderForm),
    "add_home": ("home", forms.HomeForm),
    "add_person": ("person", forms.PersonForm),
    "hold_role": ("holding", forms.HoldingForm),
    "away": ("absence", forms.AbsenceForm),
    "on_call": ("on_call", forms.OnCallForm),
    "relate": ("relation", forms.RelationForm),
    "set_contact": ("contact", forms.ContactForm),
    "proclaim_holiday": (HOLIDAYS, forms.HolidayForm),
}
"""Commands that say what an entry is; with the id of one that stands they say what it is from now on."""
ENDINGS: dict[str, tuple[str, type[Schema]]] = {
    "end_role": ("holding", forms.EndForm),
    "back": ("absence", forms.EndForm),
    "off_call": ("on_call", forms.EndForm),
    "end_relation": ("relation", forms.EndForm),
    "close_home": ("home", forms.CloseForm),
    "hand_over_home": ("home", forms.HandOverForm),
    "verify_person": ("person", forms.EndForm),
    "reach": ("person", forms.ReachForm),
    "verify_contact": ("contact", forms.VerifyForm),
    "remove_contact": ("contact", forms.EndForm),
    "take_back_holiday": (HOLIDAYS, forms.TakeBackForm),
}
"""Commands that change one thing about an entry that stands."""
COMMANDS = (*FORMS, *ENDINGS)
_FOR_GOOD = ("person", "role", "provider", "home", "kind", "a", "b")
"""What a spell or a tie is about: whom a complaint concerns is reckoned from it, also from what is over."""
_GOES_FOR_GOOD = ("end_relation", "remove_contact")
"""A relation or a number holds or it does not: whoever decides needs no history of it."""

_WAYS = ("routine_way", "alert_way")
"""How somebody wants to be reached: said by them or by a keeper, and by no sheet."""

REFERS_TO: dict[str, str] = {
    "operator": "operator",
    "provider": "provider",
    "home": "home",
    "person": "person",
    "passes_to": "person",
    "a": "person",
}
"""Field of a command or entry -> the kind of entry that its id must name."""

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
        kind, form = ENDINGS[do]
        data = _load(form(), given)
        known = find(kind, data["id"])
        if known is None:
            raise Invalid({"id": [f"The directory has no {kind} with this id."]})
        if do in _GOES_FOR_GOOD:
            return Entry(kind, data["id"], None)
        return Entry(kind, data["id"], {**known, **_change(str(do), data, known, find, now)})
    raise Invalid({"do": [f"{do!r} is no change the directory knows. It knows: {', '.join(COMMANDS)}."]})


def _change(do: str, data: Mapping[str, Any], known: Mapping[str, Any], find: Find, now: datetime) -> dict[str, Any]:
    """What one of the ENDINGS changes about the entry."""
    if do == "close_home":
        closes = data["until"] or now
        return {"closed_at": closes, "active": closes > now}
    if do == "hand_over_home":
        provider = find("provider", data["provider"])
        if provider is None:
            raise Invalid({"provider": ["The directory has no provider with this id."]})
        return {"provider": data["provider"], "operator": provider["operator"]}
    if do == "verify_person":
        return {"verified": True}
    if do == "reach":
        return {way: data[way] for way in _WAYS}
    if do == "take_back_holiday":
        if known["until"] is not None:
            raise Invalid({"id": ["This day was taken back already."]})
        if known["day"] <= london_day(now):
            raise Invalid({"id": ["This day has come: what was promised by it stands."]})
        return {"until": now, "because": data["because"]}
    if do == "verify_contact":
        return {"verified": True, "verified_on": data["verified_on"] or now.date()}
    ends = data["until"] or now
    if known.get("since") and ends < known["since"]:
        ends = known["since"]  # called off before it began: it never was
    return {"until": ends}


def _load(form: Schema, given: dict[str, Any]) -> dict[str, Any]:
    try:
        loaded: dict[str, Any] = form.load(given)
    except ValidationError as fault:
        messages = fault.messages_dict
        raise Invalid({str(field): [str(one) for one in said] for field, said in messages.items()}) from fault
    return loaded


def _complete(entry: Entry, find: Find, now: datetime) -> Entry:
    """Each id must name something; what follows from it is filled in; a spell without a start starts now."""
    data = dict(entry.data or {})
    for field, kind in REFERS_TO.items():
        if data.get(field) and find(kind, data[field]) is None:
            raise Invalid({field: [f"The directory has no {kind} with this id."]})
    for provider in data.get("works_for", ()):
        if find("provider", provider) is None:
            raise Invalid({"works_for": ["The directory has no provider with this id."]})
    standing = find(entry.kind, entry.id) or {}
    if "operator" in standing and entry.kind in ("provider", "person") and standing["operator"] != data["operator"]:
        raise Invalid({"operator": ["This belongs to another operator, and stays there."]})
    if entry.kind in ("holding", "absence", "on_call", "relation"):
        for field in _FOR_GOOD:
            if standing and field in standing and standing[field] != data.get(field):
                raise Invalid({field: ["This stays what it was about. End it, and enter another."]})
    if entry.kind == HOLIDAYS:
        if standing:
            raise Invalid({"id": ["What was proclaimed stands. Take it back, and proclaim another day."]})
        data |= {"since": now, "until": None, "because": None}
    if entry.kind == "person":
        data |= {way: standing.get(way) for way in _WAYS}
    if entry.kind == "home":
        data |= _home(data, standing, find)
    if entry.kind == "contact":
        data |= _contact(data, find)
    if entry.kind == "relation" and data["kind"] in forms.BETWEEN_PEOPLE and find("person", data["b"]) is None:
        raise Invalid({"b": ["The directory has no person with this id."]})
    if "role" in data and not data["provider"] and data["role"] not in HELD_EVERYWHERE:
        raise Invalid({"provider": ["Say at which provider: only a group operator's role is held everywhere."]})
    if data.get("home") and (find("home", data["home"]) or {}).get("provider") != data.get("provider"):
        raise Invalid({"home": ["This home belongs to another provider."]})
    if "since" in data:
        data["since"] = data["since"] or standing.get("since") or now
    if data.get("since") and data.get("until") and data["until"] < data["since"]:
        raise Invalid({"until": ["This ends before it begins."]})
    if entry.kind == "holding":
        _looks_in(data)
    return Entry(entry.kind, entry.id, data)


def _looks_in(data: Mapping[str, Any]) -> None:
    """Who only reads is let in by somebody, to a home and until a day: nobody reads on because nobody thought of it."""
    if data["role"] not in LOOKING_IN:
        if data["reads_safeguarding"]:
            raise Invalid({"reads_safeguarding": ["This is said only of somebody who visits, inspects or audits."]})
        return
    if not data["home"]:
        raise Invalid({"home": ["Say which home they may read. Give the role again for another."]})
    if not data["until"]:
        raise Invalid({"until": ["Say until which day they may read: this role always ends."]})


def _home(data: Mapping[str, Any], standing: Mapping[str, Any], find: Find) -> dict[str, Any]:
    """A home takes its operator from its provider. It closes and changes hands by commands of their own."""
    if standing and standing["provider"] != data["provider"]:
        raise Invalid({"provider": ["Another provider takes a home over with hand_over_home."]})
    operator = (find("provider", data["provider"]) or {})["operator"]
    kept = standing or {"closed_at": None, "active": True}
    return {"operator": operator, "closed_at": kept["closed_at"], "active": kept["active"]}


def _contact(data: Mapping[str, Any], find: Find) -> dict[str, Any]:
    """A provider's contact is of the provider's operator; an area's is of the operator that says so."""
    if data["provider"]:
        operator = (find("provider", data["provider"]) or {})["operator"]
    elif data["operator"] and data["area"]:
        operator = data["operator"]
    else:
        raise Invalid({"area": ["Say for which provider, or for which operator and area."]})
    sure_of_what_is_printed = data["provider"] and data["verified_on"]
    if not (data["phone"] or data["email"] or data["out_of_hours"] or sure_of_what_is_printed):
        raise Invalid({"phone": ["Give a telephone number or an email address."]})
    return {"operator": operator, "verified": data["verified_on"] is not None}
