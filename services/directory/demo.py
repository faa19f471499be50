"""The invented people with whom Heard can be tried: two operators, so that it can be seen that neither sees the other.

Every name here is made up. Harbour House has a person for each part; at Quay View one person holds four roles at
once, as happens in a small provider, so that a complaint about that person can be seen to lead outside.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import NAMESPACE_DNS, uuid5

from heard.vocabulary import INSPECTOR, LOOKING_IN, VISITOR
from services.directory.changes import GROUP_OPERATOR, HELD_EVERYWHERE, PLATFORM_ROLES, STAFF, SYSTEM_ADMINISTRATOR

HELD_SINCE = "2024-01-01T00:00:00+00:00"
TRIED_ON = "2026-01-02"


def demo_id(name: str) -> str:
    """The same id in each installation for the same invented thing, so that seeding twice changes nothing."""
    return uuid5(NAMESPACE_DNS, f"{name}.demonstration.heard.invalid").hex


@dataclass(frozen=True, slots=True)
class Someone:
    """An invented person: the roles they hold, at one home or (None) at each home of the provider."""

    name: str
    roles: tuple[str, ...]
    home: str | None = None
    signs_in_as: str | None = None

    @property
    def key(self) -> str:
        """ "Maren Oakshott" -> maren-oakshott."""
        return self.name.lower().replace(" ", "-")


@dataclass(frozen=True, slots=True)
class Place:
    """An invented home."""

    slug: str
    name: str
    area: str


@dataclass(frozen=True, slots=True)
class Group:
    """An invented operator with one provider, its homes and its people."""

    slug: str
    name: str
    provider: str
    procedure: str
    homes: tuple[Place, ...]
    people: tuple[Someone, ...]
    relations: tuple[tuple[str, str, str], ...] = ()  # kind, key of a, key of b
    area_numbers: tuple[tuple[str, str], ...] = ()  # of each area a home stands in: the body's key, and where it rings
    employs_all_but: tuple[str, ...] = ()  # roles whose holders come from outside
    colour: str | None = None  # of its pages, as somebody who looks around may compare them


OUTSIDE = ("external_investigator", "independent_person", "panel_member", "panel_chair", *LOOKING_IN)

TIDEWATER = Group(
    slug="tidewater-homes",
    name="Tidewater Homes",
    provider="Tidewater Supported Living",
    procedure="ioi_support",
    homes=(Place("harbour-house", "Harbour House", "Hampshire"), Place("quay-view", "Quay View", "Hampshire")),
    people=(
        Someone("Maren Oakshott", (GROUP_OPERATOR,), signs_in_as="The group operator, who sees all homes"),
        Someone(
            "Tobias Fennimore",
            ("registered_service_manager",),
            "harbour-house",
            "The registered service manager of Harbour House",
        ),
        Someone(
            "Imogen Ashdale",
            ("designated_safeguarding_lead",),
            "harbour-house",
            "The designated safeguarding lead of Harbour House",
        ),
        Someone("Callum Wrenfield", ("deputy_safeguarding_lead",), None, "The deputy safeguarding lead of both homes"),
        Someone("Odette Marlingford", ("director",), "harbour-house"),
        Someone("Lavinia Courtenshaw", ("senior_manager",)),
        Someone("Ruben Castlewick", ("out_of_hours_duty_manager",), "harbour-house", "The out-of-hours manager"),
        Someone("Saskia Thornbury", ("team_manager",), "harbour-house", "The team manager of Harbour House"),
        Someone("Priyanka Dellamore", ("complaints_team",), None, "The complaints team, which keeps the log"),
        Someone("Jonas Pennerley", ("investigating_officer",), None, "The investigating officer"),
        Someone("Beatrix Holloway-Synge", ("external_investigator",), None, "The external investigator"),
        Someone("Anselm Quillfeather", ("independent_person",)),
        Someone("Leocadia Marsh-Ender", ("panel_chair", "panel_member"), None, "The chair of the review panel"),
        Someone("Winifred Osterley", ("panel_member",)),
        Someone("Desmond Akinwale-Frost", ("panel_member",)),
        Someone(
            "Verity Larkhill",
            ("registered_service_manager", "designated_safeguarding_lead", "director", "team_manager"),
            "quay-view",
            "Holds four roles at Quay View",
        ),
        Someone("Noor Ellingham", (STAFF,), "harbour-house", "Works at Harbour House"),
        Someone("Gwendolen Tarrow", (STAFF,), "harbour-house"),
        Someone("Piers Hallowmere", (STAFF,), "quay-view"),
        Someone("Rowena Silverdale", (VISITOR,), "harbour-house"),
        Someone("Crispin Oakhanger", (INSPECTOR,), "harbour-house", "An inspector, who reads Harbour House for a time"),
        Someone("Elspeth Wickham-Dray", (SYSTEM_ADMINISTRATOR,), None, "The system administrator, who sees no case"),
    ),
    relations=(
        ("manages", "saskia-thornbury", "noor-ellingham"),
        ("manages", "saskia-thornbury", "gwendolen-tarrow"),
        ("manages", "verity-larkhill", "piers-hallowmere"),
    ),
    employs_all_but=OUTSIDE,
    area_numbers=(("host_authority", "01632 960190"), ("integrated_care_board", "01632 960191")),
)

NORTHGATE = Group(
    slug="northgate-council-care",
    name="Northgate Council Care",
    provider="Northgate Children's Services",
    procedure="children_act",
    colour="#4c2c6e",
    homes=(Place("linden-lodge", "Linden Lodge", "Northgate"),),
    people=(
        Someone("Hollis Underbridge", (GROUP_OPERATOR,), signs_in_as="The group operator, who sees all homes"),
        Someone("Aurelia Stonecroft", ("complaints_manager",), None, "The complaints manager"),
        Someone("Quentin Ashgrove-Lyle", ("deputy_complaints_manager",)),
        Someone(
            "Marguerite Dunhollow", ("registered_manager",), "linden-lodge", "The registered manager of Linden Lodge"
        ),
        Someone("Octavius Merrivale", ("director_of_childrens_services",)),
        Someone("Fergal Winterbourne-Pike", ("team_manager",), "linden-lodge", "The team manager of Linden Lodge"),
        Someone("Cosima Bellweather", ("designated_safeguarding_lead",), None, "The safeguarding lead"),
        Someone("Emrys Tallowfield", ("deputy_safeguarding_lead",)),
        Someone("Thea Ravensmoor", ("investigating_officer",)),
        Someone("Ignatius Copperfold", ("independent_person",)),
        Someone("Rosalind Amberley-Voss", ("adjudicating_officer",), None, "The adjudicating officer"),
        Someone("Barnaby Locksmere", ("panel_member", "panel_chair")),
        Someone("Oriel Fairclough-Wynn", ("panel_member",)),
        Someone("Zebedee Harkaway", ("panel_member",)),
        Someone("Philippa Gorsewood", ("external_investigator",)),
        Someone("Dimity Saltmarsh", (STAFF,), "linden-lodge"),
    ),
    relations=(("manages", "fergal-winterbourne-pike", "dimity-saltmarsh"),),
    employs_all_but=OUTSIDE,
)

GROUPS = (TIDEWATER, NORTHGATE)


def commands_for(group: Group, roles: Iterable[str], looks_until: str) -> list[dict[str, Any]]:
    """One change that makes the group. `roles` are those its procedure has: others are left out.

    Who only looks in does so until `looks_until`.
    """
    known = {*roles, *PLATFORM_ROLES}
    operator, provider = demo_id(group.slug), demo_id(f"provider.{group.slug}")
    person = {someone.key: demo_id(f"{someone.key}.{group.slug}") for someone in group.people}
    made: list[dict[str, Any]] = [
        {"do": "add_operator", "id": operator, "name": group.name, "slug": group.slug},
        {
            "do": "add_provider", "id": provider, "operator": operator, "name": group.provider,
            "procedure": group.procedure, "colour": group.colour,
        },
    ]  # fmt: skip
    made += [
        {"do": "add_home", "id": demo_id(p.slug), "provider": provider, "name": p.name, "slug": p.slug, "area": p.area}
        for p in group.homes
    ]
    for someone in group.people:
        employed = not set(someone.roles) & set(group.employs_all_but)
        made.append(
            {
                "do": "add_person", "id": person[someone.key], "operator": operator, "name": someone.name,
                "email": f"{someone.key}@{group.slug}.example", "verified": True,
                "works_for": [provider] if employed else [], "outside": not employed,
            }
        )  # fmt: skip
        made += [
            {
                "do": "hold_role", "id": demo_id(f"{role}.{someone.key}.{group.slug}"), "person": person[someone.key],
                "role": role, "provider": None if role in HELD_EVERYWHERE else provider,
                "home": demo_id(someone.home) if someone.home else None,
                "since": HELD_SINCE, "until": looks_until if role in LOOKING_IN else None,
            }
            for role in someone.roles
            if role in known
        ]  # fmt: skip
    made += [
        {
            "do": "set_contact", "id": demo_id(f"{body}.{area}.{group.slug}"), "operator": operator, "area": area,
            "contact": body, "phone": number, "verified_on": TRIED_ON,
        }
        for area in sorted({place.area for place in group.homes if place.area})
        for body, number in group.area_numbers
    ]  # fmt: skip
    made += [
        {"do": "relate", "id": demo_id(f"{kind}.{a}.{b}.{group.slug}"), "kind": kind, "a": person[a], "b": person[b]}
        for kind, a, b in group.relations
    ]
    return made


def sign_ins(group: Group) -> list[tuple[str, str, str]]:
    """``(person id, e-mail address, who that is)`` of those who can sign in."""
    return [
        (demo_id(f"{one.key}.{group.slug}"), f"{one.key}@{group.slug}.example", one.signs_in_as)
        for one in group.people
        if one.signs_in_as
    ]
