"""Last year's cases under another version of a procedure: what would have been late, and what no longer.

Each ledger is taken as it stands (its stages, answers and days) and judged twice: by the version it was bound to, and
by the new one. Pure; `heard policy replay` reads the files and prints the answer. A ledger holds ids, no words.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from heard.calendar import Calendars, PastKnownYears
from heard.casefile import OutOfOrder, replay
from heard.clock import reckon
from heard.derivation import Due
from heard.imported import is_unknown
from heard.ledger import Happening, NotAMoment, from_json
from heard.procedure import Procedure

LATE = ("breach", "aim missed")


class NotALedger(ValueError):
    """A case that cannot be read, or not under that procedure; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One thing that was owed in a case, and whether it was late."""

    stage: str | None
    duty: str
    instance: str | None
    says: str
    clause: tuple[str, ...]
    due: date | datetime | None
    met_at: datetime | None
    late: bool

    @property
    def same(self) -> tuple[str | None, str, str | None]:
        """What makes it the same thing under another version."""
        return self.stage, self.duty, self.instance


@dataclass(frozen=True, slots=True)
class Replayed:
    """One case under two versions. `newly` would have been late, `no_longer` was and would not have been."""

    case: str
    before: str
    late_before: tuple[Judged, ...]
    late_after: tuple[Judged, ...]
    newly: tuple[Judged, ...]
    no_longer: tuple[Judged, ...]


def read_ledger(answer: Any) -> tuple[Happening, ...]:
    """The rows of a case: the answer of the platform's ledger, or its `happenings` alone. Raises NotALedger."""
    rows = answer.get("happenings") if isinstance(answer, Mapping) else answer
    if not isinstance(rows, list) or not rows:
        raise NotALedger('holds no ledger: expected {"happenings": [...]}, as `heard complaint ledgers` writes it')
    try:
        return tuple(from_json(row) for row in rows)
    except (KeyError, TypeError, ValueError, NotAMoment) as error:
        raise NotALedger(f"has a row that cannot be read: {type(error).__name__}: {error}") from error


def received_on(ledger: Sequence[Happening]) -> datetime:
    """When the case came in. Raises NotALedger."""
    if ledger[0].event != "received":
        raise NotALedger(f"does not begin with `received` but with `{ledger[0].event}`")
    return ledger[0].at


def judged(
    procedure: Procedure, ledger: Sequence[Happening], at: datetime, proclaimed: Mapping[date, str] | None = None
) -> tuple[Judged, ...]:
    """Everything that was owed under that procedure, as it stands at `at`. Raises NotALedger."""
    known = {stage.key for stage in procedure.stages}
    stages = [str(row.data.get("stage") or row.stage) for row in ledger if row.event == "stage_opened"]
    gone = next((stage for stage in stages if stage not in known), None)
    if gone is not None:
        raise NotALedger(f"was in the stage `{gone}`, which {procedure.version} does not have")
    try:
        state = replay(procedure, ledger)
        dues = reckon(state, Calendars.of(procedure, proclaimed), at)
    except (OutOfOrder, PastKnownYears, KeyError) as error:
        raise NotALedger(f"cannot be judged by {procedure.version}: {error}") from error
    return tuple(_judged(due) for due in dues if due.kind != "window" and not is_unknown(state, due))


def _judged(due: Due) -> Judged:
    late = due.lateness in LATE
    return Judged(due.stage, due.duty, due.instance, due.says, due.clause, due.due, due.met_at, late)


def replayed(
    case: str, ledger: Sequence[Happening], old: Procedure, new: Procedure, at: datetime,
    proclaimed: Mapping[date, str] | None = None,
) -> Replayed:  # fmt: skip
    """One case under both versions, with the bank holidays that were proclaimed. Raises NotALedger."""
    before, after = (
        tuple(one for one in judged(version, ledger, at, proclaimed) if one.late) for version in (old, new)
    )
    was, would_be = {one.same for one in before}, {one.same for one in after}
    return Replayed(
        case, old.version, before, after,
        tuple(one for one in after if one.same not in was), tuple(one for one in before if one.same not in would_be),
    )  # fmt: skip


def by_duty(cases: Sequence[Replayed]) -> list[dict[str, Any]]:
    """How often each duty was late, and would have been, the most changed first."""
    before = Counter((one.stage, one.duty) for case in cases for one in case.late_before)
    after = Counter((one.stage, one.duty) for case in cases for one in case.late_after)
    says = {(one.stage, one.duty): one for case in cases for one in (*case.late_before, *case.late_after)}
    rows = [
        {"stage": stage, "duty": duty, "says": one.says, "clause": one.clause,
         "late_before": before[stage, duty], "late_after": after[stage, duty]}
        for (stage, duty), one in says.items()
    ]  # fmt: skip
    return sorted(rows, key=lambda row: (-abs(row["late_after"] - row["late_before"]), str(row["stage"]), row["duty"]))
