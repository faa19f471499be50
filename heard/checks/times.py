"""Whether each clock can start and end, fits the clock beside it, and says which days it counts."""

from __future__ import annotations

from collections.abc import Iterator

from heard.checks.remark import Remark, on
from heard.procedure import Duty, NotificationRule, Procedure, Stage, StandingDuty, Within
from heard.standing_rules import makes_a_report, standing_rules
from heard.standing_times import OF_A_HOME

DAYS_IN = {
    "working_days": 7 / 5, "calendar_days": 1.0, "days": 1.0, "hours": 1 / 24, "minutes": 1 / 1440, "months": 30.4,
    "years": 365.25,
}  # fmt: skip
WITH_PANEL = {"panel_met", "panel_formed", "panel_arranged", "panel_date"}
WITH_ANSWER = {"responded", "response_received"}
BEGINNING = {"stage_opened", "received", "acknowledged"}


def rough_days(length: Within | None, p: Procedure) -> float:
    """A length in days, roughly: good enough to say which of two is longer, never to reckon a due moment."""
    if length is None:
        return 0.0
    if length.unit is None:
        return rough_days(length.otherwise, p)
    own = next((one for one in p.calendars if length.unit == "days" and one.key == length.of), None)
    if own is not None:
        return length.amount * 7 / max(1, len(own.open_on))
    return length.amount * DAYS_IN[length.of if length.unit == "days" and length.of in DAYS_IN else length.unit]


def every_duty(p: Procedure) -> list[Duty]:
    """The duties of every stage, then those of the whole case."""
    return [*(duty for stage in p.stages for duty in stage.duties), *p.duties]


def length_of(stage: Stage, duty: Duty) -> Within | None:
    """How long a duty takes: its own length, or that of the duty whose day it shares."""
    return stage.duty(duty.clock.same_day_as).clock.within if duty.clock.same_day_as else duty.clock.within


def clocks(p: Procedure) -> Iterator[Remark]:
    """Each clock by itself, then the clocks of a stage beside each other."""
    rules: list[Duty | NotificationRule] = [*every_duty(p), *p.notification_rules]
    for rule in rules:
        yield from _starts(rule)
        longer = rule.clock.extension.to if rule.clock.extension else None
        if longer and rough_days(longer, p) < rough_days(rule.clock.within, p):
            shorter = f"`{rule.key}` can be made longer to {longer}, which is shorter than its {rule.clock.within}"
            whole = "`to` is the whole time from the same start; write `by` for what is added."
            yield on(rule, "weaker", f"{shorter}.", whole)
    for duty in p.standing_duties:
        yield from _standing(duty)
        yield from _of_another_place(duty, p)
    for stage in p.stages:
        yield from _windows(stage, p)
        yield from _panel(stage, p)


def _starts(rule: Duty | NotificationRule) -> Iterator[Remark]:
    clock = rule.clock
    if not clock.runs:
        never = f"`{rule.key}` never falls due: no length, no date, nothing to come before."
        yield on(rule, "broken", never, "Say `within`, `promptly`, `every`, `before` or `same_day_as`.")
    elif not (clock.after or clock.before or clock.same_day_as or clock.again_after or getattr(rule, "concern", ())):
        start = '"stage_opened"' if getattr(rule, "stage", None) else '"received"'
        since = f"`{rule.key}` says how long and not from when, so that it never falls due."
        yield on(rule, "broken", since, f"Say what it counts from, for instance after = {start}.")


def _standing(duty: StandingDuty) -> Iterator[Remark]:
    if not duty.clock.every and not (duty.clock.within and duty.clock.after):
        never = f"`{duty.key}` never falls due: it says neither how often nor how long after which event."
        yield on(duty, "broken", never, 'Say `every`, or `within` and `after`, for instance after = "admitted".')


def _of_another_place(duty: StandingDuty, p: Procedure) -> Iterator[Remark]:
    """A duty that follows a report which is made somewhere else: in another book, so that it would never begin."""
    made = {rule.report: rule for rule in standing_rules(p) if makes_a_report(rule)}
    maker = made.get(duty.report) if duty.clock.every is None else None
    if maker is not None and (duty.per in OF_A_HOME) is not (maker.per in OF_A_HOME):
        never = f"`{duty.key}`, owed {_where(duty)}, follows a report that is made {_where(maker)}: it never begins."
        yield on(duty, "broken", never, "Give both the same `per`.")


def _where(rule: StandingDuty) -> str:
    return "by each home" if rule.per in OF_A_HOME else "once by the provider"


def _windows(stage: Stage, p: Procedure) -> Iterator[Remark]:
    """The complainant's time to go on, beside the time that the answer may take."""
    answers = [duty for duty in stage.duties if {*duty.clock.met_by[:1]} & WITH_ANSWER]
    slowest = max(answers, key=lambda duty: rough_days(length_of(stage, duty), p), default=None)
    for way in stage.ways_on:
        window, after = way.clock.within, way.clock.after
        if window is None or way.back:
            continue
        if after is None:
            since = f"{stage.name}: the time to ask for {p.stage(way.to).name} says how long and not from when."
            yield on(way, "weaker", since, 'Count from the answer: after = "response_received".')
        elif slowest and {*after.events} & BEGINNING and rough_days(window, p) <= rough_days(
            length_of(stage, slowest), p
        ):  # fmt: skip
            shut = f"{stage.name}: the time to go on ({window}) can be over before `{slowest.key}` is due"
            begins = 'Count from the answer (after = "response_received"), or make it longer than the answer takes.'
            yield on(way, "weaker", f"{shut} ({length_of(stage, slowest)}).", begins)
        if way.remind and rough_days(way.remind, p) >= rough_days(window, p):
            late = f"{stage.name}: the reminder ({way.remind}) is as long as the time it reminds of ({window})."
            yield on(way, "weaker", late, "`remind` is how long before the end somebody is reminded: make it shorter.")


def _panel(stage: Stage, p: Procedure) -> Iterator[Remark]:
    """A panel that the stage waits for, and the notice it has to give."""
    meets = next((duty for duty in stage.duties if "panel_met" in duty.clock.met_by and duty.clock.within), None)
    for duty in stage.duties:
        clock = duty.clock
        waits = {*(clock.after.events if clock.after else ()), clock.before or "", *clock.met_by} & WITH_PANEL
        if waits and stage.panel is None:
            absent = f"{stage.name}: `{duty.key}` waits for a panel, and the stage has none."
            yield on(duty, "weaker", absent, "Add [stages.panel], or count from something that happens here.")
        notice = clock.at_least if clock.before == "panel_date" else None
        if notice and meets and rough_days(notice, p) >= rough_days(meets.clock.within, p):
            cannot = f"`{duty.key}` needs {notice} before the panel, which must meet within {meets.clock.within}"
            less = "Ask for less notice, or give the panel longer."
            yield on(duty, "weaker", f"{stage.name}: {cannot}.", less)


def days_unnamed(p: Procedure) -> Iterator[Remark]:
    """A count of plain days in a document that nowhere says which days it means."""
    if p.counting.clause or p.counting.reading:
        return
    for rule in every_duty(p):
        length = rule.clock.within
        plain = length is not None and length.calendar == "calendar_days" and length.amount > 1
        if plain and rule.source == "policy" and not (rule.reading or rule.adopted_from):
            unnamed = f"`{rule.key}` counts {length}, and nothing says that the document means those."
            name = "Name the point in `reading`, or let [counting] cite the clause that says what its days are."
            yield on(rule, "note", unnamed, name)
