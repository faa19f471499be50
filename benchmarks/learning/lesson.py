"""Learns how the screen tells what is said: meaning.npz of safeguarding, telling.npz of screening.

    python -m benchmarks.learning

From the development part of the evaluation set and tests/safeguarding/evaluation/learning.toml, never from the test
part. Of a worrying text the table learns only from the sentence that bears it most. How sure it must be is chosen on
texts of which that round had seen no relative (five rounds; what stands together in a file was written together, and is
seen or unseen together): `bears` gives up LOST of the worrying ones in which a phrase stands, `soon` lets at most SOON
of the ordinary ones alarm, those counted that a phrase raises anyway, `urgent` at most URGENT by itself. The digest of
what it learnt from is kept with it, and a test asks for it.
"""

from __future__ import annotations

import hashlib
import json
import sys
import time
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.learning.pieces import doubtful, learn
from benchmarks.learning.table import SEED
from benchmarks.learning.table import learn as learn_table
from services.safeguarding import minilm
from services.safeguarding.meaning import CALM, Table, from_the_middle, stretches, together
from services.screening.screen import hits_of
from services.screening.telling import Telling, Vectors, pieces_of

EVALUATION = Path("tests/safeguarding/evaluation")
TABLE, TOLD = Path("services/safeguarding/meaning.npz"), Path("services/screening/telling.npz")
LEARNT_FROM = ("development", "learning")
FOLDS, FAMILY = 5, 40
LOST, SOON, URGENT = 0.03, {"with": 0.19, "without": 0.22}, 0.03
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
        self.around = [stretches(text) for _, text in rows]
        self.cut = [list(one) for one in self.around]
        self.pieces = [pieces_of(text) for _, text in rows]
        self.hits = [hits_of(text) for _, text in rows]
        flat = sorted({one for several in self.cut for one in several})
        vectors = minilm.the_model().embed(flat)
        self.middle = vectors.mean(0).astype(np.float16).astype(np.float32)
        self.means = dict(zip(flat, from_the_middle(vectors, self.middle), strict=True))

    def learn(self, these: Sequence[int]) -> Table:
        """A table from these texts: twice over, the second time from the sentences that bore it most."""
        bears = {at: max(self.cut[at], key=len) for at in these if self.is_[at]}
        for once_more in (True, False):
            pairs = [(self.is_[at], one) for at in these for one in ([bears[at]] if self.is_[at] else self.cut[at])]
            found = np.stack([self.means[one] for _, one in pairs])
            table = learn_table(found, np.array([is_ for is_, _ in pairs]), len(self.marks))
            if once_more:
                bears = {at: self.cut[at][int(np.argmin(self.likely(table, at)[:, 0]))] for at in bears}
        return table

    def telling(self, these: Sequence[int]) -> Telling:
        """How telling words are in these texts, and which phrases they make doubtful."""
        is_ = [self.is_[at] for at in these]
        told = learn([self.pieces[at] for at in these], is_, self.marks)
        return replace(told, doubtful=doubtful([self.hits[at] for at in these], is_))

    def likely(self, table: Table, at: int) -> Vectors:
        """How likely each mark is for each sentence of a text."""
        return table.likely(np.stack([self.means[one] for one in self.cut[at]]))


def main() -> None:
    """Learn, choose how sure it must be, and keep it."""
    rows = read()
    _tell(f"{len(rows)} texts: what the model says of each sentence")
    lesson = Lesson(rows)
    is_, every = np.array(lesson.is_), range(len(rows))
    families = np.random.default_rng(SEED).permutation(len(rows) // FAMILY + 1) % FOLDS
    fold = families[np.arange(len(rows)) // FAMILY]
    unseen = np.zeros((3, len(rows)))
    for one in range(FOLDS):
        _tell(f"round {one + 1} of {FOLDS}: how sure it must be")
        seen = [at for at in every if fold[at] != one]
        table, telling = lesson.learn(seen), lesson.telling(seen)
        for at in map(int, np.flatnonzero(fold == one)):
            around = lesson.around[at]
            told = dict(zip(around.values(), telling.likely(list(around.values())), strict=True))
            means = dict(zip(around, lesson.likely(table, at), strict=True))
            both = together(around, told, means)
            borne = max(telling.sure(lesson.hits[at]), default=0.0)
            unseen[:, at] = 1 - both[:, 0].min(), 1 - min(row[0] for row in told.values()), borne
    bears = _bears(unseen[2], is_)
    words = unseen[2] >= bears
    with_model, alone = (_limits(which, sure, is_, words) for which, sure in zip(SOON, unseen, strict=False))
    about = {"marks": lesson.marks, "learnt_from": digest()}
    table = lesson.learn(every)
    half = {"middle": lesson.middle, "steps": table.steps, "begins": table.begins, "out": table.out, "bias": table.bias}
    _keep(TABLE, about | with_model | {"weights_of": minilm.WEIGHTS_SHA256}, _small(half) | {"into": table.into})
    telling = lesson.telling(every)
    _keep(TOLD, about | alone | {"bears": bears},
          {"pieces": _lines(telling.pieces), "doubtful": _lines(sorted(telling.doubtful)),
           "tell": telling.tell, "steps": telling.steps, "bias": telling.bias})  # fmt: skip


def _tell(what: str) -> None:
    sys.stdout.write(f"{time.process_time():5.0f} s  {what}\n")
    sys.stdout.flush()


def _bears(sure: NDArray[np.float64], is_: NDArray[np.int64]) -> float:
    """How sure a phrase must be."""
    calm, borne = is_ == 0, sure > 0
    bears = round(float(np.quantile(sure[~calm & borne], LOST)), 4)
    _tell(
        f"phrases: {borne[~calm].mean():.3f} of the worrying, {borne[calm].mean():.3f} of the ordinary bear one; "
        f"bears {bears:.4f}: {(sure >= bears)[~calm].mean():.3f} and {(sure >= bears)[calm].mean():.3f}"
    )
    return bears


def _limits(
    which: str, sure: NDArray[np.float64], is_: NDArray[np.int64], words: NDArray[np.bool_]
) -> dict[str, float]:
    """How sure it must be. `words`: whether the lexicon raises a text, however calm it seems here."""
    calm = is_ == 0
    soon = float(np.quantile(np.where(words, 1, sure)[calm], 1 - SOON[which]))
    urgent = float(np.quantile(sure[calm], 1 - URGENT))
    seen = words | (sure >= soon)
    _tell(
        f"{which} the model and with the phrases: soon {soon:.4f}: {seen[~calm].mean():.3f} of the worrying, "
        f"{seen[calm].mean():.3f} of the ordinary; urgent {urgent:.4f}: {(sure >= urgent)[~calm].mean():.3f}"
    )
    return {"soon": round(soon, 4), "urgent": round(urgent, 4)}


def _lines(of: Iterable[str]) -> NDArray[np.uint8]:
    return np.frombuffer("\n".join(of).encode(), np.uint8)


def _small(numbers: dict[str, Vectors]) -> dict[str, NDArray[Any]]:
    return {name: those.astype(np.float16) for name, those in numbers.items()}


def _keep(file: Path, learnt: dict[str, Any], numbers: dict[str, Any]) -> None:
    np.savez_compressed(file, learnt=np.array(json.dumps(learnt)), **numbers)
