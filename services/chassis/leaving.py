"""Somebody who no longer holds a role at a home loses sight of what happened there: of what is closed as well.

What is open is looked at again after each change in who is who, and derived anew. What is closed rests, and there may
be very much of it: here only those whose roles changed are asked about, and only taken away from. Whoever still holds
another role there may have lost the one by which they saw it: each service sees to those itself (`whose_role_ended`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Table, delete, select

from heard.instants import moment_of
from services.chassis.work import Work


def whose_role_ended(entries: Iterable[Mapping[str, Any]], now: datetime) -> frozenset[str]:
    """Of whom some role is over by these changes, whatever others they still hold."""
    held = [entry["data"] for entry in entries if entry["kind"] == "holding" and entry["data"]]
    return frozenset(str(one["person"]) for one in held if one.get("until") and moment_of(one["until"]) <= now)


def lose_sight(work: Work, entries: Iterable[Mapping[str, Any]], things: Table, viewers: Table) -> int:
    """Take from those whose roles changed the things of homes where they hold none; how many rows went.

    `things` has columns provider and home; the first column of `viewers` names its key, `person_id` the person.
    """
    people = {str((entry["data"] or {}).get("person")) for entry in entries if entry["kind"] == "holding"} - {"None"}
    if not people:
        return 0
    conn, roster = work.conn, work.house.who.as_kept(work.conn)
    key, thing = next(iter(viewers.c)), next(iter(things.c))
    places = select(viewers.c.person_id, things.c.provider, things.c.home).join(things, thing == key).distinct()
    gone = 0
    for person, provider, home in conn.execute(places.where(viewers.c.person_id.in_(people))).all():
        if not roster.roles_of(person, work.now, provider, home):
            theirs = select(thing).where(things.c.provider == provider, things.c.home == home)
            taken = delete(viewers).where(viewers.c.person_id == person, key.in_(theirs)).returning(viewers.c.person_id)
            gone += len(conn.execute(taken).all())
    return gone
