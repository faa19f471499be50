"""Cases that somebody or something wakes: settled together, and one by one when one of them cannot be reckoned.

A date that no calendar reaches stops the clocks of its own case. It must not stop everybody else's: that case rests for
an hour, loudly, and who may see it is still seen to.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import Connection

from heard.calendar import PastKnownYears
from services.chassis.house import House
from services.workflow import casebook
from services.workflow.casework import Desk

UNRECKONABLE = (PastKnownYears, OverflowError)
BATCH = 50
"""How many cases one tick takes up at once."""
_PASSED_BY = 1000
"""How many it notes at once that need no look."""
_RESTS = timedelta(hours=1)

Claim = Callable[[Connection, datetime], list[str]]
"""Claims the cases to look at, for the transaction it is given."""


def look_again(house: House, claim: Claim, tick: str) -> int:
    """Settle the claimed cases anew; how many there were: 0 while nobody knows who is who."""
    case_ids: list[str] = []
    try:
        with house.working() as work:
            desk = Desk(house, work)
            if desk.roster is None:
                return 0  # whoever must not be told would not be known: it waits until somebody knows
            case_ids = claim(work.conn, work.now)
            return desk.look_again(case_ids)
    except UNRECKONABLE:
        for case_id in case_ids:
            _alone(house, case_id, tick)
        return len(case_ids)


def follow_the_calendar(house: House) -> int:
    """After days were proclaimed or taken back: look at some of the cases that this touches; how many there were."""
    days = house.who.days()
    with house.db.reading() as conn:
        if not casebook.any_by_older_days(conn, days.version):
            return 0
    looked_at = look_again(house, lambda conn, now: casebook.crossed(conn, days, BATCH), "follow_the_calendar")
    if looked_at:
        return looked_at
    with house.db.writing() as conn:
        return casebook.leave_as_they_are(conn, days, _PASSED_BY)


def _alone(house: House, case_id: str, tick: str) -> None:
    try:
        with house.working() as work:
            Desk(house, work).look_again([case_id])
    except UNRECKONABLE as fault:
        house.log.error("case_cannot_be_reckoned", case=case_id, exc_info=fault)
        house.metrics.ticks_failed.labels(tick).inc()
        with house.working() as work:
            Desk(house, work).let_rest(case_id, work.now + _RESTS)
