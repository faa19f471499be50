"""Whether a person has read a report: who opened it, until when somebody must, and what happens when nobody does.

Step 2 of a complaint's journey. The screen reads every word and can miss what any person would see; so a report that
nobody has opened in the time that the procedure sets calls the lead, however harmless it looks, and calls again after
the same time. Opening the record or its case is what counts; answering a call does not. Who opened a record is kept,
each time, for the day on which somebody turns out to be the person complained of.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from heard.ledger import NewHappening
from heard.lengths import end
from heard.procedure import Procedure
from heard.when import Within
from services.chassis.claim import claim
from services.chassis.house import House
from services.chassis.rows import add
from services.chassis.work import Work
from services.safeguarding.growing import Growth, load, write
from services.safeguarding.models import record_reads, records
from services.safeguarding.pressing import press, take_alert
from services.safeguarding.said import roster_of

Body = Mapping[str, Any]
READ, UNREAD = "was_read", "unread"
_BATCH = 50


def to_be_read_by(house: House, procedure: Procedure, since: datetime, *, readable: bool) -> datetime | None:
    """Until when somebody must have read what came at `since`; None where nothing says so."""
    known = procedure.screening
    lengths = [known.read_within, None if readable else known.unreadable_within]
    return min(filter(None, (until(house, procedure, one, since) for one in lengths)), default=None)


def wait_for_a_reader(house: House, growth: Growth, since: datetime, *, readable: bool) -> None:
    """More was said: it too is to be read, by when the earliest that nobody has read must be."""
    by = to_be_read_by(house, growth.procedure, since, readable=readable)
    growth.row["read_due_at"] = min(filter(None, (growth.row["read_due_at"], by)), default=None)


def until(house: House, procedure: Procedure, within: Within | None, since: datetime) -> datetime | None:
    """Where a length ends that nothing pauses."""
    return end(within, since, house.calendars(procedure)).due_at if within else None


def opened_by(house: House, person_id: str, report_id: str) -> None:
    """Keep that this person opened the record, which ends the wait. Whoever calls knows that they may see it."""
    with house.working() as work:
        add(work.conn, record_reads, [{"report_id": report_id, "person_id": person_id, "at": work.now}])
        asked = select(records.c.read_due_at).where(records.c.report_id == report_id)
        if work.conn.execute(asked).scalar_one() is not None:
            growth = load(work, [report_id], roster_of(house))[report_id]
            _was_read(growth, person_id, work.now, "record")
            write(work, [growth])


def hear_cases_opened(work: Work, growths: Mapping[str, Growth], bodies: Sequence[Body]) -> None:
    """Somebody opened the case that a report became."""
    for body in bodies:
        _was_read(growths[body["report_id"]], str(body["by"]), min(body["at"], work.now), "case")
    write(work, [one for one in growths.values() if one.new])


def _was_read(growth: Growth, person_id: str, at: datetime, where: str) -> None:
    if growth.row["read_due_at"] is not None:
        growth.row["read_due_at"] = None
        growth.add(NewHappening(READ, at, person_id, None, {"where": where}))


def call_about_the_unread(house: House) -> int:
    """Call the lead about reports that nobody has read in time, and again after the same time; how many there were."""
    with house.working() as work:
        late = select(records.c.report_id).where(records.c.read_due_at <= work.now).order_by(records.c.read_due_at)
        due = [row.report_id for row in claim(work.conn, late, _BATCH)]
        if not due:
            return 0
        growths = load(work, due, roster_of(house))
        for growth in growths.values():
            row = growth.row
            take_alert(work, growth)
            growth.add(NewHappening(UNREAD, work.now, "system", None, {"since": row["received_at"].isoformat()}))
            press(growth, "soon")
            row["read_due_at"] = to_be_read_by(house, growth.procedure, work.now, readable=row["readable"])
        write(work, list(growths.values()))
        return len(due)
