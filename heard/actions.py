"""What somebody may do on a case now, what they may not, and why.

Owns the list behind the buttons of a case page. Each candidate comes with a form: fixed data, what must be ticked, what
must be chosen. It is tried with the form filled in, by the very function that would carry it out, so that what is
offered here is what `decide` allows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from heard.calendar import Calendars
from heard.casefile import CaseState
from heard.commands import Actor, Command, Refused
from heard.deciding import decide
from heard.offer import Needs
from heard.offers import candidates
from heard.people import insiders
from heard.roster import Roster


@dataclass(frozen=True, slots=True)
class Action:
    """One thing to do. `data` is what the command always carries; `example` is a form filled in as it was tried."""

    name: str
    label: str
    allowed: bool
    why_not: str
    clause: tuple[str, ...]
    needs: Needs
    data: Mapping[str, Any]
    example: Mapping[str, Any]
    instead: str = ""


def actions(state: CaseState, actor: Actor, now: datetime, calendars: Calendars, roster: Roster) -> tuple[Action, ...]:
    """What the actor may do now, and what they may not and why. Nothing for who must not see it, or only looks in."""
    if actor.is_person and actor.id not in insiders(state.procedure, state, roster, now):
        return ()
    found = []
    for one in candidates(state, now, calendars, roster):
        form = one.filled()
        try:
            decide(state, Command(one.name, form), actor=actor, now=now, calendars=calendars, roster=roster)
        except Refused as no:
            found.append(Action(one.name, one.label, False, no.sentence, no.clause or one.clause, one.needs, one.data,
                                form, no.instead))  # fmt: skip
        else:
            found.append(Action(one.name, one.label, True, "", one.clause, one.needs, one.data, form))
    return tuple(found)
