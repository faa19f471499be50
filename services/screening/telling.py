"""How telling words are: how much each word, and each two words beside each other, speaks for harm, and for which.

The lexicon's weighted words, beside its phrases (`lexicon`). Step 2 of a complaint's journey, used by `screen` and by
safeguarding's `meaning`: a phrase that stood in ordinary texts too raises only where the few words around it tell of
harm as well. No word need give it away: small things add up ("sleeves", "wont say", "every night"), and what is
ordinary speaks against. The numbers were learnt from invented texts (telling.npz, made by benchmarks/learning). It
needs no package but NumPy and no model, so it is there where the model is not; with the model both are asked.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from services.screening.lexicon import Hit, the_lexicon

Vectors = NDArray[np.float32]

FINEST = 50
"""Steps from nothing to the most telling word of a mark, in which what it tells is kept."""
_BEGIN, _END = "^", "$"
_ENDINGS, _STEM = ("ing", "ed", "es", "s"), 4


@dataclass(frozen=True, slots=True)
class Telling:
    """What was learnt: a row of small numbers for each word and pair; how sure it must be where it is asked alone.

    `doubtful`: the phrases that ordinary texts bore too; `bears`: how sure the words around one must be.
    """

    marks: tuple[str, ...]
    pieces: Mapping[str, int]
    tell: NDArray[np.int8]
    steps: Vectors
    bias: Vectors
    soon: float
    urgent: float
    learnt: Mapping[str, Any]
    doubtful: frozenset[str] = frozenset()
    bears: float = 0.0

    def likely(self, texts: Sequence[str]) -> Vectors:
        """How likely each mark is for each text; a row adds up to one."""
        return evenly(np.stack([self._far(pieces_of(text)) for text in texts]))

    def borne(self, hits: Sequence[Hit]) -> dict[str, tuple[str, ...]]:
        """Mark to the words that bear it: nothing where no hit is sure enough, and where one is, all of them."""
        found: dict[str, dict[str, None]] = {}
        if any(sure >= self.bears for sure in self.sure(hits)):
            for hit in hits:
                found.setdefault(hit.mark, {})[hit.words] = None
        return {mark: tuple(words) for mark, words in found.items()}

    def sure(self, hits: Sequence[Hit]) -> Iterator[float]:
        """How sure hits are, wholly, or those of doubtful phrases as far as the words around are from calm."""
        around = dict.fromkeys(hit.around for hit in hits if hit.phrase in self.doubtful)
        if any(hit.phrase not in self.doubtful for hit in hits):
            yield 1.0
        yield from map(self.tells, around)

    def tells(self, sentence: str) -> float:
        """How far the plain words of one sentence are from calm, from 0 to 1."""
        return float(1 - evenly(self._far(dict.fromkeys(_pieces(sentence)))[None])[0, 0])

    def _far(self, pieces: Iterable[str]) -> Vectors:
        known = [at for at in map(self.pieces.get, pieces) if at is not None]
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
        doubtful = frozenset(kept["doubtful"].tobytes().decode().split("\n"))
        return Telling(
            tuple(learnt["marks"]), pieces, kept["tell"], kept["steps"], kept["bias"],
            learnt["soon"], learnt["urgent"], learnt, doubtful, learnt["bears"],
        )  # fmt: skip
