"""What a bank holiday that is proclaimed, or taken back, means for one case: which days move, and who hears of it.

The desk asks for each case that it takes up and that was last reckoned by older days, whatever it is taken up for: so a
case is never reckoned by new days without its ledger saying from when to when its days moved, and why. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from heard.calendar import Calendars
from heard.casefile import CaseState
from heard.clock import is_safeguardings
from heard.derivation import Due
from heard.imported import is_unknown
from heard.instants import end_of
from heard.ledger import NewHappening
from heard.moved import Moved, moved
from heard.proclaimed import Turn
from heard.public_view import is_promised

CHANGED = "calendar_changed"


def moved_lines(state: CaseState, before: Calendars, after: Calendars, now: datetime) -> list[Moved]:
    """The lines on somebody's list, and rights that end, whose day is another; safeguarding keeps its own clocks."""
    return [
        one for one in moved(state, before, after, now)
        if one.was.due != one.is_.due and one.is_.strength != "comparison"
        and not is_safeguardings(one.is_, state.procedure) and not is_unknown(state, one.is_)
    ]  # fmt: skip


def changed(
    state: CaseState, before: Calendars, after: Calendars, turns: Sequence[Turn], now: datetime
) -> list[NewHappening]:
    """The row that says which days moved; none when nothing did. The complainant is told of what they were promised."""
    lines = moved_lines(state, before, after, now)
    if not lines:
        return []
    data: dict[str, Any] = {"turns": [turn.as_json() for turn in turns], "moved": [_line(state, one) for one in lines]}
    if any(one["promised"] for one in data["moved"]) and may_be_told(state):
        data["tell"] = ["complainant"]
    return [NewHappening(CHANGED, now, "system", None, data)]


def counts_until(dues: Sequence[Due], now: datetime) -> datetime | None:
    """The last moment for which a day still to come makes a difference in this case; None when there is none."""
    ahead: list[datetime] = []
    for due in dues:
        if due.status in ("running", "waiting", "late", "paused"):
            ahead += [at for at in (due.due_at, due.target_at, *(at for at, _ in due.late_steps)) if at is not None]
            if due.derivation.count is not None:  # counted back from the day of a meeting
                ahead.append(end_of(due.derivation.count.start))
            if due.status == "paused":
                ahead.append(now)
    return max(ahead, default=None)


def _line(state: CaseState, one: Moved) -> dict[str, Any]:
    return {
        "key": one.is_.key,
        "stage": one.is_.stage,
        "duty": one.is_.duty,
        "instance": one.is_.instance,
        "was": one.was.due.isoformat() if one.was.due else None,
        "is": one.is_.due.isoformat() if one.is_.due else None,
        "promised": is_promised(state, one.is_),
    }


def may_be_told(state: CaseState) -> bool:
    """Whether the follow-up page shows promises: not while only safeguarding may know what it is about."""
    return state.screened and all(subject.identified for subject in state.subjects.values())
