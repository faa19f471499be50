"""A case goes over to another version of its procedure: whether it can, and what is owed then that was not, or not so.

A case stays with the version it began with until somebody decides otherwise, case by case, for a reason. Nothing that
happened is changed: the same ledger is read by the other rules. Owns what stands in the way and what becomes different;
both are pure. The service that keeps the case writes down from which version to which, why, and who decided it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from heard.calendar import Calendars
from heard.casefile import CaseState, replay
from heard.clock import is_safeguardings, reckon
from heard.derivation import Due
from heard.procedure import Procedure
from heard.public_view import is_promised

CHANGED = "procedure_changed"
_OPEN = frozenset({"waiting", "running", "paused", "late"})


@dataclass(frozen=True, slots=True)
class Change:
    """One line that is `new`, `gone`, due on `another_day`, or `otherwise`: another sentence, clause or strength."""

    change: Literal["new", "gone", "another_day", "otherwise"]
    key: str
    stage: str | None
    duty: str
    says: str
    clause: tuple[str, ...]
    was: date | datetime | None
    is_: date | datetime | None
    status: str
    """How it stands under the version where it stands at all: `late` may be so from the first moment."""
    promised: bool
    """Whether it is a promise to the person who complained."""

    def as_json(self) -> dict[str, Any]:
        """The line, dates and instants in ISO 8601."""
        return {
            "change": self.change, "key": self.key, "stage": self.stage, "duty": self.duty, "says": self.says,
            "clause": list(self.clause), "was": self.was.isoformat() if self.was else None,
            "is": self.is_.isoformat() if self.is_ else None, "status": self.status, "promised": self.promised,
        }  # fmt: skip


def obstacles(state: CaseState, to: Procedure) -> tuple[str, ...]:
    """A sentence for each thing of this case that the other version does not know; none when it can go over."""
    return tuple(dict.fromkeys(_obstacles(state, to)))


def _obstacles(state: CaseState, to: Procedure) -> Iterator[str]:
    if to.key != state.procedure.key:
        yield f"This is a case of {state.procedure.key}; {to.version} is a procedure of another provider."
        return
    if state.linked and state.linked not in {one.key for one in to.linked_cases}:
        yield f"It is a second case ('{state.linked}'), which {to.version} does not have."
    if state.received.get("kind") not in (None, *to.words.kinds):
        yield f"It is a {str(state.received['kind']).replace('_', ' ')}, which {to.version} does not know."
    stages = {one.key for one in to.stages}
    for visit in state.visits:
        if visit.stage not in stages:
            now = "stands" if visit is state.visit else "was"
            yield f"It {now} in {state.procedure.stage(visit.stage).name}, and {to.version} has no such stage."
    known = {one.key for one in to.concerns}
    for concern in state.concerns:
        if concern not in known:
            yield f"A concern was found ('{concern}') that {to.version} does not know."
    holds = {one.key for one in to.suspensions}
    for hold in state.on_hold:
        if hold not in holds:
            yield f"It is on hold under '{hold}', which {to.version} does not have."


def read_by(state: CaseState, to: Procedure) -> CaseState:
    """The same ledger, read by the other version. Only where there are no obstacles."""
    return replay(to, state.ledger)


def changes(
    state: CaseState, calendars: Calendars, other: CaseState, others: Calendars, now: datetime
) -> tuple[Change, ...]:
    """What is different among the lines still open, first what is gone; safeguarding keeps clocks of its own.

    `other` is the same case read by the version to which it goes, `others` are that version's days.
    """
    was, is_ = _open(state, calendars, now), _open(other, others, now)
    found = [_change("gone", state, due, due, None) for key, due in was.items() if key not in is_]
    for key, due in is_.items():
        old = was.get(key)
        if old is None:
            found.append(_change("new", other, due, None, due))
        elif old.due != due.due:
            found.append(_change("another_day", other, due, old, due))
        elif (old.says, old.clause, old.strength) != (due.says, due.clause, due.strength):
            found.append(_change("otherwise", other, due, old, due))
    return tuple(found)


def _open(state: CaseState, calendars: Calendars, now: datetime) -> dict[str, Due]:
    return {
        due.key: due for due in reckon(state, calendars, now)
        if due.status in _OPEN and due.strength != "comparison" and not is_safeguardings(due, state.procedure)
    }  # fmt: skip


def _change(
    change: Literal["new", "gone", "another_day", "otherwise"], state: CaseState, line: Due, old: Due | None,
    new: Due | None,
) -> Change:  # fmt: skip
    return Change(change, line.key, line.stage, line.duty, line.says, line.clause, old.due if old else None,
                  new.due if new else None, line.status, is_promised(state, line))  # fmt: skip
