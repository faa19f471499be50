"""What in the directory would fail the next complaint, as sentences, before there is one.

Asks the same engine that will route the complaint: for each person who holds a role at a home, what would happen if
the complaint were about them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from heard.calling import LAST_RESORTS
from heard.case import replay
from heard.instants import london_day, moment_of
from heard.ledger import Happening
from heard.people import resolve
from heard.procedure import Procedure
from heard.public_view import day_in_words
from heard.registry import Registry
from heard.roster import Roster
from services.chassis.contact_book import OUT_OF_HOURS, entry_for, made_sure_on, same_area
from services.chassis.people_copy import roster_of
from services.directory.changes import Entry

Fault = dict[str, Any]


def faults(entries: Sequence[Entry], procedures: Registry, now: datetime, operator: str) -> list[Fault]:
    """``[{provider, home, what, sentence, clause}]`` for one operator's homes: empty roles, roles that nobody covers,

    dead ends, contacts.
    """
    by_kind: dict[str, dict[str, Mapping[str, Any]]] = {}
    for entry in entries:
        by_kind.setdefault(entry.kind, {})[entry.id] = {"id": entry.id, **(entry.as_json()["data"] or {})}
    roster = roster_of(by_kind)
    names = {person: one["name"] for person, one in by_kind.get("person", {}).items()}
    absences = [moment_of(one["since"]) for one in by_kind.get("absence", {}).values()]
    found: list[Fault] = []
    for provider in by_kind.get("provider", {}).values():
        if provider["operator"] != operator:
            continue
        procedure = procedures.get(provider["procedure"])
        homes = [h for h in by_kind.get("home", {}).values() if h["provider"] == provider["id"] and h["active"]]
        for home in homes:
            place = {"provider": provider["id"], "home": home["id"]}
            found += _empty(procedure, roster, place, home["name"], now)
            found += _without_deputy(procedure, roster, place, home["name"], names, now)
            found += _uncovered(procedure, roster, place, home["name"], names, [now, *absences])
            found += _shared(procedure, roster, place, home["name"], names, now)
            found += _dead_ends(procedure, roster, place | {"operator": operator}, home["name"], names, now)
        contacts = list(by_kind.get("contact", {}).values())
        found += _contacts(procedure, provider, homes, contacts)
        found += _nobody_at_night(procedure, provider, homes, contacts)
    return found


def _nobody_at_night(
    procedure: Procedure, provider: Mapping[str, Any], homes: Sequence[Mapping[str, Any]],
    given: Sequence[Mapping[str, Any]],
) -> list[Fault]:  # fmt: skip
    """Areas in which nobody outside can be rung at night and at weekends: no team is entered that answers then, and

    those whom a rule tells have no number for it.
    """
    if any(one.is_ == OUT_OF_HOURS and one.phones for one in procedure.contacts):
        return []
    told = {word for rule in procedure.notification_rules for word in rule.tell}
    bodies = [one for one in procedure.contacts
              if one.is_ in LAST_RESORTS and one.is_ != "police" and {one.key, one.is_} & told]  # fmt: skip
    found: list[Fault] = []
    for home in _areas(homes):
        there = {**home, "provider": provider["id"], "operator": provider["operator"]}
        team = entry_for(given, (OUT_OF_HOURS,), there) or {}
        entries = [entry_for(given, (one.key, one.is_), there) or {} for one in bodies]
        if team.get("phone") or team.get("out_of_hours") or any(one.get("out_of_hours") for one in entries):
            continue
        where = home["area"] or "homes whose area nobody has entered"
        said = f"Nobody outside can be rung for {where} at night and at weekends: no number for then is entered."
        found.append(_fault({"provider": provider["id"]}, "nobody_at_night", said))
    return found


def _areas(homes: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """A home of each area; where there is no home yet, one of none."""
    areas = {str(home["area"] or "").strip().casefold(): home for home in homes}
    return list(areas.values()) or [{"area": None}]


def _fault(place: Mapping[str, Any], what: str, sentence: str, clause: Iterable[str] = ()) -> Fault:
    return {"provider": place["provider"], "home": place.get("home"), "what": what, "sentence": sentence,
            "clause": list(clause)}  # fmt: skip


def _empty(procedure: Procedure, roster: Roster, place: Mapping[str, Any], home: str, now: datetime) -> list[Fault]:
    return [
        _fault(place, "empty_role", f"{home} has no {role.name}, and the procedure cannot do without.", role.clause)
        for role in procedure.roles
        if role.must_be_filled and not roster.holders(role.key, place["provider"], place["home"], now)
    ]


def _without_deputy(
    procedure: Procedure, roster: Roster, place: Mapping[str, Any], home: str, names: Mapping[str, str], now: datetime
) -> list[Fault]:
    """Roles that one person holds, with a deputy in the procedure, where nobody else is that deputy."""
    found = []
    for role, deputies in _deputies(procedure).items():
        held = roster.holders(role, place["provider"], place["home"], now)
        others = {one for two in deputies for one in roster.holders(two, place["provider"], place["home"], now)}
        if deputies and len(held) == 1 and not others - {*held}:
            known = procedure.role(role)
            said = f"{known.name}: nobody stands in at {home} when {names.get(held[0], held[0])} cannot be reached."
            found.append(_fault(place, "no_deputy", said, known.clause))
    return found


def _uncovered(
    procedure: Procedure, roster: Roster, place: Mapping[str, Any], home: str, names: Mapping[str, str],
    moments: Sequence[datetime],
) -> list[Fault]:  # fmt: skip
    """Roles of which everybody who holds them or stands in is away: at the first of `moments`, or from a later one."""
    now, found = moments[0], []
    for role, deputies in _deputies(procedure).items():
        for at in sorted(one for one in {*moments} if one >= now):
            held = roster.holders(role, place["provider"], place["home"], at)
            all_of_them = {one for two in (role, *deputies)
                           for one in roster.holders(two, place["provider"], place["home"], at)}  # fmt: skip
            if held and all(roster.is_away(one, at) for one in all_of_them):
                known = procedure.role(role)
                when = "today" if at == now else f"from {day_in_words(london_day(at))}"
                who = ", ".join(sorted(names.get(one, one) for one in all_of_them))
                said = f"{known.name}: {when} nobody is there for {home}. Away, with nobody to stand in: {who}."
                found.append(_fault(place, "uncovered_absence", said, known.clause))
                break
    return found


def _deputies(procedure: Procedure) -> dict[str, list[str]]:
    """The roles that stand in for each role. A body outside that does is no cover for an absence.

    A role that is only there to stand in needs no deputy of its own.
    """
    roles = {role.key for role in procedure.roles}
    stand_in = {one for role in procedure.roles for one in role.stands_in}
    return {
        role.key: [one for one in role.stands_in if one in roles]
        for role in procedure.roles
        if role.stands_in or role.key not in stand_in
    }


def _shared(
    procedure: Procedure, roster: Roster, place: Mapping[str, Any], home: str, names: Mapping[str, str], now: datetime
) -> list[Fault]:
    """Roles of which each home has one, held by several at this home: whose turn it is, nobody could say."""
    held = {role: roster.holders(role.key, place["provider"], place["home"], now)
            for role in procedure.roles if role.one_per == "home"}  # fmt: skip
    return [
        _fault(place, "shared_role", f"{role.name}: {home} has one, and {len(who)} people hold it: "
               f"{', '.join(sorted(names.get(one, one) for one in who))}.", role.clause)
        for role, who in held.items() if len(who) > 1
    ]  # fmt: skip


def _dead_ends(
    procedure: Procedure, roster: Roster, place: Mapping[str, Any], home: str, names: Mapping[str, str], now: datetime
) -> list[Fault]:
    """Persons about whom a complaint would find nobody, and persons with several roles, for whom it goes outside."""
    found: list[Fault] = []
    parts = [(stage, "handles") for stage in procedure.stages if "handles" in stage.people]
    roles = {role.key for role in procedure.roles}
    held: dict[str, list[str]] = {}
    for role in sorted(roles):
        for person in roster.holders(role, place["provider"], place["home"], now):
            held.setdefault(person, []).append(role)
    for person, theirs in held.items():
        nobody: list[str] = []
        outward: dict[str, list[str]] = {}
        for stage, part in parts:
            state = replay(procedure, _about(person, stage.key, place, now))
            route = resolve(procedure, state, roster, part, now, stage.key)
            if route.who is None:
                nobody.append(stage.name)
            elif route.also_tell:
                outward.setdefault(_called(procedure, route.who, names), []).append(stage.name)
        name = names.get(person, person)
        if nobody:
            said = f"If a complaint at {home} is about {name}, nobody is left to handle: {', '.join(nobody)}."
            found.append(_fault(place, "dead_end", said, procedure.conflicts.clause))
        elif len(theirs) > 1 and outward:
            ways = "; ".join(f"to {who} ({', '.join(stages)})" for who, stages in outward.items())
            said = f"{name} holds {len(theirs)} roles at {home}. A complaint about them goes outside: {ways}."
            found.append(_fault(place, "several_roles", said, procedure.conflicts.clause))
    return found


def _called(procedure: Procedure, who: str, names: Mapping[str, str]) -> str:
    """A person's name, or that of a body or of a role outside."""
    outside = {one.key: one.name for one in procedure.roles} | {one.key: one.name for one in procedure.contacts}
    return names.get(who) or outside.get(who) or who.replace("_", " ")


