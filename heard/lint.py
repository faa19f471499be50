"""What is broken, weaker than law or left open in a procedure, each a sentence for whoever wrote it.

Runs after a file has been read without faults: `heard policy check`, the portal's policy page, the conformance test.
Nothing here stops a procedure but what is `broken`; a provider's own words may well be weaker than we should like.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from heard.procedure import Duty, Procedure, Stage
from heard.references import Names
from heard.when import Within
from heard.who import Rule

Severity = Literal["broken", "weaker", "missing", "note"]
LEAD = "designated_safeguarding_lead"
DAYS_IN = {
    "working_days": 7 / 5, "calendar_days": 1.0, "days": 1.0, "hours": 1 / 24, "minutes": 1 / 1440, "months": 30.4,
    "years": 365.25,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing to know about a procedure. Only `broken` keeps it from being used."""

    severity: Severity
    sentence: str
    line: int = 0
    clause: tuple[str, ...] = ()


def lint(
    procedure: Procedure, *, today: date, baseline: Procedure | None = None, installed: Collection[str] = ()
) -> tuple[Remark, ...]:
    """Every remark on a procedure, the gravest first.

    `today` is what an overdue review is held against; `baseline` is the statutory procedure to compare lengths with;
    `installed` are the keys of the procedures that a way in may pass a report on to.
    """
    checks: list[Callable[[Procedure], Iterator[Remark]]] = [
        _safeguarding, _ways_through, _ladders, _rules, _contacts, _coverage, _forms,
    ]  # fmt: skip
    remarks = [remark for check in checks for remark in check(procedure)]
    remarks += _age(procedure, today)
    remarks += _passed_on(procedure, installed)
    if baseline and baseline.key != procedure.key:
        remarks += _against(procedure, baseline)
    gravity = {"broken": 0, "weaker": 1, "missing": 2, "note": 3}
    return tuple(sorted(remarks, key=lambda remark: (gravity[remark.severity], remark.line)))


def _on(rule: Rule, severity: Severity, sentence: str) -> Remark:
    return Remark(severity, sentence, rule.line, rule.clause)


def _safeguarding(p: Procedure) -> Iterator[Remark]:
    """Whether somebody is told, somebody can take their place, and nothing of it can pause."""
    lead = next((role for role in p.roles if role.key == LEAD), None)
    if lead is None:
        yield Remark("broken", f"No role `{LEAD}`: nobody would be called when a report cannot wait.")
    elif not (lead.stands_in or lead.filled_by):
        yield _on(lead, "weaker", f"Nobody stands in for {lead.name}: name a deputy, or a body outside.")
    if not any(rule.adopted_from and "lado" in rule.tell for rule in p.notification_rules):
        yield Remark("weaker", "No adopted law tells the LADO within one working day: adopt `working_together`.")
    told = {concern for rule in p.notification_rules for concern in rule.concern}
    for concern in p.concerns:
        if concern.key not in told:
            yield _on(concern, "weaker", f"Nobody is told of `{concern.key}`: no notification rule names it.")
    called = {concern for rule in p.notification_rules if LEAD in rule.tell for concern in rule.concern}
    for concern in p.concerns:
        if concern.key in told - called:
            yield _on(concern, "weaker", f"`{concern.key}` is told outside, but the safeguarding lead is not called.")
    for rule in p.notification_rules:
        if rule.clock.pauses:
            yield _on(rule, "broken", f"`{rule.key}` pauses; telling about a concern never does.")


def _ways_through(p: Procedure) -> Iterator[Remark]:
    """Whether every report finds a way in, and every stage a way out."""
    if all(way.only_if for way in p.ways_in):
        yield Remark("broken", "Each way in has a condition: a report that fits none would have nowhere to go.")
    entered = entered_later(p)
    first = {way.starts_at for way in p.ways_in} | {linked.starts_at for linked in p.linked_cases}
    for stage in p.stages:
        leads_on = stage.ways_on or any(answer.moves_to for decision in stage.decisions for answer in decision.answers)
        if stage.settles and not (stage.final or leads_on):
            yield _on(stage, "broken", f"{stage.name} has no way out: give it a way on, or say that it is `final`.")
        if stage.key not in entered | first:
            yield _on(stage, "weaker", f"Nothing leads to {stage.name}.")
        if stage.final and not any(contact.offered for contact in p.contacts):
            yield _on(stage, "weaker", f"After {stage.name} nobody outside is offered.")
        for duty in stage.duties:
            if duty.clock.after and "received" in duty.clock.after.events and stage.key in entered:
                late = f"yet {stage.name} can be entered long after: count from `stage_opened`."
                yield _on(duty, "weaker", f"`{duty.key}` counts from receipt, {late}")


