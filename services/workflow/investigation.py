"""The investigation of a stage, step by step: who was appointed, what was agreed, who was heard, what was reported.

Part of a case's page, for the stages in which somebody investigates: each step that was taken, by whom and when, and
the steps that are still to come, with their day.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from heard.casefile import CaseState, Visit
from heard.derivation import Due
from heard.ledger import Happening

STEPS = frozenset({"assigned", "milestone_reached", "interview_held", "investigation_recorded", "responded"})
"""What is a step of an investigation; who merely handles the case is none."""
_PARTS = frozenset({"investigates", "observes", "decides"})


def investigations(
    state: CaseState, dues: Sequence[Due], shown: Mapping[int, Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """``{stage, taken: [{says, by_name, at}], ahead: [{says, due}]}`` of each stage with an investigation in it.

    ``shown`` are the rows of the ledger as the page shows them, by number.
    """
    return [
        {
            "stage": state.procedure.stage(visit.stage).name,
            "taken": [
                {"says": one["sentence"], "by_name": one["by_name"], "at": one["at"]}
                for row in state.ledger if _is_step(state, visit, row) and (one := shown.get(row.seq))
            ],
            "ahead": [
                {"says": due.says, "due": due.due.isoformat() if due.due else None}
                for due in dues
                if due.visit == visit.number and due.status in ("running", "late", "waiting") and _keeps(state, due)
            ],
        }
        for visit in state.visits if "investigates" in state.procedure.stage(visit.stage).people
    ]  # fmt: skip


def _is_step(state: CaseState, visit: Visit, row: Happening) -> bool:
    if row.event not in STEPS or state.visit_of(row) != visit.number or not _within(visit, row):
        return False
    return row.event != "assigned" or row.data.get("part") in _PARTS


def _within(visit: Visit, row: Happening) -> bool:
    return row.seq > visit.seq and (visit.left_at is None or row.at <= visit.left_at)


def _keeps(state: CaseState, due: Due) -> bool:
    """Whether a line is kept by a step that is recorded: a milestone, an interview, what was investigated."""
    if due.kind != "duty":
        return False
    steps = {*STEPS, *(one.key for one in state.procedure.milestones)}
    return bool(steps & {*state.procedure.duty(due.duty, due.stage).clock.met_by[:1]})
