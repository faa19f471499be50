"""What happens in a case by itself as time goes by.

Owns the steps that a procedure names for a duty that is late, windows that are over, reminders, and the alarm for a
report that nobody has screened. Pure: the desk asks, writes what comes back, and asks again; a row's ``key`` and
``step`` in the ledger say what has been done, so nothing happens twice, and after a leap of the clock all that fell due
happens in order.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from heard.calendar import Calendars
from heard.case import Actor, Command, Refused, decide
from heard.casefile import CaseState
from heard.clock import is_safeguardings
from heard.derivation import Due
from heard.imported import imported_at, is_behind, is_unknown
from heard.instants import moment_of
from heard.ledger import Happening, NewHappening
from heard.people import Roster
from heard.procedure import WayOn
from heard.vocabulary import GROUP
from heard.when import LateStep
from services.workflow.handing_on import Raised
from services.workflow.telling import reached

SCREENING = "screening"
WINDOW_OVER = "window_over"
_ALARMS_LATER = 5
_REMINDER, _OVER = -1, 0


def alarm_after(page_after: float) -> timedelta:
    """How long a report may be unscreened before a person hears of it here too: well after intake paged the ladder."""
    return timedelta(seconds=page_after * _ALARMS_LATER)


def is_owed(due: Due, state: CaseState) -> bool:
    """Whether a line belongs on somebody's list: still open, no comparison, no right, not safeguarding's own.

    Of a case from an earlier log: nothing that nobody can know of, and nothing that a closed one owed before.
    """
    if is_unknown(state, due) or (not state.is_open and due.due_at is not None and is_behind(state, due.due_at)):
        return False
    if due.status not in ("running", "late", "paused") or due.strength == "comparison" or due.kind == "window":
        return False
    return not is_safeguardings(due, state.procedure)


def unscreened(
    state: CaseState, received_at: datetime, after: timedelta, roster: Roster | None, now: datetime
) -> list[NewHappening]:
    """The alarm for a report that safeguarding has not looked at in time: to the lead and to the group."""
    came_in = _came_in(state, received_at)
    if (SCREENING, _OVER) in state.fired or now < came_in + after or roster is None or imported_at(state):
        return []
    leads = list(dict.fromkeys(word for rule in state.procedure.notification_rules if rule.concern for word in rule.by))
    tell = [*leads, GROUP]
    return [_escalated(state, roster, now, SCREENING, SCREENING, _OVER, tell)]


def _came_in(state: CaseState, received_at: datetime) -> datetime:
    """When it came to us here: what staff were told is received then, and comes in when they write it down."""
    taken = state.received.get("taken_at")
    return moment_of(str(taken)) if taken else received_at


def wakes_at(state: CaseState, dues: tuple[Due, ...], received_at: datetime, after: timedelta) -> datetime | None:
    """When the next thing happens by itself; None when nothing will."""
    if not state.screened:
        return None if (SCREENING, _OVER) in state.fired or imported_at(state) else _came_in(state, received_at) + after
    return min((at for at, *_ in _ahead(state, dues)), default=None)


def steps(state: CaseState, dues: tuple[Due, ...], roster: Roster | None, now: datetime) -> list[NewHappening]:
    """What fell due and has not been done, in the order in which it fell due."""
    if roster is None:
        return []
    rows: list[NewHappening] = []
    for _, due, number, step in sorted((one for one in _ahead(state, dues) if one[0] <= now), key=lambda one: one[0]):
        more: dict[str, Any] = {}
        if due.kind == "window":
            more = (
                {"reminder": True} if number == _REMINDER else {"over": True, "when_over": _when_over(state, due)}
            )
        if due.kind == "promised":
            more = {"instance": due.instance, **({"reminder": True} if number == _REMINDER else {})}
        if step.offers:
            more["offers"] = step.offers
        if step.raises and step.raises not in {found.concern for found in state.open_concerns}:
            more["raises"] = step.raises
        rows.append(_escalated(state, roster, now, due.key, due.duty, number, list(step.tell), due, more))
    return rows


def closing(state: CaseState, rows: Sequence[Happening], roster: Roster, calendars: Calendars,
            now: datetime) -> Sequence[NewHappening]:  # fmt: skip
    """The end of a case whose time to go on is over, where the procedure says that it is closed then.

    What the procedure still wants (a record, a duty, a concern that is open) keeps it open; its handler is told.
    """
    if not any(row.data.get("when_over") == "close" for row in rows if row.event == "escalated"):
        return ()
    try:
        return decide(state, Command("close", {"outcome": WINDOW_OVER}), actor=Actor("system"), now=now,
                      calendars=calendars, roster=roster)  # fmt: skip
    except Refused:
        return ()


def raised(rows: Sequence[Happening]) -> list[Raised]:
    """The concerns that these steps raise: for safeguarding, which writes them down and calls."""
    return [
        Raised(row.data["raises"], row.by, row.at, (row.data["key"],))
        for row in rows
        if row.event == "escalated" and row.data.get("raises")
    ]


def _ahead(state: CaseState, dues: tuple[Due, ...]) -> list[tuple[datetime, Due, int, LateStep]]:
    """Each step that has not been done, with its moment: past or to come."""
    found: list[tuple[datetime, Due, int, LateStep]] = []
    here = state.visit.number if state.visit else None
    for due in dues:
        if is_safeguardings(due, state.procedure):
            continue
        for number, (at, step) in enumerate(due.late_steps):
            if (due.key, number) not in state.fired:
                found.append((at, due, number, step))
        if due.kind == "window" and due.visit == here and due.met_at is None and due.due_at:
            if (due.key, _OVER) not in state.fired:
                tell = ("handler", "complainant") if _when_over(state, due) == "close" else ("handler",)
                found.append((due.due_at, due, _OVER, LateStep(tell=tell)))
            if due.remind_at and (due.key, _REMINDER) not in state.fired and (due.key, _OVER) not in state.fired:
                found.append((due.remind_at, due, _REMINDER, LateStep(tell=("complainant",))))
        elif due.kind == "promised" and due.remind_at and (due.key, _REMINDER) not in state.fired:
            found.append((due.remind_at, due, _REMINDER, LateStep(tell=due.by)))
    return [one for one in found if not is_behind(state, one[0])]


def _way(state: CaseState, due: Due) -> WayOn:
    stage = state.procedure.stage(str(due.stage))
    return next(way for way in stage.ways_on if f"ask_for_{way.to}" == due.duty and way.clock.within is not None)


def _when_over(state: CaseState, due: Due) -> str:
    """What happens once a time to ask is over: it counts as closed only where the procedure says so and whoever could

    have asked was reminded before. Else a person closes it, or asks first: nothing ends in silence.
    """
    reminded = (due.key, _REMINDER) in state.fired
    return "close" if _way(state, due).when_over == "close" and reminded else "ask"


def _escalated(
    state: CaseState, roster: Roster, now: datetime, key: str, duty: str, step: int, tell: list[str],
    due: Due | None = None, more: dict[str, Any] | None = None,
) -> NewHappening:  # fmt: skip
    to = reached(state, roster, tell, now)
    if not to and due is not None and due.kind == "promised":  # its owner is gone, or kept away from the case by now
        to = reached(state, roster, ["handler"], now)
    data = {"key": key, "duty": duty, "step": step, "tell": tell, "to": to, **(more or {})}
    if due is not None:
        data |= {"clause": list(due.clause), "due": due.due.isoformat() if due.due else None, "lateness": due.lateness}
    return NewHappening("escalated", now, "system", due.stage if due else state.stage, data)
