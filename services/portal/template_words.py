"""What templates may say: the filters and values that every page has. Times are told from this installation's clock."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Flask, request
from markupsafe import Markup

from heard.calendar import Calendar
from heard.instants import LONDON
from heard.read_aloud import sentences
from services.portal import along, record_words
from services.portal import plain_words as plain
from services.portal.languages import as_written, number, say, to_say
from services.portal.offered import emergency
from services.portal.reach import Reach
from services.portal.simpler import simpler

if TYPE_CHECKING:
    from services.chassis.house import House

EXIT_TO = "https://www.bbc.co.uk/weather"
"""Where "Exit this page" leads: a page on which nobody would be asked why they look at it."""

MAIL_STATES = {"held_trial": "Held back: this is a trial", "sent": "Sent", "failed": "Failed", "waiting": "Waiting"}
"""How a message stands, for staff."""
_LOOKS = {
    "met": (to_say("Kept"), "kept", "heard-kept"),
    "met late": (to_say("Kept, but late"), "soon", "heard-late"),
    "late": (to_say("Late"), "now", "heard-late"),
    "paused": (to_say("On hold"), "house", "heard-when"),
    "excused": (to_say("Not needed"), "house", "heard-quiet"),
    "lapsed": (to_say("No longer needed"), "house", "heard-quiet"),
    "kept": (to_say("Kept"), "kept", "heard-kept"),
    "kept, but late": (to_say("Kept, but late"), "soon", "heard-late"),
    "to come": (to_say("Still to come"), "house", "heard-when"),
    "no day yet": (to_say("No day yet"), "house", "heard-quiet"),
    "running": (to_say("Still to come"), "house", "heard-when"),
    "waiting": (to_say("Not started"), "house", "heard-quiet"),
}


def look(status: Any) -> dict[str, str]:
    """How a promise or a duty stands, in words and in colour; the words alone are enough."""
    says, card, css = _LOOKS.get(str(status), ("", "house", "heard-quiet"))
    return {"says": say(says) if says else as_written(plain.sentence(status)), "card": card, "class": css}


def fault_text(faults: dict[str, str], name: str) -> dict[str, str] | None:
    """A field's fault as the form components want it."""
    return {"text": faults[name], "visuallyHiddenText": say("Error")} if name in faults else None


def link_to(href: str, text: str) -> str:
    """A link within a sentence."""
    return Markup('<a class="govuk-link" href="{}">{}</a>').format(href, text)


def counted(params: dict[str, Any]) -> dict[str, Any]:
    """What a field with a count of its characters is given, with what the count says; a script fills in the number."""
    left, over = say("Characters left: %{count}"), say("Characters too many: %{count}")
    every = ("zero", "one", "two", "few", "many", "other")  # the sentence fits each number, in each language
    return params | {
        "textareaDescriptionText": say("You can write up to %(most)s characters", most=number(params["maxlength"])),
        "charactersUnderLimitText": dict.fromkeys(every, left),
        "charactersAtLimitText": say("No characters left"),
        "charactersOverLimitText": dict.fromkeys(every, over),
    }


def teach(app: Flask, house: House) -> None:
    """Give the templates their words."""
    now = house.clock.now

    def days() -> Calendar:
        reach: Reach = app.extensions["heard_reach"]
        return reach.calendar()

    app.jinja_env.filters.update(
        day=lambda value: plain.day(value, now()),
        moment=lambda value: plain.moment(value, now()),
        by_when=lambda value: plain.by_when(value, now(), days()),
        how_far=lambda value: plain.how_far(value, now(), days()),
        hour=plain.hour,
        in_groups=plain.in_groups,
        full_date=plain.full_date,
        open_hours=plain.open_hours,
        words_of=plain.words_of,
        by_channel=plain.by_channel,
        sentence=plain.sentence,
        month_or_words=plain.month_or_words,
        because=record_words.because,
        sentences=sentences,
        promise_look=look,
    )
    app.jinja_env.globals.update(
        whom_in_words=record_words.whom_in_words,
        happened=record_words.happened,
        fault_text=fault_text,
        link_to=link_to,
        counted=counted,
        exit_to=EXIT_TO,
        mail_states=MAIL_STATES,
        taken_as=along.TAKEN_AS, most_files=along.MOST, largest_mb=along.LARGEST_MB, called=along.CALLED,
    )
    danger: list[str] = []

    @app.context_processor
    def of_this_installation() -> dict[str, Any]:
        if not danger:
            reach: Reach = app.extensions["heard_reach"]
            danger.append(next((line.number for line in emergency(None, reach.procedures())), ""))
        return {
            "trial": not house.settings.live,
            "danger_number": danger[0],
            "here": request.path,
            "simpler": simpler(),
            "now_field": now().astimezone(LONDON).strftime("%Y-%m-%dT%H:%M"),
        }
