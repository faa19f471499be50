"""The numbers by which words are near to each other: what the model makes of each word alone, pressed together.

Made once for all words that the model or the project knows, and kept in likeness.npz; made again, which takes ten
minutes, when a word stands in what is learnt from that is not there yet.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from services.safeguarding import minilm
from services.safeguarding.lexicon import the_lexicon
from services.safeguarding.likeness import FINEST, words_of
from services.safeguarding.minilm import WIDTH, Vectors

NUMBERS, SPREAD = 64, 1.0
"""How many numbers a word has, and how far they spread."""
_PLAIN = re.compile(r"[a-z]+\Z")
_READ = (0, 3)
"""The first and the last layer that the model reads a word in: what it is, and what it means."""


def all_words(texts: Iterable[str]) -> list[str]:
    """Every word that the model knows whole, and each that stands in these texts."""
    known = {word for word in minilm.the_model().whole_words() if _PLAIN.match(word)}
    return sorted(known | {word for text in texts for word in words_of(text) if not word.isdigit()} | _of_the_lexicon())


def _of_the_lexicon() -> set[str]:
    return {word for word in the_lexicon().english if _PLAIN.match(word)}


def near(words: list[str]) -> NDArray[np.int8]:
    """A row of numbers for each word."""
    read = minilm.the_model().embed(words)
    return pressed(np.concatenate([read[:, WIDTH * layer : WIDTH * (layer + 1)] for layer in _READ], axis=1))


def pressed(rows: Vectors) -> NDArray[np.int8]:
    """The same in few small numbers: along the directions in which the words differ most."""
    rows = rows - rows.mean(axis=0)
    rows = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    _, directions = np.linalg.eigh(rows.T @ rows)
    few = rows @ directions[:, : -NUMBERS - 1 : -1]
    few *= SPREAD * FINEST / few.std()
    small: NDArray[np.int8] = np.clip(np.rint(few), -127, 127).astype(np.int8)
    return small
