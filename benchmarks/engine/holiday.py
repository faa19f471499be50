"""A bank holiday is proclaimed over very many open cases: each is read from its rows, and what moves in it is said.

The rows are JSON, as a service keeps them. Nothing is remembered from one case to the next; the work is shared among
processes, as the platform's replicas share it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from multiprocessing import get_context
from time import perf_counter, process_time

from benchmarks.engine.ledgers import NOW, open_cases
from benchmarks.engine.took import Took
from heard.calendar import Calendars
from heard.case import replay
from heard.ledger import from_json, to_json
from heard.moved import moved
from heard.procedure import Procedure
from heard.registry import Registry, load_procedures

PROCLAIMED = {date(2026, 11, 27): "A day of thanksgiving"}
"""A Friday a week on: most of what is promised in an open case crosses it."""

_INSTALLED: list[Registry] = []


def proclaimed(procedures: Sequence[Procedure], cases: int, different: int, workers: int) -> Took:
    """How long it takes until what moves is known of every case."""
    kept = [(one.procedure.key, json.dumps([to_json(row) for row in one.ledger]))
            for one in open_cases(list(procedures), different, seed=7)]  # fmt: skip
    share = -(-cases // (workers * 20))
    parts = [range(first, min(first + share, cases)) for first in range(0, cases, share)]
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_ready, initargs=(kept,)) as pool:
        list(pool.map(_wait, range(workers)))
        begun = perf_counter()
        found = list(pool.map(_diffs, parts))
        took = perf_counter() - begun
    lines, touched, told, effort = (sum(one[n] for one in found) for n in range(4))
    rows = sum(json_rows.count('"seq"') for _, json_rows in kept) / len(kept)
    each = effort / cases * 1000
    about = f"{workers} processes, {rows:.0f} rows a case, {touched:,} cases and {lines:,} lines moved"
    about += f", {told / 2**20:.0f} MiB of differences"
    return Took(took, f"{about}; processor time {effort:.0f} s, {each:.2f} ms a case")


_KEPT: list[tuple[str, str]] = []


def _ready(kept: list[tuple[str, str]]) -> None:
    """Once in each process: the procedures, and the rows of the cases."""
    _INSTALLED.append(load_procedures())
    _KEPT.extend(kept)


def _wait(_: int) -> None:
    """Nothing: whoever asks for it waits until the process is ready."""


def _diffs(numbers: range) -> tuple[int, int, int, float]:
    """Lines moved, cases touched, bytes of differences, processor time, of the cases of these numbers."""
    begun = process_time()
    days = {
        key: (Calendars.of(procedure), Calendars.of(procedure, PROCLAIMED))
        for key in _INSTALLED[0] if (procedure := _INSTALLED[0].get(key))
    }  # fmt: skip
    lines = touched = told = 0
    for number in numbers:
        key, rows = _KEPT[number % len(_KEPT)]
        state = replay(_INSTALLED[0].get(key), [from_json(row) for row in json.loads(rows)])
        found = moved(state, *days[key], NOW)
        lines += len(found)
        touched += bool(found)
        told += len(json.dumps([one.as_json() for one in found]))
    return lines, touched, told, process_time() - begun
