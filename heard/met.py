"""Whether a duty was met, and when.

Owns the meaning of `met_by`: an event of that name, or, where a rule names none (or `told`), everybody in `to` having
been told.
The first act meets a duty; sending it again never resets anything. `clock.py` asks; nothing is decided here.
Whoever has the whole answer needs no word any more that their complaint came in: an answer acknowledges too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from heard.came_back import arrived, handed_over, owed_to_them
from heard.casefile import CaseState, Moment
from heard.happened import ADVOCATE
from heard.procedure import Duty, NotificationRule, WayOn
from heard.speaking_up import is_a_workers
from heard.vocabulary import PARTS

_STAFF_WORDS = ("named_person", "line_manager_of_named_person", "employer_of_named_person")
_SAID_BY = {"acknowledged": "responded"}
"""What a later act says as well, so that the earlier one has no sense after it."""
_NO_KEEPING = ("escalated", "decided", "duty_excused")
_PART_OF_WORD = {"handler": "handles", "decider": "decides"} | {part: part for part in PARTS}


def parties(state: CaseState, rule: Duty | NotificationRule | WayOn, to: tuple[str, ...]) -> tuple[str, ...]:
    """The who-words of `to` that mean somebody in this case; `or_else_to` when none of them does."""
    present = tuple(word for word in to if _present(state, word))
    if not present and isinstance(rule, Duty):
        present = tuple(word for word in rule.or_else_to if _present(state, word))
    return present


def _present(state: CaseState, word: str) -> bool:
    received = state.received
    if word in state.procedure.provider.has_no:
        return False
    if word == "complainant":
        return bool(received.get("contactable", True))
    if word == "young_person":
        return _same(state) or bool(received.get("children") or received.get("about_a_child"))
    if word == "advocate":
        joined = any(moment.data.get("change") == ADVOCATE for moment in state.all("circumstances_changed"))
        return joined or bool(received.get("complainant") == "advocate" or received.get("advocate"))
    if word == "line_manager_of_named_person" and is_a_workers(state):
        return False
    if word in _STAFF_WORDS:
        return bool(state.subjects)
    if word.startswith("handler_of."):
        return any(a.stage == word.removeprefix("handler_of.") for a in state.assignments)
    return True


def met_at(
    state: CaseState,
    rule: Duty | NotificationRule | WayOn,
    to: tuple[str, ...],
    visit: int,
    instance: str | None,
    *,
    since: int = 0,
    before: int | None = None,
    heads: tuple[str, ...] = (),
    last: bool = False,
) -> datetime | None:
    """When the duty was met in that visit (the first time, or the `last`), or None.

    Only events after number `since` and before number `before` count. `heads` must all be answered.
    """
    named = (*rule.clock.met_by, *(_SAID_BY[event] for event in rule.clock.met_by if event in _SAID_BY))
    if not named and isinstance(rule, (Duty, NotificationRule)):
        return _all_told(state, rule, to, visit, instance, since, before, last)
    best: datetime | None = None
    if "told" in named and isinstance(rule, (Duty, NotificationRule)):
        best = _all_told(state, rule, to, visit, instance, since, before, last)
    answered: set[str] = set()
    theirs = owed_to_them(state, to)
    for event in (one for one in named if one != "told"):
        for moment in state.all(event, visit):
            if moment.seq <= since or (before is not None and moment.seq >= before):
                continue
            if not _for_instance(moment.data, rule.per, instance, state):
                continue
            if heads and not _covers(moment.data, heads, answered):
                continue
            heard = arrived(state, moment) if theirs else moment
            if heard is None:
                continue
            if best is None or (heard.at > best if last else heard.at < best):
                best = heard.at
            if not last and heard is moment:
                break
    return best


def _for_instance(data: Mapping[str, Any], per: str, instance: str | None, state: CaseState) -> bool:
    """An event that says for whom it is counts for them only; one that does not, where there is only one."""
    if per != "named_person" or instance is None:
        return True
    person = state.subjects[instance].person if instance in state.subjects else None
    said = data.get("instance") or data.get("subject") or data.get("person")
    return said in (instance, person) if said else len(state.subjects) == 1


def _covers(data: Mapping[str, Any], heads: tuple[str, ...], answered: set[str]) -> bool:
    said = data.get("findings") or data.get("heads") or data.get("head")
    if not said:
        return True
    answered.update([said] if isinstance(said, str) else said)
    return answered.issuperset(heads)


def _all_told(
    state: CaseState,
    rule: Duty | NotificationRule,
    to: tuple[str, ...],
    visit: int,
    instance: str | None,
    since: int,
    before: int | None,
    last: bool,
) -> datetime | None:
    words = parties(state, rule, to)
    if not words:
        return None
    any_of = isinstance(rule, NotificationRule) and rule.which == "as_decided"
    done: dict[str, set[str]] = {}
    reached: datetime | None = None
    told = _tellings(state, rule, visit, instance, since, before)
    if last and not rule.every_channel and (any_of or len(words) == 1):  # each telling is the whole of it
        reaching = (one for one in reversed([*told]) for word in words if _reaches(state, rule, one, word, len(words)))
        return next((one.at for one in reaching), None)
    for moment in told:
        for word in words:
            if _reaches(state, rule, moment, word, len(words)):
                done.setdefault(word, set()).add(str(moment.data.get("channel") or ""))
        full = {word for word, channels in done.items() if not rule.every_channel or channels >= set(rule.channels)}
        if (full and any_of) or full >= set(words):
            if not last:
                return moment.at
            reached, done = moment.at, {}
    return reached


def _tellings(
    state: CaseState, rule: Duty | NotificationRule, visit: int, instance: str | None, since: int, before: int | None
) -> Iterator[Moment]:
    """The events that may tell somebody what this rule wants told, in order."""
    found = (
        moment
        for moment in _said_of(state, rule)
        if moment.seq > since
        and (before is None or moment.seq < before)
        and (visit < 0 or moment.visit in (visit, -1))
        and moment.data.get("event") not in _NO_KEEPING
        and (rule.per != "named_person" or _for_instance(moment.data, rule.per, instance, state))
    )
    if not isinstance(rule, NotificationRule) and not _PART_OF_WORD.keys().isdisjoint(rule.to):
        parts = state.all("assigned", visit)
        inside = (one for one in parts if one.seq > since and (before is None or one.seq < before))
        got = [one for one in inside if handed_over(state, one)]
        return iter(sorted([*found, *got], key=_order))
    return found


def _order(moment: Moment) -> int:
    return moment.seq


def _said_of(state: CaseState, rule: Duty | NotificationRule) -> Sequence[Moment]:
    """The tellings about this rule: named in them, or another one for the same concern (policy and law).

    That somebody was told that it is late, or let go, is no keeping of it; whoever asks leaves these out.
    """
    own = state.tellings.get(rule.key, ())
    if not isinstance(rule, NotificationRule) or not rule.concern:
        return own
    concerns = {*rule.concern}
    alike = (one.key for one in state.procedure.notification_rules if not concerns.isdisjoint(one.concern))
    theirs = (moment for key in alike for moment in state.tellings.get(key, ())
              if moment.data.get("rule") == key and moment.data.get("whom"))  # fmt: skip
    return sorted({moment.seq: moment for moment in (*own, *theirs)}.values(), key=_order)


def _reaches(state: CaseState, rule: Duty | NotificationRule, moment: Moment, word: str, among: int) -> bool:
    data = moment.data
    if "part" in data:
        return bool(data["part"] == _PART_OF_WORD.get(word, word))
    calls = isinstance(rule, NotificationRule) and rule.until_answered is not None
    if calls and any(role.key == word and not role.outside for role in state.procedure.roles):
        # a call that nobody took is no telling
        return "by" in data or bool(data.get("answered"))
    if "by" in data and "whom" not in data:
        return True
    said = {str(data.get("whom")), str(data.get("to"))}
    if (
        word in said
        or (word == "young_person" and "complainant" in said and _same(state))
        or (word == "complainant" and "young_person" in said and _same(state))
    ):
        return True
    kinds = {one.is_ for one in state.procedure.contacts if one.key in said} | {
        one.key for one in state.procedure.contacts if one.is_ in said
    }
    return word in kinds or (
        rule.key in (data.get("duty"), data.get("rule"))
        and among == 1
        and data.get("to") is None
        and not _known(state, said)
    )


def _same(state: CaseState) -> bool:
    return bool(state.received.get("complainant") == "young_person")


def _known(state: CaseState, said: set[str]) -> bool:
    """Whether what was written under `whom` is a word of the procedure, and so means somebody else."""
    words = {"complainant", "young_person", "parent", "advocate", "named_person", "placing_authority", "handler"}
    keys = {role.key for role in state.procedure.roles} | {contact.key for contact in state.procedure.contacts}
    return bool(said & (words | keys))
