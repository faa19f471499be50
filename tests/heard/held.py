"""What must hold in every case: each a function of a walk that fails when it does not.

Held by `test_properties.py` on walks by chance. None of them knows how the engine does it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from heard.calendar import Calendars
from heard.case import CaseState, Command, Refused, actions, decide, replay
from heard.clock import Reckoning, reckon
from heard.derivation import Due
from heard.ledger import Happening, from_json, to_json
from heard.moved import OPEN, moved
from heard.people import ladder, recipients, resolve, struck, viewers
from heard.standing import reviews
from tests.heard.walking import SYSTEM, Walk, to_the_end


def dues(walk: Walk, state: CaseState | None = None) -> tuple[Due, ...]:
    return reckon(state or walk.state, walk.calendars, walk.now)


def same(one: CaseState, other: CaseState) -> None:
    for slot in CaseState.__slots__:
        assert getattr(one, slot) == getattr(other, slot), slot


# ---------------------------------------------------------------- the ledger


def replays_alike(walk: Walk) -> None:
    """Row by row, at once, and from what was kept: the same case."""
    again = replay(walk.rules, walk.ledger)
    same(again, walk.state)
    same(replay(walk.rules, [from_json(to_json(row)) for row in walk.ledger]), again)
    assert dues(walk, again) == dues(walk)


def does_what_it_offers(walk: Walk) -> None:
    """Whatever is said to be allowed is, and leaves a ledger that can be read, reckoned and worked on."""
    for actor in walk.chance.sample(walk.who_may_act(), 2):
        for one in walk.allowed(actor):
            new = decide(walk.state, Command(one.name, one.example), actor=actor, now=walk.now,
                         calendars=walk.calendars, roster=walk.roster)  # fmt: skip
            branch = walk.branch()
            branch.write(new)
            same(replay(branch.rules, branch.ledger), branch.state)
            branch.allowed(actor)


# ---------------------------------------------------------------- clocks


def never_pauses_safeguarding(walk: Walk) -> None:
    """What is told because of a concern, and all that is not said to pause, is never on hold."""
    for due in dues(walk):
        if due.kind == "notification" or not (due.pauses or due.within.startswith("the same day as ")):
            assert due.status != "paused" and not due.derivation.pauses, due.key


def is_never_sooner_for_a_pause(walk: Walk) -> None:
    """The same ledger with one more stretch on hold: nothing is due earlier, and what does not pause is as it was."""
    if len(walk.ledger) < 3:
        return
    chance = walk.chance
    first, last = sorted(chance.sample(range(1, len(walk.ledger) + 1), 2))
    heads = [key for key in walk.state.heads if chance.random() < 0.5]
    held = replay(walk.rules, _with_a_pause(walk.ledger, first, last, heads))
    later = dues(walk, held)
    for due in dues(walk):
        for other in (one for one in later if _of_the_same(due, one)):
            if due.within.startswith("the same day as "):
                continue  # goes with the duty whose day it shares, on hold too
            if not due.pauses or due.kind == "notification":
                assert (other.due, other.status) == (due.due, due.status), due.key
            elif due.due_at is not None and other.due_at is not None:
                assert other.due_at >= due.due_at, f"{due.key}: {due.due} became {other.due} by a pause"


def _with_a_pause(ledger: Sequence[Happening], first: int, last: int, heads: list[str]) -> list[Happening]:
    said = {"rule": "one more", "heads": heads or "case"}
    rows = list(ledger)
    rows.insert(last, replace(ledger[last - 1], event="resumed", stage=None, data={"rule": "one more"}))
    rows.insert(first, replace(ledger[first - 1], event="suspended", stage=None, data=said))
    return [replace(row, seq=n) for n, row in enumerate(rows, 1)]


def _of_the_same(one: Due, other: Due) -> bool:
    """Whether two lines are the same rule for the same people, and for a head that both are for."""
    if (one.stage, one.duty, one.visit, one.kind) != (other.stage, other.duty, other.visit, other.kind):
        return False
    apart = one.heads and other.heads and not {*one.heads} & {*other.heads}
    return not apart and _whose(one) == _whose(other)


def _whose(due: Due) -> str | None:
    """Whom a line is for, whichever heads it is for."""
    return (due.instance or "").rpartition(".")[0] or None if due.heads else due.instance


def says_of_a_proclaimed_day_what_it_moves(walk: Walk) -> None:
    """No more and no less than reckoning everything twice shows."""
    day = (walk.now + timedelta(days=walk.chance.randrange(-20, 40))).date()
    days = Calendars.of(walk.rules, {day: "A royal occasion"})
    before, after = (
        [*Reckoning(walk.state, one, walk.now).lines(), *reviews(walk.state, one, walk.now)]
        for one in (walk.calendars, days)
    )
    both = zip(before, after, strict=True)
    open_ones = [(was, is_) for was, is_ in both if was.status in OPEN or is_.status in OPEN]
    wanted = {was.key for was, is_ in open_ones
              if (was.due_at, was.target_at, was.remind_at, was.derivation.left)
              != (is_.due_at, is_.target_at, is_.remind_at, is_.derivation.left)}  # fmt: skip
    assert {one.was.key for one in moved(walk.state, walk.calendars, days, walk.now)} == wanted


# ---------------------------------------------------------------- people


def shuts_out_whom_it_is_about(walk: Walk) -> None:
    """Nobody whom it is or may be about sees it, acts in it, holds a part, is told or is called."""
    rules, state, roster, now = walk.procedure, walk.state, walk.roster, walk.now
    out = set(struck(rules, state, roster))
    assert not out & viewers(rules, state, roster, now)
    assert not out & {one.who for one in state.assignments if one.stood_down is None}
    for person in sorted(out):
        assert actions(state, walk.actor(person), now, walk.calendars, roster) == ()
        with pytest.raises(Refused, match="There is no such case"):
            decide(state, Command("raise_concern", {}), actor=walk.actor(person), now=now,
                   calendars=walk.calendars, roster=roster)  # fmt: skip
    for stage in rules.stages:
        for part in {*stage.people, *(part for other in stage.instead for part in other.people)}:
            assert resolve(rules, state, roster, part, now, stage.key).who not in out
    told = [*rules.duties, *(duty for stage in rules.stages for duty in stage.duties)]
    words = {word for duty in told for word in (*duty.to, *duty.or_else_to)}
    words |= {word for rule in rules.notification_rules for word in rule.tell}
    assert not out & {one.key for one in recipients(rules, state, roster, sorted(words), now)}
    for rule in rules.notification_rules:
        assert not out & {rung.who.key for rung in ladder(rules, state, roster, rule.key, now)}


# ---------------------------------------------------------------- heads


def keeps_each_day_when_heads_are_told_apart(walk: Walk) -> None:
    """One more thing complained of moves nothing that was owed; taken back again, all is as it was."""
    before = dues(walk)
    if not walk.branch().do(SYSTEM, "add_head", key="one_more"):
        return
    apart = walk.branch()
    apart.do(SYSTEM, "add_head", key="one_more")
    after = dues(apart)
    for due in before:
        for head in due.heads or [one.key for one in walk.state.living_heads()] or [None]:
            found = [one for one in after if _of_the_same(due, one)]
            found = [one for one in found if not one.heads or head is None or head in one.heads]
            assert found, f"{due.key} is gone"
            assert {(one.due, one.due_at) for one in found} == {(due.due, due.due_at)}, due.key
    assert apart.do(SYSTEM, "withdraw_head", key="one_more")
    assert [(one.key, one.due, one.status) for one in dues(apart)] == [(one.key, one.due, one.status) for one in before]


def keeps_the_earlier_day_when_heads_are_joined(walk: Walk) -> None:
    """Two things that become one are owed by the earlier of their two days, and by no later one."""
    living = [one.key for one in walk.state.living_heads()]
    if len(living) < 2:
        return
    key, into = walk.chance.sample(living, 2)
    joined = walk.branch()
    if not joined.do(SYSTEM, "merge_heads", key=key, into=into):
        return
    for due in dues(walk):
        if due.heads and not {key, into} & {*due.heads}:
            continue
        after = [one for one in dues(joined) if (one.stage, one.duty, one.visit) == (due.stage, due.duty, due.visit)]
        after = [one for one in after if not one.heads or into in one.heads]
        if due.heads and due.due_at is not None and due.status in ("running", "late"):
            assert after, f"{due.key} is gone"
            assert all(one.due_at is not None and one.due_at <= due.due_at for one in after), due.key


# ---------------------------------------------------------------- to the end


def can_come_to_its_end(walk: Walk) -> None:
    """People who do what there is to do bring it to its end, if need be with somebody new."""
    if to_the_end(walk.branch()):
        return
    branch = walk.branch()
    branch.somebody_is_appointed()
    if to_the_end(branch):
        return
    stuck = sorted({f"{one.name} {dict(one.data)}: {one.why_not}" for actor in walk.who_may_act()
                    for one in actions(walk.state, actor, walk.now, walk.calendars, walk.roster)
                    if not one.allowed and one.name in ("close", "respond")})  # fmt: skip
    raise AssertionError(f"no way to the end from {walk.state.stage}: {stuck}")


HELD: tuple[Callable[[Walk], None], ...] = (
    replays_alike, does_what_it_offers, never_pauses_safeguarding, is_never_sooner_for_a_pause,
    says_of_a_proclaimed_day_what_it_moves,
    shuts_out_whom_it_is_about, keeps_each_day_when_heads_are_told_apart, keeps_the_earlier_day_when_heads_are_joined,
    can_come_to_its_end,
)  # fmt: skip
