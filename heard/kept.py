"""Until when what stands in a case must be kept, and which rule says so: for whoever is asked to erase it.

After the journey. Owns `kept`, over the `[[retention]]` of a procedure and of the laws that it adopts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from heard.calendar import Calendars
from heard.casefile import CaseState
from heard.conditions import holds
from heard.instants import london_day, months_on, start_of
from heard.keeping import Retention
from heard.lengths import end

_BORN = "born"


@dataclass(frozen=True, slots=True)
class Kept:
    """A rule that applies to a case, and the last day on which it asks to keep it; None when nobody can say yet."""

    rule: Retention
    until: date | None

    def asks_on(self, day: date) -> bool:
        """Whether it still asks to keep it on that day. What nobody can reckon is kept."""
        return self.until is None or day <= self.until


def kept(state: CaseState, calendars: Calendars) -> tuple[Kept, ...]:
    """One for each rule of keeping that applies to the case. Raises PastKnownYears."""
    rules = (rule for rule in state.procedure.retention if holds(rule.only_if, state))
    return tuple(_reckoned(rule, state, calendars) for rule in rules if _concerns(rule, state))


def _concerns(rule: Retention, state: CaseState) -> bool:
    """What counts from a birth is about a child: without one there is nothing to keep."""
    return (
        _BORN not in _events(rule) or bool(state.received.get("children")) or bool(state.received.get("about_a_child"))
    )


def _events(rule: Retention) -> tuple[str, ...]:
    return rule.clock.after.events if rule.clock.after else ()


def _reckoned(rule: Retention, state: CaseState, calendars: Calendars) -> Kept:
    starts = [_start(event, state) for event in _events(rule)]
    known = [one for one in starts if one is not None]
    if not known or rule.keep.or_until:  # a later event of a life, which nobody writes down here
        return Kept(rule, None)
    ends = end(rule.keep.within, min(known), calendars).due
    return Kept(rule, london_day(ends) if isinstance(ends, datetime) else ends)


def _start(event: str, state: CaseState) -> datetime | None:
    if event == "closed":
        return state.closed_at
    if event != _BORN:
        first = state.first(event)
        return first.at if first else None
    ages = [child.get("age") for child in state.received.get("children") or ()]
    if not ages or None in ages or state.received_at is None:
        return None
    # The youngest of them, born as late as can be: on that very day, so many years before.
    return start_of(months_on(london_day(state.received_at), -12 * min(int(str(age)) for age in ages)))
