"""Every message that a procedure can send, filled with an invented report: for whoever writes or checks the wording.

What is sent when follows from the procedure: a letter for each stage, duty, window, question and pause that has one to
send, worded for each sort of reader. `heard policy letters` shows them, and tests hold that none has words missing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from heard.letter_facts import ALARMS, facts_of, is_looked_into, of_standing
from heard.procedure import Decision, Duty, Procedure, Stage
from heard.standing_rules import standing_rules
from heard.wording import STANDARD, Letter, Wording, names, readers_of

DAY, BEFORE = "2026-12-22", "2026-12-18"
INVENTED = {
    "reference": "H7K2-9QXM-4TBD", "home": "Harbour House", "follow": "https://heard.example/follow",
    "link": "https://heard.example/cases/3f2a", "code": "4821",
    "sheet": "https://heard.example/outgoing/5d.pdf", "attempt": 2, "why": "no address",
    "whom": "the advocate", "told": "You have been given a part in Heard.", "until": "Tuesday 22 December at 16:30",
    "words": "Here stands what somebody wrote to you. We are sorry that the heating was cold for a week. It was mended "
             "on Tuesday.",
}  # fmt: skip
WHEN = {
    "complainant/receipt": "When somebody tells us something and can be reached",
    "complainant/fresh_code": "When they lost their code and ask for another",
    "complainant/acknowledged": "When it is acknowledged",
    "complainant/first_answer": "When a first answer is given",
    "complainant/progress": "When somebody tells them how it is going",
    "complainant/responded": "When it is answered",
    "complainant/thanks": "When what they told us was no complaint, and somebody writes about it",
    "complainant/letter": "When somebody writes to them about anything else",
    "complainant/closed": "When it is closed with a letter",
    "complainant/refused_late": "When it is not taken because it came too late",
    "complainant/notice": "By e-mail, in the place of each letter that waits behind the code",
    "complainant/other_day": "When a bank holiday is proclaimed and a promised day moves",
    "complainant/new_rules": "When the case goes over to another version of the procedure",
    "complainant/longer": "When more time is taken",
    "complainant/on_hold": "When it is put on hold, and they may know",
    "complainant/ask_soon": "When the time to ask for the next step runs out",
    "complainant/ask_over": "When that time is over and it counts as closed",
    "complainant/late": "When something promised is late, and the procedure tells them",
    "complainant/decided": "When a question is answered, and the procedure tells them",
    "complainant/let_go": "When a duty is let go, and the procedure tells them",
    "staff/alert": "When the ladder calls somebody",
    "staff/assigned": "When somebody gets a part",
    "staff/escalated": "When something is late",
    "staff/reminder": "When something is due soon",
    "staff/time_over": "When the time to ask for the next step is over",
    "staff/needs_you": "When the platform itself raises an alarm",
    "staff/decided": "When a question is answered that they are told of",
    "staff/let_go": "When a duty is let go that they are told of",
    "staff/letter": "When somebody writes to them",
    "staff/by_hand": "When a letter is for somebody whom only a person can reach, to print and post it",
    "staff/not_reached": "When the notice of a letter to whoever complained did not get through",
    "staff/wrote": "When whoever complained wrote on their page, for all of an hour",
    "staff/standing": "When something that is owed without any complaint is due soon, or late",
    "staff/sign_in_link": "When somebody is to choose a password",
    "staff/sign_in_changed": "When how somebody signs in has changed",
    "staff/could_not_tell": "When a message did not get through",
    "outside/alert": "When the ladder calls a body outside",
    "outside/asked": "When a body outside gets a part",
    "outside/notice": "When a body outside is told of something",
    "outside/form": "With a form that the safeguarding lead sends",
    "staff/form_failed": "When such a form did not get through",
    "outside/letter": "When somebody writes to a body outside",
    "text/alert": "By text, when the ladder calls somebody",
    "text/staff": "By text, when something waits for a member of staff",
    "text/receipt": "By text, when somebody tells us something and gave a number",
    "text/fresh_code": "By text, when they lost their code and ask for another",
    "text/notice": "By text, when there is something new to read",
}
"""When each message is sent. A test holds that there is no other."""
_ONCE = (
    "complainant/receipt", "complainant/fresh_code", "complainant/progress", "complainant/letter", "complainant/closed",
    "complainant/refused_late", "complainant/notice", "staff/alert", "staff/letter", "staff/could_not_tell",
    "staff/by_hand", "staff/not_reached", "staff/wrote", "staff/sign_in_link", "staff/sign_in_changed", "outside/form",
    "staff/form_failed", "outside/alert", "outside/asked", "outside/notice", "outside/letter", "text/alert",
    "text/staff", "text/receipt", "text/notice", "text/fresh_code",
)  # fmt: skip
_TO_THEM = frozenset({"complainant", "young_person"})


@dataclass(frozen=True, slots=True)
class Sample:
    """One message: its name, its reader, when it is sent and about what, how it reads. `own`: the provider's words."""

    name: str
    reader: str
    when: str
    about: str
    letter: Letter
    own: bool


