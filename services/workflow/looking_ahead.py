"""What would become of cases if the calendar changed: looked at page by page, and nothing is locked or written.

For whoever is about to proclaim a day. References and duties, never a name or a word of what was told.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from heard.casefile import replay
from heard.moved import Moved
from heard.proclaimed import Proclamations
from services.chassis.house import House
from services.workflow import casebook
from services.workflow.new_days import moved_lines

_PAGE = 200


@dataclass(frozen=True, slots=True)
class Ahead:
    """One case, and its lines whose day would be another."""

    reference: str
    lines: tuple[Moved, ...]


def ahead(house: House, days: Proclamations) -> Iterator[Ahead]:
    """Each case that would move if these were the days, in the order of their ids. Raises PastKnownYears."""
    after = ""
    while True:
        with house.db.reading() as conn:
            page = casebook.also_crossed(conn, days, after, _PAGE)
            rows = casebook.cases_of(conn, page)
            ledgers = casebook.ledgers(conn, page)
        for row in rows:
            state = replay(house.procedures.pinned(row.procedure_version), ledgers[row.id])
            before = house.calendars(state.procedure, days, row.days_version)
            lines = moved_lines(state, before, house.calendars(state.procedure, days), house.clock.now())
            if lines:
                yield Ahead(row.reference, tuple(lines))
        if len(page) < _PAGE:
            return
        after = page[-1]
