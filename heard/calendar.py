"""Which days count: working days in England and Wales, every day, and a provider's own days.

Owns the arithmetic of days and nothing of duties: `clock.py` asks it for "the tenth open day after this one",
gets the day and, on request, every day counted and skipped with the reason. It stands under every promise in a
complaint's journey. Bank holidays come from the `holidays` data (GB, England); a holiday proclaimed later is laid
over them. The walk is a bisect in a sorted table of open days. It refuses to leave the years whose bank holidays
the government has published: a date that cannot be known is never guessed. When a day became known as a holiday is
`proclaimed.py`'s to say.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING

from holidays import country_holidays

if TYPE_CHECKING:
    from heard.procedure import CalendarSpec, Procedure

FIRST_YEAR, LAST_YEAR = 2010, 2028
"""The years whose bank holidays have been published (gov.uk lists them about two years ahead)."""

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEKDAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_ONE_DAY = timedelta(days=1)

Interval = tuple[date, date]
"""Paused days: a day d is paused if first < d <= last."""


class PastKnownYears(ValueError):
    """A count would leave the days that the calendar knows. Not retryable; the answer is newer holiday data."""

    def __init__(self, calendar: str, known_from: date, known_until: date) -> None:
        super().__init__(
            f"{calendar} are known from {known_from:%-d %B %Y} to {known_until:%-d %B %Y}; "
            f"this count leaves those days, so no date is given."
        )


@dataclass(frozen=True, slots=True)
class Skip:
    """A day that was walked past without being counted, and why."""

    date: date
    why: str


@dataclass(frozen=True, slots=True)
class Count:
    """The answer to a walk: the day it ends on; `counted` and `skipped` are worked out only when asked for."""

    due: date
    start: date
    calendar: Calendar
    paused: tuple[Interval, ...] = ()

    def _days(self) -> Iterable[date]:
        low, high = (self.start, self.due) if self.due >= self.start else (self.due - _ONE_DAY, self.start - _ONE_DAY)
        return (low + timedelta(days=n) for n in range(1, (high - low).days + 1))

    def _is_paused(self, day: date) -> bool:
        return any(first < day <= last for first, last in self.paused)

    @property
    def counted(self) -> tuple[date, ...]:
        """Every day that was used, in date order."""
        return tuple(day for day in self._days() if self.calendar.is_open(day) and not self._is_paused(day))

    @property
    def skipped(self) -> tuple[Skip, ...]:
        """Every closed day walked past, in date order, with the reason ('Saturday', 'Good Friday')."""
        closed = ((day, self.calendar.why_closed(day)) for day in self._days())
        return tuple(Skip(day, why) for day, why in closed if why is not None)

    @property
    def held(self) -> tuple[date, ...]:
        """Every open day that a pause kept from being counted, in date order."""
        return tuple(day for day in self._days() if self.calendar.is_open(day) and self._is_paused(day))


class Calendar:
    """A named set of open days. Immutable; share one among all cases."""

    __slots__ = ("_always", "_closed", "_days", "key", "known_from", "known_until", "name", "snapshot")

    def __init__(
        self, key: str, name: str, closed: Callable[[date], str | None] | None, known_from: date, known_until: date
    ) -> None:
        """`closed` says why a day is closed, None if it is open; without it, every day of all time is open."""
        self.key, self.name, self.known_from, self.known_until = key, name, known_from, known_until
        self._always = closed is None
        self._days: list[date] = []
        self._closed: dict[date, str] = {}
        day = known_from
        while closed is not None and day <= known_until:
            why = closed(day)
            if why is None:
                self._days.append(day)
            else:
                self._closed[day] = why
            day += _ONE_DAY
        content = ";".join(f"{d.isoformat()}={w}" for d, w in self._closed.items())
        self.snapshot = f"{key}@{sha256(f'{known_from}/{known_until}/{content}'.encode()).hexdigest()[:12]}"

    def __repr__(self) -> str:
        return f"<Calendar {self.snapshot}>"

    def _check(self, day: date) -> None:
        if not self._always and not self.known_from <= day <= self.known_until:
            raise PastKnownYears(self.name, self.known_from, self.known_until)

    def is_open(self, day: date) -> bool:
        """Whether the day counts. Raises PastKnownYears."""
        self._check(day)
        return day not in self._closed

    def why_closed(self, day: date) -> str | None:
        """Why the day does not count, in words, or None if it does. Raises PastKnownYears."""
        self._check(day)
        return self._closed.get(day)

    def add(self, start: date, n: int, paused: Sequence[Interval] = ()) -> Count:
        """The n-th open day after `start` (day 0), past the paused days. Raises PastKnownYears.

        `paused` is sorted and disjoint. n = 0 ends on `start` itself, open or not.
        """
        self._check(start)
        if n <= 0:
            return Count(start, start, self)
        if self._always:
            due = start + timedelta(days=n)
            for first, last in paused:
                begins = max(first, start)
                if begins < due and last > begins:
                    due += last - begins
            return Count(due, start, self, tuple(paused))
        days = self._days
        target = bisect_right(days, start) + n - 1
        for first, last in paused:
            low, high = bisect_right(days, max(first, start)), bisect_right(days, last)
            if low <= target and high > low:
                target += high - low
        if target >= len(days):
            raise PastKnownYears(self.name, self.known_from, self.known_until)
        return Count(days[target], start, self, tuple(paused))

    def back(self, start: date, n: int) -> Count:
        """The n-th open day before `start`. Raises PastKnownYears."""
        self._check(start)
        if n <= 0:
            return Count(start, start, self)
        if self._always:
            return Count(start - timedelta(days=n), start, self)
        target = bisect_left(self._days, start) - n
        if target < 0:
            raise PastKnownYears(self.name, self.known_from, self.known_until)
        return Count(self._days[target], start, self)

    def next_open(self, day: date) -> date:
        """The day itself if it is open, else the next one that is. Raises PastKnownYears."""
        while not self.is_open(day):
            day += _ONE_DAY
        return day

    def between(self, start: date, end: date, paused: Sequence[Interval] = ()) -> int:
        """How many open, unpaused days lie in start < d <= end."""
        if self._always:
            held = sum(max(0, (min(last, end) - max(first, start)).days) for first, last in paused)
            return max(0, (end - start).days) - held
        days = self._days
        low, high = bisect_right(days, start), bisect_right(days, end)
        held = 0
        for first, last in paused:
            held += max(0, bisect_right(days, min(last, end)) - bisect_right(days, max(first, start)))
        return max(0, high - low) - held


@lru_cache(maxsize=32)
def _working_days(proclaimed: tuple[tuple[date, str], ...], last_year: int) -> Calendar:
    bank: dict[date, str] = dict(country_holidays("GB", subdiv="ENG", years=range(FIRST_YEAR, last_year + 1)).items())
    bank = {day: why.replace("(observed)", "(substitute day)") for day, why in bank.items()} | dict(proclaimed)

    def closed(day: date) -> str | None:
        if day in bank:
            return bank[day]
        return _WEEKDAY_NAMES[day.weekday()] if day.weekday() > 4 else None

    return Calendar(
        "working_days",
        "The bank holidays of England and Wales",
        closed,
        date(FIRST_YEAR, 1, 1),
        date(last_year, 12, 31),
    )


def england_and_wales(proclaimed: Mapping[date, str] | None = None, *, last_year: int = LAST_YEAR) -> Calendar:
    """Working days: not a Saturday, a Sunday or a bank holiday (SI 2006/1738 reg 2).

    `proclaimed` names holidays that the published data does not have yet; they are closed days too.
    """
    return _working_days(tuple(sorted((proclaimed or {}).items())), last_year)


def bank_holidays(year: int, proclaimed: Mapping[date, str] | None = None) -> tuple[Skip, ...]:
    """The bank holidays of a year, substitute days included, in date order. Raises PastKnownYears."""
    calendar = england_and_wales(proclaimed)
    calendar._check(date(year, 1, 1))
    listed = (
        (day, calendar.why_closed(day)) for n in range(366) if (day := date(year, 1, 1) + timedelta(n)).year == year
    )
    return tuple(Skip(day, why) for day, why in listed if why is not None and why not in _WEEKDAY_NAMES)


CALENDAR_DAYS = Calendar("calendar_days", "Calendar days", None, date.min, date.max)


def _own(spec: CalendarSpec, proclaimed: tuple[tuple[date, str], ...], last_year: int) -> Calendar:
    """A provider's own calendar: which weekdays, whether bank holidays close it, in which periods, but not when."""
    base = _working_days(proclaimed, last_year)
    last_period = max((period.to for period in spec.open_between), default=base.known_until)
    first_period = min((period.from_ for period in spec.open_between), default=base.known_from)

    def closed(day: date) -> str | None:
        if _WEEKDAYS[day.weekday()] not in spec.open_on:
            return _WEEKDAY_NAMES[day.weekday()]
        if day in spec.closed_on:
            return f"closed ({spec.name})"
        why = base.why_closed(day)
        if spec.bank_holidays == "closed" and why is not None and why not in _WEEKDAY_NAMES:
            return why
        if spec.open_between and not any(period.from_ <= day <= period.to for period in spec.open_between):
            return f"outside the times of {spec.name}"
        return None

    until = min(spec.known_until or last_period, last_period, base.known_until)
    return Calendar(spec.key, spec.name, closed, max(first_period, base.known_from), until)


@dataclass(frozen=True, slots=True)
class Calendars:
    """Every calendar that a procedure counts in, by key: the built-in two and its own.

    `earlier` are those that held until a moment at which a day was proclaimed or taken back, the oldest first.
    """

    by_key: Mapping[str, Calendar]
    earlier: tuple[tuple[datetime, Calendars], ...] = ()

    @classmethod
    def of(
        cls, procedure: Procedure, proclaimed: Mapping[date, str] | None = None, *, last_year: int = LAST_YEAR,
        earlier: tuple[tuple[datetime, Calendars], ...] = (),
    ) -> Calendars:  # fmt: skip
        """The calendars of a procedure under these proclaimed holidays. Cheap enough to make for each process."""
        holidays = tuple(sorted((proclaimed or {}).items()))
        known = {"working_days": _working_days(holidays, last_year), "calendar_days": CALENDAR_DAYS}
        own = {spec.key: _own(spec, holidays, last_year) for spec in procedure.calendars}
        return cls({**known, **own}, earlier)

    def __getitem__(self, key: str) -> Calendar:
        return self.by_key[key]

    @property
    def snapshot(self) -> str:
        """One id for the whole set of days: recorded with what was reckoned from it."""
        return self.by_key["working_days"].snapshot
