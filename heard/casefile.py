"""The case as its ledger tells it: stage, heads, who is complained about, concerns, who does what, what is on hold.

Owns `CaseState` and `replay`. Nothing is decided here: each event is taken as it stands. `conditions.py`, `clock.py`
and `people.py` read the state; the commands (`opening`, `protecting`, `handling`, `panels`, `moving`) answer with new
events, and `then` adds one event to a state without replaying the rest.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from heard.happened import (
    CASE_WIDE,
    WHOLE_CASE,
    Assignment,
    Found,
    Head,
    Moment,
    OnHold,
    OtherDays,
    Pause,
    Subject,
    Undertaking,
    Visit,
)
from heard.ledger import Happening
from heard.procedure import Procedure, Stage
from heard.taking import TAKERS
from heard.wishes import refusable

__all__ = [
    "WHOLE_CASE", "Assignment", "CaseState", "Found", "Head", "Moment", "OnHold", "OutOfOrder", "Pause", "Subject",
    "Visit", "replay",
]  # fmt: skip


TELLINGS = frozenset({"told", "answered"})
"""Events that say that somebody was told; `CaseState.tellings` has them by the duty or rule that they are about."""


class OutOfOrder(ValueError):
    """A ledger whose numbers have a gap or do not start with `received`: it must not be read on."""


class CaseState:
    """What is so in a case now. Treat as read-only: `then` gives a new one. `seq` is the number of the last event."""

    __slots__ = (
        "answers", "assignments", "case_pauses", "closed_at", "concerns", "consent", "decided", "excused",
        "extensions", "facts", "fired", "heads", "ledger", "moments", "moved_days", "on_hold", "outcome",
        "panel", "passed_to", "procedure", "received", "received_at", "records", "screened_at", "seq",
        "stood_down", "subjects", "tellings", "undertakings", "visits", "windows", "withdrawn_at",
    )  # fmt: skip

    def __init__(self, procedure: Procedure) -> None:
        self.procedure = procedure
        self.seq = 0
        self.ledger: tuple[Happening, ...] = ()
        self.received: Mapping[str, Any] = {}
        self.received_at: datetime | None = None
        self.visits: tuple[Visit, ...] = ()
        self.moments: dict[str, tuple[Moment, ...]] = {}
        self.tellings: dict[str, tuple[Moment, ...]] = {}
        self.heads: dict[str, Head] = {}
        self.subjects: dict[str, Subject] = {}
        self.concerns: dict[str, Found] = {}
        self.facts: dict[str, Any] = {}
        self.answers: dict[str, str] = {}
        self.decided: dict[tuple[str, str | None], str] = {}
        self.consent: dict[str, str] = {}
        self.assignments: tuple[Assignment, ...] = ()
        self.stood_down: dict[str, str] = {}
        self.extensions: dict[tuple[int, str], tuple[Happening, ...]] = {}
        self.excused: dict[tuple[int, str, str | None], datetime] = {}
        self.moved_days: dict[str, tuple[OtherDays, ...]] = {}
        self.case_pauses: tuple[Pause, ...] = ()
        self.on_hold: dict[str, OnHold] = {}
        self.windows: dict[tuple[int, str], date] = {}
        self.panel: dict[str, Any] = {}
        self.undertakings: dict[str, Undertaking] = {}
        self.records: dict[str, frozenset[str]] = {}
        self.fired: frozenset[tuple[str, int]] = frozenset()
        self.screened_at: datetime | None = None
        self.passed_to: str | None = None
        self.closed_at: datetime | None = None
        self.withdrawn_at: datetime | None = None
        self.outcome: str | None = None

    # ------------------------------------------------------------ reading

    @property
    def visit(self) -> Visit | None:
        """The stay in a stage that lasts now; None before the first stage and after the case is closed."""
        return self.visits[-1] if self.visits and self.visits[-1].left_at is None else None

    @property
    def stage(self) -> str | None:
        """Key of the stage the case stands in, or None."""
        visit = self.visit
        return visit.stage if visit else None

    @property
    def stage_rule(self) -> Stage | None:
        """The stage's rules, or None when the case stands in no stage."""
        visit = self.visit
        return self.procedure.stage(visit.stage) if visit else None

    @property
    def screened(self) -> bool:
        """Whether safeguarding has looked at the report: recorded, or shown by somebody having been assigned since."""
        return self.screened_at is not None or bool(self.assignments)

    @property
    def linked(self) -> str | None:
        """Of a linked case, the key of its rule; None for a case that a report opened."""
        return self.received.get("linked")

    @property
    def is_open(self) -> bool:
        """Whether the case still goes on."""
        return self.closed_at is None and self.passed_to is None

    @property
    def open_concerns(self) -> tuple[Found, ...]:
        """Concerns found and not cleared, whose safeguarding has not been closed."""
        closed = self.moments.get("safeguarding_closed", ())
        done = closed[-1].seq if closed else 0
        return tuple(one for one in self.concerns.values() if one.cleared_at is None and one.seq > done)

    def first(self, event: str, visit: int | None = None) -> Moment | None:
        """The first time something happened, in that visit (events of the whole case are in every visit)."""
        found = self.moments.get(event)
        if not found:
            return None
        if visit is None or visit == WHOLE_CASE or event in CASE_WIDE:
            return found[0]
        return next((moment for moment in found if moment.visit == visit), None)

    def all(self, event: str, visit: int | None = None) -> tuple[Moment, ...]:
        """Every time something happened, in order; in that visit only if one is given."""
        found = self.moments.get(event, ())
        if visit is None or visit == WHOLE_CASE or event in CASE_WIDE:
            return found
        return tuple(moment for moment in found if moment.visit == visit)

    def holder(self, part: str, visit: int | None = None) -> Assignment | None:
        """Who holds a part now (or held it last in that visit)."""
        number = visit if visit is not None else (self.visits[-1].number if self.visits else WHOLE_CASE)
        return next(
            (a for a in reversed(self.assignments) if a.part == part and a.visit == number and a.stood_down is None),
            None,
        )

    def living_heads(self) -> tuple[Head, ...]:
        """The heads that nobody withdrew, and that are not part of another by now."""
        return tuple(head for head in self.heads.values() if not head.withdrawn and head.merged_into is None)

    def then(self, happening: Happening) -> CaseState:
        """The state after one more event. Raises OutOfOrder when it is not the next."""
        after = CaseState.__new__(CaseState)
        for name in _STAYS:
            setattr(after, name, getattr(self, name))
        for name in _GROWS:
            setattr(after, name, dict(getattr(self, name)))
        after._take(happening)
        after.ledger = (*self.ledger, happening)
        return after

    # ------------------------------------------------------------ taking an event in

    def _take(self, happening: Happening) -> None:
        if happening.seq != self.seq + 1 or (happening.event == "received") != (self.seq == 0):
            raise OutOfOrder(f"event {happening.seq} ({happening.event}) cannot follow event {self.seq}")
        self.seq = happening.seq
        taker = TAKERS.get(happening.event)
        if happening.event == "stage_opened":
            self._open_stage(happening)
        self.note(happening.event, happening)
        if taker is not None:
            taker(self, happening, happening.data)

    def visit_of(self, happening: Happening) -> int:
        """The visit that an event belongs to."""
        if happening.event in CASE_WIDE or not self.visits:
            return WHOLE_CASE
        last, stage = self.visits[-1], happening.stage
        if stage and stage != last.stage:
            return next((visit.number for visit in reversed(self.visits) if visit.stage == stage), last.number)
        return last.number

    def note(self, name: str, happening: Happening, at: datetime | None = None) -> None:
        """Note that something of this name happened (at another moment than it was written for, if `at` is given)."""
        data = happening.data
        moment = Moment(at or happening.at, happening.seq, self.visit_of(happening), data)
        self.moments[name] = (*self.moments.get(name, ()), moment)
        if name in TELLINGS:
            for key in {data.get("duty"), data.get("rule")} - {None, ""}:
                self.tellings[str(key)] = (*self.tellings.get(str(key), ()), moment)

    def _open_stage(self, happening: Happening) -> None:
        stage = happening.data.get("stage") or happening.stage
        if self.visits and self.visits[-1].left_at is None:
            self.visits = (*self.visits[:-1], replace(self.visits[-1], left_at=happening.at))
        self.visits = (*self.visits, Visit(len(self.visits), str(stage), happening.at, happening.seq))
        self.panel = {}
        if self.received.get("advocate_refused"):  # said once, and so in each stage
            for duty in refusable(self.procedure, str(stage)):
                self.excused[(len(self.visits) - 1, duty.key, None)] = happening.at


_GROWS = ("moments", "tellings", "heads", "subjects", "concerns", "facts", "answers", "decided", "consent",
          "stood_down", "extensions", "excused", "moved_days", "on_hold", "windows", "panel", "records",
          "undertakings")  # fmt: skip
"""What events are noted in: each state has dicts of its own."""
_STAYS = tuple({*CaseState.__slots__} - {*_GROWS})


def replay(procedure: Procedure, ledger: Sequence[Happening]) -> CaseState:
    """The state that a ledger tells. Raises OutOfOrder when the ledger has a gap; the empty ledger is an empty case."""
    state = CaseState(procedure)
    for happening in ledger:
        state._take(happening)
    state.ledger = tuple(ledger)
    return state
