"""Whether a body outside is reached at this hour: by the hours that stand with its number, else by those of offices.

Used wherever somebody is about to ring or to write: on the page of an alert, by the ladder's last call. Pure. The hours
of offices are the house's (`heard/law/measures/house.toml`); where a document says when a number is answered, that
stands.
"""

from __future__ import annotations

import re
from datetime import datetime

from heard.calendar import Calendar
from heard.checks.measures import house
from heard.instants import LONDON, london_day
from heard.procedure import Phone

_LINE = re.compile(r"(?P<days>[a-z,-]+) (?P<since>\d\d:\d\d)-(?P<until>\d\d:\d\d)")
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def offices_are_shut(now: datetime, working_days: Calendar) -> bool:
    """Whether offices are taken to be shut: at night, at the weekend, on a bank holiday."""
    hours, here = house().offices_open, now.astimezone(LONDON)
    if not working_days.is_open(london_day(now)):
        return True
    return hours is not None and not hours.from_ <= here.hour < hours.until


def is_answered(phone: Phone, now: datetime) -> bool | None:
    """Whether this number is answered at this moment, by the hours that stand with it; None where none can be read."""
    read = [_hours(line) for line in phone.open]
    if not read or None in read:
        return None
    here = now.astimezone(LONDON)
    day, clock = here.weekday(), f"{here:%H:%M}"
    return any(day in days and since <= clock < until for days, since, until in filter(None, read))


def _hours(line: str) -> tuple[frozenset[int], str, str] | None:
    """ "mon-fri 10:00-16:00" as days and times; None for anything else."""
    read = _LINE.fullmatch(line)
    spans = [part.split("-") for part in read["days"].split(",")] if read else []
    if read is None or not all(day in _DAYS for span in spans for day in span):
        return None
    ends = [(_DAYS.index(span[0]), _DAYS.index(span[-1])) for span in spans]
    return frozenset(day for first, last in ends for day in range(first, last + 1)), read["since"], read["until"]
