"""Whether the teller told somebody who works here before: whom, and on which day. Pure.

A question of "Tell us". What has to be done for somebody's safety counts from when anybody on the staff first knew, and
the teller may be the only one who says when that was. Whom they told is read, screened and sealed like all their words.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Protocol

from heard.instants import start_of
from heard.procedure import Procedure
from services.portal.languages import number, say
from services.portal.plain_words import full_date

DAY = ("told_day", "told_month", "told_year")
FORGOTTEN = "told_forgotten"
LONGEST_NAME = 200


class Form(Protocol):
    """A submitted form: one value by name."""

    def get(self, name: str, default: str, /) -> str: ...


def read(form: Form, _: Procedure) -> tuple[dict[str, Any], dict[str, str]]:
    """The answer, and what is wrong with it by field. Who does not know the day says so."""
    chosen = form.get("told_before", "")
    if chosen not in ("yes", "no"):
        return {}, {"told_before": say("Choose yes, or no if you told nobody")}
    names = ("told_whom", *DAY, FORGOTTEN)
    answers = {name: " ".join(form.get(name, "").split()) if chosen == "yes" else "" for name in names}
    faults = {}
    if len(answers["told_whom"]) > LONGEST_NAME:
        faults["told_whom"] = say("This must be %(most)s characters or fewer", most=number(LONGEST_NAME))
    if any(answers[name] for name in DAY):
        answers[FORGOTTEN] = ""  # a day was given after all
    if chosen == "yes" and not answers[FORGOTTEN] and day_told(answers) is None:
        faults["told_day"] = say("Enter a day, like 27 3 2026. Or tick that you do not remember it")
    return {"told_before": chosen, **answers}, faults


def still_to_come(said: Mapping[str, Any], today: date) -> dict[str, str]:
    """What is wrong where the day that they gave has not come yet: counted from it, nothing would ever be late."""
    day = day_told(said) if said.get("told_before") == "yes" else None
    if day is None or day <= today:
        return {}
    return {"told_day": say("This day is still to come. Enter the day on which you told somebody, like 27 3 2026")}


def day_told(said: Mapping[str, Any]) -> date | None:
    """The day on which they told somebody, if they gave one that there is."""
    day, month, year = (str(said.get(name) or "") for name in DAY)
    if not all(part.isascii() and part.isdigit() for part in (day, month, year)) or len(year) != 4:
        return None
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def in_words(said: Mapping[str, Any]) -> str:
    """What they said of it, as a sentence of their own for whoever reads the report; empty where they told nobody."""
    if said.get("told_before") != "yes":
        return ""
    day, whom = day_told(said), said.get("told_whom")
    when = f", on {day:%-d %B %Y}" if day else ", but I do not remember the day"
    return f"I told somebody who works here before{when}{f': {whom}' if whom else ''}."


def shown(said: Mapping[str, Any]) -> str:
    """The same as "check your answers" shows it."""
    if said.get("told_before") != "yes":
        return say("No")
    day = full_date(day_told(said)) or say("I do not remember the day")
    return "\n".join(filter(None, (say("Yes"), said.get("told_whom"), day)))


def day_forgotten(said: Mapping[str, Any]) -> bool:
    """Whether they told somebody and do not remember when: whoever keeps the clocks has to find out."""
    return said.get("told_before") == "yes" and day_told(said) is None


def first_told_at(said: Mapping[str, Any]) -> str | None:
    """The moment from which somebody here knew, as intake takes it: the beginning of that day."""
    day = day_told(said) if said.get("told_before") == "yes" else None
    return start_of(day).isoformat() if day else None
