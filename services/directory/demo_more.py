"""More invented homes for whoever looks around: one provider for each installed procedure that has none yet.

The two groups of `demo.py` are told by hand, because stories are told with them. These are made from the procedures
themselves, so that a provider's plugin that is installed today stands in the demonstration today: a person for each
role, three where a panel sits, somebody who just works there. Every name is made of invented parts.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from heard.procedure import Procedure
from services.directory.changes import STAFF
from services.directory.demo import HELD_SINCE, NORTHGATE, TIDEWATER, Group, demo_id

Command = dict[str, Any]

PLACES = (
    ("Kestrel Children's Homes", ("Heron Court", "Sparrow Lane")),
    ("Compass Mentoring", ("Foundry Street", "Orchard Mill")),
    ("Lodestone Early Years and Youth", ("Marigold Centre", "Tansy Yard")),
    ("Wayfarer Community Care", ("Anvil Cottage", "Barley Rise")),
)
"""Invented providers, each with its homes; more procedures than these begin again with a number behind the names."""
_COUNCILS = "local authority"
"""The kind of provider that belongs to the invented council's group."""
_FIRST = ("Ambrose", "Bettina", "Cyprian", "Delphine", "Evander", "Fenella", "Gideon", "Hesper", "Isidore", "Junia",
          "Kester", "Linnea", "Merrick")  # fmt: skip
_LAST = ("Applewhite", "Birdsworth", "Coldwater", "Dunmarrow", "Elderkin", "Foxcombe", "Greymantle", "Hawkesbury-Rill",
         "Inkpen", "Jessamy", "Kittering")  # fmt: skip


def more_for(procedures: list[Procedure], told: set[str]) -> Iterator[list[Command]]:
    """One change for each procedure that nobody in the demonstration goes by; `told` are the keys of those who do."""
    left = [one for one in procedures if one.key not in told and not one.key.startswith("example")]
    people = names()
    for n, procedure in enumerate(left):
        council = procedure.provider.kind == _COUNCILS
        yield _provider(procedure, NORTHGATE if council or n % 2 else TIDEWATER, n, people)


def _provider(procedure: Procedure, group: Group, n: int, people: Iterator[str]) -> list[Command]:
    name, homes = PLACES[n % len(PLACES)]
    again = f" {n // len(PLACES) + 1}" if n >= len(PLACES) else ""
    operator, provider = demo_id(group.slug), demo_id(f"provider.{procedure.key}")
    area = procedure.provider.areas[0] if procedure.provider.areas else group.homes[0].area
    made: list[Command] = [
        {"do": "add_provider", "id": provider, "operator": operator, "name": name + again, "procedure": procedure.key}
    ]
    places = []
    for home in homes:
        slug = f"{home}{again}".lower().replace(" ", "-")
        places.append(demo_id(slug))
        made.append({"do": "add_home", "id": places[-1], "provider": provider, "name": home + again, "slug": slug,
                     "area": area})  # fmt: skip
    sits = {stage.panel.members.role for stage in procedure.stages if stage.panel}
    for role in procedure.roles:
        for _ in range(3 if role.key in sits else 1):
            made += _somebody(next(people), group, provider, role.key, None, outside=role.outside)
    for place in places:
        made += _somebody(next(people), group, provider, STAFF, place, outside=False)
    return made


def _somebody(name: str, group: Group, provider: str, role: str, home: str | None, *, outside: bool) -> list[Command]:
    key = name.lower().replace(" ", "-")
    person = demo_id(f"{key}.{group.slug}")
    return [
        {"do": "add_person", "id": person, "operator": demo_id(group.slug), "name": name,
         "email": f"{key}@{group.slug}.example", "verified": True, "works_for": [] if outside else [provider],
         "outside": outside},
        {"do": "hold_role", "id": demo_id(f"{role}.{key}"), "person": person, "role": role, "provider": provider,
         "home": home, "since": HELD_SINCE},
    ]  # fmt: skip


def names() -> Iterator[str]:
    """Names without end, none twice: the two lists have lengths without a common part."""
    n = 0
    while True:
        lap = n // (len(_FIRST) * len(_LAST))
        yield f"{_FIRST[n % len(_FIRST)]} {_LAST[n % len(_LAST)]}{'-' + _LAST[lap % len(_LAST)] if lap else ''}"
        n += 1
