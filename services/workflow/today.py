"""Today's list: what is owed in the cases somebody may see, in the order in which it falls due.

``late`` is past its moment, ``due`` is still to come, ``waiting_for_me`` is theirs to do or to decide. Each line says
what, to whom, by when, which clause wants it and how the day was counted. ``messages`` are the cases that concern them,
also when they are over, in which somebody wrote since they looked. ``standing`` is what this person owes without any
complaint that is late or due soon.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from heard.people import Roster
from services.chassis.house import House
from services.workflow import kept, shown, standing_shown

_MINE = {"handler": "handles", "receiver": "handles", "decider": "decides"}


def today(house: House, person_id: str) -> dict[str, Any]:
    """``{now, late, due, waiting_for_me, messages, cases, standing}``. Raises Stale when nobody knows who is who."""
    roster, now = house.roster(), house.clock.now()
    with house.db.seen_by(person_id) as conn:
        rows = shown.the_due_lines(conn, person_id)
        unread = shown.unread_messages(conn, person_id)
        homes = {row.home: _name(house, "home", row.home) for row in (*rows, *unread)}
        total, unassigned = shown.how_many_open(conn, person_id)
    lines = [_line(row, homes[row.home], now, person_id, roster) for row in rows]
    with house.working() as work:
        kept.note_read(work.conn, {row.case_id for row in (*rows, *unread)}, person_id, "list", now)
    return {
        "now": now.isoformat(),
        "late": [line for line in lines if line["status"] == "late"],
        "due": [line for line in lines if line["status"] != "late"],
        "waiting_for_me": [line for line in lines if line["mine"]],
        "messages": [
            {"case_id": row.case_id, "reference": row.reference, "home_name": homes[row.home], "state": row.state,
             "at": row.at.isoformat()}
            for row in unread
        ],
        "cases": {"open": total, "unassigned": unassigned},
        "standing": standing_shown.mine(house, person_id, now),
    }


def cases(house: House, person_id: str, state: str | None = None, page: int = 1) -> dict[str, Any]:
    """One page of the cases somebody may see: ``{cases, page, pages, total}``."""
    now = house.clock.now()
    with house.db.seen_by(person_id) as conn:
        rows, total = shown.the_cases(conn, person_id, state, max(page, 1))
        found = listed(house, conn, person_id, rows, now)
    with house.working() as work:
        kept.note_read(work.conn, [row.id for row in rows], person_id, "list", now)
    return {
        "cases": found,
        "page": max(page, 1),
        "pages": max(1, -(-total // shown.PAGE)),
        "total": total,
    }


def listed(house: House, conn: Any, person_id: str, rows: Sequence[Any], now: datetime) -> list[Any]:
    """These of their cases as a list shows them: where each stands and what is due next in it."""
    ids = [row.id for row in rows]
    imported, soonest = shown.imported_of(conn, person_id, ids), dict[str, Any]()
    for line in shown.the_due_lines_of(conn, person_id, ids):
        soonest.setdefault(line.case_id, line)
    return [_case(house, row, soonest.get(row.id), now) | {"imported": imported.get(row.id)} for row in rows]


def _case(house: House, row: Any, line: Any, now: datetime) -> dict[str, Any]:
    roster = house.roster()
    handler = roster.people.get(row.handler) if row.handler else None
    return {
        "case_id": row.id,
        "reference": row.reference,
        "procedure_version": row.procedure_version,
        "provider": row.provider,
        "home": row.home,
        "home_name": _name(house, "home", row.home),
        "received_at": row.received_at.isoformat(),
        "screened": row.screened_at is not None,
        "stage": row.stage,
        "state": row.state,
        "handler": row.handler,
        "handler_name": handler.name if handler else row.handler,
        "next": {"says": line.shown["says"], "due": line.shown["due"], "late": _is_late(line, now)} if line else None,
    }


def _name(house: House, kind: str, key: str) -> str | None:
    entry = house.who.entry(kind, key)
    return str(entry["name"]) if entry and entry.get("name") else None


def _is_late(row: Any, now: datetime) -> bool:
    return row.due_at is not None and row.due_at <= now


def _line(row: Any, home: str | None, now: datetime, person_id: str, roster: Roster) -> dict[str, Any]:
    shows: Mapping[str, Any] = row.shown
    late = _is_late(row, now)
    return {
        "case_id": row.case_id,
        "reference": row.reference,
        "provider": row.provider,
        "home": row.home,
        "home_name": home,
        "key": row.line,
        **{name: shows[name] for name in _SHOWN},
        "imported": shows.get("imported"),
        "moved": shows.get("moved") or [],
        "target": shows.get("target"),
        "due_at": row.due_at.isoformat() if row.due_at else None,
        "strength": row.strength,
        "status": "late" if late else "paused" if shows["paused"] else "running",
        "lateness": shows["lateness_if_late"] if late else "",
        "mine": _is_mine(shows, row, person_id, roster, now),
    }


_SHOWN = (
    "stage",
    "duty",
    "instance",
    "says",
    "clause",
    "source",
    "to",
    "by",
    "within",
    "due",
    "left",
    "why",
    "reading",
)


def _is_mine(shows: Mapping[str, Any], row: Any, person_id: str, roster: Roster, now: datetime) -> bool:
    """Whether this person owes it: as the handler, as the holder of a part, or by a role they hold there."""
    holders = shows["holders"]
    roles = roster.roles_of(person_id, now, row.provider, row.home)
    return any(person_id in (word, holders.get(_MINE.get(word, word))) or word in roles for word in shows["by"])
