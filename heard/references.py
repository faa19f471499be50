"""Whether every name that a procedure uses is a name it has: who-words, stages, events, duties, concerns, calendars.

Part of reading a file (`heard.procedure_file` calls it once the shapes are right). A rule that an adopted law adds is
held to the same standard: a law that must tell the LADO needs a LADO among the provider's contacts.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from heard.numbering import ALWAYS, FORMAL, PLACEHOLDERS, placeholders
from heard.procedure import Panel, Procedure, Stage
from heard.vocabulary import (
    ANSWERS,
    CONDITION_WORDS,
    EMPLOYERS,
    EVENTS,
    FLAGS,
    MEASURES,
    MOMENTS,
    PARTIES,
    PARTS,
    STANDING_EVENTS,
)  # fmt: skip
from heard.when import After, Age, Clock, Condition, Deemed, LateStep, Within
from heard.who import ContactKind, PanelMembers, Rule

Dangling = tuple[int, str, str, tuple[str, ...]]
Found = Iterator[tuple[str, str, tuple[str, ...]]]

WHO = {
    "to", "or_else_to", "by", "tell", "tells", "filled_by", "stands_in", "appointed_by", "if_nobody", "also_tell",
    "asked_by", "decided_by", "excused_by", "may_see", "shown_to", "on_request_of", "through", "not_chosen_by",
}  # fmt: skip
EVENT = {"met_by", "until", "again_after", "before", "starts_with", "ends_with", "as_given_in", "needed_to"}
STAGES = {"starts_at", "offers", "after_stage", "moves_to"}
DUTIES = {"same_day_as", "gives_date_for"}


class Names:
    """Every name there is in one procedure, by what it can be used for."""

    def __init__(self, procedure: Procedure) -> None:
        p = procedure
        self.procedure = p
        self.stages = {stage.key for stage in p.stages}
        self.roles = {role.key for role in p.roles}
        contacts = {contact.key for contact in p.contacts}
        kinds = {contact.is_ for contact in p.contacts}
        self.who = {*self.roles, *contacts, *kinds, *PARTIES, *PARTS, *(f"handler_of.{key}" for key in self.stages)}
        every = [*p.decisions, *(decision for stage in p.stages for decision in stage.decisions)]
        self.decisions = {decision.key for decision in every}
        answers = {f"{decision.key}.{answer.key}" for decision in every for answer in decision.answers}
        given = {f"{event}.{answer}" for event, each in ANSWERS.items() for answer in each}
        given |= {f"responded.{finding}" for finding in p.words.findings}
        given |= {f"fact_answered.{fact.key}" for fact in p.facts}
        self.events = {*EVENTS, *MOMENTS, *STANDING_EVENTS, *(one.key for one in p.milestones), *answers, *given}
        self.duties_of = {stage.key: {duty.key for duty in stage.duties} for stage in p.stages}
        self.duties = {duty.key for duty in p.duties}.union(*self.duties_of.values())
        self.concerns = {concern.key for concern in p.concerns}
        self.linked = {linked.key for linked in p.linked_cases}
        self.calendars = {"working_days", "calendar_days", *(calendar.key for calendar in p.calendars)}
        self.facts = {fact.key: fact.one_of for fact in p.facts}
        self.facts |= {decision.key: tuple(answer.key for answer in decision.answers) for decision in every}


def dangling(procedure: Procedure) -> Iterator[Dangling]:
    """Line, key, sentence and what is allowed for each name that leads nowhere, and each name given twice."""
    names = Names(procedure)
    yield from _doubles(procedure)
    for rule in procedure.rules():
        for key, sentence, allowed in (*_inside(rule, names, rule), *_clauses(rule, procedure)):
            whose = f"of `{rule.key}`, which an adopted law adds, " if rule.adopted_from else ""
            yield rule.line, key, f"{whose}{sentence}", allowed
    for key, sentence, allowed in _all(procedure.provider.has_no, "has_no", "party", PARTIES):
        yield 0, key, sentence, allowed
    for value in dataclasses.astuple(procedure.counting.days_mean):
        if value not in names.calendars:
            yield procedure.counting.line, "days_mean", *_unknown(value, "calendar", names.calendars)


def _unknown(value: str, what: str, allowed: Iterable[str]) -> tuple[str, tuple[str, ...]]:
    return f"names {value!r}, which is no {what} here", tuple(sorted(allowed))


def _inside(thing: Any, names: Names, rule: Rule) -> Found:
    """Every name in one rule's fields, the small tables inside it included."""
    for one in dataclasses.fields(thing):
        value = getattr(thing, one.name)
        if value in (None, (), "") or one.name in ("only_if", "when", "line"):
            continue
        if isinstance(value, Clock | Within | Deemed | LateStep | PanelMembers):
            yield from _inside(value, names, rule)
        elif isinstance(value, After):
            yield from _all(value.events, "after", "event", names.events)
            if value.no_later_than:
                yield from _all(value.no_later_than.after, "after", "event", names.events)
                yield from _inside(value.no_later_than.within, names, rule)
        elif isinstance(value, tuple) and value and dataclasses.is_dataclass(value[0]):
            if not isinstance(thing, Stage):  # what stands in a stage is a rule of its own
                for inner in value:
                    yield from _inside(inner, names, rule)
        elif dataclasses.is_dataclass(value) and not isinstance(value, Panel):
            yield from _inside(value, names, rule)
        elif one.name == "people":
            for part, ladder in value.items():
                yield from _all(ladder, part, "who-word", names.who)
        else:
            yield from _named(thing, one.name, (value,) if isinstance(value, str) else value, names, rule)
    for key in ("only_if", "when"):
        condition = getattr(thing, key, None)
        if condition:
            yield from _conditions(condition, key, names, rule)