def samples(procedure: Procedure, wording: Wording) -> Iterator[Sample]:
    """Every message of a procedure, in the order of a complaint's journey, for each of its readers."""
    order = list(names())
    for name, about, kept in sorted(_asked(procedure), key=lambda one: order.index(one[0])):
        for reader in readers_of(name):
            complainant = {"child": "young_person", "adult": "parent", "professional": "social_worker"}[reader]
            facts = facts_of(procedure, complainant, kept) | INVENTED | {"provider": procedure.name}
            if name == "staff/standing":
                facts |= of_standing(procedure, kept) | {"place": INVENTED["home"]}
            own = wording.source(name, reader) not in STANDARD.values()
            yield Sample(name, shown_reader(name, reader), WHEN[name], about, wording.write(name, reader, **facts), own)


def shown_reader(name: str, reader: str) -> str:
    """For whom a message is, in words."""
    return reader if len(readers_of(name)) > 1 else "professional" if name.startswith("outside/") else "staff"


Asked = tuple[str, str, dict[str, Any]]


def _asked(p: Procedure) -> Iterator[Asked]:
    for name in _ONCE:
        yield name, "", {"stage": p.stages[-1].key if p.stages else None}
    for alarm in ALARMS:
        yield "staff/needs_you", alarm.replace("_", " "), {"duty": alarm}
    for duty in p.duties:
        yield from _of_duty(duty, None)
    for rule in p.suspensions:
        if _TO_THEM & {*rule.tell}:
            yield "complainant/on_hold", rule.says, {"due": DAY}
    for stage in p.stages:
        yield from _of_stage(p, stage)
    for decision in (*p.decisions, *(one for stage in p.stages for one in stage.decisions)):
        yield from _of_decision(decision)
    yield "staff/reminder", "a promise", {"duty": "promised", "due": DAY}
    for one in standing_rules(p):
        for when, many in (("soon", 1), ("late", 3)):
            yield "staff/standing", one.says, {"duty": one.key, "when": when, "many": many, "due": DAY}
    turns = [{"day": "2026-12-21", "name": "A day of thanks", "taken_back": False}]
    first = next(((stage.key, duty.key) for stage in p.stages for duty in stage.duties if _is_theirs(duty)), None)
    if first:
        moved = [{"stage": first[0], "duty": first[1], "was": BEFORE, "is": DAY, "change": "another_day"}]
        yield "complainant/other_day", "", {"turns": turns, "promises": moved}
        yield "complainant/new_rules", "", {"promises": moved}


def _of_stage(p: Procedure, stage: Stage) -> Iterator[Asked]:
    here: dict[str, Any] = {"stage": stage.key}
    for part in stage.people:
        yield "staff/assigned", stage.name, {"part": part, **here}
    met = {event for duty in stage.duties for event in duty.clock.met_by}
    answers = [duty for duty in stage.duties if _is_theirs(duty) and "responded" in duty.clock.met_by]
    theirs = {"dates": {duty.key: DAY for duty in answers[:1]}}
    if not is_looked_into(stage):
        yield "complainant/thanks", stage.name, here
        return
    yield "complainant/acknowledged", stage.name, here | theirs
    if "first_answered" in met:
        yield "complainant/first_answer", stage.name, here | theirs
    yield "complainant/responded", stage.name, here
    for duty in stage.duties:
        yield from _of_duty(duty, stage.key)
    for way in stage.ways_on:
        if way.back or "complainant" not in way.asked_by or way.clock.within is None:
            continue
        window = here | {"duty": f"ask_for_{way.to}", "next": way.to, "due": DAY}
        about = p.stage(way.to).name
        yield "staff/time_over", about, window
        if way.remind:
            yield "complainant/ask_soon", about, window
        if way.when_over == "close":
            yield "complainant/ask_over", about, window


def _of_duty(duty: Duty, stage: str | None) -> Iterator[Asked]:
    kept = {"stage": stage, "duty": duty.key, "due": DAY, "clause": list(duty.clause)}
    for step in duty.clock.if_late:
        told = {*step.tell}
        if told - _TO_THEM:
            yield "staff/escalated", duty.says, kept
        if told & _TO_THEM:
            yield "complainant/late", duty.says, kept | {"next": step.offers}
    if duty.clock.extension and _is_theirs(duty):
        reasons = duty.clock.extension.reasons
        yield "complainant/longer", duty.says, kept | {"reason": reasons[0] if reasons else ""}
    if duty.clock.if_excused:
        told = {*duty.clock.if_excused.tell}
        yield ("complainant/let_go" if told & _TO_THEM else "staff/let_go"), duty.says, kept


def _of_decision(decision: Decision) -> Iterator[Asked]:
    told = {word for answer in decision.answers for word in answer.tells}
    kept = {"stage": decision.stage, "duty": decision.key}
    if told - _TO_THEM:
        yield "staff/decided", decision.asks, kept
    if told & _TO_THEM:
        yield "complainant/decided", decision.asks, kept


def _is_theirs(duty: Duty) -> bool:
    return duty.promise is not None and bool(_TO_THEM & {*duty.to})
