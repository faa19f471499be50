"""Plain words for days, times, codes and keys: every page and API answer that a person reads takes them from here.

Times are London's; days are counted as the engine counts them, and named in the language of whoever reads
(`languages.py`). Nothing here knows a limit or a duty.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from babel.dates import format_date, format_time

from heard.calendar import Calendar, PastKnownYears, england_and_wales
from heard.instants import LONDON, hour_in_words
from services.portal.languages import ENGLISH, as_written, language, listed, say, say_some

When = datetime | date | str | None


def as_moment(value: When) -> datetime | date | None:
    """A date, or an instant in London; ISO text is read. None stays None."""
    if isinstance(value, str):
        value = date.fromisoformat(value) if len(value) == len("2026-01-01") else datetime.fromisoformat(value)
    return value.astimezone(LONDON) if isinstance(value, datetime) else value


def day(value: When, now: datetime) -> str:
    """ "Tuesday 22 December", with the year when it is another one."""
    read = as_moment(value)
    if read is None:
        return ""
    this_year = read.year == now.astimezone(LONDON).year
    return format_date(read, "EEEE d MMMM" if this_year else "EEEE d MMMM y", locale=language().locale)


def full_date(value: When) -> str:
    """ "1 January 2026"."""
    read = as_moment(value)
    return format_date(read, "d MMMM y", locale=language().locale) if read else ""


_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MONDAY = date(2026, 1, 5)


def _name_of(word: str) -> str:
    """ "Monday" for "mon"; a `ValueError` for what is no day."""
    return format_date(_MONDAY + timedelta(days=_DAYS.index(word)), "EEEE", locale=language().locale)


def _to(since: str, until: str) -> str:
    return say("%(since)s to %(until)s", since=since, until=until)


def open_hours(line: str) -> str:
    """ "Monday to Friday, 10am to 4pm" for "mon-fri 10:00-16:00"; what is not so written stands as it is."""
    days, _, hours = line.partition(" ")
    since, _, until = hours.partition("-")
    try:
        spoken = _to(*(hour(datetime.combine(_MONDAY, time.fromisoformat(one), LONDON)) for one in (since, until)))
        named = [[_name_of(one) for one in part.split("-")] for part in days.split(",")]
        open_on = listed(_to(*ends) if len(ends) == 2 else ends[0] for ends in named)
    except ValueError:
        return as_written(line)
    return say("%(days)s, %(hours)s", days=open_on, hours=spoken)


def hour(value: When) -> str:
    """ "4:30pm", "midday", "midnight"."""
    read = as_moment(value)
    if not isinstance(read, datetime):
        return ""
    mine = language()
    return hour_in_words(read) if mine is ENGLISH else format_time(read, "short", tzinfo=LONDON, locale=mine.locale)


def moment(value: When, now: datetime) -> str:
    """ "Tuesday 22 December at 4:30pm"; only the day when it is a day."""
    at = hour(value)
    return say("%(day)s at %(hour)s", day=day(value, now), hour=at) if at else day(value, now)


def _days(n: int) -> str:
    return say_some("%(num)s day", "%(num)s days", n)


def _apart(first: date, last: date, calendar: Calendar) -> str:
    """How far two days are apart, in working days while there is at least one, else in days."""
    try:
        working = calendar.between(first, last)
    except PastKnownYears:
        working = 0
    return say_some("%(num)s working day", "%(num)s working days", working) if working else _days((last - first).days)


def how_far(value: When, now: datetime, calendar: Calendar | None = None) -> str:
    """ "today", "tomorrow", "in 2 working days", "in 40 minutes", "3 working days ago"."""
    read = as_moment(value)
    if read is None:
        return ""
    here = now.astimezone(LONDON)
    if isinstance(read, datetime) and abs(read - here) < timedelta(hours=24):
        minutes = int(abs(read - here).total_seconds() // 60)
        if minutes == 0:
            return say("just now")
        if minutes < 120:
            length = say_some("%(num)s minute", "%(num)s minutes", minutes)
        else:
            length = say_some("%(num)s hour", "%(num)s hours", minutes // 60)
        return _in(length) if read > here else _ago(length)
    that, this = (read.date() if isinstance(read, datetime) else read), here.date()
    near = {0: say("today"), 1: say("tomorrow"), -1: say("yesterday")}
    if (that - this).days in near:
        return near[(that - this).days]
    known = calendar or england_and_wales()
    return _in(_apart(this, that, known)) if that > this else _ago(_apart(that, this, known))


def _in(length: str) -> str:
    return say("in %(length)s", length=length)


def _ago(length: str) -> str:
    return say("%(length)s ago", length=length)


def by_when(value: When, now: datetime, calendar: Calendar | None = None) -> str:
    """ "Tuesday 22 December, in 2 working days"; up to midnight means until the day before it is over."""
    if not value:
        return ""
    last = as_moment(value)
    if isinstance(last, datetime) and last.time() == time.min:
        value = last.date() - timedelta(days=1)
    return say("%(moment)s, %(far)s", moment=moment(value, now), far=how_far(value, now, calendar))


def in_groups(code: str, size: int = 4) -> list[str]:
    """A code as it is shown: "1234 5678 ..." as a list of its groups; a reference keeps its own."""
    bare = code.replace(" ", "")
    return bare.split("-") if "-" in bare else [bare[n : n + size] for n in range(0, len(bare), size)]


def words_of(key: Any) -> str:
    """A key in words: "partly_upheld" is "partly upheld"."""
    return str(key or "").replace("_", " ").replace(".", ": ")


def sentence(key: Any) -> str:
    """The same with a capital: "Partly upheld"."""
    text = words_of(key)
    return text[:1].upper() + text[1:]


_CHANNELS = {"trial": "in this trial only", "sms": "by text", "follow_page": "on the follow-up page",
             "portal": "under Messages"}  # fmt: skip


def by_channel(channel: Any) -> str:
    """ "by telephone"; in a trial nothing goes out, and that is said."""
    if not channel:
        return ""
    return _CHANNELS.get(str(channel)) or f"by {words_of(channel)}"


def month_or_words(key: Any) -> str:
    """ "November 2026" for "2026-11"; any other key as a sentence."""
    text = str(key or "")
    try:
        return f"{date.fromisoformat(text + '-01'):%B %Y}" if len(text) == len("2026-11") else sentence(text)
    except ValueError:
        return sentence(text)
