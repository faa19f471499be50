"""What a record knows by itself for the forms that bodies outside ask for. What it does not know stays empty.

Nothing here is reckoned or guessed: each answer is what somebody told, recorded or holds in the directory.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from heard.casefile import CaseState
from heard.happened import Subject
from heard.instants import moment_of
from heard.procedure import Procedure
from heard.public_view import day_in_words
from heard.read_aloud import sentences
from heard.roster import Roster
from services.chassis.house import House
from services.screening.reports import about_of

Row = Mapping[str, Any]
WHISTLEBLOWING = "whistleblowing"
_CAME_BY = {"portal": "through the form on our website", "phone": "by telephone", "in_person": "in person",
            "staff_note": "in a note that staff wrote"}  # fmt: skip
"""How a report came in, for somebody outside who does not know our words."""


@dataclass(frozen=True, slots=True)
class Looked:
    """A record as somebody who may see it looks at it, its words opened. `said` and `contact` are empty once erased."""

    row: Row
    procedure: Procedure
    state: CaseState
    roster: Roster
    now: datetime
    said: Sequence[Mapping[str, str]]
    contact: Mapping[str, str]


def known(house: House, looked: Looked, person_id: str) -> dict[str, str]:
    """The answers that the record has, by the words of `heard.forms.Known`; absent where it has none."""
    row, state = looked.row, looked.state
    home = house.who.entry("home", row["home"]) or {}
    sender = house.who.entry("person", person_id) or {}
    wishes = "wanted" if state.received.get("complainant") == "young_person" else ""  # theirs, and nobody else's
    first = min((one.known_at for one in state.concerns.values()), default=None)
    found = {
        "reference": row["reference"],
        "today": day_in_words(looked.now),
        "provider": (house.who.entry("provider", row["provider"]) or {}).get("name"),
        "home": home.get("name"),
        "area": home.get("area"),
        "sent_by": sender.get("name"),
        "sent_by_roles": _roles(looked, person_id),
        "sent_by_reach": _joined([sender.get("phone"), sender.get("email")]),
        "how_it_came": _CAME_BY.get(str(state.received.get("channel"))) or _plain(state.received.get("channel")),
        "received": day_in_words(row["received_at"]),
        "first_known": day_in_words(first) if first else None,
        "what_was_said": "\n\n".join(text for one in looked.said for text in _spoken(one, without=wishes)),
        "wanted": "\n\n".join(one["wanted"] for one in looked.said if wishes in one),
        "who_told_us": _teller(looked),
        "children": _child(looked),
        "children_ages": _joined([str(one["age"]) for one in state.received.get("children", ()) if one.get("age")]),
        "persons": _joined([_person(looked, one) for one in state.subjects.values()]),
        "persons_roles": _joined([_roles(looked, one.person) for one in state.subjects.values() if one.person]),
        "concerns": sentences(_concern(looked, one.concern, one.confirmed_at) for one in state.open_concerns),
        "told_so_far": "\n".join(told(looked)),
        "outcome": _outcome(state),
    }
    return {name: str(text) for name, text in found.items() if text}


def told(looked: Looked) -> list[str]:
    """Who has been told, by which way and when, one line each."""
    names = {one.key: one.name for one in looked.procedure.contacts} | {
        one.is_: one.name for one in reversed(looked.procedure.contacts)
    }
    lines = []
    for moment in looked.state.all("told"):
        whom = str(moment.data.get("whom") or "")
        lines.append(
            f"{names.get(whom) or _plain(whom).capitalize()}, by {_plain(moment.data.get('channel'))}, "
            f"{day_in_words(moment.at)}"
        )
    return list(dict.fromkeys(lines))


def _spoken(words: Mapping[str, str], without: str) -> list[str]:
    return [text for name, text in words.items() if not name.startswith("about") and name != without and text]


def _teller(looked: Looked) -> str:
    """Who told it, as far as they let it be known. Who speaks up about their own place of work is never named here."""
    received = looked.state.received
    if received.get("kind") == WHISTLEBLOWING:
        return "Somebody who works or worked there; who it is is not passed on with this form"
    what, name = _plain(received.get("complainant")), looked.contact.get("name")
    if received.get("anonymous"):
        return f"{what.capitalize()}, who did not say who they are" if what else ""
    return _joined([name, what if name else what.capitalize()])


def _child(looked: Looked) -> str:
    if looked.contact.get("child_name"):
        return looked.contact["child_name"]
    itself = looked.state.received.get("complainant") == "young_person"
    return looked.contact.get("name", "") if itself and not looked.state.received.get("anonymous") else ""


def _person(looked: Looked, subject: Subject) -> str:
    """The person that somebody recorded; until then the words in which they were spoken of, and that nobody knows."""
    if subject.identified:
        known = looked.roster.people.get(subject.person or "")
        return known.name if known else ""
    for words in looked.said:
        for one in about_of(words):
            if one["subject"] == subject.key:
                spoken = ", ".join(str(one[key]) for key in ("name", "role", "words") if one.get(key))
                return f"Not known yet: “{spoken}”" if spoken else ""
    return "Not known yet"


def _roles(looked: Looked, person_id: str) -> str:
    held = looked.roster.roles_of(person_id, looked.now, looked.row["provider"])
    names = {one.key: one.name for one in looked.procedure.roles}
    return _joined([names.get(role) or _plain(role).capitalize() for role in held])


def _concern(looked: Looked, key: str, confirmed: datetime | None) -> str:
    says = next((one.says for one in looked.procedure.concerns if one.key == key), _plain(key))
    return f"{says} ({'confirmed' if confirmed else 'found, not yet decided'})"


def _outcome(state: CaseState) -> str:
    ended = [*state.all("allegation_ended"), *state.all("safeguarding_closed")]
    if not ended:
        return ""
    last = max(ended, key=lambda one: one.seq)
    day = day_in_words(moment_of(last.at).date())
    return f"{_plain(last.data.get('outcome')).capitalize()}, {day}"


def _plain(word: Any) -> str:
    return str(word or "").replace("_", " ")


def _joined(texts: Sequence[str | None]) -> str:
    return ", ".join(dict.fromkeys(text for text in texts if text))
