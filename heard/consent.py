"""Who agreed to being spoken for: the answers of each, and what each answer begins and ends in a case.

Owns what `consent_answered` changes. What is owed because of an answer is in `agreed.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from heard.ledger import Happening

if TYPE_CHECKING:
    from heard.casefile import CaseState


def whose(data: Mapping[str, Any]) -> str:
    """Who gave an answer about consent, or for whom it was given: the young person, unless it says so."""
    return str(data.get("of") or "young_person")


def consent_answered(state: CaseState, happening: Happening, data: Mapping[str, Any]) -> None:
    """The last answer of each is the one that counts: nothing counts any more from an earlier one of theirs."""
    answer, one = str(data["answer"]), whose(data)
    before, state.consent[one] = state.consent.get(one), answer
    if answer == "pending":  # nobody has answered: whoever owes the question owes it still
        state.moments["consent_answered"] = state.moments["consent_answered"][:-1]
    if before != answer:
        name = f"consent_answered.{before}"
        others = tuple(moment for moment in state.moments.pop(name, ()) if whose(moment.data) != one)
        state.moments |= {name: others} if others else {}
    state.note(f"consent_answered.{answer}", happening)
