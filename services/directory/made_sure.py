"""Bodies outside of which somebody must make sure now and then: when that was done last, by whom, and which are due.

What is entered for an area, and what a provider's document prints where nothing is entered. Open to whoever keeps the
directory, for what is theirs, and to a safeguarding lead, for the providers where they lead: they are the ones who will
have to reach somebody at night. To say that one rang is all that it lets them do; what a number is, a keeper changes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from heard.checks.contacts import is_unsure
from heard.checks.measures import house as house_expects
from heard.instants import london_day
from heard.procedure import Contact, Procedure
from heard.registry import Registry
from heard.vocabulary import LEAD
from services.chassis.contact_book import Reached, entry_for, has_a_way, made_sure_on, same_area
from services.chassis.errors import NotFound
from services.chassis.house import House
from services.directory import keeping, people, register

Row = dict[str, Any]


def listed(house: House, person_id: str) -> dict[str, Any]:
    """``{every, contacts: [{which, name, of, phones, email, web, verified_on, by, due}]}``, those due first.

    `which` names one for `rang`; `every` is how long a number counts as sure. Raises `NotFound` for whoever may not.
    """
    rows = _rows(house, person_id)
    return {"every": str(house_expects().contacts_checked), "contacts": rows}


def rang(house: House, person_id: str, which: str) -> dict[str, Any]:
    """The change by which somebody has made sure of one of them today. Raises `NotFound`."""
    if all(one["which"] != which for one in _rows(house, person_id)):
        raise NotFound
    provider, printed, key = which.partition(":")
    if not printed:
        return {"do": "verify_contact", "id": which}
    today = london_day(house.clock.now()).isoformat()
    return {"do": "set_contact", "provider": provider, "contact": key, "verified_on": today}


def _rows(house: House, person_id: str) -> list[Row]:
    now, who = house.clock.now(), None
    with house.db.seen_by(person_id) as conn:
        theirs = _providers_of(people.person(conn, person_id, now))
        entries = register.of_groups(conn) if theirs else []
    if not theirs:
        with keeping.looking(house, person_id, now) as (conn, who):
            entries = register.of_groups(conn)
    by_kind: dict[str, list[Row]] = {}
    for one in entries:
        by_kind.setdefault(one.kind, []).append({"id": one.id, **(one.as_json()["data"] or {})})
    providers = [one for one in by_kind.get("provider", ())
                 if one["id"] in theirs or (who is not None and who.keeps(one["operator"]))]  # fmt: skip
    found = list(_of(providers, by_kind, house.procedures, now))
    names = {one["id"]: one["name"] for one in by_kind.get("person", ())}
    for row in found:
        row["by"] = names.get(row["by"])
    return sorted(found, key=lambda one: (not one["due"], one["verified_on"] or "", one["of"], one["name"]))


def _providers_of(known: Mapping[str, Any]) -> set[str]:
    """The providers at which this person is a safeguarding lead; none for whoever keeps the directory besides."""
    held = known["holdings"]
    if any(one["provider"] is None for one in held):
        return set()
    return {one["provider"] for one in held if one["role"] == LEAD}


def _of(
    providers: Sequence[Row], by_kind: Mapping[str, Sequence[Row]], procedures: Registry, now: datetime
) -> Iterator[Row]:
    entered, seen = by_kind.get("contact", ()), set[str]()
    for provider in providers:
        procedure = procedures.get(provider["procedure"])
        homes = [one for one in by_kind.get("home", ()) if one["provider"] == provider["id"] and one["active"]]
        for one in entered:
            theirs = one["provider"] == provider["id"] or (
                one["provider"] is None and one["operator"] == provider["operator"]
                and any(same_area(one["area"], home["area"]) for home in homes)
            )  # fmt: skip
            if theirs and has_a_way(one) and one["id"] not in seen:
                seen.add(one["id"])
                yield _entered(one, provider, procedure, now)
        for contact in procedure.contacts:
            if contact.reachable and _is_used(contact, provider, homes, entered):
                yield _printed(contact, provider, entered, procedure, now)


def _is_used(contact: Contact, provider: Row, homes: Sequence[Row], entered: Sequence[Row]) -> bool:
    """Whether some home is reached for by what the document prints, and not by its area's own or another area's."""
    if contact.area:
        homes = [home for home in homes if not home["area"] or same_area(contact.area, home["area"])]
        if not homes:
            return False
    there = {"provider": provider["id"], "operator": provider["operator"]}
    covered = [entry_for(entered, (contact.key, contact.is_), {**home, **there}) for home in homes]
    return not covered or None in covered


def _entered(one: Row, provider: Row, procedure: Procedure, now: datetime) -> Row:
    named = next((c.name for c in procedure.contacts if one["contact"] in (c.key, c.is_)), None)
    known = Reached.of_entry(one)
    return {
        "which": one["id"], "name": one["name"] or named or one["contact"].replace("_", " "),
        "of": one["area"] or provider["name"], **_ways(known), "web": None, "by": one["verified_by"],
        "verified_on": known.checked_on.isoformat() if known.checked_on else None,
        "due": is_unsure(known.checked_on, london_day(now), procedure),
    }  # fmt: skip


def _printed(contact: Contact, provider: Row, entered: Sequence[Row], procedure: Procedure, now: datetime) -> Row:
    sure = made_sure_on(entered, contact, provider["id"])
    known = Reached(contact.name, contact.email, contact.phones, sure)
    who = next((one["verified_by"] for one in entered if one["verified_on"] == sure and not has_a_way(one)
                and (one["provider"], one["contact"]) == (provider["id"], contact.key)), None)  # fmt: skip
    return {
        "which": f"{provider['id']}:{contact.key}", "name": contact.name, "of": provider["name"], **_ways(known),
        "web": contact.web, "by": who, "verified_on": sure,
        "due": is_unsure(known.checked_on, london_day(now), procedure),
    }  # fmt: skip


def _ways(known: Reached) -> Row:
    return {"phones": [{"number": one.number, "for": one.for_} for one in known.phones], "email": known.email}
