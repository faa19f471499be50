"""Between instants and London days: the one place that knows where a day ends.

Instants are kept in UTC; days are counted in London, where a summer's day ends at 23:00 UTC. `clock.py` counts with
it, the command line shows with it.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


def london_day(moment: datetime) -> date:
    """The day it is in London at that instant."""
    return moment.astimezone(LONDON).date()


@lru_cache(maxsize=4096)
def end_of(day: date) -> datetime:
    """The instant (UTC) at which a London day is over: its last second is 23:59:59."""
    return datetime.combine(day + timedelta(days=1), time(), LONDON).astimezone(UTC)


@lru_cache(maxsize=4096)
def start_of(day: date) -> datetime:
    """The instant (UTC) at which a London day begins."""
    return datetime.combine(day, time(), LONDON).astimezone(UTC)


def at_local_time(moment: datetime, day: date) -> datetime:
    """The instant (UTC) on another London day that has the same London clock time."""
    return datetime.combine(day, moment.astimezone(LONDON).time(), LONDON).astimezone(UTC)


def hour_in_words(moment: datetime) -> str:
    """The London time as people say it: "4:30pm", "9am", "midday", "midnight"."""
    here = moment.astimezone(LONDON)
    if here.minute == 0 and here.hour in (0, 12):
        return "midday" if here.hour else "midnight"
    return f"{here.hour % 12 or 12}{f':{here:%M}' if here.minute else ''}{'am' if here.hour < 12 else 'pm'}"


def months_on(day: date, months: int) -> date:
    """The corresponding date so many months on; the last day of that month if it has none."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def day_of(text: str | date) -> date:
    """A London day from an ISO date, or from an ISO time (with a zone, else London time). Raises ValueError."""
    if isinstance(text, datetime):
        return london_day(text)
    if isinstance(text, date):
        return text
    if len(text) == 10:
        return date.fromisoformat(text)
    moment = datetime.fromisoformat(text)
    return london_day(moment) if moment.tzinfo else moment.date()


def moment_of(text: str | datetime) -> datetime:
    """An instant (UTC) from an ISO time; without a zone it is London time; a bare date is noon. Raises ValueError."""
    moment = text if isinstance(text, datetime) else datetime.fromisoformat(text)
    if isinstance(text, str) and len(text) == 10:
        moment = moment.replace(hour=12)
    return (moment if moment.tzinfo else moment.replace(tzinfo=LONDON)).astimezone(UTC)
