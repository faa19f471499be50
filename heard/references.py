"""Whether every name that a procedure uses is a name it has: who-words, stages, events, duties, concerns, calendars.

Part of reading a file (`heard.procedure_file` calls it once the shapes are right). A rule that an adopted law adds is
held to the same standard: a law that must tell the LADO needs a LADO among the provider's contacts.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Collection, Iterable, Iterator
from functools import cache
from typing import Any, get_args, get_type_hints

from heard.numbering import ALWAYS, FORMAL, PLACEHOLDERS, placeholders
from heard.procedure import Panel, Procedure, Stage
from heard.vocabulary import (
    ANSWERS,
    CONDITION_WORDS,
    EMPLOYERS,
    EVENTS,
    FLAGS,
    GROUP,
    LEAD,
    MEASURES,
    MOMENTS,
    PARTIES,
    PARTS,
    STANDING_EVENTS,
)  # fmt: skip
from heard.when import NO_CLOCK, After, Age, Clock, Condition, Deemed, LateStep, Within
from heard.who import ContactKind, PanelMembers, Rule

Dangling = tuple[int, str, str, tuple[str, ...]]
Found = Iterator[tuple[str, str, tuple[str, ...]]]

class Names:
    """Every name there is in one procedure, by what it can be used for."""

    def __init__(self, procedure: Procedure) -> None:
        p = procedure
        self.procedure = p
        self.stages = {stage.key for stage in p.stages}
        self.roles = {role.key for role in p.roles}
        contacts = {contact.key for contact in p.contacts}
        kinds = {contact.is_ for contact in p.contacts}
        self.who = {*self.roles, *contacts, *kinds, *PARTIES, *PARTS, GROUP,
                    *(f"handler_of.{key}" for key in self.stages)}  # fmt: skip
        every = [*p.decisions, *(decision for stage in p.stages for decision in stage.decisions)]
        self.decisions = {decision.key for decision in every}
        answers = {f"{decision.key}.{answer.key}" for decision in every for answer in decision.answers}
        given = {f"{event}.{answer}" for event, each in ANSWERS.items() for answer in each}
        given |= {f"responded.{finding}" for finding in p.words.findings}
        given |= {f"fact_answered.{fact.key}" for fact in p.facts}
        given |= {f"fact_answered.{fact.key}.{answer}" for fact in p.facts for answer in fact.one_of}
        self.events = {*EVENTS, *MOMENTS, *STANDING_EVENTS, *(one.key for one in p.milestones), *answers, *given}
        self.acts = {*self.events, "close"}
        self.duties_of = {stage.key: {duty.key for duty in stage.duties} for stage in p.stages}
        self.duties = {duty.key for duty in p.duties}.union(*self.duties_of.values())
        self.gated = {*self.events, *self.duties, *self.decisions}
        self.concerns = {concern.key for concern in p.concerns}
        self.linked = {linked.key for linked in p.linked_cases}
        self.calendars = {"working_days", "calendar_days", *(calendar.key for calendar in p.calendars)}
        self.facts = {fact.key: fact.one_of for fact in p.facts}
        self.facts |= {decision.key: tuple(answer.key for answer in decision.answers) for decision in every}


Check = tuple[str, Callable[[Names, Rule], Collection[str]]]
"""What a field names, in words, and which such names there are."""


def _duties_beside(names: Names, rule: Rule) -> Collection[str]:
    stage = getattr(rule, "stage", None)
    return names.duties_of[stage] if stage else names.duties


WHO_WORD = "who-word (a role, a contact or what it `is`, or a party of the case)"

WHO = {
    "to", "or_else_to", "by", "tell", "tells", "filled_by", "stands_in", "appointed_by", "if_nobody", "also_tell",
    "asked_by", "decided_by", "excused_by", "may_see", "shown_to", "on_request_of", "through",
}  # fmt: skip
EVENT = {"met_by", "until", "again_after", "before", "starts_with", "ends_with", "as_given_in", "needed_to"}
STAGES = {"starts_at", "offers", "after_stage", "moves_to"}

PER_CASE = ("case", "head", "named_person", "young_person", "staff")
PER_PLACE = ("case", "home", "young_person", "staff")
"""What a standing duty is owed for: once by the provider (`case`), or for each of these."""

OF_EVERY_HEADING: tuple[tuple[set[str], Check], ...] = (
    (WHO, (WHO_WORD, lambda names, rule: names.who)),
    (STAGES, ("stage", lambda names, rule: names.stages)),
    (EVENT, ("event", lambda names, rule: names.acts)),
    ({"same_day_as", "gives_date_for"}, ("duty beside it", _duties_beside)),
    ({"concern", "raises"}, ("concern", lambda names, rule: names.concerns)),
    ({"of", "rolls_to"}, ("calendar", lambda names, rule: names.calendars)),
    ({"opens"}, ("linked case", lambda names, rule: names.linked)),
    ({"measures"}, ("measure", lambda names, rule: MEASURES)),
    ({"per"}, ("of which a case has one or more", lambda names, rule: PER_CASE)),
)  # fmt: skip
"""Keys that name the same sort of thing wherever they stand."""

OF_ONE_HEADING: dict[tuple[str, str], Check | None] = {
    ("WayOn", "to"): ("stage", lambda names, rule: names.stages),
    ("WayIn", "offers"): None,  # plain words for what a person may choose
    ("Period", "to"): None,
    ("Night", "until"): None,
    ("Calling", "then"): (WHO_WORD, lambda names, rule: names.who),
    ("NotificationRule", "by"): (WHO_WORD, lambda names, rule: {*names.who, LEAD}),
    ("Gate", "until"): ("event", lambda names, rule: names.gated),
    ("Gate", "holds_back"): ("event, duty or decision", lambda names, rule: names.gated),
    ("Reference", "given_at"): ("moment", lambda names, rule: {ALWAYS, FORMAL, *names.stages}),
    ("Reference", "pattern"): ("placeholder", lambda names, rule: PLACEHOLDERS),
    ("Reference", "on_clash"): ("placeholder", lambda names, rule: PLACEHOLDERS),
    ("PanelMembers", "role"): ("role", lambda names, rule: names.roles),
    ("Chair", "role"): ("role", lambda names, rule: names.roles),
    ("Report", "per"): ("of which a provider has one or more", lambda names, rule: ("case", "home")),
    ("StandingDuty", "report"): ("report", lambda names, rule: {one.key for one in names.procedure.reports}),
    ("StandingDuty", "per"): ("of which a provider has one or more", lambda names, rule: PER_PLACE),
    ("Decision", "presumed"): ("answer", lambda names, rule: names.facts[rule.key]),
}
"""Keys that mean something of their own under one heading; with None, nothing that has a name here."""


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
    shape: type = type(thing)
    for key, check in _checks(shape):
        value = getattr(thing, key)
        if not value or value is NO_CLOCK:
            continue
        if isinstance(value, str) or (isinstance(value, tuple) and isinstance(value[0], str)):
            if check is not None:
                what, known = check
                listed = (value,) if isinstance(value, str) else value
                words = [one for text in listed for one in placeholders(text)] if what == "placeholder" else listed
                yield from _all(words, key, what, known(names, rule))
        elif isinstance(value, Clock | Within | Deemed | LateStep | PanelMembers):
            yield from _inside(value, names, rule)
        elif isinstance(value, After):
            yield from _all(value.events, "after", "event", names.events)
            if value.no_later_than:
                yield from _all(value.no_later_than.after, "after", "event", names.events)
                yield from _inside(value.no_later_than.within, names, rule)
        elif isinstance(value, tuple) and dataclasses.is_dataclass(value[0]):
            if not isinstance(thing, Stage):  # what stands in a stage is a rule of its own
                for inner in value:
                    yield from _inside(inner, names, rule)
        elif isinstance(value, Condition):
            yield from _conditions(value, key, names, rule)
        elif dataclasses.is_dataclass(value) and not isinstance(value, Panel):
            yield from _inside(value, names, rule)
        elif key == "people":
            for part, ladder in value.items():
                yield from _all(ladder, part, "who-word", names.who)


@cache
def _checks(cls: type) -> tuple[tuple[str, Check | None], ...]:
    """The fields of a dataclass that can hold a name, or something that does; each with what it is held against."""
    found = []
    for key, kind in get_type_hints(cls).items():
        check = _check(cls.__name__, key)
        if check or key == "people" or any(dataclasses.is_dataclass(one) for one in _kinds(kind)):
            found.append((key, check))
    return tuple(found)


def _kinds(annotation: Any) -> Iterator[Any]:
    yield annotation
    for inner in get_args(annotation):
        yield from _kinds(inner)


def _check(kind: str, key: str) -> Check | None:
    """What one field's names are held against; None for a field that holds none."""
    if (kind, key) in OF_ONE_HEADING:
        return OF_ONE_HEADING[kind, key]
    return next((check for keys, check in OF_EVERY_HEADING if key in keys), None)


