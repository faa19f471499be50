"""A procedure's clocks, made ready: what duties, notification rules and windows have in common, by stage.

Owns `Line` and `plan_of`, made once for each procedure. `clock.py` walks the plan for every case.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from heard.agreed import answers_wanted
from heard.conditions import may_lapse
from heard.counting import counted_how
from heard.derivation import Kind
from heard.procedure import After, Clock, Duty, NotificationRule, Procedure, Stage, WayOn, Within


@dataclass(frozen=True, slots=True)
class Line:
    """A rule with a clock, made ready to reckon: what the different headings call the same thing."""

    kind: Kind
    key: str
    rule: Duty | NotificationRule | WayOn
    clock: Clock
    to: tuple[str, ...]
    target: Within | None
    concerns: tuple[str, ...]
    by: tuple[str, ...]
    within: str
    counting: str
    may_lapse: bool
    agreed: frozenset[str]
    """The answers about consent that alone it counts from."""
    days: frozenset[str]
    """The calendars that it can count in: where none of these changes, its time does not."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A procedure's clocks: of the whole case, and of each stage."""

    procedure: Procedure
    case: tuple[Line, ...]
    stages: dict[str, tuple[Line, ...]]


ON_FINDING = After(events=("concern_found",))
_PLANS: dict[int, Plan] = {}


def plan_of(procedure: Procedure) -> Plan:
    """The procedure's clocks, made once for each procedure object."""
    plan = _PLANS.get(id(procedure))
    if plan is None or plan.procedure is not procedure:
        if len(_PLANS) > 256:
            _PLANS.clear()
        stages = {stage.key: tuple(_lines(procedure, _clocked(stage))) for stage in procedure.stages}
        whole: tuple[Duty | NotificationRule, ...] = (*procedure.duties, *procedure.notification_rules)
        case = tuple(_lines(procedure, whole))
        plan = _PLANS[id(procedure)] = Plan(procedure, case, stages)
    return plan


def _lines(procedure: Procedure, rules: Iterable[Duty | NotificationRule | WayOn]) -> Iterator[Line]:
    """The rules made ready, but for what is owed only to somebody whom this provider does not have."""
    nobody = {*procedure.provider.has_no}
    for line in (_line(procedure, one) for one in rules):
        if not line.to or not nobody.issuperset(line.to):
            yield line


def _clocked(stage: Stage) -> tuple[Duty | WayOn, ...]:
    return (*stage.duties, *(way for way in stage.ways_on if way.clock.within is not None))


def _line(procedure: Procedure, rule: Duty | NotificationRule | WayOn) -> Line:
    clock, target = rule.clock, procedure.counting.promptly.get(rule.clock.promptly) if rule.clock.promptly else None
    kind: Kind = (
        "notification" if isinstance(rule, NotificationRule) else "duty" if isinstance(rule, Duty) else "window"
    )
    concerns = rule.concern if isinstance(rule, NotificationRule) else ()
    key = f"ask_for_{rule.to}" if isinstance(rule, WayOn) else rule.key
    to = rule.asked_by if isinstance(rule, WayOn) else rule.tell if isinstance(rule, NotificationRule) else rule.to
    by = rule.asked_by if isinstance(rule, WayOn) else rule.by
    counting = counted_how(procedure, clock, target)
    return Line(
        kind, key, rule, clock, to, target, concerns, by, _within(clock, target), counting, may_lapse(rule.only_if),
        answers_wanted(clock), frozenset(_days(procedure, rule, target)),
    )  # fmt: skip


def _days(procedure: Procedure, rule: Duty | NotificationRule | WayOn, target: Within | None) -> Iterator[str]:
    """Every calendar that some length of the rule counts in."""
    clock, counting = rule.clock, procedure.counting
    if clock.same_day_as:  # whatever the other duty counts in
        yield from ("working_days", *(one.key for one in procedure.calendars))
    lengths = [clock.within, clock.every, clock.at_least, target, rule.remind if isinstance(rule, WayOn) else None]
    for longer in (clock.extension, counting.extension_of_any):
        lengths += [longer.to, longer.by] if longer else []
    if clock.after and clock.after.no_later_than:
        lengths.append(clock.after.no_later_than.within)
    starts = (*(clock.after.events if clock.after else ()), *clock.again_after)
    if "response_received" in starts:
        lengths += counting.deemed_received.values()
    for length in lengths:
        for one in (length, length.otherwise) if length else ():
            yield from (key for key in (one.calendar, one.rolls_to) if key) if one else ()


def _within(clock: Clock, target: Within | None) -> str:
    if clock.same_day_as:
        return f"the same day as {clock.same_day_as}"
    if clock.every:
        return f"every {clock.every}"
    if clock.before:
        return f"at least {clock.at_least} before {clock.before}" if clock.at_least else f"before {clock.before}"
    if clock.within is not None:
        return str(clock.within)
    if clock.promptly:
        word = clock.promptly.replace("_", " ")
        return f"{word} (house target: {target})" if target else word
    return "no time limit"
