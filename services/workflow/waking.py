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
from services.workflow.casework import Desk

UNRECKONABLE = (PastKnownYears, OverflowError)
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


def _alone(house: House, case_id: str, tick: str) -> None:
    try:
        with house.working() as work:
            Desk(house, work).look_again([case_id])
    except UNRECKONABLE as fault:
        house.log.error("case_cannot_be_reckoned", case=case_id, exc_info=fault)
        house.metrics.ticks_failed.labels(tick).inc()
        with house.working() as work:
            Desk(house, work).let_rest(case_id, work.now + _RESTS)
