"""How telling words are: how much each word, and each two words beside each other, speaks for harm, and for which.

The lexicon's weighted words, beside its phrases (`lexicon`). Step 2 of a complaint's journey, used by `meaning`. No
word need give it away: small things add up ("sleeves", "wont say", "every night"), and what is ordinary speaks against.
The numbers were learnt from invented texts (telling.npz, made by benchmarks/learning). It needs no package but NumPy
and no model, so it is there where the model is not; with the model both are asked.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from services.safeguarding.minilm import Vectors
from services.screening.lexicon import the_lexicon

FINEST = 127
"""Steps from nothing to the most telling word of a mark, in which what it tells is kept."""
_BEGIN, _END = "^", "$"
_ENDINGS, _STEM = ("ing", "ed", "es", "s"), 4


@dataclass(frozen=True, slots=True)
class Telling:
    """What was learnt: a row of small numbers for each word and pair; how sure it must be where it is asked alone."""

    marks: tuple[str, ...]
    pieces: Mapping[str, int]
    tell: NDArray[np.int8]
    steps: Vectors
    bias: Vectors
    soon: float
    urgent: float
    learnt: Mapping[str, Any]

    def likely(self, texts: Sequence[str]) -> Vectors:
        """How likely each mark is for each text; a row adds up to one."""
        return evenly(np.stack([self._far(text) for text in texts]))

    def _far(self, text: str) -> Vectors:
        known = [at for at in map(self.pieces.get, pieces_of(text)) if at is not None]
        together: Vectors = self.tell[known].sum(axis=0, dtype=np.int64) * self.steps * share(len(known)) + self.bias
        return together


def pieces_of(text: str) -> list[str]:
    """The words of a text without their endings, and each two beside each other; each once, in one order."""
    words = the_lexicon().plain(text).split(" . ")
    return list(dict.fromkeys(piece for sentence in words for piece in _pieces(sentence)))


def _pieces(sentence: str) -> Iterator[str]:
    stems = [_stem(word) for word in sentence.split() if word != "."]
    if stems:
        yield from stems
        yield from map(" ".join, zip((_BEGIN, *stems), (*stems, _END), strict=True))


def _stem(word: str) -> str:
    return next((word[: -len(e)] for e in _ENDINGS if word.endswith(e) and len(word) - len(e) >= _STEM), word)


def share(many: int) -> float:
    """What each of so many pieces counts: of a long text more of it must tell."""
    return float(max(many, 1) ** -0.5)


def evenly(far: Vectors) -> Vectors:
    """Likelihoods from how far each row speaks for each mark; a row adds up to one."""
    far = np.exp(far - far.max(axis=1, keepdims=True))
    together: Vectors = far / far.sum(axis=1, keepdims=True)
    return together


@cache
def the_telling() -> Telling:
    """What was learnt, as it is installed."""
    with as_file(files(__package__).joinpath("telling.npz")) as file, np.load(file, allow_pickle=False) as kept:
        learnt = json.loads(str(kept["learnt"]))
        pieces = {piece: at for at, piece in enumerate(kept["pieces"].tobytes().decode().split("\n"))}
        return Telling(
            tuple(learnt["marks"]), pieces, kept["tell"], kept["steps"], kept["bias"],
            learnt["soon"], learnt["urgent"], learnt,
        )  # fmt: skip