def _about(person: str, stage: str, place: Mapping[str, Any], now: datetime) -> list[Happening]:
    """The shortest ledger of a complaint about that person which has come to that stage."""
    received = {**place, "kind": "complaint", "formality": "formal", "channel": "portal", "heads": [{"key": "head_1"}]}
    named = {"person": person, "identified": True, "subject": "subject_1", "role": None, "head": None, "might_be": []}
    rows = [("received", None, received), ("named", None, named), ("stage_opened", stage, {"stage": stage})]
    return [Happening(seq, event, now, now, "system", at, data) for seq, (event, at, data) in enumerate(rows, 1)]


def _contacts(
    procedure: Procedure, provider: Mapping[str, Any], homes: Sequence[Mapping[str, Any]],
    given: Sequence[Mapping[str, Any]],
) -> list[Fault]:  # fmt: skip
    """Bodies that the procedure calls, or of which each home has its own, area by area: those that nobody entered,

    whose address nobody has checked, or who are another area's.
    """
    told = {word for rule in procedure.notification_rules for word in rule.tell}
    bodies = [one for one in procedure.contacts if one.key in told or one.is_ in told or one.one_per]
    found: list[Fault] = []
    for home in _areas(homes):
        there = {**home, "provider": provider["id"], "operator": provider["operator"]}
        of_area = f" for {home['area']}" if home["area"] else ""
        for one in bodies:
            entry = entry_for(given, (one.key, one.is_), there)
            if entry is None and one.area and home["area"] and not same_area(one.area, home["area"]):
                said = f"The {one.name} that the document names is that of {one.area}. Enter the one of {home['area']}."
                found.append(_fault({"provider": provider["id"]}, "another_areas_contact", said, one.clause))
            elif entry is None and one.one_per:
                said = f"Nobody has entered{of_area}: {one.name}. Each home has its own."
                found.append(_fault({"provider": provider["id"]}, "own_contact_missing", said, one.clause))
            elif not (entry["verified"] if entry else made_sure_on(given, one, provider["id"])):
                said = f"Nobody has checked the address of {one.name}{of_area}; until then only a call reaches them."
                found.append(_fault({"provider": provider["id"]}, "unverified_contact", said, one.clause))
    return found
