"""Consent that comes and goes: for how long somebody agreed, each time, and what each time leaves behind.

Owns `Spell`. A duty that counts from consent alone is owed for as long as that is the answer: it ends when the answer
is another, and begins anew with the next. `starts.py` makes an instance of each spell, `clock.py` its line.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple

from heard.casefile import WHOLE_CASE, CaseState, Moment
from heard.consent import whose
from heard.derivation import Due
from heard.ledger import Happening
from heard.when import Clock


class Spell(NamedTuple):
    """One time for which they agreed. What was done and let go after entry number `since` belongs to it.

    `start` is None while nobody agrees (yet, or any more); `end` is None while it lasts.
    """

    since: int
    start: Moment | None
    end: Moment | None

    def holds(self, seq: int) -> bool:
        """Whether the entry of this number belongs to it."""
        return seq > self.since and (self.end is None or seq < self.end.seq)


def answers_wanted(clock: Clock) -> frozenset[str]:
    """The answers about consent that a clock counts from; none where it counts from anything else as well."""
    after = clock.after
    if after is None or after.no_later_than or clock.again_after:
        return frozenset()
    wanted = [event.partition(".") for event in after.events]
    alone = all(event == "consent_answered" and answer for event, _, answer in wanted)
    return frozenset(answer for _, _, answer in wanted) if alone else frozenset()


def spells(state: CaseState, wanted: frozenset[str]) -> list[Spell]:
    """Each time for which somebody's answer was one of these; a last one without a start where it is waited for.

    Of two who agree the first counts, until they take it back: from then the day counts on which the other agreed.
    """
    found, standing, open_since = list[Spell](), dict[str, Moment](), 0
    for one in (one for one in state.ledger if one.event == "consent_answered"):
        moment, theirs = Moment(one.at, one.seq, WHOLE_CASE, one.data), whose(one.data)
        first = next(iter(standing.values()), None)
        if str(one.data["answer"]) in wanted:
            standing.setdefault(theirs, moment)
        elif standing.pop(theirs, None) is first and first is not None:
            found.append(Spell(max(open_since, first.seq), first, moment))
            open_since = one.seq
    if standing or not found or not is_refused(state):
        first = next(iter(standing.values()), None)
        found.append(Spell(max(open_since, first.seq) if first else open_since, first, None))
    return found


def let_go_at(state: CaseState, duty: str, visit: int, instance: str | None, spell: Spell | None) -> datetime | None:
    """When a duty was excused, this instance of it or all; of a spell, what was owed in it alone."""
    if spell is None:
        return state.excused.get((visit, duty, instance)) or state.excused.get((visit, duty, None))
    let_go = (one for one in state.ledger if one.event == "duty_excused" and one.data["duty"] == duty)
    return next((one.at for one in let_go if spell.holds(one.seq) and _visit_of(state, one) == visit), None)


def _visit_of(state: CaseState, one: Happening) -> int:
    """The visit in which something was let go, though its stage may have been come back to since."""
    there = (v.number for v in state.visits if v.seq < one.seq and one.stage in (None, v.stage))
    return WHOLE_CASE if one.data.get("of_case") else max(there, default=WHOLE_CASE)


def is_refused(state: CaseState) -> bool:
    """Whether they said no, so that nothing is owed; while somebody has not answered, or cannot, it waits."""
    return "refused" in state.consent.values() and "pending" not in state.consent.values()


def left_by(dues: Iterable[Due]) -> Iterator[Due]:
    """The lines of a duty by spell: what was missed or let go stays, what was done is owed no second time."""
    dues, done = tuple(dues), set[tuple[str, ...]]()
    last = {due.heads: due for due in dues}
    for due in dues:
        if due.heads not in done and (due.status != "lapsed" or due is last[due.heads]):
            yield due
        if due.status in ("met", "met late"):
            done.add(due.heads)


def agreed_no_more(state: CaseState, due: Due) -> bool:
    """Whether what is due began when they agreed, and they do not any more: it can be missed, but not done."""
    clock = state.procedure.duty(due.duty, due.stage).clock if due.kind == "duty" else None
    wanted = answers_wanted(clock) if clock else frozenset()
    return bool(wanted) and wanted.isdisjoint(state.consent.values())
