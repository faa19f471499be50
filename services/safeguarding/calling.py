"""The ladder of calls: who is called about an alert, when the next call falls due, and who may answer.

Pure. The order and the intervals are the procedure's (`until_answered`, `if_late`, `[calling]`), the persons come from
who is who at that moment, and nobody the report is or may be about is ever among them. Calls go on until somebody
answers; who says that they cannot is passed over at once.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from heard.calling import LAST_RESORTS, called_roles, pace, seconds
from heard.casefile import CaseState
from heard.people import Recipient, Roster, Rung, kept_from_calls, ladder, recipients, viewers
from heard.procedure import NotificationRule, Procedure
from heard.vocabulary import LEAD


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
    procedure: Procedure,
    state: CaseState,
    roster: Roster,
    rule: NotificationRule | None,
    at: datetime,
    priority: str | None = None,
) -> tuple[Rung, ...]:
    """The ladder as it stands. A procedure without a calling rule has its lead and then the first body outside."""
    if rule is not None:
        return ladder(procedure, state, roster, rule.key, at, priority)
    out = kept_from_calls(procedure, state, roster, at)
    found = [one for one in recipients(procedure, state, roster, [LEAD], at) if one.kind != "party"]
    found = [one for one in found if one.key not in out]
    outside = next((c for kind in LAST_RESORTS for c in procedure.contacts if c.is_ == kind), None)
    if outside is not None and outside.key not in {one.key for one in found}:
        found.append(Recipient("contact", outside.key, outside.key))
    every = int(interval(procedure, state, rule, at, priority).total_seconds())
    return tuple(Rung(n * every, one) for n, one in enumerate(found))


def interval(
    procedure: Procedure, state: CaseState, rule: NotificationRule | None, now: datetime, priority: str | None = None
) -> timedelta:
    """How long until the call is made again. Where nothing says it: a sixth of the house's 'immediately'."""
    every = pace(procedure, state, rule, now, priority)
    return timedelta(seconds=every or seconds(procedure.counting.promptly.get("immediately")) / 6 or 600)


def plan(
    ladder_: Sequence[Rung],
    made: Sequence[Call],
    raised_at: datetime,
    every: timedelta,
    now: datetime,
    *,
    cannot: Collection[str] = (),
    pass_on: bool = False,
) -> Plan:
    """Whom to call at `now`, given the calls made so far.

    Each rung is called when its time has come, or at once when the call before could not be delivered or was passed on;
    when a whole interval passed without a new rung, those already called are called again in turn. Whoever said that
    they `cannot` is not called again while there is anybody else. After a pause in which several fell due, each is
    called once.
    """
    called = {call.key for call in made} | set(cannot)
    due = [rung.who for rung in ladder_ if rung.who.key not in called and raised_at + _after(rung) <= now]
    still = {rung.who.key: rung.who for rung in ladder_}
    last = max((call.at for call in made), default=None)
    if not due and made and (made[-1].failed or pass_on):
        due = [rung.who for rung in ladder_ if rung.who.key not in called][:1]
    if not due and last is not None and (last + every <= now or pass_on) and still:
        times = {key: sum(call.key == key for call in made) for key in still if key in called}
        free = {key: n for key, n in times.items() if key not in cannot} or times
        again = min(free, key=lambda key: (free[key], list(still).index(key)), default=None)
        due = [still[again]] if again else []
    later = [raised_at + _after(rung) for rung in ladder_ if raised_at + _after(rung) > now]
    return Plan(tuple(due), min([now + every if due or last is None else max(last + every, now), *later]))


def _after(rung: Rung) -> timedelta:
    return timedelta(seconds=rung.after_seconds)


AS_LEAD = "lead"
"""Why somebody sees a record: they lead the safeguarding there, or stand in for who does. Others were called."""


def may_see(
    procedure: Procedure, state: CaseState, roster: Roster, made: Sequence[Call], now: datetime
) -> dict[str, str]:
    """Who may see the record, and why: the cleared lead, and whoever was called in a part that they still have.

    Never a subject. Who led then and works there now as something else was called once, and reads it no more.
    """
    out = kept_from_calls(procedure, state, roster, now)
    place = state.received.get("provider"), state.received.get("home")
    can_be_called = called_roles(procedure)
    seen = {
        call.key: "called"
        for call in made
        if not call.outside
        and call.key not in out
        and can_be_called.intersection(
            roster.roles_of(call.key, now, *place), roster.roles_of(call.key, call.at, *place)
        )
    }
    return seen | {person: AS_LEAD for person in viewers(procedure, state, roster, now, screened=False)}


def cannot_take(state: CaseState, alert_id: str) -> frozenset[str]:
    """Who said of this alert that they cannot take it on."""
    said = state.moments.get("declined", ())
    return frozenset(str(one.data["by"]) for one in said if one.data["alert"] == alert_id)
