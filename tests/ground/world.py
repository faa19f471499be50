"""The small invented world in which the journeys take place: the two demonstration operators, their homes and people.

A story of another provider invents an operator of its own (`invented`) and has it seeded with
`@pytest.mark.also_lives_here(GROUP)`. A story names people by the key that their name makes ("imogen-ashdale") and
homes by their slug ("harbour-house").
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from services.directory.demo import GROUPS, Group, Place, Someone, demo_id

LONDON = ZoneInfo("Europe/London")

PASSWORD = "a-password-for-invented-people"

MONDAY_MORNING = datetime(2026, 11, 23, 9, 0, tzinfo=LONDON)
"""When a story starts that says nothing else: an ordinary working day with no bank holiday near."""


_OTHERS: list[Group] = []


def invented(group: Group) -> Group:
    """Make an operator that one story invents known by its people's names."""
    _OTHERS.append(group)
    return group


def group_of(person: str) -> Group:
    """The operator that an invented person belongs to. Raises ``LookupError`` when nobody is called that."""
    for group in (*GROUPS, *_OTHERS):
        if any(someone.key == person for someone in group.people):
            return group
    raise LookupError(f"nobody in the invented world is called {person!r}")


def person_id(person: str) -> str:
    """The id of an invented person, the same on every platform that is seeded with this world."""
    return demo_id(f"{person}.{group_of(person).slug}")


def home_id(slug: str) -> str:
    """The id of an invented home."""
    return demo_id(slug)


def provider_id(group_slug: str) -> str:
    """The id of the one provider record of an operator: ``provider_id("tidewater-homes")``."""
    return demo_id(f"provider.{group_slug}")


def group_from(told: Mapping[str, Any]) -> Group:
    """A group as it was before it travelled as JSON."""
    return Group(
        **{
            **told,
            "homes": tuple(Place(**one) for one in told["homes"]),
            "people": tuple(Someone(**{**one, "roles": tuple(one["roles"])}) for one in told["people"]),
            "relations": tuple((kind, a, b) for kind, a, b in told["relations"]),
            "employs_all_but": tuple(told["employs_all_but"]),
            "area_numbers": tuple((body, number) for body, number in told["area_numbers"]),
        }
    )


def everybody(groups: Iterable[Group] = GROUPS) -> list[str]:
    """The keys of all invented people."""
    return [someone.key for group in groups for someone in group.people]


def signs_in() -> dict[str, str]:
    """The addresses with which the invented people sign in; the password of all is ``PASSWORD``."""
    return {one.key: f"{one.key}@{group.slug}.example" for group in (*GROUPS, *_OTHERS) for one in group.people}


def a_report(**changes: Any) -> dict[str, Any]:
    """An ordinary formal complaint about Harbour House that worries nobody, with ``changes`` laid over it."""
    return {
        "home": "harbour-house",
        "kind": "complaint",
        "formality": "formal",
        "channel": "portal",
        "complainant": {"is": "parent", "name": "Robin Averill", "email": "robin@averill.example", "anonymous": False},
        "child": {"name": "Jess Averill", "age": 16},
        "about": [],
        "what_happened": "The washing machine has been broken for three weeks and nobody says when it will work.",
        "wanted": "A date by which it works again.",
        "worries": [],
        "in_danger_now": False,
    } | changes


def moment(text: str | datetime) -> datetime:
    """``"2026-12-25 02:00"`` as London time, unless the text has an offset of its own."""
    when = datetime.fromisoformat(text) if isinstance(text, str) else text
    return when if when.tzinfo else when.replace(tzinfo=LONDON)
