"""Where the directory's entries are kept: find one, list them, make a change, count it.

Every change goes through `make_change`: the counter's row is taken first, so changes happen one after another and
their versions have no gap and no double.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, delete, insert, select, update

from services.chassis.errors import Invalid
from services.directory import holidays
from services.directory.changes import HOLIDAYS, Entry, entry_of
from services.directory.closing import with_what_follows
from services.directory.models import ENTRY_TABLES, changes, counter, homes, members, people, providers


def find(conn: Connection, kind: str, entry_id: str) -> dict[str, Any] | None:
    """The entry's data as it stands, or None."""
    table = ENTRY_TABLES[kind]
    row = conn.execute(select(table).where(table.c.id == entry_id)).mappings().first()
    return None if row is None else {k: v for k, v in row.items() if k != "id"}


def version(conn: Connection) -> int:
    """The version at which the directory stands; 0 before the first change."""
    return conn.execute(select(counter.c.version)).scalar() or 0


def make_change(
    conn: Connection, commands: Sequence[tuple[int, Mapping[str, Any]]], by: str, now: datetime
) -> tuple[int, list[Entry]]:
    """Apply numbered commands as one change; answers its version and the entries it left. Raises `Invalid`."""
    taken = _next_version(conn)
    left: list[Entry] = []
    said: list[dict[str, Any]] = []
    number = 0
    try:
        # What follows from a closing is asked when all before it is done.
        for number, command in with_what_follows(conn, commands, now):  # noqa: B007 (a fault names it)
            entry = entry_of(command, lambda kind, entry_id: find(conn, kind, entry_id), now)
            if entry.kind == HOLIDAYS:
                entry = holidays.in_turn(conn, len(commands), entry)
            if entry.kind == "contact":
                entry = _made_sure(conn, entry, command, by)
            _nobody_else_has(conn, entry)
            said.append(entry.as_json() | _was(conn, entry))
            _put(conn, entry)
            left.append(entry)
    except Invalid as fault:
        raise Invalid({f"commands[{number}].{field}": said for field, said in fault.fields.items()}) from fault
    conn.execute(insert(changes).values(version=taken, at=now, by=by, entries=said))
    return taken, left


def _made_sure(conn: Connection, entry: Entry, command: Mapping[str, Any], by: str) -> Entry:
    """The number of a body outside, with who made sure of it on the day that stands with it."""
    if entry.data is None:
        return entry
    before, on = find(conn, "contact", entry.id) or {}, entry.data["verified_on"]
    again = command["do"] == "verify_contact" or on != before.get("verified_on")
    who = (by if again else before.get("verified_by")) if on else None
    return replace(entry, data={**entry.data, "verified_by": who})


def _was(conn: Connection, entry: Entry) -> dict[str, Any]:
    """Of what goes for good, what it was: somebody may ask who took it away."""
    if entry.data is not None:
        return {}
    return {"was": Entry(entry.kind, entry.id, find(conn, entry.kind, entry.id)).as_json()["data"]}


def say_again(conn: Connection, entries: Iterable[Entry], now: datetime) -> int:
    """Count a change in which these entries are what the calendar has made of them; its version."""
    version, said = _next_version(conn), list(entries)
    for entry in said:
        _put(conn, entry)
    conn.execute(insert(changes).values(version=version, at=now, by="clock", entries=[one.as_json() for one in said]))
    return version


def _next_version(conn: Connection) -> int:
    taken = conn.execute(update(counter).values(version=counter.c.version + 1).returning(counter.c.version)).scalar()
    if taken is None:
        conn.execute(insert(counter).values(one=1, version=1))
        taken = 1
    return taken


def _nobody_else_has(conn: Connection, entry: Entry) -> None:
    """A slug names one home or operator in the whole installation."""
    table = ENTRY_TABLES[entry.kind]
    if entry.kind in ("home", "operator") and entry.data:
        other = conn.execute(
            select(table.c.id).where(table.c.slug == entry.data["slug"], table.c.id != entry.id)
        ).first()
        if other:
            raise Invalid({"slug": ["This name in addresses is taken. Choose another."]})


