"""Which lines of a case fall due at another time when one set of days becomes another.

A bank holiday is proclaimed, or taken back; a provider's own days change. Owns `moved`, a pure function of the case,
the days before, the days after and the time. Whoever keeps the case writes down what moved, and tells those to whom it
was promised. What was kept, missed or let go under the days of its time is not judged anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from heard.calendar import Calendars
from heard.casefile import CaseState
from heard.clock import Reckoning
from heard.derivation import Due, Status
from heard.standing import reviews

OPEN: frozenset[Status] = frozenset({"waiting", "running", "paused"})
"""A line that stands thus has still a time to come, which other days can move."""
DONE: frozenset[Status] = frozenset({"met", "met late", "excused"})
"""And a line that stands thus has none, whatever the days."""


@dataclass(frozen=True, slots=True)
class Moved:
    """One line as it `was` reckoned with the days before, and as it `is` with the days after."""

    was: Due
    is_: Due

    def as_json(self) -> dict[str, Any]:
        """The line, both due moments and both sets of days. Dates and instants in ISO 8601; None on hold."""
        was, now = self.was, self.is_
        return {
            "key": was.key,
            "stage": was.stage,
            "duty": was.duty,
            "instance": was.instance,
            "says": was.says,
            "clause": list(was.clause),
            "to": list(was.to),
            "was": was.due.isoformat() if was.due else None,
            "is": now.due.isoformat() if now.due else None,
            "was_at": was.due_at.isoformat() if was.due_at else None,
            "is_at": now.due_at.isoformat() if now.due_at else None,
            "status": now.status,
            "calendar_was": was.derivation.calendar,
            "calendar_is": now.derivation.calendar,
        }


def moved(state: CaseState, before: Calendars, after: Calendars, now: datetime) -> tuple[Moved, ...]:
    """Each open line whose time is another with the days `after`, in the order of the procedure. Raises PastKnownYears.

    The time of a line is its due moment, its house target, when to remind, and on hold what is left of it.
    """
    changed = {key for key, days in before.by_key.items() if days.snapshot != after[key].snapshot}
    if not changed:
        return ()
    pairs = (Moved(old, new) for old, new in _both(state, before, after, now, changed)
             if old.status in OPEN or new.status in OPEN)  # fmt: skip
    return tuple(one for one in pairs if _time(one.was) != _time(one.is_))


def _both(
    state: CaseState, before: Calendars, after: Calendars, now: datetime, changed: set[str]
) -> Iterator[tuple[Due, Due]]:
    """Each line that these days could move, with both: by the procedure's rules, and until what was decided is looked
    at again. Other days give the same lines: which there are follows from what happened, never from when it is due.
    """
    one, other = Reckoning(state, before, now), Reckoning(state, after, now)
    for line, visit in one.plan():
        if not line.days.isdisjoint(changed):
            old = tuple(one.of(line, visit))
            if any(due.status not in DONE for due in old):
                yield from zip(old, other.of(line, visit), strict=True)
    yield from zip(reviews(state, before, now), reviews(state, after, now), strict=True)


def _time(due: Due) -> tuple[object, ...]:
    return due.due, due.due_at, due.target_at, due.remind_at, due.derivation.left
