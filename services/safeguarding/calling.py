"""The ladder of calls: who is called about an alert, when the next call falls due, and who may answer.

Pure. The order and the intervals are the procedure's (`until_answered`, `if_late`), the persons come from who is who
at that moment, and nobody the report is or may be about is ever among them. Calls go on until somebody answers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from heard.calling import LAST_RESORTS
from heard.casefile import CaseState
from heard.people import LEAD, Recipient, Roster, Rung, ladder, recipients, struck, viewers
from heard.procedure import NotificationRule, Procedure, Within
from services.safeguarding.screen import PRIORITIES

_SECONDS = {"minutes": 60, "hours": 3600}


@dataclass(frozen=True, slots=True)
class Call:
    """One call that was made: `key` is a person's id or, with `outside`, the key of a contact."""

    key: str
    outside: bool
    at: datetime
    failed: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """Whom to call now, in order, and when to look again."""

    now: tuple[Recipient, ...]
    next_at: datetime


def rule_for(procedure: Procedure, concerns: Sequence[str]) -> NotificationRule | None:
    """The rule that an alert is called by: it tells somebody inside until they answer; for these concerns if it can."""
    inside = {role.key for role in procedure.roles if not role.outside}
    calling = [rule for rule in procedure.notification_rules if rule.until_answered and inside & set(rule.tell)]
    return min(calling, key=lambda rule: (set(rule.concern).isdisjoint(concerns), LEAD not in rule.tell), default=None)


def rungs(
    procedure: Procedure, state: CaseState, roster: Roster, rule: NotificationRule | None, at: datetime
) -> tuple[Rung, ...]:
    """The ladder as it stands. A procedure without a calling rule has its lead and then the first body outside."""
    if rule is not None:
        return ladder(procedure, state, roster, rule.key, at)
    found = [one for one in recipients(procedure, state, roster, [LEAD], at) if one.kind != "party"]
    outside = next((c for kind in LAST_RESORTS for c in procedure.contacts if c.is_ == kind), None)
    if outside is not None and outside.key not in {one.key for one in found}:
        found.append(Recipient("contact", outside.key, outside.key))
    every = int(interval(procedure, rule).total_seconds())
    return tuple(Rung(n * every, one) for n, one in enumerate(found))


def interval(procedure: Procedure, rule: NotificationRule | None) -> timedelta:
    """How long until the call is made again. Without a calling rule: a sixth of the house's 'immediately'."""
    if rule is not None and rule.until_answered is not None:
        return _length(rule.until_answered.again_every)
    prompt = procedure.counting.promptly.get("immediately")
    return _length(prompt) / 6 if prompt else timedelta(minutes=10)


def _length(within: Within) -> timedelta:
    return timedelta(seconds=within.amount * _SECONDS.get(within.unit or "", 86_400))


def plan(ladder_: Sequence[Rung], made: Sequence[Call], raised_at: datetime, every: timedelta, now: datetime) -> Plan:
    """Whom to call at `now`, given the calls made so far.

    Each rung is called when its time has come, or at once when the call before could not be delivered; when a whole
    interval passed without a new rung, those already called are called again in turn. After a pause in which several
    fell due, each is called once.
    """
    called = {call.key for call in made}
    due = [rung.who for rung in ladder_ if rung.who.key not in called and raised_at + _after(rung) <= now]
    still = {rung.who.key: rung.who for rung in ladder_}
    last = max((call.at for call in made), default=None)
    if not due and made and made[-1].failed:
        due = [rung.who for rung in ladder_ if rung.who.key not in called][:1]
    if not due and last is not None and last + every <= now and still:
        times = {key: sum(call.key == key for call in made) for key in still if key in called}
        again = min(times, key=lambda key: (times[key], list(still).index(key)), default=None)
        due = [still[again]] if again else []
    later = [raised_at + _after(rung) for rung in ladder_ if raised_at + _after(rung) > now]
    return Plan(tuple(due), min([now + every if due or last is None else max(last + every, now), *later]))


def _after(rung: Rung) -> timedelta:
    return timedelta(seconds=rung.after_seconds)


def may_see(
    procedure: Procedure, state: CaseState, roster: Roster, made: Sequence[Call], now: datetime
) -> dict[str, str]:
    """Who may see the record, and why: the cleared lead, and whoever was called and is still there; never a subject."""
    out = struck(procedure, state, roster)
    place = state.received.get("provider"), state.received.get("home")
    seen = {
        call.key: "called"
        for call in made
        if not call.outside and call.key not in out and roster.roles_of(call.key, now, *place)
    }
    return seen | {person: "lead" for person in viewers(procedure, state, roster, now, screened=False)}


def higher(a: str, b: str) -> str:
    """The more pressing of two priorities."""
    return max(a, b, key=PRIORITIES.index)
