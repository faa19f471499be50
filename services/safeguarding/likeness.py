"""What words are like: which harm a few words in a row resemble, known without the model.

Step 2 of a complaint's journey, used by `meaning`. Each word that is known has a few numbers, near to those of words
that are used as it is ("shoved", "thrust"); small windows look along a sentence for rows of words that resemble what
was told of harm in invented sentences (likeness.npz, made by benchmarks/learning). It needs no package but NumPy, so
it is there where the model is not; with the model both are asked. The windows see which words stand beside each other,
which the model's mean of a sentence blurs.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from services.safeguarding.lexicon import the_lexicon
from services.safeguarding.minilm import Vectors

FINEST = 32
"""Steps to one, in which the numbers of a word are kept."""


@dataclass(frozen=True, slots=True)
class Window:
    """So many words in a row, and what is looked for in them."""

    words: int
    weights: Vectors
    bias: Vectors

    def over(self, rows: Vectors) -> Vectors:
        """How strongly each thing that is looked for is found, where it is found most. `rows`: a row for each word."""
        long, wide = rows.shape
        padded = np.concatenate([rows, np.zeros((self.words - 1, wide), np.float32)])
        beside = np.concatenate([padded[n : n + long] for n in range(self.words)], axis=1)
        strongest: Vectors = (beside @ self.weights + self.bias).max(axis=0)
        return np.maximum(strongest, 0)


@dataclass(frozen=True, slots=True)
class Likeness:
    """What was learnt: the words, the windows, and how sure it must be to raise where it is asked alone."""

    marks: tuple[str, ...]
    words: Mapping[str, int]
    near: NDArray[np.int8]
    windows: tuple[Window, ...]
    weights: Vectors
    bias: Vectors
    soon: float
    urgent: float
    learnt: Mapping[str, Any]

    def likely(self, sentences: Sequence[str]) -> Vectors:
        """How likely each mark is for each sentence; a row adds up to one."""
        found = [np.concatenate([one.over(self.rows(sentence)) for one in self.windows]) for sentence in sentences]
        return evenly(np.stack(found) @ self.weights + self.bias)

    def rows(self, sentence: str) -> Vectors:
        """The numbers of a sentence's words in their order; none for a word that is not known."""
        at = [self.words.get(word, -1) for word in words_of(sentence)] or [-1]
        rows: Vectors = np.where(np.array(at)[:, None] >= 0, self.near[at], 0).astype(np.float32)
        return rows / np.float32(FINEST)


def words_of(sentence: str) -> list[str]:
    """A sentence as it is read: its words made plain."""
    return [word for word in the_lexicon().plain(sentence).split() if word != "."]


def evenly(far: Vectors) -> Vectors:
    """Likelihoods from how far each row speaks for each mark; a row adds up to one."""
    far = np.exp(far - far.max(axis=1, keepdims=True))
    together: Vectors = far / far.sum(axis=1, keepdims=True)
    return together


@cache
def the_likeness() -> Likeness:
    """What was learnt, as it is installed."""
    with as_file(files(__package__).joinpath("likeness.npz")) as file, np.load(file, allow_pickle=False) as kept:
        learnt = json.loads(str(kept["learnt"]))
        words = {word: at for at, word in enumerate(str(kept["words"]).split())}
        windows = tuple(
            Window(many, kept[f"window_{many}"].astype(np.float32), kept[f"bias_{many}"].astype(np.float32))
            for many in learnt["windows"]
        )
        weights, bias = (kept[name].astype(np.float32) for name in ("weights", "bias"))
        limits = learnt["soon"], learnt["urgent"]
        return Likeness(tuple(learnt["marks"]), words, kept["near"], windows, weights, bias, *limits, learnt)
