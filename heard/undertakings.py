"""What was promised because of a complaint: something to be put right, by somebody, by a day, until it is shown.

Owns four commands and the lines that stand for such promises among everything that is due. A case may be closed while
one is open: it stays on its owner's list, rings when it is late, and is counted, until somebody says what shows that it
is done, or why it is let go. What was promised, and what shows it, are somebody's own words: the ledger has only ids.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from heard.calendar import Calendars
from heard.casefile import WHOLE_CASE, CaseState
from heard.commands import Asked, Refused, command, holds_word, need
from heard.derivation import Derivation, Due, Extended, Status
from heard.happened import Undertaking
from heard.instants import day_of, end_of, london_day, start_of
from heard.ledger import NewHappening
from heard.lengths import end
from heard.people import insiders
from heard.when import LateStep

DUTY = "promised"
"""What such a line is called among the duties."""
_SEE_TO_IT = ("handler", "decider", "investigates", "coordinates", "convenes", "oversees", "panel")


@command("agree_action")
def agree_action(asked: Asked) -> tuple[NewHappening, ...]:
    """Something will be done: what, by whom, by which day; and whether the person who complained was promised it."""
    clause = asked.state.procedure.promised.clause
    holds_word(asked, _SEE_TO_IT, clause, "say what will be done")
    what = need(asked.data, "what", "what will be done")
    remedy = asked.data.get("remedy")
    known = asked.state.procedure.words.remedies
    return (asked.event("action_agreed", action=str(len(asked.state.undertakings) + 1), what=what,
                        owner=_owner(asked, clause), by_day=_day(asked, clause).isoformat(),
                        remedy=remedy if remedy in known else None,
                        told=True if asked.data.get("told") == "yes" else None),)  # fmt: skip


@command("change_action")
def change_action(asked: Asked) -> tuple[NewHappening, ...]:
    """Another day or another owner, for a recorded reason. The first day is never overwritten."""
    one, clause = _open(asked), asked.state.procedure.promised.clause
    holds_word(asked, _SEE_TO_IT, clause, "change this")
    reason = need(asked.data, "reason", "a reason")
    return (asked.event("action_changed", action=one.key, owner=_owner(asked, clause), reason=reason,
                        by_day=_day(asked, clause).isoformat()),)  # fmt: skip


@command("finish_action")
def finish_action(asked: Asked) -> tuple[NewHappening, ...]:
    """It is done: what shows it. Without that it stays open."""
    one = _open(asked)
    holds_word(asked, (one.owner, *_SEE_TO_IT), asked.state.procedure.promised.clause, "say that it is done")
    return (asked.event("action_done", action=one.key, evidence=need(asked.data, "evidence", "what shows it")),)


@command("drop_action")
def drop_action(asked: Asked) -> tuple[NewHappening, ...]:
    """It will not be done after all, for a recorded reason."""
    one = _open(asked)
    holds_word(asked, _SEE_TO_IT, asked.state.procedure.promised.clause, "let this go")
    return (asked.event("action_let_go", action=one.key, reason=need(asked.data, "reason", "a reason")),)


def _open(asked: Asked) -> Undertaking:
    one = asked.state.undertakings.get(str(need(asked.data, "action", "which promise")))
    if one is None or not one.is_open:
        still = ", ".join(one.key for one in asked.state.undertakings.values() if one.is_open) or "none"
        raise Refused("Nothing of this kind is still to be done.", (), f"Still open: {still}.")
    return one


def _owner(asked: Asked, clause: tuple[str, ...]) -> str:
    owner = str(need(asked.data, "owner", "who sees to it"))
    if owner not in insiders(asked.state.procedure, asked.state, asked.roster, asked.now):
        raise Refused("This person may not know of the case.", clause, "Choose somebody who may see it.")
    return owner


def _day(asked: Asked, clause: tuple[str, ...]) -> date:
    day = day_of(str(need(asked.data, "by_day", "the day")))
    if day < london_day(asked.now):
        raise Refused("That day is past.", clause, "Give a day to come.")
    return day


# ---------------------------------------------------------------- among what is due


def undertaken(state: CaseState, calendars: Calendars, now: datetime) -> Iterator[Due]:
    """A line for each promise, kept, late or still to come."""
    for one in state.undertakings.values():
        yield _line(state, one, calendars, now)


def _line(state: CaseState, one: Undertaking, calendars: Calendars, now: datetime) -> Due:
    rule, due_at = state.procedure.promised, end_of(one.by_day)
    status: Status = "late" if due_at <= now else "running"
    if one.done_at is not None:
        status = "met late" if one.done_at >= due_at else "met"
    elif one.let_go_at is not None:
        status = "excused"
    moved = tuple(Extended(at, until, "") for at, until in one.moved)
    return Due(
        key=f"case:{DUTY}:{len(one.moved)}:{one.key}",
        stage=None,
        duty=DUTY,
        instance=one.key,
        says=f"Do what was promised: {one.remedy}" if one.remedy else "Do what was promised",
        clause=rule.clause,
        source=rule.source,
        strength="must",
        kind="promised",
        to=("complainant",) if one.told else (),
        starts=one.at,
        within="by the day that was agreed",
        due=one.by_day,
        due_at=due_at,
        first_due=one.first_day,
        status=status,
        met_at=one.done_at,
        derivation=Derivation("by the day that was agreed", "action_agreed", one.at, extended=moved),
        late_steps=_steps(rule.if_late, due_at, calendars) if one.is_open else (),
        remind_at=_remind(state, one, calendars) if one.is_open else None,
        lateness="breach" if status in ("late", "met late") else "",
        visit=WHOLE_CASE,
        by=(one.owner,),
    )


def _steps(
    steps: tuple[LateStep, ...], due_at: datetime, calendars: Calendars
) -> tuple[tuple[datetime, LateStep], ...]:
    return tuple(
        (end(step.further, due_at, calendars).due_at or due_at if step.further else due_at, step) for step in steps
    )


def _remind(state: CaseState, one: Undertaking, calendars: Calendars) -> datetime | None:
    """When its owner is reminded; never of a day that was nearer than that when it was agreed."""
    length = state.procedure.promised.remind
    if length is None:
        return None
    at = start_of(calendars[length.calendar or "calendar_days"].back(one.by_day, length.amount).due)
    return at if at > (one.moved[-1][0] if one.moved else one.at) else None
