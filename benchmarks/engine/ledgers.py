"""Real ledgers to measure with: grown row by row by what the engine allows, under each installed procedure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random

from heard.calendar import Calendars
from heard.procedure import Procedure
from tests.heard.walking import Walk, people_of

NOW = datetime(2026, 11, 20, 11, tzinfo=UTC)
"""A Friday morning, on which the cases stand as they do."""
MOVES = frozenset({"ask_to_go_on", "decide"})
PACE = (0, 1, 60, 600, 1440)
"""Minutes between two steps on a case."""
ENDS = frozenset({"close", "withdraw", "withdraw_head", "pass_on", "refuse_late"})
ADDS_NO_END = frozenset({
    "raise_concern", "add_head", "correct", "note_change", "stand_down", "reclassify", "open_linked", "reopen",
    "agree_action", "promise_action", "hand_over", "disclose",
})  # fmt: skip
"""What can be done again and again, and would make a case that nobody has."""


def open_cases(procedures: list[Procedure], number: int, seed: int) -> Iterator[Walk]:
    """So many open cases, each procedure in turn, received in the month before `NOW`, anywhere on their way."""
    chance = Random(seed)
    known = [(one, people_of(one, chance), Calendars.of(one)) for one in procedures]
    made = 0
    while made < number:
        procedure, roster, calendars = known[made % len(known)]
        begins = NOW - timedelta(minutes=chance.randrange(30 * 24 * 60))
        walk = Walk(procedure, chance, roster=roster, calendars=calendars, begins=begins, pace=PACE)
        for _ in walk.steps(chance.randrange(3, 25), ENDS):
            if walk.now > NOW:
                break
        if walk.state.is_open and walk.now <= NOW:
            made += 1
            yield walk


def long_case(procedure: Procedure, rows: int, seed: int) -> Walk:
    """One case of so many rows that is still open: screened, worked on, in no more stays than there are stages."""
    for chance in (Random(seed + n) for n in range(100)):
        walk = Walk(procedure, chance, roster=people_of(procedure, chance), pace=PACE)
        walk.screened()
        for _ in range(rows * 10):
            been = len(walk.state.visits) >= len(procedure.stages)
            walk.step(ENDS | ADDS_NO_END | (MOVES if been else frozenset()))
            if len(walk.ledger) >= rows:
                return walk
    raise LookupError(f"no case of {rows} rows comes about under {procedure.key}")
