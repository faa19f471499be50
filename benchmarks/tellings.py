"""What people tell in a measurement: in turn to a home of each installed procedure, of each kind that it knows.

STEP 1 of a complaint, many times over. Nobody here exists, and no telling is about anybody.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from heard.procedure import Procedure
from heard.registry import load_procedures
from services.directory.demo import GROUPS
from services.directory.demo_more import more_for
from tests.ground.world import a_report

WORRYING_AMONG = 10
"""One telling in so many is a worrying one."""

_SAYS = {
    "complaint": "The heating in room {n} has been cold since Tuesday and nobody has come to mend it.",
    "concern": "The lamp over door {n} flickers in the evening, and it would be good if somebody looked at it.",
    "comment": "The notice board by room {n} could hang lower, so that everybody can read it.",
    "compliment": "Thank you for the supper on Sunday. Everybody at table {n} liked it.",
}
_ROOMS = 90  # a room "999" would be read as the number that one rings in danger


@dataclass(frozen=True, slots=True)
class Home:
    """A home, the procedure that it goes by, and the ``(kind, formality)`` of what may be told there."""

    slug: str
    procedure: str
    kinds: tuple[tuple[str, str | None], ...]


def homes() -> list[Home]:
    """A home of each installed procedure, as the demonstration has them."""
    registry = load_procedures()
    procedures = [registry.get(key) for key in registry.keys()]  # noqa: SIM118 (a registry, not a dict)
    places = {group.procedure: group.homes[0].slug for group in GROUPS}
    for commands in more_for(procedures, set(places)):
        slugs = [str(one["slug"]) for one in commands if one["do"] == "add_home"]
        places[str(commands[0]["procedure"])] = slugs[0]
    return [Home(places[one.key], one.key, _kinds(one)) for one in procedures if one.key in places]


def _kinds(procedure: Procedure) -> tuple[tuple[str, str | None], ...]:
    ways: dict[str, tuple[str | None, ...]] = {"complaint": ("formal", "informal")}
    return tuple((kind, way) for kind in procedure.words.kinds for way in ways.get(kind, (None,)))


def where(number: int, among: Sequence[Home]) -> Home:
    """The home that the telling of this number is about."""
    return among[number % len(among)]


def is_worrying(number: int) -> bool:
    """Whether the telling of this number must raise an alert: one in ten, at each home in its turn."""
    return number % WORRYING_AMONG == number // WORRYING_AMONG % WORRYING_AMONG


def ordinary(number: int, among: Sequence[Home]) -> dict[str, Any]:
    """A telling that worries nobody, and whose writer can be written to."""
    home = where(number, among)
    kind, formality = home.kinds[number // len(among) % len(home.kinds)]
    writer = {"is": "parent", "name": f"Parent {number}", "email": f"p{number}@family.example", "anonymous": False}
    return a_report(
        home=home.slug,
        kind=kind,
        formality=formality,
        complainant=writer,
        what_happened=_SAYS[kind].format(n=number % _ROOMS),
    )


def worrying(number: int, among: Sequence[Home]) -> dict[str, Any]:
    """A telling that must raise an alert: somebody is in danger now."""
    return a_report(
        home=where(number, among).slug,
        complainant={"is": "young_person", "anonymous": True},
        what_happened=f"Somebody at the bus stop by number {number} keeps hurting me and I am scared to go out.",
        in_danger_now=True,
    )
