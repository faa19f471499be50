"""A complaint from before: from a log that was kept elsewhere, with the days that the log states.

Owns what such a log can say (`Past`), the ledger that it makes, and what follows from its being the past: what fell due
before the case was brought here rings nobody any more, and of a duty that the log has no column for nobody knows
whether it was kept, so it is neither counted nor asked for. What is stated is judged by the procedure like anything.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from heard.casefile import CaseState
from heard.derivation import Due
from heard.instants import moment_of
from heard.ledger import NewHappening
from heard.opening import open_case
from heard.procedure import Procedure

BY = "import"
"""Who wrote a row that a log states."""
STATED = frozenset({"acknowledged", "responded", "closed"})
"""What the days of a log can show to have been done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What a log says of one complaint after its receipt; None where it says nothing.

    `responded` answers the stage in which it began, `stage_responded` the later `stage` that was asked for at
    `stage_requested`.
    """

    acknowledged: datetime | None = None
    responded: datetime | None = None
    stage: str | None = None
    stage_requested: datetime | None = None
    stage_responded: datetime | None = None
    finding: str | None = None
    closed: datetime | None = None
    outcome: str | None = None

    @property
    def answered(self) -> datetime | None:
        """When the last answer that it states was given."""
        return self.stage_responded or self.responded


def ledger_of(
    procedure: Procedure, received: Mapping[str, Any], past: Past, at: datetime, now: datetime
) -> tuple[NewHappening, ...]:
    """The ledger of a complaint received at `at` and brought here at `now`."""
    data = {**received, "imported": now.isoformat()}
    told = sorted(_told(past, [head["key"] for head in received.get("heads") or ()]), key=lambda row: row.at)
    return (*open_case(procedure, data, at, now, by=BY), *told)


def first_stage(procedure: Procedure, received: Mapping[str, Any], at: datetime, now: datetime) -> str | None:
    """The stage in which such a complaint begins; None where it is passed on or out of time."""
    rows = open_case(procedure, received, at, now)
    return next((str(row.stage) for row in rows if row.event == "stage_opened"), None)


def _told(past: Past, heads: list[str]) -> Iterator[NewHappening]:
    """The rows that the log states, those of one instant in the order in which they must have happened."""
    findings = {"findings": dict.fromkeys(heads, past.finding)} if past.finding else {}
    if past.acknowledged:
        yield NewHappening("acknowledged", past.acknowledged, BY)
    if past.responded:
        yield NewHappening("responded", past.responded, BY, None, {} if past.stage_responded else findings)
    if past.stage and past.stage_requested:
        asked = past.stage_requested
        yield NewHappening("asked_to_go_on", asked, BY, None, {"to": past.stage, "asked_by": "complainant"})
        opened = {"stage": past.stage, "requested_at": asked.isoformat()}
        yield NewHappening("stage_opened", asked, BY, past.stage, opened)
    if past.stage_responded:
        yield NewHappening("responded", past.stage_responded, BY, past.stage, findings)
    if past.closed:
        if past.outcome == "withdrawn":
            yield NewHappening("withdrawn", past.closed, BY)
        yield NewHappening("closed", past.closed, BY, None, {"outcome": past.outcome})


def imported_at(state: CaseState) -> datetime | None:
    """When the case was brought here from an earlier log; None for one that came in here."""
    at = state.received.get("imported")
    return moment_of(str(at)) if at else None


def is_behind(state: CaseState, at: datetime) -> bool:
    """Whether that moment was over before the case was brought here, so that nothing happens because of it."""
    brought = imported_at(state)
    return brought is not None and at <= brought


def is_unknown(state: CaseState, due: Due) -> bool:
    """Whether nobody can say if this was kept: it fell due before, and the log has no column that would show it."""
    brought = imported_at(state)
    if brought is None or due.met_at is not None:
        return False
    over = due.due_at is None and not state.is_open
    return (over or (due.due_at is not None and due.due_at <= brought)) and not STATED & _kept_by(state, due)


def _kept_by(state: CaseState, due: Due) -> frozenset[str]:
    if due.kind != "duty":
        return frozenset()
    rule = state.procedure.duty(due.duty, due.stage)
    return frozenset(rule.clock.met_by) if rule is not None else frozenset()
