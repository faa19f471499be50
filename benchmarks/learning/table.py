"""Learns the table that reads what the model says of a sentence (`meaning.Table`), by gradient.

What is read is in part left out at random, as is what comes of it, so that nothing hangs on a single number.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from services.safeguarding.meaning import Table
from services.screening.telling import FINEST, Vectors, evenly

FEW, ROUNDS, AT_ONCE, RATE, PULL, LEFT_OUT, SEED = 256, 30, 128, 2e-3, 0.05, 0.2, 2026
"""Through how many numbers; how often all is read, and how much at once; pace of learning and how strongly it is pulled
to nothing; which share is left out."""


def learn(rows: Vectors, is_: NDArray[np.int64], many: int) -> Table:
    """What these rows teach, each of one of so many marks; calm (0) weighs as much as all the rest together."""
    chance = np.random.default_rng(SEED)
    values = [_begin(chance, rows.shape[1], FEW, 2), np.zeros(FEW, np.float32),
              _begin(chance, FEW, many, 1), np.zeros(many, np.float32)]  # fmt: skip
    means, squares = ([np.zeros_like(one) for one in values] for _ in range(2))
    weigh = np.where(is_ == 0, (is_ != 0).sum() / (is_ == 0).sum(), 1.0).astype(np.float32)
    parts = [
        order[start : start + AT_ONCE]
        for order in (chance.permutation(len(is_)) for _ in range(ROUNDS))
        for start in range(0, len(is_), AT_ONCE)
    ]
    for step, these in enumerate(parts, 1):
        slopes = _slopes(values, _in_part(chance, rows[these]), is_[these], weigh[these], chance)
        for value, slope, mean, square in zip(values, slopes, means, squares, strict=True):
            mean += 0.1 * (slope - mean)
            square += 0.001 * (slope * slope - square)
            leap = (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.999**step)) + 1e-8)
            value -= RATE * (1 - step / (len(parts) + 1)) * (leap + (PULL * value if value.ndim > 1 else 0))
    steps = np.abs(values[0]).max(axis=0) / np.float32(FINEST)
    return Table(np.rint(values[0] / steps).astype(np.int8), steps, *values[1:])


def _begin(chance: np.random.Generator, into: int, out: int, share: int) -> Vectors:
    begin: Vectors = (chance.standard_normal((into, out)) * (share / into) ** 0.5).astype(np.float32)
    return begin


def _in_part(chance: np.random.Generator, rows: Vectors) -> Vectors:
    there = (chance.random(rows.shape, np.float32) >= LEFT_OUT).astype(np.float32)
    return rows * there / np.float32(1 - LEFT_OUT)


def _slopes(
    values: list[Vectors], rows: Vectors, is_: NDArray[np.int64], weigh: Vectors, chance: np.random.Generator
) -> list[Vectors]:
    """Which way each of the values leads astray from what these rows are."""
    into, begins, out, bias = values
    few = np.maximum(rows @ into + begins, 0)
    shown = _in_part(chance, np.ones_like(few))
    off = evenly(few * shown @ out + bias)
    off[np.arange(len(is_)), is_] -= 1
    off *= weigh[:, None] / np.float32(len(is_))
    back = (off @ out.T) * shown * (few > 0)
    return [rows.T @ back, back.sum(0), (few * shown).T @ off, off.sum(0)]
