"""How a message is worded: a template for each sort of message and audience, filled with what may stand in it.

The complainant's letters are written for a child. No subject line and no staff message carries a name or a word of
what was told. What a letter says of stages, days and outside bodies comes from the provider's procedure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from heard.procedure import Contact, Procedure, WayOn
from heard.public_view import day_in_words, promised
from heard.turning_to import limits, may_be_asked

LETTERS = Path(__file__).parent / "letters"
HELPLINES = ("helpline", "advocacy", "commissioner")

_letters = Environment(
    loader=FileSystemLoader(LETTERS),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    autoescape=False,  # noqa: S701  these are plain-text letters; no mark-up is read in them
)


@dataclass(frozen=True, slots=True)
class Letter:
    """A message as it goes out: a subject without names or content, and plain text."""

    subject: str
    text: str


def write(template: str, **facts: Any) -> Letter:
    """Fill a template ("complainant/receipt"). Raises `jinja2.UndefinedError` when a fact is missing."""
    head, _, text = _letters.get_template(f"{template}.txt").render(**facts).partition("\n")
    return Letter(head.removeprefix("Subject: ").strip(), text.strip() + "\n")


def helpers(procedure: Procedure, complainant: str) -> list[str]:
    """Whom a complainant may call at any time, one line each, from the procedure's contacts."""
    return [
        _line(one)
        for one in procedure.contacts
        if one.is_ in HELPLINES
        and one.offered is not None
        and one.offered.any_time
        and (not one.offered_to or complainant in one.offered_to)
        and (one.phones or one.sms)
    ]


def outside_bodies(procedure: Procedure, stage: str | None) -> list[str]:
    """Bodies outside that may be asked after this stage, or at any time: how to reach each, within what time.

    Those who stand at somebody's side are among the helpers of the same letter.
    """
    asked = [one for one in may_be_asked(procedure, stage) if one.is_ not in HELPLINES or not (one.phones or one.sms)]
    return [_line(one) for one in asked]


def _line(one: Contact) -> str:
    reached = [f"call {one.phones[0].number}"] if one.phones else []
    reached += [f"text {one.sms}"] if one.sms else []
    reached += [f"see {one.web}"] if one.web else []
    line = f"{one.name}: {', or '.join(reached)}" if reached else one.name
    return f"{line} ({'; '.join(limited)})" if (limited := limits(one)) else line


def ways_on(procedure: Procedure, stage: str | None) -> list[str]:
    """How the complainant may go on from this stage, and in which time, as sentences."""
    if stage is None:
        return []
    return [
        _going_on(procedure, way)
        for way in procedure.stage(stage).ways_on
        if "complainant" in way.asked_by and not way.back and way.only_if is None
    ]


def _going_on(procedure: Procedure, way: WayOn) -> str:
    asked = f"The next step is called {procedure.stage(way.to).name}."
    if way.clock.within is None:
        return f"{asked} You can ask for it at any time."
    late = " If you ask later than that, we still look at why." if way.late else ""
    length = way.clock.within
    if length.as_given_in and length.otherwise:
        agreed = f"by the day that we agree with you. If we agree on none, ask within {length.otherwise}"
        return f"{asked} Please ask {agreed} of getting this answer.{late}"
    return f"{asked} Please ask within {length} of getting this answer.{late}"


ALARMS = {
    "out_of_time": "it came in after the time there is for it, so somebody has to decide whether it is taken",
    "promised": "something that was promised because of this complaint",
    "screening": "nobody has read the report for safety yet",
    "route": "the people who would look into it inside may not, or there is nobody, so it goes outside",
}
"""What the platform itself raises an alarm about; everything else has its sentence in the procedure."""


def said_of(procedure: Procedure, stage: str | None, duty: str) -> str:
    """The sentence of a duty or notification rule, or a question; its key in plain words where there is none."""
    if duty in ALARMS:
        return ALARMS[duty]
    for rule in procedure.rules():
        said = getattr(rule, "asks", None) or rule.says
        if rule.key == duty and getattr(rule, "stage", None) in (None, stage) and said:
            return said
    return duty.replace("_", " ")


def moved_promise(procedure: Procedure, moved: Mapping[str, Any]) -> str:
    """A promise whose day is another: what was promised, by when now, and by when before."""
    stage, duty = moved.get("stage"), str(moved["duty"])
    asked = duty.removeprefix("ask_for_")
    says = ("You can ask for the next step" if asked != duty and asked in {one.key for one in procedure.stages}
            else promised(procedure, stage, duty) or said_of(procedure, stage, duty))  # fmt: skip
    now, before = (_by(moved[name]) for name in ("is", "was"))
    return f"{says}: {f'by {now}' if now else 'there is no day yet'}{f' (before: {before})' if before else ''}"


def _by(text: str | None) -> str:
    if not text:
        return ""
    return day_in_words(date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text))


def stage_name(procedure: Procedure, stage: str | None) -> str | None:
    """The name of a stage as people know it."""
    return procedure.stage(stage).name if stage else None
