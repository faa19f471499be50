"""Learns what is looked for in a few words in a row (`likeness`): windows over the numbers of words, by gradient.

Each thing that is looked for counts where it is found most. Several are learnt from different beginnings and asked
together: one alone leans too much on what it happened to begin with.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from services.safeguarding.likeness import Window, evenly
from services.safeguarding.minilm import Vectors

WINDOWS, LOOKED_FOR, TOGETHER = (1, 2, 3, 5), 48, 3
ROUNDS, AT_ONCE, RATE, PULL = 12, 64, 2e-3, 1e-4
FORGOTTEN, UNSEEN = 0.3, 0.1
"""The share of what was found, and of the words, that is left out of each step, so that nothing hangs on one alone."""

Learnt = tuple[tuple[Window, ...], Vectors, Vectors]


def learn(rows: Sequence[Vectors], is_: Sequence[int], marks: int, seed: int) -> Learnt:
    """Windows with their weights and bias. `rows`: of each text a row for each word; `is_`: its mark."""
    several = [_Learner(rows[0].shape[1], marks, np.random.default_rng(seed + n)) for n in range(TOGETHER)]
    for one in several:
        one.learn(rows, is_)
    windows = tuple(
        Window(words, np.concatenate([one.seen[n][0] for one in several], axis=1),
               np.concatenate([one.seen[n][1] for one in several]))
        for n, words in enumerate(WINDOWS)
    )  # fmt: skip
    parts = [one.weights[n * LOOKED_FOR : (n + 1) * LOOKED_FOR] for n in range(len(WINDOWS)) for one in several]
    bias: Vectors = np.mean([one.bias for one in several], axis=0)
    return windows, np.concatenate(parts) / np.float32(TOGETHER), bias


def likely(learnt: Learnt, rows: Sequence[Vectors]) -> Vectors:
    """How likely each mark is for each text."""
    windows, weights, bias = learnt
    return evenly(np.stack([np.concatenate([one.over(text) for one in windows]) for text in rows]) @ weights + bias)


@dataclass
class _Learner:
    wide: int
    marks: int
    dice: np.random.Generator
    values: list[Vectors] = field(init=False)
    means: list[Vectors] = field(init=False)
    squares: list[Vectors] = field(init=False)
    steps: int = 0

    def __post_init__(self) -> None:
        self.values = []
        for words in WINDOWS:
            self.values += [self._some((words * self.wide, LOOKED_FOR)), np.zeros(LOOKED_FOR, np.float32)]
        self.values += [self._some((LOOKED_FOR * len(WINDOWS), self.marks)), np.zeros(self.marks, np.float32)]
        self.means, self.squares = ([np.zeros_like(one) for one in self.values] for _ in range(2))

    def _some(self, shape: tuple[int, int]) -> Vectors:
        return self.dice.normal(0, shape[0] ** -0.5, shape).astype(np.float32)

    @property
    def seen(self) -> list[tuple[Vectors, Vectors]]:
        """What each window looks for."""
        return [(self.values[2 * n], self.values[2 * n + 1]) for n in range(len(WINDOWS))]

    @property
    def weights(self) -> Vectors:
        """What each thing that is looked for speaks for."""
        return self.values[-2]

    @property
    def bias(self) -> Vectors:
        """What each mark begins with."""
        return self.values[-1]

    def learn(self, rows: Sequence[Vectors], is_: Sequence[int]) -> None:
        """Go through all texts several times, those of like length together, ever more slowly."""
        order, wanted = np.argsort([len(one) for one in rows], kind="stable"), np.eye(self.marks, dtype=np.float32)
        parts = [order[at : at + AT_ONCE] for at in range(0, len(order), AT_ONCE)]
        for turn in range(ROUNDS):
            for part in self.dice.permutation(len(parts)):
                these = parts[part]
                self._step([rows[at] for at in these], wanted[[is_[at] for at in these]], 1 - 0.8 * turn / ROUNDS)

    def _step(self, rows: Sequence[Vectors], wanted: Vectors, pace: float) -> None:
        long = max(map(len, rows))
        together = np.zeros((len(rows), long + max(WINDOWS) - 1, self.wide), np.float32)
        beyond = np.ones((len(rows), long, 1), bool)
        for at, one in enumerate(rows):
            together[at, : len(one)], beyond[at, : len(one)] = one, False
        together *= self.dice.random((*together.shape[:2], 1)) > UNSEEN
        found, where, besides = [], [], []
        for words, (weights, bias) in zip(WINDOWS, self.seen, strict=True):
            beside = np.concatenate([together[:, n : n + long] for n in range(words)], axis=2)
            strength = np.where(beyond, np.float32(-1e9), beside @ weights + bias)
            besides.append(beside)
            where.append(strength.argmax(axis=1))
            found.append(strength.max(axis=1))
        strongest = np.concatenate(found, axis=1)
        kept = ((self.dice.random(strongest.shape) > FORGOTTEN) * (strongest > 0)).astype(np.float32) / (1 - FORGOTTEN)
        told = strongest * kept
        off = (evenly(told @ self.weights + self.bias) - wanted) / np.float32(len(rows))
        back, slopes = (off @ self.weights.T) * kept, []
        for n in range(len(WINDOWS)):
            own = back[:, n * LOOKED_FOR : (n + 1) * LOOKED_FOR]
            slopes += [_where_found(own, where[n], besides[n]), own.sum(axis=0)]
        self._move([*slopes, told.T @ off, off.sum(axis=0)], RATE * pace)

    def _move(self, slopes: Sequence[Vectors], rate: float) -> None:
        self.steps += 1
        for value, slope, mean, square in zip(self.values, slopes, self.means, self.squares, strict=True):
            slope = slope + PULL * value
            mean += 0.1 * (slope - mean)
            square += 0.001 * (slope * slope - square)
            value -= rate * (mean / (1 - 0.9**self.steps)) / (np.sqrt(square / (1 - 0.999**self.steps)) + 1e-8)


def _where_found(own: Vectors, where: NDArray[np.int64], beside: Vectors) -> Vectors:
    slope = np.empty((beside.shape[2], own.shape[1]), np.float32)
    texts = np.arange(len(own))
    for one in range(own.shape[1]):
        slope[:, one] = own[:, one] @ beside[texts, where[:, one]]
    return slope
