"""Time, when there is not enough of it: taking longer, letting a duty go, saying why something is late.

Owns three commands. The first due day is never overwritten; what was given on top stands beside it.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from heard.casefile import WHOLE_CASE
from heard.clock import due_of
from heard.commands import Asked, Refused, command, contents, ground, holds_word, need, needs, told_of_it
from heard.derivation import Due
from heard.handling import find_duty
from heard.instants import day_of, london_day
from heard.ledger import NewHappening
from heard.lengths import end
from heard.procedure import Duty, Extension
from heard.public_view import is_promised
from heard.vocabulary import PARTIES


@command("extend")
def extend(asked: Asked) -> tuple[NewHappening, ...]:
    """Take longer than the rule's time: on a listed reason, with what it needs, within its cap."""
    key = str(need(asked.data, "duty", "which duty"))
    duty = find_duty(asked, key)
    rule = (duty.clock.extension or asked.state.procedure.counting.extension_of_any) if duty else None
    if duty is None or rule is None:
        raise Refused(
            "The procedure allows no more time for this.", duty.clause if duty else (), "Answer in time, or late."
        )
    reason = ground(asked, rule.reasons, duty.clause)
    met = needs(asked, rule.needs, duty.clause)
    contents(asked, _as_duty(rule, duty))
    due = next(iter(due_of(asked.state, asked.calendars, asked.now, key, duty.stage)), None)
    if due is None or due.status not in ("running", "late", "paused") or due.starts is None:
        raise Refused("This duty is not running.", duty.clause, "Only a running duty can be given more time.")
    visit = next((v.number for v in reversed(asked.state.visits) if v.stage == duty.stage), WHOLE_CASE)
    before = asked.state.extensions.get((visit, key), ())
    if rule.times is not None and len(before) >= rule.times:
        raise Refused(
            f"It has been given more time {rule.times} time(s), which is all there is.", duty.clause, "Answer."
        )
    if rule.granted_within is not None:
        until = end(rule.granted_within, due.starts, asked.calendars).due_at
        if until is not None and asked.now >= until:
            raise Refused(
                f"More time had to be taken within {rule.granted_within}.", duty.clause, "Answer late, and say why."
            )
    said = _new_date(asked, duty, rule, due)
    tell = ["complainant"] if asked.state.screened and is_promised(asked.state, due) else None
    return (asked.event("extended", stage=duty.stage, duty=key, until=said.isoformat(), reason=reason, needs_met=met,
                        of_case=True if duty.stage is None else None, tell=tell),)  # fmt: skip


def _as_duty(rule: Extension, duty: Duty) -> Any:
    """An extension's own contents, under the clause of the duty it belongs to."""
    return Duty(key=duty.key, says=duty.says, clause=duty.clause, contains=rule.contains)


def _new_date(asked: Asked, duty: Duty, rule: Extension, due: Due) -> date:
    start = due.starts or asked.now
    cap: date | None = None
    if rule.to is not None:
        limit = end(rule.to, start, asked.calendars, due.derivation.pauses).due
        cap = _day(limit)
    elif rule.by is not None and due.due_at is not None:
        length = rule.by
        from_day = _day(due.due) or london_day(due.due_at)
        limit = (asked.calendars[length.calendar].add(from_day, length.amount).due if length.calendar
                 else end(length, due.due_at, asked.calendars).due)  # fmt: skip
        cap = _day(limit)
    said = day_of(asked.data["until"]) if asked.data.get("until") else cap
    if said is None:
        raise Refused("This needs the new date.", duty.clause, "Give the date ('until').")
    if cap is not None and said > cap:
        raise Refused(f"The latest that the procedure allows is {cap:%-d %B %Y}.", duty.clause, "Give an earlier date.")
    now_due = _day(due.due)
    if said < london_day(asked.now) or (now_due is not None and said <= now_due):
        raise Refused("More time ends later than the time there was.", duty.clause, "Give a later date.")
    return said


def _day(due: date | datetime | None) -> date | None:
    """The London day of a due moment; a clock of hours ends at an instant."""
    return london_day(due) if isinstance(due, datetime) else due


@command("excuse")
def excuse(asked: Asked) -> tuple[NewHappening, ...]:
    """Let a duty go on one of its own grounds; recorded, and whoever must hear of it is told."""
    key = str(need(asked.data, "duty", "which duty"))
    duty = find_duty(asked, key)
    if duty is None or not duty.clock.excused_if:
        raise Refused("The procedure does not let this go.", duty.clause if duty else (), "Do it, late if it must be.")
    said = ground(asked, duty.clock.excused_if, duty.clause, "ground")
    instead = asked.state.procedure.conflicts.if_nobody if duty.clock.excused_by else ()
    writes_it_down = ("handler",) if {*PARTIES} & {*duty.clock.excused_by} else ()  # what the child says, staff record
    holds_word(asked, (*duty.clock.excused_by, *writes_it_down, *instead), duty.clause, "let this go")
    tells = duty.clock.if_excused.tell if duty.clock.if_excused else ()
    instance = asked.data.get("instance")
    return (asked.event("duty_excused", stage=duty.stage, duty=key, instance=instance, ground=said,
                        of_case=True if duty.stage is None else None,
                        **told_of_it(asked, tells, instance)),)  # fmt: skip


@command("explain_lateness")
def explain_lateness(asked: Asked) -> tuple[NewHappening, ...]:
    """Say why something is late. Changes no date."""
    key = need(asked.data, "duty", "which duty")
    return (asked.event("lateness_explained", duty=key, reason=need(asked.data, "reason", "the reason")),)