def _put(conn: Connection, entry: Entry) -> None:
    table = ENTRY_TABLES[entry.kind]
    if entry.data is None:
        conn.execute(delete(table).where(table.c.id == entry.id))
        return
    data = entry.data
    found = conn.execute(update(table).where(table.c.id == entry.id).values(**data).returning(table.c.id)).first()
    if found is None:
        conn.execute(insert(table).values(id=entry.id, **data))
    if entry.kind == "person":
        put = update(members).where(members.c.person == entry.id).values(operator=data["operator"])
        if conn.execute(put.returning(members.c.person)).first() is None:
            conn.execute(insert(members).values(person=entry.id, operator=data["operator"]))


def whole(conn: Connection) -> list[Entry]:
    """Every entry as it stands, those first to which others refer."""
    return _as_they_stand(conn, ENTRY_TABLES)


def of_groups(conn: Connection) -> list[Entry]:
    """The same without the calendar, which is everybody's: what a keeper's wall may stand round."""
    return _as_they_stand(conn, [kind for kind in ENTRY_TABLES if kind != HOLIDAYS])


def _as_they_stand(conn: Connection, kinds: Iterable[str]) -> list[Entry]:
    return [
        Entry(kind, row["id"], {k: v for k, v in row.items() if k != "id"})
        for kind in kinds
        for row in conn.execute(select(ENTRY_TABLES[kind])).mappings()
    ]


def changes_of(conn: Connection, most: int) -> list[dict[str, Any]]:
    """The newest changes as ``{version, at, by, entries}``, newest first."""
    rows = conn.execute(select(changes).order_by(changes.c.version.desc()).limit(most)).mappings()
    return [dict(row) for row in rows]


def changed_since(conn: Connection, since: int, most: int) -> list[dict[str, Any]]:
    """The changes after a version, oldest first, as ``{version, entries}``."""
    rows = conn.execute(
        select(changes.c.version, changes.c.entries)
        .where(changes.c.version > since)
        .order_by(changes.c.version)
        .limit(most)
    ).mappings()
    return [dict(row) for row in rows]


def snapshot(conn: Connection, since: int | None, most: int) -> dict[str, Any]:
    """``{version, entries, whole}``: every entry as it stands, or only what changed since, where that is no more."""
    at = version(conn)
    if since is not None and 0 <= at - since <= most:
        rows = changed_since(conn, since, most)
        return {"version": at, "entries": [one for row in rows for one in row["entries"]], "whole": False}
    return {"version": at, "entries": [entry.as_json() for entry in whole(conn)], "whole": True}


def visible_people(person_id: str) -> Select[Any]:
    """The wall: a person sees the people of the operator they belong to, and nobody else."""
    own = select(members.c.operator).where(members.c.person == person_id)
    return select(people).where(people.c.operator.in_(own))


def public_homes(one: str | None = None) -> Select[Any]:
    """The homes, or one of them by slug or id, with what the public may know of them; those that closed come last.

    A home that closed still takes reports: what happened there may be told for as long as somebody wants to tell it.
    """
    asked = (
        select(
            homes.c.id,
            homes.c.slug,
            homes.c.name,
            homes.c.area,
            homes.c.operator,
            homes.c.provider,
            providers.c.name.label("provider_name"),
            providers.c.colour,
            providers.c.procedure,
            homes.c.active,
            homes.c.closed_at,
        )
        .join(providers, providers.c.id == homes.c.provider)
        .order_by(homes.c.active.desc(), homes.c.name)
    )
    return asked if one is None else asked.where((homes.c.slug == one) | (homes.c.id == one))


def as_public(row: Mapping[Any, Any]) -> dict[str, Any]:
    """A row of `public_homes` as it travels: the day it closed as text."""
    return {**row, "closed_at": row["closed_at"].isoformat() if row["closed_at"] else None}