def _named(thing: Any, key: str, value: Any, names: Names, rule: Rule) -> Found:
    """One field that holds names."""
    kind = type(thing).__name__
    if kind == "WayOn" and key == "to":
        yield from _all(value, "to", "stage", names.stages)
    elif kind == "NotificationRule" and key == "by" and value == ("designated_safeguarding_lead",):
        return  # the platform's own word; lint asks for the role
    elif kind == "WayIn" and key == "offers":
        return  # plain words for what a person may choose
    elif key in WHO and kind != "Period":
        yield from _all(value, key, "who-word (a role, a contact or what it `is`, or a party of the case)", names.who)
    elif key in STAGES:
        yield from _all(value, key, "stage", {*names.stages, "closed"} if key == "moves_to" else names.stages)
    elif key in EVENT:
        known = {*names.events, *names.duties, *names.decisions} if kind == "Gate" else {*names.events, "close"}
        yield from _all(value, key, "event", known)
    elif kind == "Gate" and key == "holds_back":
        yield from _all(value, key, "event, duty or decision", {*names.events, *names.duties, *names.decisions})
    elif key in DUTIES:
        stage = getattr(rule, "stage", None)
        yield from _all(value, key, "duty beside it", names.duties_of[stage] if stage else names.duties)
    elif key in ("concern", "raises"):
        yield from _all(value, key, "concern", names.concerns)
    elif key in ("of", "rolls_to"):
        yield from _all(value, key, "calendar", names.calendars)
    elif key == "opens":
        yield from _all(value, key, "linked case", names.linked)
    elif kind == "Reference" and key == "given_at":
        yield from _all(value, key, "moment", {ALWAYS, FORMAL, *names.stages})
    elif kind == "Reference" and key in ("pattern", "on_clash"):
        yield from _all(placeholders(value[0]), key, "placeholder", PLACEHOLDERS)
    elif kind in ("PanelMembers", "Chair") and key == "role":
        yield from _all(value, key, "role", names.roles)
    elif key == "measures":
        yield from _all(value, key, "measure", MEASURES)
    elif kind == "Decision" and key == "presumed":
        yield from _all(value, key, "answer", names.facts[rule.key])


def _all(values: Iterable[str], key: str, what: str, known: Iterable[str]) -> Found:
    there = set(known)
    for value in values:
        if value not in there:
            yield key, *_unknown(value, what, there)


def _conditions(condition: Condition, key: str, names: Names, rule: Rule) -> Found:
    words: dict[str, Callable[[], Iterable[str]]] = {
        "kind": lambda: names.procedure.words.kinds, "finding": lambda: names.procedure.words.findings,
        "formality": lambda: ("informal", "formal"), "about_role": lambda: names.roles,
        "named_person_works_for": lambda: EMPLOYERS,
        "concern": lambda: names.concerns, "category": lambda: names.procedure.words.categories,
        "been_in": lambda: names.stages,
        "linked": lambda: names.linked,
    }  # fmt: skip
    for test in condition.walk():
        where = f"{key}.{test.key}"
        if test.key == "child_aged":
            if isinstance(test.wants, Age) and (test.wants.at_least is None) == (test.wants.under is None):
                yield where, "must give either `at_least` or `under`", ("at_least", "under", "or_unknown")
        elif (test.key in FLAGS) != isinstance(test.wants, bool):
            yield where, f"must be {'true or false' if test.key in FLAGS else 'a word or a list of words'}", ()
        elif test.key in words or test.key in names.facts:
            known = tuple(words[test.key]() if test.key in words else names.facts[test.key])
            if known and isinstance(test.wants, tuple):
                yield from _all(test.wants, where, f"{test.key.replace('_', ' ')} of this procedure", known)
        elif test.key not in (*CONDITION_WORDS, *FLAGS):
            keys = ("any", "not", "child_aged", *CONDITION_WORDS, *FLAGS, *names.facts)
            yield where, *_unknown(test.key, "condition", keys)


def _clauses(rule: Rule, procedure: Procedure) -> Found:
    prefix = procedure.document.clauses
    if prefix and not rule.adopted_from and rule.source != "law":
        for clause in rule.clause:
            if not re.fullmatch(rf"{re.escape(prefix)}-\d+[a-z]?", clause):
                yield "clause", f"cites {clause!r}, no clause of this document", (f"{prefix}-1, {prefix}-2 ...",)


def _doubles(procedure: Procedure) -> Iterator[Dangling]:
    """Names given twice under one heading, and roles and contacts that share a name."""
    everything: list[tuple[str, Iterable[Any]]] = [
        (one.name, getattr(procedure, one.name)) for one in dataclasses.fields(procedure)
        if isinstance(getattr(procedure, one.name), tuple) and one.name not in ("adopts", "clauses")
    ]  # fmt: skip
    for stage in procedure.stages:
        everything += [(f"stage {stage.key}, {one}", getattr(stage, one)) for one in ("duties", "ways_on", "decisions")]
    everything.append(("roles and contacts", (*procedure.roles, *procedure.contacts)))
    everything.append(("milestones beside the built-in events", procedure.milestones))
    for heading, rules in everything:
        seen = set(EVENTS) if heading.startswith("milestones beside") else set()
        for rule in rules:
            if rule.key in seen:
                yield getattr(rule, "line", 0), "key", f"{rule.key!r} stands twice under {heading}", ()
            seen.add(rule.key)
    for contact in procedure.contacts:
        if contact.key in ContactKind.__args__ and contact.key != contact.is_:  # type: ignore[attr-defined]
            yield contact.line, "key", f"{contact.key!r} is the word for another kind of contact", (contact.is_,)
