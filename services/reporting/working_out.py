"""Working cases out anew: their rows replayed, what is owed reckoned, who may count them resolved."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from heard.calendar import PastKnownYears
from heard.casefile import replay
from heard.people import viewers
from heard.procedure import Procedure
from heard.registry import UnknownProcedure
from heard.roster import Roster
from services.chassis.house import House
from services.chassis.work import Work
from services.reporting import readbook
from services.reporting.hearing import CASE, SAFEGUARDING
from services.reporting.summary import next_moment, summary, whole_part

AT_ONCE = 50
_TRIED_AGAIN_AFTER = timedelta(hours=1)  # newer calendars may be there by then


def some(house: House, provider: str | None = None) -> int:
    """Work out some of the cases that must be; how many. Raises `Stale`: nobody is shown numbers by an old list."""
    roster = house.roster()
    with house.working() as work:
        rows = readbook.to_do(work.conn, work.now, AT_ONCE, provider)
        if rows:
            _anew(house, work, roster, rows)
    return len(rows)


def all_of(house: House, provider: str) -> None:
    """Work out every case of a provider that must be. Raises `Stale`."""
    while some(house, provider):
        continue


def procedure_of(house: House, version: str) -> Procedure:
    """The procedure of that version; the newest one where that version is not installed any more."""
    try:
        return house.procedures.pinned(version)
    except UnknownProcedure:
        return house.procedures.get(version.partition("@")[0])


def _anew(house: House, work: Work, roster: Roster, rows: Sequence[Any]) -> None:
    kept = readbook.rows_of(work.conn, [row.id for row in rows])
    worked_out: list[dict[str, Any]] = []
    who: dict[str, Iterable[str]] = {}
    for row in rows:
        procedure = procedure_of(house, row.procedure_version)
        calendars = house.calendars(procedure)
        state = replay(procedure, whole_part(kept.get((CASE, row.id), [])))
        if not state.seq:  # its first row has not come yet
            before = {"seq": row.seq, "received_at": row.received_at, "summary": row.summary}
            worked_out.append({"id": row.id, **before, "again_at": None})
            who[row.id] = ()
            continue
        procedure = state.procedure  # of a linked case, its own part
        guarding = whole_part(kept.get((SAFEGUARDING, row.id), []))
        try:
            counted = summary(procedure, state, guarding, calendars, work.now)
            again_at = next_moment(procedure, state, guarding, calendars, work.now)
        except (PastKnownYears, OverflowError) as fault:
            # A date that no calendar reaches spoils this case's numbers. It must not stop everybody else's.
            house.log.error("case_cannot_be_counted", case=row.id, exc_info=fault)
            house.metrics.ticks_failed.labels("work_out").inc()
            counted, again_at = None, work.now + _TRIED_AGAIN_AFTER
        now = {"seq": state.seq, "received_at": state.received_at, "summary": counted}
        worked_out.append({"id": row.id, **now, "again_at": again_at})
        who[row.id] = viewers(procedure, state, roster, work.now)
    readbook.store(work.conn, worked_out, who)
