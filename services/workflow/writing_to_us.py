"""What whoever complained writes after their report, and whom it concerns. Pure.

It waits for whoever handles the case until they have looked; a case that is over is no end of that. Whoever handled it
may have left by then: it is for whoever would handle it now.
"""

from __future__ import annotations

from datetime import datetime

from heard.casefile import CaseState
from heard.people import Roster, resolve
from heard.vocabulary import GROUP
from services.workflow.routing import gone
from services.workflow.telling import reached

WROTE = "words_screened"
"""The row by which a case hears that somebody wrote: safeguarding has read it."""
ENDS = ("closed", "passed_on")
"""Rows after which a case is over here."""


def whom_it_concerns(state: CaseState, roster: Roster, now: datetime) -> str | None:
    """The person whom a message waits for: who handles the case, or oversees it here while a body outside does.

    Where there is nobody, the group's operator; None only where even that is nobody.
    """
    if not state.visits or any(not subject.identified for subject in state.subjects.values()):
        return None
    held = [one for part in ("handles", "oversees") if (one := state.holder(part)) and not one.is_contact]
    if held and (state.is_open or gone(state, roster, held[0], now) is None):
        return held[0].who
    if not state.is_open:
        route = resolve(state.procedure, state, roster, "handles", now, state.visits[-1].stage)
        if route.who is not None and route.kind == "person":
            return route.who
    return next((str(one["key"]) for one in reached(state, roster, [GROUP], now)), None)


def last_said(state: CaseState) -> int | None:
    """Of a case that is over: the row by which somebody wrote last, before its end or since. Of an open one, None."""
    said = state.all(WROTE)
    return said[-1].seq if said and not state.is_open else None


def wrote_since_the_end(state: CaseState) -> datetime | None:
    """When whoever complained last wrote in a case that was over by then; None if they did not, or were answered."""
    last = last_said(state)
    since = max((moment.seq for name in (*ENDS, "progress_told") for moment in state.all(name)), default=0)
    return state.all(WROTE)[-1].at if last is not None and last > since else None
