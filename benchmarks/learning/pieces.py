"""Learns how telling words and pairs of words are (`telling`): logistic, by gradient, over which of them a text has.

A piece begins with how much more often it stands in worrying texts than in ordinary ones, so that what was seen twice
already leans the right way; one that was seen in a single text says nothing. Nothing in it is left to chance.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from services.screening.lexicon import Hit
from services.screening.telling import FINEST, Telling, Vectors, evenly, share

TEXTS, STEPS, RATE, PULL = 2, 200, 0.06, 0.1
"""In how many texts a piece must stand; steps and pace of learning; and how strongly it is pulled to nothing."""
OFTEN = 6
"""Worrying texts for each ordinary one that make a phrase as good as sure."""


def learn(texts: Sequence[Sequence[str]], is_: Sequence[int], marks: Sequence[str]) -> Telling:
    """What these texts, as pieces, teach. `is_`: the mark of each, 0 for none."""
    several = Counter(piece for text in texts for piece in text)
    known = {piece: at for at, piece in enumerate(sorted(one for one in several if several[one] >= TEXTS))}
    rows = _Rows([[known[piece] for piece in text if piece in known] for text in texts], len(known))
    worry = np.array(is_) > 0
    more = np.log(_often(rows, worry) / _often(rows, ~worry)).astype(np.float32)
    weights, bias = _fit(rows, more, np.eye(len(marks), dtype=np.float32)[list(is_)])
    weights *= more[:, None]
    steps = np.maximum(np.abs(weights).max(axis=0), 1e-6) / np.float32(FINEST)
    return Telling(tuple(marks), known, np.rint(weights / steps).astype(np.int8), steps, bias, 1, 1, {})


def doubtful(texts: Sequence[Sequence[Hit]], is_: Sequence[int]) -> frozenset[str]:
    """The phrases that stand in too many ordinary texts. `texts`: the hits of each."""
    borne = [({hit.phrase for hit in hits}, mark > 0) for hits, mark in zip(texts, is_, strict=True)]
    worrying, ordinary = (Counter(one for ones, is_so in borne if is_so is so for one in ones) for so in (True, False))
    return frozenset(phrase for phrase, many in ordinary.items() if worrying[phrase] < OFTEN * many)


def _often(rows: _Rows, these: NDArray[np.bool_]) -> Vectors:
    """The share that each piece has in all pieces of these texts; none has nothing."""
    times: Vectors = np.bincount(rows.piece[these[rows.text]], minlength=rows.pieces) + 0.5
    share_of_all: Vectors = times / times.sum()
    return share_of_all


def _fit(rows: _Rows, more: Vectors, wanted: Vectors) -> tuple[Vectors, Vectors]:
    values = [np.zeros((rows.pieces, wanted.shape[1]), np.float32), np.zeros(wanted.shape[1], np.float32)]
    means, squares = ([np.zeros_like(one) for one in values] for _ in range(2))
    for step in range(1, STEPS + 1):
        weights, bias = values
        off = evenly(rows.of_texts(weights * more[:, None]) + bias) - wanted
        slopes = (rows.of_pieces(off) * more[:, None] + PULL * weights) / len(wanted), off.mean(axis=0)
        for value, slope, mean, square in zip(values, slopes, means, squares, strict=True):
            mean += 0.1 * (slope - mean)
            square += 0.001 * (slope * slope - square)
            value -= RATE * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.999**step)) + 1e-8)
    return values[0], values[1]


class _Rows:
    """Which pieces stand in which texts, each with its share of the text."""

    def __init__(self, texts: Sequence[Sequence[int]], pieces: int) -> None:
        self.texts, self.pieces = len(texts), pieces
        many = [len(text) for text in texts]
        self.text = np.repeat(np.arange(len(texts)), many)
        self.piece = np.array([at for text in texts for at in text])
        self._share = np.repeat(np.array([share(one) for one in many], np.float32), many)[:, None]
        self._order = np.argsort(self.piece, kind="stable")

    def of_texts(self, rows: Vectors) -> Vectors:
        """The sum of its pieces' rows for each text."""
        return _summed(rows[self.piece] * self._share, self.text, self.texts)

    def of_pieces(self, rows: Vectors) -> Vectors:
        """The sum over the texts that it stands in for each piece."""
        return _summed((rows[self.text] * self._share)[self._order], self.piece[self._order], self.pieces)


def _summed(rows: Vectors, of: NDArray[np.int64], many: int) -> Vectors:
    """The rows of each added up; those of one stand together."""
    begins = np.flatnonzero(np.diff(of, prepend=-1))
    summed = np.zeros((many, rows.shape[1]), np.float32)
    summed[of[begins]] = np.add.reduceat(rows, begins, axis=0)
    return summed
