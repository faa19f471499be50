"""What a report may say of one case: worked out from its two ledgers, the procedure and the time. Pure.

Ids and codes only. Safeguarding keeps the clocks of who must be told of a concern; every other clock is the case's own.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from heard.calendar import Calendars
from heard.casefile import CaseState, replay
from heard.clock import is_safeguardings, reckon
from heard.derivation import Due
from heard.imported import is_unknown
from heard.ledger import Happening
from heard.procedure import Procedure

_OVER = ("met", "met late", "late", "excused")
_ACTIONS = (
    "action_agreed",
    "action_changed",
    "action_done",
    "action_let_go",
    "learning_reviewed",
    "decided",
    "responded",
    "passed_on",
    "extended",
    "suspended",
)


def whole_part(rows: Sequence[Happening]) -> list[Happening]:
    """The rows from the first on, up to the first gap."""
    found: list[Happening] = []
    for happening in sorted(rows, key=lambda row: row.seq):
        if happening.seq != len(found) + 1:
            break
        found.append(happening)
    return found


def summary(
    procedure: Procedure, state: CaseState, guarding: Sequence[Happening], calendars: Calendars, now: datetime
) -> dict[str, Any]:
    """``{kind, formality, home, stages, heads, outcome, dues, actions, ...}`` of a case, JSON-able."""
    received = state.received
    return {
        "kind": received.get("kind"),
        "linked": state.linked,
        "formality": received.get("formality"),
        "complainant": received.get("complainant"),
        "home": received.get("home"),
        "categories": _categories(procedure, state),
        "received_at": _iso(state.received_at),
        "imported": state.received.get("imported"),
        "stages": list(dict.fromkeys(visit.stage for visit in state.visits)),
        "findings": {head.key: head.finding for head in state.living_heads()},
        "concerns": sorted(key for key, found in state.concerns.items() if found.confirmed_at and not found.cleared_at),
        "closed_at": _iso(state.closed_at),
        "outcome": state.outcome,
        "withdrawn": state.withdrawn_at is not None,
        "passed_to": state.passed_to,
        "actions": _actions(state),
        "dues": [_line(due) for due in _dues(procedure, state, guarding, calendars, now)],
    }


def _categories(procedure: Procedure, state: CaseState) -> list[str]:
    """What it is about: as was said of the whole, and each head that is called after a category."""
    heads = [word for head in state.living_heads() for word in head.about if word in procedure.words.categories]
    return list(dict.fromkeys([*(state.received.get("category") or ()), *heads]))


def next_moment(
    procedure: Procedure, state: CaseState, guarding: Sequence[Happening], calendars: Calendars, now: datetime
) -> datetime | None:
    """When what is owed in this case changes without anything happening: the next due moment to come."""
    ahead = (due.due_at for due in _dues(procedure, state, guarding, calendars, now) if due.status == "running")
    return min((at for at in ahead if at is not None and at > now), default=None)


def _dues(
    procedure: Procedure, state: CaseState, guarding: Sequence[Happening], calendars: Calendars, now: datetime
) -> list[Due]:
    """What is owed in the case; who must be told of a concern is reckoned on the safeguarding ledger alone.

    Of a case from an earlier log, only what the log could say, and what fell due here.
    """
    dues = reckon(state, calendars, now)
    own = [due for due in dues if due.kind != "window" and not is_safeguardings(due, procedure)]
    if guarding:
        told = reckon(replay(procedure, guarding), calendars, now)
        own += [due for due in told if is_safeguardings(due, procedure)]
    return [due for due in own if not is_unknown(state, due)]


def _line(due: Due) -> dict[str, Any]:
    return {
        "stage": due.stage,
        "duty": due.duty,
        "says": due.says,
        "clause": list(due.clause),
        "source": due.source,
        "strength": due.strength,
        "due": due.due.isoformat() if due.due else None,
        "first_due": due.first_due.isoformat() if due.first_due else None,
        "more_time": bool(due.derivation.extended),
        "beyond_first": due.beyond_first,
        "status": due.status,
        "lateness": due.lateness,
    }


def _actions(state: CaseState) -> list[dict[str, Any]]:
    """What was done about it, by code and day; the words stay with the case."""
    return [
        {
            "event": row.event,
            "stage": row.stage,
            "on": row.at.date().isoformat(),
            "code": row.data.get("decision") and f"{row.data['decision']}.{row.data.get('answer')}",
            **({"lessons": list(row.data["lessons"])} if row.data.get("lessons") else {}),
        }
        for row in state.ledger
        if row.event in _ACTIONS
    ]


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
