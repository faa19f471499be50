"""Complaints of an earlier log: screened like everything, and listed for the lead where the screen found something.

Nobody is called about the past and no clock starts by itself. The lead reads each, and either records a concern on the
record (from then on it goes the way of every concern) or that there is nothing to raise. Nothing is closed or lowered.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from heard.ledger import NewHappening
from services.chassis.errors import NotFound
from services.chassis.house import House
from services.chassis.rows import add_new
from services.safeguarding.growing import load, write
from services.safeguarding.models import past_to_read, records
from services.safeguarding.opening import Read
from services.safeguarding.records import visible_to
from services.safeguarding.said import roster_of

Row = Mapping[Any, Any]


def worth_reading(report_id: str, read: Read, now: datetime) -> dict[str, Row]:
    """The line for the lead's list, by report; nothing where the screen found nothing and could read it all."""
    screened = read.screened
    if not (screened.flagged or screened.concerns or not screened.readable):
        return {}
    concerns = {key: list(because) for key, because in screened.concerns.items()}
    return {
        report_id: {
            "report_id": report_id, "priority": screened.priority, "concerns": concerns, "listed_at": now,
        }
    }  # fmt: skip


def calling_nobody(read: Read) -> Read:
    """The same reading for a ledger in which no clock is to start: whom it is about, and no concern."""
    return replace(read, screened=replace(read.screened, concerns={}))


def list_for_the_lead(conn: Connection, rows: Sequence[Row]) -> None:
    """Put these on the list."""
    add_new(conn, past_to_read, rows, past_to_read.c.report_id)


def to_read(house: House, person_id: str) -> list[dict[str, Any]]:
    """What this person has still to read, the most pressing first: no words, no names but the home's."""
    asked = (
        select(past_to_read, records.c.reference, records.c.home, records.c.received_at, records.c.procedure_version)
        .join(records, records.c.report_id == past_to_read.c.report_id)
        .where(past_to_read.c.read_at.is_(None), visible_to(person_id, past_to_read.c.report_id))
        .order_by(records.c.received_at.desc())
    )
    with house.db.seen_by(person_id) as conn:
        rows = conn.execute(asked).mappings().all()
    return [_line(house, row) for row in rows]


def _line(house: House, row: Row) -> dict[str, Any]:
    procedure = house.procedures.pinned(row["procedure_version"])
    says = {one.key: one.says for one in procedure.concerns}
    home = house.who.entry("home", row["home"]) or {}
    return {
        "report_id": row["report_id"],
        "reference": row["reference"],
        "home": row["home"],
        "home_name": home.get("name", ""),
        "received_at": row["received_at"].isoformat(),
        "priority": row["priority"],
        "concerns": [
            {"concern": key, "says": says.get(key) or key.replace("_", " "), "because": because}
            for key, because in row["concerns"].items()
        ],
    }


def was_read(house: House, person_id: str, report_id: str) -> dict[str, Any]:
    """Record that this person has read it; reading twice is reading once. Raises `NotFound`."""
    with house.working() as work:
        seen = select(past_to_read).where(
            past_to_read.c.report_id == report_id, visible_to(person_id, past_to_read.c.report_id)
        )
        row = work.conn.execute(seen.with_for_update()).first()
        if row is None:
            raise NotFound
        if row.read_at is None:
            growth = load(work, [report_id], roster_of(house))[report_id]
            growth.add(NewHappening("past_read", work.now, person_id, None, {}))
            write(work, [growth])
            read = update(past_to_read).where(past_to_read.c.report_id == report_id)
            work.conn.execute(read.values(read_at=work.now, read_by=person_id))
    return {"report_id": report_id, "read": True}
