"""What sentences mean, where no word of the lexicon gives it away: the screen's second half.

Step 2 of a complaint's journey. A text is cut into sentences, MiniLM says what each means (`minilm`), and a small table
learnt from invented sentences (meaning.npz, made by benchmarks/learning) says how near that is to harm, and to
which. It marks as the lexicon does, under the lexicon's own marks; like it, it only ever raises. Slower than the
lexicon by a factor of a hundred, so nothing that is urgent waits for it: see `weighing`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from typing import Any

import numpy as np

from services.safeguarding import minilm
from services.safeguarding.minilm import Vectors

CALM = "none"
_END = re.compile(r"(?<=[.!?;])\s+|\n+")
_PAUSE = re.compile(r"(?<=,)\s+|\s+(?=(?:and|but|then|because|cos|so)\s)")
_FEW, _MANY, _WHOLE = 4, 32, 60
"""Words: fewer are read with what follows, more are cut at a pause, and a text up to the last is read whole too."""


@dataclass(frozen=True, slots=True)
class Meant:
    """A sentence that seems to tell of harm: whose mark, which words, and how sure (0 to 1)."""

    mark: str
    sentence: str
    sure: float
    priority: str


@dataclass(frozen=True, slots=True)
class Head:
    """What was learnt: a row of weights for each mark and for calm, and how sure it must be to raise."""

    marks: tuple[str, ...]
    middle: Vectors
    weights: Vectors
    bias: Vectors
    soon: float
    urgent: float
    learnt: Mapping[str, Any]

    def likely(self, vectors: Vectors) -> Vectors:
        """How likely each mark is for each sentence; a row adds up to one."""
        return likely(from_the_middle(vectors, self.middle), self.weights, self.bias)


def from_the_middle(vectors: Vectors, middle: Vectors) -> Vectors:
    """Vectors as the table takes them: by how they differ from what all sentences have in common, of length two."""
    apart = vectors - middle
    rows: Vectors = apart * (2 / np.linalg.norm(apart, axis=1, keepdims=True))
    return rows


def likely(rows: Vectors, weights: Vectors, bias: Vectors) -> Vectors:
    """A row for each: how likely each mark is, together one."""
    far = rows @ weights.T + bias
    far = np.exp(far - far.max(1, keepdims=True))
    together: Vectors = far / far.sum(1, keepdims=True)
    return together


def meant(text: str) -> tuple[Meant, ...]:
    """What a text means that cannot wait, the surest first. CPU work: tens of milliseconds a report, up to seconds.

    Raises `minilm.WrongWeights`, and ImportError where the model is not installed.
    """
    return meant_of([text])[0]


def meant_of(texts: Sequence[str]) -> list[tuple[Meant, ...]]:
    """The same for many texts at once."""
    head, model = the_head(), minilm.the_model()
    cut = [sentences(text) for text in texts]
    flat = list(dict.fromkeys(one for several in cut for one in several))
    rows = dict(zip(flat, head.likely(model.embed(flat)), strict=True)) if flat else {}
    return [_of_text(head, {one: rows[one] for one in several}) for several in cut]


def _of_text(head: Head, rows: Mapping[str, Vectors]) -> tuple[Meant, ...]:
    calm = head.marks.index(CALM)
    found: dict[str, Meant] = {}
    for sentence, row in rows.items():
        sure = float(1 - row[calm])
        if sure >= head.soon:
            nearest = max((one for one in head.marks if one != CALM), key=lambda one: row[head.marks.index(one)])
            if nearest not in found or found[nearest].sure < sure:
                found[nearest] = Meant(nearest, sentence, sure, "urgent" if sure >= head.urgent else "soon")
    return tuple(sorted(found.values(), key=lambda one: -one.sure))


def sentences(text: str) -> list[str]:
    """A text as it is read: sentence by sentence, and a short one as a whole too."""
    found: list[str] = []
    for sentence in filter(None, map(str.strip, _END.split(text))):
        for part in _parts(sentence):
            if found and (len(found[-1].split()) < _FEW or len(part.split()) < _FEW):
                found[-1] = f"{found[-1]} {part}"
            else:
                found.append(part)
    if len(found) > 1 and len(text.split()) <= _WHOLE:
        found.append(" ".join(text.split()))
    return found


def _parts(sentence: str) -> list[str]:
    if len(sentence.split()) <= _MANY:
        return [sentence]
    parts = [""]
    for piece in _PAUSE.split(sentence):
        for words in _cut(piece.split()):
            if len(parts[-1].split()) + len(words) > _MANY:
                parts.append("")
            parts[-1] = f"{parts[-1]} {' '.join(words)}".strip()
    return [part for part in parts if part]


def _cut(words: Sequence[str]) -> list[Sequence[str]]:
    return [words[at : at + _MANY] for at in range(0, len(words), _MANY)]


@cache
def the_head() -> Head:
    """What was learnt, as it is installed."""
    with as_file(files(__package__).joinpath("meaning.npz")) as file, np.load(file, allow_pickle=False) as kept:
        learnt = json.loads(str(kept["learnt"]))
        middle, weights, bias = (kept[name].astype(np.float32) for name in ("middle", "weights", "bias"))
        return Head(tuple(learnt["marks"]), middle, weights, bias, learnt["soon"], learnt["urgent"], learnt)
