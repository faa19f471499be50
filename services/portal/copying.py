"""A copy of a case to give to somebody, from which sentences and people can be left out, one by one.

STEP 3 of a complaint's journey and after it: for whoever complained, or an inspector. Owns how a case is cut into
pieces that can be chosen, and what is left of them. Whatever is not chosen to stay is not in what comes out, in no
form; a mark says that something was there. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.portal.plain_words import sentence

GONE, NOBODY = "[left out]", "[somebody]"
"""What stands where a sentence or a name was."""
_SENTENCES = re.compile(r"(?<=[.!?])\s+|\n+")
_SHORTEST = 3
"""Letters: a part of a name that is shorter is a word of its own too often to be struck by itself."""
Said = Callable[[Any], str]


@dataclass(frozen=True, slots=True)
class Piece:
    """One thing that somebody said or that happened, cut into sentences: each with an id that stays the same."""

    id: str
    group: str
    heading: str
    sentences: tuple[tuple[str, str], ...]


def pieces(case: Mapping[str, Any], moment: Said) -> list[Piece]:
    """Everything of a case page that can be copied: what was said, then what happened, the oldest first."""
    return [*_said(case, moment), *_happened(case, moment)]


def _said(case: Mapping[str, Any], moment: Said) -> Iterator[Piece]:
    for words in case["words"]:
        when = f", {moment(words['at'])}" if words.get("at") else ""
        for name, text in words["fields"].items():
            if text:
                id_ = f"said.{words['id']}.{name}"
                yield Piece(id_, "What was said", f"{sentence(words['sort'])}: {sentence(name)}{when}", _cut(id_, text))


def _happened(case: Mapping[str, Any], moment: Said) -> Iterator[Piece]:
    for row in case["ledger"]:
        id_ = f"row.{row['seq']}"
        text = "\n".join(part for part in (row["sentence"], row.get("letter")) if part)
        yield Piece(id_, "What happened", f"{moment(row['at'])}, {row['by_name']}", _cut(id_, text))


def _cut(id_: str, text: str) -> tuple[tuple[str, str], ...]:
    found = (part.strip() for part in _SENTENCES.split(text))
    return tuple((f"{id_}.{n}", part) for n, part in enumerate(part for part in found if part))


def people(case: Mapping[str, Any]) -> list[str]:
    """The names that the page knows, each once: who works on it, whom it is about, who did something, who wrote."""
    names = [one["name"] for one in (*case["people"], *case["about"])]
    names += [row["by_name"] for row in case["ledger"] if row["by_name"] and row["by_name"][:1].isupper()]
    names += [words["fields"].get("name") for words in case["words"]]
    names += (case.get("panel") or {}).get("members") or []
    return sorted({name.strip() for name in names if name and name.strip() not in ("", "Heard")})


@dataclass(frozen=True, slots=True)
class Copied:
    """A copy: its pieces as `(group, heading, text)`, and how many sentences were left out of it."""

    pieces: tuple[tuple[str, str, str], ...]
    gone: int


def copied(every: Sequence[Piece], seen: Collection[str], left_out: Collection[str], names: Collection[str]) -> Copied:
    """What is left. `seen` are the ids that stood on the page: what came since was chosen by nobody, and stays out."""
    found, gone = [], 0
    for piece in every:
        if piece.id not in seen:
            continue
        kept: list[str] = []
        for id_, text in piece.sentences:
            if id_ in left_out:
                gone += 1
                if kept[-1:] != [GONE]:
                    kept.append(GONE)
            else:
                kept.append(without(text, names))
        found.append((piece.group, without(piece.heading, names), "\n".join(kept)))
    return Copied(tuple(found), gone)


def without(text: str, names: Collection[str]) -> str:
    """The text without these people: the whole name, and each part of it that stands as a word."""
    for name in sorted(names, key=len, reverse=True):
        parts = [part for part in re.split(r"[\s-]+", name) if len(part) >= _SHORTEST]
        for one in (name, *parts):
            text = re.sub(rf"(?<!\w){re.escape(one)}(?:['’]s)?(?!\w)", NOBODY, text, flags=re.IGNORECASE)
    return re.sub(rf"{re.escape(NOBODY)}(?:[\s-]+{re.escape(NOBODY)})+", NOBODY, text)


def recorded(copy: Copied, names: int, why: str, note: str) -> str:
    """What the ledger keeps of it: how much was left out and why, and nothing of what it was."""
    if not copy.gone and not names:
        return f"A copy of the case with nothing left out. {note}".strip()
    parts = []
    if copy.gone:
        parts.append(f"{copy.gone} {'sentence' if copy.gone == 1 else 'sentences'}")
    if names:
        parts.append(f"the {'name of 1 person' if names == 1 else f'names of {names} people'}")
    return f"A copy of the case without {' and '.join(parts)}. Why they were left out: {why} {note}".strip()
