"""How long: a start and a length give an end, past the pauses.

Owns the arithmetic of section 7 of the language, rules 3 to 9: days, hours, months, what a pause holds back, what an
extension moves, where an end on a closed day goes. Knows nothing of duties; `clock.py` asks it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from heard.calendar import Calendar, Calendars, Count
from heard.happened import Pause
from heard.instants import at_local_time, end_of, london_day, months_on
from heard.when import Within


@dataclass(frozen=True, slots=True)
class End:
    """Where a length ends. On hold before its end, `due` is None and `left` is what is left of it."""

    due: date | datetime | None
    due_at: datetime | None
    count: Count | None = None
    calendar: Calendar | None = None
    left: int | None = None


def merged(pauses: Iterable[Pause]) -> tuple[Pause, ...]:
    """Pauses in order, overlapping ones joined; an unfinished one swallows what follows it."""
    joined: list[Pause] = []
    for pause in sorted(pauses, key=lambda one: one.since):
        if joined and (joined[-1].until is None or pause.since <= joined[-1].until):
            last = joined[-1]
            if last.until is not None and (pause.until is None or pause.until > last.until):
                joined[-1] = Pause(last.since, pause.until)
        else:
            joined.append(pause)
    return tuple(joined)


def together(one: Sequence[Pause], other: Sequence[Pause]) -> tuple[Pause, ...]:
    """Only the stretches in which both stood still: by these no clock ends later than by either of the two."""
    found = []
    for first in merged(one):
        for second in merged(other):
            since = max(first.since, second.since)
            until = min((end for end in (first.until, second.until) if end is not None), default=None)
            if until is None or since < until:
                found.append(Pause(since, until))
    return merged(found)


def _days(pauses: Sequence[Pause]) -> tuple[list[tuple[date, date]], date | None]:
    """Finished pauses as day intervals (a day d is held if first < d <= last), and the day an unfinished one began."""
    closed = [(london_day(p.since), london_day(p.until)) for p in pauses if p.until is not None]
    open_from = next((london_day(p.since) for p in pauses if p.until is None), None)
    joined: list[tuple[date, date]] = []
    for first, last in closed:
        if joined and first <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(last, joined[-1][1]))
        else:
            joined.append((first, last))
    return joined, open_from


def day_after(calendar: Calendar, start: date, n: int, pauses: Sequence[Pause]) -> End:
    """The n-th open, unpaused day after the London day `start`; the end of that day."""
    if not pauses:
        count = calendar.add(start, n)
        return End(count.due, end_of(count.due), count, calendar)
    closed, open_from = _days(pauses)
    count = calendar.add(start, n, closed)
    if open_from is not None and count.due > open_from:
        return End(None, None, None, calendar, n - calendar.between(start, max(start, open_from), closed))
    return End(count.due, end_of(count.due), count, calendar)


def end(length: Within, start: datetime, calendars: Calendars, pauses: Sequence[Pause] = ()) -> End:
    """Where a length from that instant ends. Raises PastKnownYears. `pauses` are merged."""
    key = length.calendar
    if key is not None:
        day = london_day(start)
        if length.first_day == "day_of_event":
            day -= timedelta(days=1)
        ended = day_after(calendars[key], day, length.amount, pauses)
        if length.rolls_to and ended.count is not None and isinstance(ended.due, date):
            rolled = calendars[length.rolls_to].next_open(ended.due)
            if rolled != ended.due:
                count = Count(rolled, ended.count.start, calendars[length.rolls_to], ended.count.paused)
                return End(rolled, end_of(rolled), count, calendars[length.rolls_to])
        return ended
    if length.unit in ("hours", "minutes"):
        return _elapsed(length, start, calendars, pauses)
    return _months(length, start, calendars, pauses)


def _elapsed(length: Within, start: datetime, calendars: Calendars, pauses: Sequence[Pause]) -> End:
    straight = ends = start + timedelta(**{str(length.unit): length.amount})
    for since, until in pauses:
        if since >= ends:
            break
        if until is None:
            return End(None, None, left=max(0, int((ends - max(since, start)).total_seconds() // 60)))
        if until > start:
            ends += until - max(since, start)
    if length.rolls_to:
        calendar = calendars[length.rolls_to]
        ends = _rolled(ends, straight, calendar)
        return End(ends, ends, None, calendar)
    return End(ends, ends)


def _rolled(ends: datetime, straight: datetime, calendar: Calendar) -> datetime:
    """Where an end goes that may fall on a closed day: to the same time of the next open one.

    `straight` is the end without any pause. One that a pause carried past midnight of a closed day is over with the
    next open day and not in its small hours: else it would be due sooner than after a shorter pause.
    """
    day = london_day(ends)
    rolled = calendar.next_open(day)
    due = ends if rolled == day else at_local_time(ends, rolled)
    passed = day - timedelta(days=1)
    while passed >= london_day(straight):
        if not calendar.is_open(passed):
            return max(due, end_of(calendar.next_open(passed)))
        passed -= timedelta(days=1)
    return due


def _months(length: Within, start: datetime, calendars: Calendars, pauses: Sequence[Pause]) -> End:
    first = london_day(start)
    due = months_on(first, length.amount * (12 if length.unit == "years" else 1))
    if length.first_day == "day_of_event":
        due -= timedelta(days=1)
    ended = day_after(calendars["calendar_days"], first, (due - first).days, pauses)
    if length.rolls_to and isinstance(ended.due, date):
        rolled = calendars[length.rolls_to].next_open(ended.due)
        return End(rolled, end_of(rolled), ended.count, ended.calendar)
    return ended


def given(until: date, said_at: datetime, calendar: Calendar, pauses: Sequence[Pause]) -> End:
    """A date that somebody gave: it stands, but for what a later pause holds back. Raises PastKnownYears."""
    later = [p for p in pauses if p.until is None or p.until > said_at]
    said = london_day(said_at)
    if not later or until <= said:
        return End(until, end_of(until), Count(until, min(said, until), calendar), calendar)
    ended = day_after(calendar, said, calendar.between(said, until), later)
    if ended.due is not None and isinstance(ended.due, date) and ended.due < until:
        return End(until, end_of(until), ended.count, calendar)
    return ended
