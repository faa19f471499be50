"""Learns the table by which the screen's second half tells what a sentence means (services/safeguarding/meaning.npz).

    python -m benchmarks.learning

From the development part of the evaluation set and tests/safeguarding/evaluation/learning.toml, never from the test
part. Of a worrying text only the sentence that bears it most is learnt from. How sure it must be is chosen on
texts that the table of that round had not seen (five rounds): `soon` lets at most SOON of the ordinary ones alarm,
`urgent` at most URGENT. The digest of what it learnt from is kept with it, and a test asks for it.
"""

from __future__ import annotations

import hashlib
import json
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from services.safeguarding import minilm
from services.safeguarding.meaning import CALM, from_the_middle, likely, sentences
from services.safeguarding.minilm import Vectors

EVALUATION = Path("tests/safeguarding/evaluation")
TABLE = Path("services/safeguarding/meaning.npz")
LEARNT_FROM = ("development", "learning")
SEED, FOLDS, STEPS, PULL = 2026, 5, 300, 3e-4
SOON, URGENT = 0.16, 0.03
MARKS = {  # how the evaluation set names them, where the lexicon has another name
    "physical": "hurt_by_hand", "emotional": "frightened_or_threatened", "staff_conduct": "workers_conduct",
    "low_level": "workers_conduct", "suicide": "wants_to_die", "danger": "danger_now",
}  # fmt: skip


def read() -> list[tuple[str, str]]:
    """``(mark, text)`` of all that is learnt from."""
    return [
        (MARKS.get(row[0], row[0]), row[-1])
        for part in LEARNT_FROM
        for row in tomllib.loads((EVALUATION / f"{part}.toml").read_text("utf-8"))["texts"]
    ]


def digest() -> str:
    """Of all that is learnt from."""
    return hashlib.sha256(json.dumps(read()).encode()).hexdigest()


class Lesson:
    """All texts cut into sentences, with what each sentence means."""

    def __init__(self, rows: Sequence[tuple[str, str]]) -> None:
        self.marks = (CALM, *sorted({mark for mark, _ in rows} - {CALM}))
        self.is_ = [self.marks.index(mark) for mark, _ in rows]
        self.cut = [sentences(text) for _, text in rows]
        flat = sorted({one for several in self.cut for one in several})
        vectors = minilm.the_model().embed(flat)
        self.middle = vectors.mean(0).astype(np.float16).astype(np.float32)
        self.means = dict(zip(flat, from_the_middle(vectors, self.middle), strict=True))

    def learn(self, these: Sequence[int]) -> tuple[Vectors, Vectors]:
        """Weights and bias from these texts: twice over, the second time from the sentences that bore it most."""
        bears = {at: max(self.cut[at], key=len) for at in these if self.is_[at]}
        for once_more in (True, True, False):
            pairs = [
                (self.is_[at], one) for at in these for one in ([bears[at]] if self.is_[at] else self.cut[at])
            ]
            table = _fit(
                np.stack([self.means[one] for _, one in pairs]), np.array([is_ for is_, _ in pairs]), len(self.marks)
            )
            if once_more:
                bears = {at: self.cut[at][int(np.argmax(self.sure(table, at)))] for at in bears}
        return table

    def sure(self, table: tuple[Vectors, Vectors], at: int) -> Vectors:
        """How far from calm each sentence of a text is."""
        far: Vectors = 1 - likely(np.stack([self.means[one] for one in self.cut[at]]), *table)[:, 0]
        return far


def _fit(rows: Vectors, is_: NDArray[np.int64], many: int) -> tuple[Vectors, Vectors]:
    """Logistic, one against the others, by gradient (Adam); calm weighs as much as all the rest together."""
    weights, bias = np.zeros((many, rows.shape[1]), np.float32), np.zeros(many, np.float32)
    wanted = np.eye(many, dtype=np.float32)[is_]
    weigh = np.where(is_ == 0, (is_ != 0).sum() / (is_ == 0).sum(), 1.0).astype(np.float32)
    weigh = weigh[:, None] / weigh.sum()
    means = [np.zeros_like(weights), np.zeros_like(bias)]
    squares = [np.zeros_like(weights), np.zeros_like(bias)]
    for step in range(1, STEPS + 1):
        off = (likely(rows, weights, bias) - wanted) * weigh
        for which, (value, slope) in enumerate(((weights, off.T @ rows + PULL * weights), (bias, off.sum(0)))):
            means[which] = 0.9 * means[which] + 0.1 * slope
            squares[which] = 0.999 * squares[which] + 0.001 * slope**2
            value -= 0.1 * (means[which] / (1 - 0.9**step)) / (np.sqrt(squares[which] / (1 - 0.999**step)) + 1e-8)
    return weights, bias


def main() -> None:
    """Learn, choose how sure it must be, and keep it."""
    rows = read()
    lesson = Lesson(rows)
    fold = np.random.default_rng(SEED).integers(0, FOLDS, len(rows))
    unseen = np.zeros(len(rows))
    for one in range(FOLDS):
        table = lesson.learn([at for at in range(len(rows)) if fold[at] != one])
        for at in map(int, np.flatnonzero(fold == one)):
            unseen[at] = lesson.sure(table, at).max()
    calm = np.array([is_ == 0 for is_ in lesson.is_])
    soon, urgent = (float(np.quantile(unseen[calm], 1 - share)) for share in (SOON, URGENT))
    weights, bias = lesson.learn(range(len(rows)))
    learnt = {
        "marks": lesson.marks, "seed": SEED, "soon": round(soon, 3), "urgent": round(urgent, 3),
        "learnt_from": digest(), "weights_of": minilm.WEIGHTS_SHA256,
    }  # fmt: skip
    numbers = {"middle": lesson.middle, "weights": weights, "bias": bias}
    small: dict[str, Any] = {name: those.astype(np.float16) for name, those in numbers.items()}
    np.savez(TABLE, learnt=np.array(json.dumps(learnt)), **small)
    seen = [float((unseen[~calm] >= least).mean()) for least in (soon, urgent)]
    sys.stdout.write(f"soon {soon:.3f}: {seen[0]:.3f} of the worrying; urgent {urgent:.3f}: {seen[1]:.3f}\n")
