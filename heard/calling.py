"""Who is called, one after the other, until somebody answers.

Owns `ladder`: on call first, deputies, the rule's own steps, and always a body outside at the end.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from heard.casefile import CaseState
from heard.exclusions import struck
from heard.procedure import NotificationRule, Procedure, Within
from heard.roster import Roster
from heard.whom import Recipient, expand

LAST_RESORTS = ("safeguarding_partnership", "mash", "local_authority", "lado", "police")
"""The sorts of bodies outside that a call ends with, the first choice first."""


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of a call: so many seconds after it began, this one is called."""

    after_seconds: int
    who: Recipient


def _seconds(length: Within | None) -> int:
    if length is None or length.unit is None:
        return 0
    each = {"minutes": 60, "hours": 3600, "months": 30 * 86400, "years": 365 * 86400}.get(length.unit, 86400)
    return length.amount * each


def ladder(procedure: Procedure, state: CaseState, roster: Roster, rule_key: str, now: datetime) -> tuple[Rung, ...]:
    """Who is called for a notification rule, in order. Raises KeyError for a rule the procedure does not have.

    On call first, then the other holders, deputies, and the rule's `if_late` steps at their times; no struck person;
    the last is always an outside body, if the procedure names one.
    """
    rule = procedure.notification_rule(rule_key)
    out = struck(procedure, state, roster)
    rungs: list[Rung] = []
    called: set[str] = set()
    every = _seconds(rule.until_answered.again_every) if rule.until_answered else 0

    def call(words: Sequence[str], starting: int) -> None:
        after, seen = starting, set[str]()
        for word in words:
            ranked = [one for one, _ in expand(procedure, state, roster, word, now, seen) if one.key not in out]
            ranked.sort(key=lambda one: one.kind == "person" and roster.is_away(one.key, now))
            for one in ranked:
                if one.key not in called:
                    called.add(one.key)
                    rungs.append(Rung(after, one))
                    after += every

    call(rule.tell, 0)
    due = _due_seconds(procedure, rule)
    for step in rule.clock.if_late:
        call(step.tell, due + _seconds(step.further))
    _end_outside(procedure, rungs, called, every)
    rungs.sort(key=lambda rung: rung.after_seconds)
    earliest = rungs[0].after_seconds if rungs else 0
    return tuple(Rung(rung.after_seconds - earliest, rung.who) for rung in rungs)


def _due_seconds(procedure: Procedure, rule: NotificationRule) -> int:
    prompt = procedure.counting.promptly.get(rule.clock.promptly) if rule.clock.promptly else None
    return _seconds(prompt or rule.clock.within)


def _end_outside(procedure: Procedure, rungs: list[Rung], called: set[str], every: int) -> None:
    """A call that stays inside the house ends with a body outside it."""
    last = max((rung.after_seconds for rung in rungs), default=0)
    at_end = [rung for rung in rungs if rung.after_seconds == last]
    if rungs and at_end[-1].who.kind == "contact":
        return
    for kind in LAST_RESORTS:
        contact = next((one for one in procedure.contacts if one.is_ == kind), None)
        if contact is not None and contact.key not in called:
            rungs.append(Rung(last + (every if rungs else 0), Recipient("contact", contact.key, contact.key)))
            return
    outside = [rung for rung in rungs if rung.who.kind == "contact"]
    if outside:  # every body outside stands earlier on the ladder: the last one is called once more
        rungs.append(Rung(last + every, outside[-1].who))