def _passed_on(p: Procedure, installed: Collection[str]) -> Iterator[Remark]:
    """Whether somebody is there to take what a way in passes on."""
    known = {*Names(p).who, *installed}
    for way in p.ways_in:
        if way.passes_to and way.passes_to not in known:
            yield _on(way, "weaker", f"`{way.key}` passes on to {way.passes_to!r}, which nobody here answers to.")


def entered_later(p: Procedure) -> set[str]:
    """Stages that a case can come to from another stage."""
    ways = {way.to for stage in p.stages for way in stage.ways_on}
    decisions = [*p.decisions, *(decision for stage in p.stages for decision in stage.decisions)]
    return ways | {answer.moves_to for decision in decisions for answer in decision.answers if answer.moves_to}


def _ladders(p: Procedure) -> Iterator[Remark]:
    """Whether a route can end at the person complained about, or come back to whoever decided before."""
    def outside(word: str) -> bool:
        roles = {role.key: role for role in p.roles}
        return word not in roles or roles[word].outside or any(outside(next_) for next_ in roles[word].filled_by)

    if not any(outside(word) for word in p.conflicts.if_nobody):
        stuck = "a complaint about everybody who could handle it would be handled by nobody"
        yield _on(p.conflicts, "weaker", f"[conflicts] if_nobody names nobody outside: {stuck}.")
        for stage in p.stages:
            for part in stage.judges:
                if part in stage.people and not any(outside(word) for word in stage.people[part]):
                    ladder_ends = f"who {part} can be the person it is about, and nobody outside is on the ladder"
                    yield _on(stage, "broken", f"{stage.name}: {ladder_ends}.")
    holders: dict[str, list[str]] = {}
    for role in p.roles:
        if role.named:
            holders.setdefault(role.named, []).append(role.name)
        if role.must_be_filled and not role.named:
            yield _on(role, "note", f"{role.name} must be filled before going live.")
    for name, roles in holders.items():
        if len(roles) > 1:
            many = f"{name} holds {len(roles)} roles ({', '.join(roles)})"
            yield Remark("weaker", f"{many}: a complaint about that person leaves each of them to somebody else.")
    judged: dict[str, Stage] = {}
    for stage in (one for one in p.stages if one.settles):
        ladders = {part: stage.people.get(part, ()) for part in stage.judges}
        for part, ladder in ladders.items():
            earlier = judged.get(ladder[0]) if ladder else None
            if earlier:
                before = f"who {part} already judged {earlier.name}, and will be passed over for the next on the ladder"
                yield _on(stage, "weaker", f"{stage.name}: {before}.")
        for ladder in ladders.values():
            if ladder:
                judged.setdefault(ladder[0], stage)


def _rules(p: Procedure) -> Iterator[Remark]:
    """Whether each rule says what it keeps."""
    for rule in p.rules():
        if isinstance(rule, Duty) and rule.source == "policy" and not rule.clause:
            yield _on(rule, "weaker", f'`{rule.key}` cites no clause; is it `source = "house default"`?')
        if isinstance(rule, Duty) and not rule.clock.runs:
            yield _on(rule, "broken", f"`{rule.key}` never falls due: no length, no date, nothing to come before.")
        if isinstance(rule, Duty) and not rule.says:
            yield _on(rule, "weaker", f"`{rule.key}` has no sentence (`says`) to show to people.")


