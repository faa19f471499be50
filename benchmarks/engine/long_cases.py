"""A case of 200 rows: replayed from its rows, and everything that is due in it reckoned.

Processor time, which is what it takes on a machine that does nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import median
from time import process_time

from benchmarks.engine.ledgers import long_case
from benchmarks.engine.took import Took
from heard.case import replay
from heard.clock import reckon
from heard.procedure import Procedure

ROWS, ROUNDS = 200, 300


def measured(procedures: Sequence[Procedure]) -> Iterator[tuple[str, Took]]:
    """For each procedure, the median of many rounds over one long case."""
    for procedure in procedures:
        walk = long_case(procedure, ROWS, seed=4)
        ledger, replayed, reckoned = walk.ledger[:ROWS], [], []
        for _ in range(ROUNDS):
            begun = process_time()
            state = replay(procedure, ledger)
            between = process_time()
            dues = reckon(state, walk.calendars, walk.now)
            replayed.append(between - begun)
            reckoned.append(process_time() - between)
        parts = f"replay {median(replayed) * 1000:.2f}, {len(dues)} lines {median(reckoned) * 1000:.2f} ms"
        total = median(one + other for one, other in zip(replayed, reckoned, strict=True))
        yield procedure.key, Took(total, f"{len(ledger)} rows, {len(state.visits)} stages visited; {parts}")
