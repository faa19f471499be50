"""What follows from closing a home: the roles held there end, and somebody sees to what is still open.

A home that closes does not take its promises with it. The roles that would be held by nobody pass, from that day, to
one named person of the provider, and with them every open case, by the same rules by which a new manager gets the work
of the one before. Whom a case is about is a matter of persons, so that one person never gets a case about themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, and_, or_, select

from heard.vocabulary import LOOKING_IN
from services.chassis.errors import Invalid
from services.directory.changes import STAFF
from services.directory.models import holdings, homes, on_call

Command = Mapping[str, Any]


def with_what_follows(
    conn: Connection, commands: Iterable[tuple[int, Command]], now: datetime
) -> Iterator[tuple[int, Command]]:
    """Numbered commands, each closing followed by what it brings about. Raises `Invalid`."""
    for number, command in commands:
        yield number, command
        if command.get("do") == "close_home":
            for one in _follows(conn, command, now):
                yield number, one


def _follows(conn: Connection, command: Command, now: datetime) -> list[Command]:
    home, until = str(command.get("id")), _moment(command.get("until"), now)
    provider = conn.execute(select(homes.c.provider).where(homes.c.id == home)).scalar()
    held = conn.execute(select(holdings).where(_there(holdings, home, provider), _lasts(holdings, until))).all()
    calls = conn.execute(select(on_call.c.id).where(_there(on_call, home, provider), _lasts(on_call, until))).scalars()
    empty = sorted({one.role for one in held} - {STAFF, *LOOKING_IN} - _held_above(conn, provider, until))
    successor = command.get("passes_to")
    if empty and not successor:
        roles = ", ".join(role.replace("_", " ") for role in empty)
        said = f"Say who sees to what is still open. Without them nobody would be: {roles}."
        raise Invalid({"passes_to": [said]})
    at = until.isoformat()
    made: list[Command] = [{"do": "end_role", "id": one.id, "until": at} for one in held]
    made += [{"do": "off_call", "id": one, "until": at} for one in calls]
    made += [
        {"do": "hold_role", "person": successor, "role": role, "provider": provider, "home": home, "since": at}
        for role in empty
    ]
    return made


def _there(spells: Table, home: str, provider: str | None) -> ColumnElement[bool]:
    """Of whoever runs the home now: what a provider before them holds there goes on until that one ends it."""
    return and_(spells.c.home == home, spells.c.provider == provider)


def _held_above(conn: Connection, provider: str | None, at: datetime) -> set[str]:
    """The roles that somebody holds for all homes of the provider."""
    everywhere = select(holdings.c.role).where(
        holdings.c.provider == provider, holdings.c.home.is_(None), holdings.c.since <= at, _lasts(holdings, at)
    )
    return set(conn.execute(everywhere).scalars())


def _lasts(spells: Table, beyond: datetime) -> ColumnElement[bool]:
    return or_(spells.c.until.is_(None), spells.c.until > beyond)


def _moment(said: Any, now: datetime) -> datetime:
    if not said:
        return now
    try:
        moment = datetime.fromisoformat(str(said))
    except ValueError:
        raise Invalid({"until": ["Please give a date and time."]}) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=now.tzinfo)