def _contacts(p: Procedure) -> Iterator[Remark]:
    """What is missing, stale or unchecked in the contacts."""
    told = {word for rule in p.notification_rules for word in rule.tell}
    for contact in p.contacts:
        if not contact.reachable:
            heavy = ", and a rule must tell them" if contact.key in told or contact.is_ in told else ""
            why = "; ".join(contact.missing) or "no number, address or e-mail"
            yield _on(contact, "missing", f"{contact.name} cannot be reached{heavy}: {why}.")
        elif contact.missing:
            yield _on(contact, "missing", f"{contact.name}: {'; '.join(contact.missing)}.")
        if contact.reachable and contact.verified_on is None:
            yield _on(contact, "note", f"{contact.name}: nobody has checked yet that this is right.")


def _coverage(p: Procedure) -> Iterator[Remark]:
    """Clauses between the first and the last cited that no rule and no note keeps."""
    prefix = p.document.clauses
    if not prefix:
        return
    cited = cited_clauses(p)
    numbers = [int(found[1]) for clause in cited if (found := re.match(rf"{re.escape(prefix)}-(\d+)", clause))]
    for number in range(1, max(numbers, default=0) + 1):
        if number not in numbers:
            yield Remark("weaker", f"{prefix}-{number} is kept by no rule; add one, or say under [[clauses]] who does.")


def cited_clauses(p: Procedure) -> set[str]:
    """Every clause that a rule or a `[[clauses]]` note names."""
    return {clause for rule in p.rules() for clause in rule.clause} | {note.id for note in p.clauses}


def _forms(p: Procedure) -> Iterator[Remark]:
    """Conditions that ask for a word which no form of this provider offers."""
    offered = {"complainant": p.words.complainants, "channel": p.words.channels}
    for rule in p.rules():
        for test in rule.only_if.walk() if rule.only_if and not rule.adopted_from else ():
            for word in test.wants if isinstance(test.wants, tuple) and offered.get(test.key) else ():
                if word not in offered[test.key]:
                    yield _on(rule, "weaker", f"`{rule.key}` asks for {test.key} {word!r}, which no form offers.")


def _age(p: Procedure, today: date) -> Iterator[Remark]:
    """Whether the document says when it was written, and whether its own review is overdue."""
    if p.document.dated is None:
        yield Remark("note", "The document bears no date.")
    for duty in p.standing_duties:
        length = duty.clock.every or duty.clock.within
        events = duty.clock.after.events if duty.clock.after else ()
        if length and {"adopted", "policy_reviewed"} & {*events}:
            since = duty.clock.first_from or p.document.dated or p.document.in_force_from
            if (today - since).days > in_days(length):
                yield _on(duty, "weaker", f"The document's review is overdue: it was due {length} after {since}.")


def in_days(length: Within) -> float:
    """A length in days, roughly: good enough to say which of two is longer, never to reckon a due moment."""
    return length.amount * DAYS_IN[length.unit] if length.unit else 0.0


def _against(p: Procedure, baseline: Procedure) -> Iterator[Remark]:
    """Stage by stage, an answer later or a window shorter than in the statutory procedure."""
    mine = [stage for stage in p.stages if stage.formal or stage.final]
    for stage, measure in zip(mine, [one for one in baseline.stages if one.formal], strict=False):
        for theirs in measure.duties:
            own = next((duty for duty in stage.duties if duty.key == theirs.key), None)
            length = _length(stage, own) if own else None
            if own is None or theirs.clock.strength != "must" or not (length and theirs.clock.within):
                continue
            if in_days(length) > in_days(theirs.clock.within):
                longer = f"`{own.key}` takes {length}; the statutory procedure allows {theirs.clock.within}"
                yield _on(own, "weaker", f"{stage.name}: {longer}.")
        for way, open_ in zip(stage.ways_on, measure.ways_on, strict=False):
            if way.clock.within and open_.clock.within and in_days(way.clock.within) < in_days(open_.clock.within):
                shorter = f"the window to go on is {way.clock.within}; the statutory one is {open_.clock.within}"
                yield _on(way, "weaker", f"{stage.name}: {shorter}.")


def _length(stage: Stage, duty: Duty) -> Within | None:
    """How long a duty takes, its own length or that of the duty whose day it shares."""
    return stage.duty(duty.clock.same_day_as).clock.within if duty.clock.same_day_as else duty.clock.within
