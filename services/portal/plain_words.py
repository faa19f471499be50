"""Plain words for days, times, codes and keys: every page and API answer that a person reads takes them from here.

Times are London's; days are counted as the engine counts them. Nothing here knows a limit or a duty.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from heard.calendar import Calendar, PastKnownYears, england_and_wales
from heard.instants import LONDON, hour_in_words

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
    text = f"{read:%A} {read.day} {read:%B}"
    return text if read.year == now.astimezone(LONDON).year else f"{text} {read.year}"


def full_date(value: When) -> str:
    """ "1 January 2026"."""
    read = as_moment(value)
    return f"{read.day} {read:%B %Y}" if read else ""


DAYS = {"mon": "Monday", "tue": "Tuesday", "wed": "Wednesday", "thu": "Thursday", "fri": "Friday", "sat": "Saturday",
        "sun": "Sunday"}  # fmt: skip


_ANY_DAY = date(2026, 1, 5)


def open_hours(line: str) -> str:
    """ "Monday to Friday, 10am to 4pm" for "mon-fri 10:00-16:00"; what is not so written stands as it is."""
    days, _, hours = line.partition(" ")
    since, _, until = hours.partition("-")
    try:
        spoken = " to ".join(
            hour(datetime.combine(_ANY_DAY, time.fromisoformat(one), LONDON)) for one in (since, until)
        )
        *first, last = (" to ".join(DAYS[day] for day in part.split("-")) for part in days.split(","))
    except (KeyError, ValueError):
        return line
    return f"{', '.join(first)} and {last}, {spoken}" if first else f"{last}, {spoken}"


def hour(value: When) -> str:
    """ "4:30pm", "midday", "midnight"."""
    read = as_moment(value)
    return hour_in_words(read) if isinstance(read, datetime) else ""


def moment(value: When, now: datetime) -> str:
    """ "Tuesday 22 December at 4:30pm"; only the day when it is a day."""
    at = hour(value)
    return f"{day(value, now)} at {at}" if at else day(value, now)


def _some(n: int, what: str) -> str:
    return f"{n} {what}" if n == 1 else f"{n} {what}s"


def _apart(first: date, last: date, calendar: Calendar) -> str:
    """How far two days are apart, in working days while there is at least one, else in days."""
    try:
        working = calendar.between(first, last)
    except PastKnownYears:
        working = 0
    return _some(working, "working day") if working else _some((last - first).days, "day")


def how_far(value: When, now: datetime, calendar: Calendar | None = None) -> str:
    """ "today", "tomorrow", "in 2 working days", "in 40 minutes", "3 working days ago"."""
    read = as_moment(value)
    if read is None:
        return ""
    here = now.astimezone(LONDON)
    if isinstance(read, datetime) and abs(read - here) < timedelta(hours=24):
        minutes = int(abs(read - here).total_seconds() // 60)
        length = _some(minutes, "minute") if minutes < 120 else _some(minutes // 60, "hour")
        if minutes == 0:
            return "just now"
        return f"in {length}" if read > here else f"{length} ago"
    that, this = (read.date() if isinstance(read, datetime) else read), here.date()
    if that == this:
        return "today"
    if that == this + timedelta(days=1):
        return "tomorrow"
    if that == this - timedelta(days=1):
        return "yesterday"
    known = calendar or england_and_wales()
    return f"in {_apart(this, that, known)}" if that > this else f"{_apart(that, this, known)} ago"


def by_when(value: When, now: datetime, calendar: Calendar | None = None) -> str:
    """ "Tuesday 22 December, in 2 working days"."""
    return f"{moment(value, now)}, {how_far(value, now, calendar)}" if value else ""


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


_CHANNELS = {"trial": "in this trial only", "sms": "by text", "follow_page": "on the follow-up page"}


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


WHO = {
    "young_person": "A young person who lives here, or used to",
    "advocate": "An advocate for a young person",
    "client": "Somebody who uses the service",
    "parent": "A parent",
    "guardian": "A guardian",
    "carer": "A carer or another person in the family",
    "social_worker": "A social worker",
    "accommodating_authority": "Somebody from the council that placed a young person here",
    "placing_authority": "Somebody from the council that placed a young person here",
    "partner_agency": "Somebody from another organisation that works with us",
    "staff": "Somebody who works here",
    "former_staff": "Somebody who used to work here",
    "referrer": "Somebody from the school or the agency that sent a young person here",
    "council": "Somebody from a council",
    "neighbour": "A neighbour",
    "community": "Somebody else who lives or works near here",
    "public": "A neighbour, or anybody else",
    "professional": "Somebody who works with young people, but not here",
    "other": "Somebody else",
}
"""How the form asks "who are you"; a word that is not here is shown as it stands in the procedure."""


def who(key: str, *, lives_here: bool = True) -> str:
    """How the form says a word for the complainant; `lives_here`: whether the place is a home."""
    if key == "young_person" and not lives_here:
        return "A child or young person"
    return WHO.get(key) or sentence(key)


WORRIES = {
    "neglect": "Somebody is not looked after: food, warmth, clothes, a doctor",
    "physical abuse": "Somebody is hit or hurt",
    "emotional abuse": "Somebody is made to feel worthless or afraid",
    "sexual abuse": "Somebody is touched, or made to do sexual things",
    "financial abuse": "Somebody takes another person’s money or things",
    "bullying": "Bullying",
    "harassment": "Somebody will not leave another person alone",
    "criminal or sexual exploitation": "Somebody is used for crime or sex",
    "self-harm": "Somebody hurts themselves",
    "suicide": "Somebody thinks about ending their life",
    "harm to others": "Somebody may hurt other people",
    "missing": "Somebody is missing",
    "nobody knows where they are": "Nobody knows where somebody is",
    "criminal misconduct": "A member of staff broke the law",
    "financial misconduct": "A member of staff did something wrong with money",
    "misconduct": "A member of staff behaved badly",
    "serious misconduct": "A member of staff did something seriously wrong",
    "gross misconduct": "A member of staff did something seriously wrong",
    "harmed by a member of staff": "A member of staff hurt somebody",
    "harm by staff": "A member of staff hurt somebody",
    "abuse by staff": "A member of staff abused somebody",
    "held down or restrained": "Somebody was held down or held back",
    "in danger now": "Somebody is in danger now",
    "crime": "A crime",
    "police involved": "The police came or were called",
    "child protection enquiry": "Social services are looking into it",
    "a young person has died": "A young person has died",
}
"""How the form says what may be ticked; a word that is not here is shown as it stands in the procedure."""


WORRY_GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "Is somebody being hurt?",
        ("physical abuse", "harmed by a member of staff", "harm by staff", "abuse by staff", "held down or restrained",
         "sexual abuse", "criminal or sexual exploitation", "emotional abuse", "bullying", "harassment"),
    ),
    ("Is somebody not safe?", ()),
    (
        "Is it about what staff did, money or the police?",
        ("misconduct", "serious misconduct", "gross misconduct", "financial abuse", "financial misconduct",
         "criminal misconduct", "crime", "police involved", "child protection enquiry"),
    ),
)  # fmt: skip
"""Under which questions the ticks stand, the most pressing first; what is named nowhere stands under the second."""


def worry(tick: str) -> str:
    """How the form says one of a procedure's ticks."""
    return WORRIES.get(tick) or sentence(tick)
