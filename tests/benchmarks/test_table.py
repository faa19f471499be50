"""The table that reads what the model says is learnt the same way each time, and its slopes are true."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.learning import table
from services.screening.telling import evenly

CHANCE = np.random.default_rng(1)
ROWS = CHANCE.standard_normal((200, 6)).astype(np.float32)
IS = (ROWS[:, 0] * ROWS[:, 1] > 0).astype(np.int64) * (1 + (ROWS[:, 2] > 0))  # no straight line tells these apart


def test_it_tells_apart_what_no_straight_line_does_and_the_same_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "RATE", 0.02)
    learnt = table.learn(ROWS, IS, 3)
    assert (learnt.likely(ROWS).argmax(axis=1) == IS).mean() > 0.9
    assert all(
        (one == other).all() for one, other in zip(values(learnt), values(table.learn(ROWS, IS, 3)), strict=True)
    )


def test_it_knows_how_far_each_number_leads_astray(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "LEFT_OUT", 0.0)
    numbers = [CHANCE.standard_normal(shape).astype(np.float32) for shape in ((6, 4), 4, (4, 3), 3)]
    weigh = CHANCE.random(200, np.float32)

    def astray() -> float:
        into, begins, out, bias = numbers
        likely = evenly(np.maximum(ROWS @ into + begins, 0) @ out + bias)
        return float(-(weigh * np.log(likely[np.arange(200), IS])).mean())

    for number, slope in zip(numbers, table._slopes(numbers, ROWS, IS, weigh, CHANCE), strict=True):
        along = slope / np.linalg.norm(slope)
        number += 0.01 * along
        above = astray()
        number -= 0.02 * along
        assert (above - astray()) / 0.02 == pytest.approx(float(np.linalg.norm(slope)), rel=0.05)
        number += 0.01 * along


def values(learnt: table.Table) -> list[np.ndarray]:
    return [learnt.into, learnt.steps, learnt.begins, learnt.out, learnt.bias]