def _all(values: Iterable[str], key: str, what: str, known: Collection[str]) -> Found:
    for value in values:
        if value not in known:
            yield key, *_unknown(value, what, known)


def _conditions(condition: Condition, key: str, names: Names, rule: Rule) -> Found:
    words: dict[str, Callable[[], Collection[str]]] = {
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


@cache
def _numbered(prefix: str) -> re.Pattern[str]:
    """How a document with that prefix numbers its clauses."""
    return re.compile(rf"{re.escape(prefix)}-\d+[a-z]?")


def _clauses(rule: Rule, procedure: Procedure) -> Found:
    prefix = procedure.document.clauses
    if prefix and not rule.adopted_from and rule.source != "law":
        for clause in rule.clause:
            if not _numbered(prefix).fullmatch(clause):
                yield "clause", f"cites {clause!r}, no clause of this document", (f"{prefix}-1, {prefix}-2 ...",)


def _doubles(procedure: Procedure) -> Iterator[Dangling]:
    """Names given twice under one heading, and roles and contacts that share a name."""
    everything: list[tuple[str, Iterable[Any]]] = [
        (one.name, getattr(procedure, one.name)) for one in dataclasses.fields(procedure)
        if isinstance(getattr(procedure, one.name), tuple) and one.name not in ("adopts", "clauses")
    ]  # fmt: skip
    for stage in procedure.stages:
        everything += [(f"stage {stage.key}, {one}", getattr(stage, one)) for one in ("duties", "ways_on", "decisions")]
    everything += [(f"form {one.key}, its questions", one.questions) for one in procedure.forms]
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
