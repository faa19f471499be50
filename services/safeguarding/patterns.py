"""Small things that repeat: so many concerns about one person, at any home of the provider, are a concern of their own.

Step 2 of a complaint's journey. Which concerns, how many and within how long stands in the procedure (`[screening]
patterns`). Every record that grows is held against what is known of the people it is about, so it makes no difference
which report came last or when it was recorded who is meant. The record that completes a pattern says so and calls the
lead; who reads there sees which reports they are, as far as they may see those.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, delete, select

from heard.calendar import Calendars
from heard.casefile import CaseState
from heard.ledger import NewHappening
from heard.lengths import end
from heard.safeguards import Pattern
from services.chassis.claim import in_turn
from services.chassis.house import House
from services.chassis.rows import add_new, among
from services.chassis.work import Work
from services.safeguarding.models import records, repeating
from services.safeguarding.pressing import press, take_alert
from services.safeguarding.records import visible_to

if TYPE_CHECKING:
    from services.safeguarding.growing import Growth

_TELLING = frozenset({"concern_found", "concern_cleared", "named"})
"""Rows after which something else may count."""


@dataclass(frozen=True, slots=True)
class _Counted:
    """One concern of a record that counts, about one person."""

    growth: Growth
    pattern: Pattern
    person: str
    known_at: datetime

    def row(self) -> dict[str, Any]:
        return {
            "provider": self.growth.row["provider"], "person_id": self.person, "concern": self.pattern.concern,
            "report_id": self.growth.report_id, "known_at": self.known_at,
        }  # fmt: skip


def notice(work: Work, growths: Sequence[Growth]) -> set[str]:
    """Count what these records say now, and add a pattern to the record that completes it; which records those are."""
    moved = [one for one in growths if one.procedure.screening.patterns and {*_events(one)} & _TELLING]
    counted = [one for growth in moved for one in _counting(growth)]
    before = [one.report_id for one in moved if {*_events(one)} & {"concern_cleared", "named"}]
    if before:
        work.conn.execute(delete(repeating).where(among(repeating.c.report_id, before)))
    if not counted:
        return set()
    in_turn(work.conn, {f"{one.growth.row['provider']}/{one.person}" for one in counted})
    rows = {tuple(row.values()): row for row in (one.row() for one in counted)}
    add_new(work.conn, repeating, list(rows.values()), repeating.c.report_id)
    noticed: set[str] = set()
    for one in counted:
        calendars = work.house.calendars(one.growth.procedure)
        reports = _together(work.conn, one, calendars)
        if len(reports) >= one.pattern.times and not _is_said(one):
            _say(work, one, reports)
            noticed.add(one.growth.report_id)
    return noticed


def _events(growth: Growth) -> Iterator[str]:
    return (row.event for row in growth.new)


def _counting(growth: Growth) -> Iterator[_Counted]:
    """What of a record counts: a concern that nobody cleared, about somebody who is known. An ended one counts too."""
    people = {one.person for one in growth.state.subjects.values() if one.identified and one.person}
    for pattern in growth.procedure.screening.patterns:
        found = growth.state.concerns.get(pattern.concern)
        if found is not None and found.cleared_at is None:
            yield from (_Counted(growth, pattern, person, found.known_at) for person in sorted(people))


def _together(conn: Connection, one: _Counted, calendars: Calendars) -> list[str]:
    """The reports of that concern about that person which lie within the pattern's length of the latest."""
    asked = select(repeating.c.report_id, repeating.c.known_at).where(
        repeating.c.provider == one.growth.row["provider"],
        repeating.c.person_id == one.person,
        repeating.c.concern == one.pattern.concern,
    )
    known = conn.execute(asked.order_by(repeating.c.known_at, repeating.c.report_id)).all()
    latest = max(row.known_at for row in known)
    ends = ((row.report_id, end(one.pattern.within, row.known_at, calendars).due_at) for row in known)
    return [report_id for report_id, until in ends if until is None or until >= latest]


def _is_said(one: _Counted) -> bool:
    said = one.growth.state.all("pattern_found")
    return any((row.data["person"], row.data["concern"]) == (one.person, one.pattern.concern) for row in said)


def _say(work: Work, one: _Counted, reports: list[str]) -> None:
    growth, pattern = one.growth, one.pattern
    take_alert(work, growth)
    data = {"person": one.person, "concern": pattern.concern, "raises": pattern.raises, "reports": reports}
    growth.add(NewHappening("pattern_found", work.now, "system", None, data))
    if pattern.raises not in growth.concerns():
        found = {"concern": pattern.raises, "by_screen": False, "because": [f"pattern.{pattern.concern}"]}
        growth.add(NewHappening("concern_found", work.now, "system", None, found | {"known_at": work.now.isoformat()}))
    press(growth, "urgent")


def explained(house: House, conn: Connection, person_id: str, state: CaseState) -> list[dict[str, Any]]:
    """The patterns of a record for whoever reads it: which reports they are, and how many this person may not see."""
    found = []
    for moment in state.all("pattern_found"):
        ids = [str(one) for one in moment.data["reports"]]
        asked = select(records).where(among(records.c.report_id, ids), visible_to(person_id, records.c.report_id))
        rows = conn.execute(asked.order_by(records.c.received_at)).mappings().all()
        found.append(
            {
                "person": moment.data["person"], "concern": moment.data["concern"], "raises": moment.data["raises"],
                "at": moment.at.isoformat(), "times": len(ids), "hidden": len(ids) - len(rows),
                "reports": [
                    {
                        "report_id": row["report_id"], "reference": row["reference"],
                        "home_name": (house.who.entry("home", row["home"]) or {}).get("name", ""),
                        "received_at": row["received_at"].isoformat(),
                    }
                    for row in rows
                ],
            }
        )  # fmt: skip
    return found
