"""What sentences mean, where no phrase of the lexicon gives it away: the screen's second half.

Step 2 of a complaint's journey. A text is cut into sentences, MiniLM says what each means (`minilm`), and a small table
learnt from invented sentences (meaning.npz, made by benchmarks/learning) says how near that is to harm, and to
which. How telling the words around a sentence are (`telling`: the lexicon's other part, its weighted words) is asked
too, and alone where the model is not installed.
It marks as the lexicon does, under the lexicon's own marks; like it, it only ever raises. Slower than the lexicon by a
factor of a hundred, so nothing that is urgent waits for it: see `weighing`.
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
from numpy.typing import NDArray

from services.safeguarding import minilm
from services.screening.screen import Meant
from services.screening.telling import Vectors, evenly, the_telling

CALM = "none"
_END = re.compile(r"(?<=[.!?;])\s+|\n+")
_PAUSE = re.compile(r"(?<=,)\s+|\s+(?=(?:and|but|then|because|cos|so)\s)")
_LEAST, _COUNTS = np.float32(1e-12), np.float32(0.6)
"""What nothing is taken for; what the meaning, which is surer of itself than it should be, counts beside the words."""
_FEW, _MANY, _WHOLE = 4, 32, 60
"""Words: fewer are read with what follows, more are cut at a pause, and a text up to the last is read whole too; of a
longer one as many are read together around each sentence."""


@dataclass(frozen=True, slots=True)
class Table:
    """What reads the model's numbers: `into` fewer (kept in small steps), and from these a row for each mark."""

    into: NDArray[np.int8]
    steps: Vectors
    begins: Vectors
    out: Vectors
    bias: Vectors

    def likely(self, rows: Vectors) -> Vectors:
        """How likely each mark is for each row; together one."""
        few = np.maximum(rows @ self.into.astype(np.float32) * self.steps + self.begins, 0)
        return evenly(few @ self.out + self.bias)


@dataclass(frozen=True, slots=True)
class Head:
    """What was learnt: the table, for each mark and for calm, and how sure it must be to raise."""

    marks: tuple[str, ...]
    middle: Vectors
    table: Table
    soon: float
    urgent: float
    learnt: Mapping[str, Any]

    def likely(self, vectors: Vectors) -> Vectors:
        """How likely each mark is for each sentence; a row adds up to one."""
        return self.table.likely(from_the_middle(vectors, self.middle))


def from_the_middle(vectors: Vectors, middle: Vectors) -> Vectors:
    """Vectors as the table takes them: by how they differ from what all sentences have in common, of length two."""
    apart = vectors - middle
    rows: Vectors = apart * (2 / np.linalg.norm(apart, axis=1, keepdims=True))
    return rows


def agreed(told: Vectors, means: Vectors) -> Vectors:
    """What is likely by how telling words are and by what they mean together; a row adds up to one."""
    return evenly(np.log(np.maximum(told, _LEAST)) + _COUNTS * np.log(np.maximum(means, _LEAST)))


def meant(text: str, with_model: bool) -> tuple[Meant, ...]:
    """What a text means that cannot wait, the surest first. CPU work: tens of milliseconds a report, up to seconds."""
    return meant_of([text], with_model)[0]


def meant_of(texts: Sequence[str], with_model: bool) -> list[tuple[Meant, ...]]:
    """The same for many texts at once. Without the model it goes by how telling the words are."""
    telling, head = the_telling(), the_head()
    around = [stretches(text) for text in texts]
    flat = list(dict.fromkeys(stretch for several in around for stretch in several.values()))
    if not flat:
        return [() for _ in texts]
    told = dict(zip(flat, telling.likely(flat), strict=True))
    if not with_model:
        limits = telling.soon, telling.urgent
        return [_of_text({one: told[one] for one in several.values()}, head.marks, *limits) for several in around]
    cut = list(dict.fromkeys(sentence for several in around for sentence in several))
    means = dict(zip(cut, head.likely(minilm.the_model().embed(cut)), strict=True))
    return [
        _of_text(dict(zip(several, together(several, told, means), strict=True)), head.marks, head.soon, head.urgent)
        if several
        else ()
        for several in around
    ]


def together(around: Mapping[str, str], told: Mapping[str, Vectors], means: Mapping[str, Vectors]) -> Vectors:
    """A row for each sentence: what it means, agreed with how telling the words around it are."""
    return agreed(np.stack([told[one] for one in around.values()]), np.stack([means[one] for one in around]))


def _of_text(rows: Mapping[str, Vectors], marks: Sequence[str], soon: float, urgent: float) -> tuple[Meant, ...]:
    calm = marks.index(CALM)
    found: dict[str, Meant] = {}
    for sentence, row in rows.items():
        sure = float(1 - row[calm])
        if sure >= soon:
            nearest = max((one for one in marks if one != CALM), key=lambda one: row[marks.index(one)])
            if nearest not in found or found[nearest].sure < sure:
                found[nearest] = Meant(nearest, sentence, sure, "urgent" if sure >= urgent else "soon")
    return tuple(sorted(found.values(), key=lambda one: -one.sure))


def stretches(text: str) -> dict[str, str]:
    """Each sentence of a text as it is read, with what is read around it; a short text is read as a whole too."""
    cut = _sentences(text)
    many = [len(sentence.split()) for sentence in cut]
    if sum(many) <= _WHOLE:
        whole = " ".join(text.split())
        return dict.fromkeys((*cut, whole) if cut else (), whole)
    return {cut[at]: " ".join(cut[slice(*_around(at, many))]) for at in range(len(cut))}


def _around(at: int, many: Sequence[int]) -> tuple[int, int]:
    """From which to before which sentence one is read: with those beside it, while they are few enough words."""
    begin, end = at, at + 1
    while True:
        wider = [
            (first, last)
            for first, last in ((begin - 1, end), (begin, end + 1))
            if first >= 0 and last <= len(many) and sum(many[first:last]) <= _WHOLE
        ]
        if not wider:
            return begin, end
        begin, end = wider[-1] if end - at <= at - begin + 1 else wider[0]


def _sentences(text: str) -> list[str]:
    found: list[str] = []
    for sentence in filter(None, map(str.strip, _END.split(text))):
        for part in _parts(sentence):
            if found and (len(found[-1].split()) < _FEW or len(part.split()) < _FEW):
                found[-1] = f"{found[-1]} {part}"
            else:
                found.append(part)
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
        middle, steps, begins, out, bias = (
            kept[name].astype(np.float32) for name in ("middle", "steps", "begins", "out", "bias")
        )
        table = Table(kept["into"], steps, begins, out, bias)
        return Head(tuple(learnt["marks"]), middle, table, learnt["soon"], learnt["urgent"], learnt)
