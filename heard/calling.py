"""Who is called, one after the other, until somebody answers.

Owns `ladder`: on call first, deputies, then whom `[calling]` names, the rule's own steps, and always a body outside at
the end; and `pace`: how soon the next is called, by priority, day and night. Nobody the complaint is or may be about is
ever called, nor whoever shares a life with them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from heard.casefile import CaseState
from heard.exclusions import struck, too_close
from heard.instants import LONDON
from heard.procedure import NotificationRule, Procedure, Within
from heard.roster import Roster
from heard.seeing import cleared_leads
from heard.speaking_up import MANAGES, line_management
from heard.vocabulary import LEAD
from heard.whom import Recipient, expand

LAST_RESORTS = ("safeguarding_partnership", "mash", "local_authority", "lado", "police")
"""The sorts of bodies outside that a call ends with, the first choice first."""


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of a call: so many seconds after it began, this one is called."""

    after_seconds: int
    who: Recipient


def seconds(length: Within | None) -> int:
    """A length in seconds; a day is a day, as nobody who calls for help waits for a working day."""
    if length is None or length.unit is None:
        return 0
    each = {"minutes": 60, "hours": 3600, "months": 30 * 86400, "years": 365 * 86400}.get(length.unit, 86400)
    return length.amount * each


def kept_from_calls(procedure: Procedure, state: CaseState, roster: Roster, now: datetime) -> Mapping[str, str]:
    """Persons who are never called about this case, each with the reason.

    In a worker's report also who manages whom it is about, unless nobody else is left who may lead.
    """
    out = struck(procedure, state, roster)
    managing = line_management(state, roster)
    if managing:
        managing -= set(cleared_leads(procedure, state, roster, now))
    return {**dict.fromkeys(managing, MANAGES), **too_close(state, roster, out), **out}


def called_roles(procedure: Procedure) -> frozenset[str]:
    """The roles by which somebody inside can be called about a child's safety, and those that stand in for them."""
    words = {LEAD, *procedure.calling.then}
    for rule in procedure.notification_rules:
        if rule.until_answered:
            words |= {*rule.tell} | {word for step in rule.clock.if_late for word in step.tell}
    roles, found = {role.key: role for role in procedure.roles}, set[str]()
    while words:
        word = words.pop()
        if word in roles and word not in found:
            found.add(word)
            words |= {*roles[word].stands_in, *roles[word].filled_by}
    return frozenset(found)


def is_night(procedure: Procedure, now: datetime) -> bool:
    """Whether people sleep: by the procedure's hours, in London."""
    night, hour = procedure.calling.night, now.astimezone(LONDON).hour
    if night is None or night.from_ == night.until:
        return False
    if night.from_ < night.until:
        return night.from_ <= hour < night.until
    return hour >= night.from_ or hour < night.until


def pace(
    procedure: Procedure, state: CaseState, rule: NotificationRule | None, now: datetime, priority: str | None = None
) -> int:
    """Seconds until the next is called, and everybody again. 0 where neither rule nor `[calling]` says anything.

    The rule's own interval is the longest for what it is about; the pace of the priority may be quicker.
    """
    asked = seconds(rule.until_answered.again_every) if rule and rule.until_answered else 0
    found = next((one for one in procedure.calling.paces if one.priority == priority), None)
    if found is None:
        return asked
    own = seconds(found.at_night if found.at_night and is_night(procedure, now) else found.again_every)
    if asked and rule is not None and (not rule.concern or _is_about(rule, state)):
        return min(asked, own)
    return own


def _is_about(rule: NotificationRule, state: CaseState) -> bool:
    return not set(rule.concern).isdisjoint(one.concern for one in state.open_concerns)


def ladder(
    procedure: Procedure, state: CaseState, roster: Roster, rule_key: str, now: datetime, priority: str | None = None
) -> tuple[Rung, ...]:
    """Who is called for a notification rule, in order. Raises KeyError for a rule the procedure does not have.

    On call first, then the other holders, deputies, whom `[calling]` names, and the rule's `if_late` steps at their
    times; no struck person; the last is always an outside body, if the procedure names one. Where the complaint is or
    may be about one of those who should be told first, a body outside is called at once.
    """
    rule = procedure.notification_rule(rule_key)
    out = kept_from_calls(procedure, state, roster, now)
    rungs: list[Rung] = []
    called: set[str] = set()
    every = pace(procedure, state, rule, now, priority) if rule.until_answered else 0
    roles = {role.key for role in procedure.roles if not role.outside}
    first = [word for word in rule.tell if word in roles]

    def found(words: Sequence[str]) -> list[Recipient]:
        ranked = []
        for word in words:
            behind = [one for one, _ in expand(procedure, state, roster, word, now, set()) if one.key not in out]
            ranked += sorted(behind, key=lambda one: _away(roster, one, now))
        return ranked

    def call(whom: Sequence[Recipient], starting: int) -> None:
        after = starting
        for one in whom:
            if one.key not in called:
                called.add(one.key)
                rungs.append(Rung(after, one))
                after += every

    told = found(rule.tell)
    if first and rule.until_answered:
        place = state.received.get("provider"), state.received.get("home")
        more = [Recipient("person", one, word) for word in procedure.calling.then
                for one in roster.holders(word, *place, now) if one not in out]  # fmt: skip
        here = [one for one in (*told, *more) if one.kind == "person" and not _away(roster, one, now)]
        told = [*here, *told, *more]
    call(told, 0)
    due = _due_seconds(procedure, rule)
    for step in rule.clock.if_late:
        call(found(step.tell), due + seconds(step.further))
    _end_outside(procedure, rungs, called, every)
    if rule.until_answered and _leads_outward(procedure, state, roster, first, out, now):
        _outside_at_once(rungs)
    rungs.sort(key=lambda rung: rung.after_seconds)
    earliest = rungs[0].after_seconds if rungs else 0
    return tuple(Rung(rung.after_seconds - earliest, rung.who) for rung in rungs)


def _away(roster: Roster, one: Recipient, now: datetime) -> bool:
    return one.kind == "person" and roster.is_away(one.key, now)


def _due_seconds(procedure: Procedure, rule: NotificationRule) -> int:
    prompt = procedure.counting.promptly.get(rule.clock.promptly) if rule.clock.promptly else None
    return seconds(prompt or rule.clock.within)


def _leads_outward(
    procedure: Procedure, state: CaseState, roster: Roster, roles: Sequence[str], out: Mapping[str, str], now: datetime
) -> bool:
    """Whether somebody who should have been told first is kept away: whoever stands in works for them, perhaps."""
    place = state.received.get("provider"), state.received.get("home")
    return any(person in out for role in roles for person in roster.holders(role, *place, now))


def _outside_at_once(rungs: list[Rung]) -> None:
    """The first body outside is called with the first of all."""
    at = next((n for n, rung in enumerate(rungs) if rung.who.kind == "contact"), None)
    if at is not None:
        rungs[at] = Rung(min(rung.after_seconds for rung in rungs), rungs[at].who)


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
