"""Whom an alarm reaches: the procedure's who-words made persons and bodies, and the group's own operator. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from heard.casefile import CaseState
from heard.people import Recipient, Roster, kept_away, recipients
from heard.vocabulary import GROUP


def reached(state: CaseState, roster: Roster, words: Sequence[str], now: datetime) -> list[dict[str, Any]]:
    """``{kind, key, word}`` of everybody to be told, each once; nobody who must be kept away."""
    found = list(recipients(state.procedure, state, roster, [word for word in words if word != GROUP], now))
    out = kept_away(state.procedure, state, roster)
    found += [Recipient("person", one, "owner") for one in words if one in roster.people and one not in out]
    if GROUP in words:
        found += _group(state, roster, now)
    return [asdict(one) for one in dict.fromkeys(found)]


def _group(state: CaseState, roster: Roster, now: datetime) -> list[Recipient]:
    """The persons who oversee all homes of the operator (it is no role of a procedure)."""
    received, out = state.received, kept_away(state.procedure, state, roster)
    return [
        Recipient("person", person, GROUP)
        for person in roster.holders(GROUP, received.get("provider"), received.get("home"), now)
        if person not in out and person in roster.people and roster.people[person].operator == received.get("operator")
    ]
