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
ANOTHER = "another"
REASONS = {
    "somebody_else": "It is about somebody else",
    "safety": "It could put somebody at risk",
    "inquiry": "It could get in the way of an inquiry that is still going on",
    "lawyer": "It is a lawyer's advice, or was asked of one",
    ANOTHER: "Another reason",
}
"""Why a part is left out, as whoever makes the copy chooses it and whoever gets it reads it."""
PEOPLE = "people"
"""The part of a copy that the names are."""
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
                which = f": {sentence(name)}" if len(words["fields"]) > 1 else ""
                yield Piece(id_, "What was said", f"{sentence(words['sort'])}{which}{when}", _cut(id_, text))


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
class Part:
    """A piece as it stands in a copy; `gone` sentences of it are not there, `why` (one of `REASONS`) says why."""

    group: str
    heading: str
    text: str
    gone: int
    why: str


@dataclass(frozen=True, slots=True)
class Copied:
    """A copy: its parts, and how many people were left out of it, and why."""

    parts: tuple[Part, ...]
    people: int
    why_people: str

    @property
    def reasons(self) -> dict[str, str]:
        """What was left out for each reason, in words: "2 sentences and the name of 1 person"."""
        found = {}
        for why in REASONS:
            gone = sum(one.gone for one in self.parts if one.why == why)
            people = self.people if self.why_people == why else 0
            if gone or people:
                found[why] = _how_much(gone, people)
        return found


def copied(
    every: Sequence[Piece], seen: Collection[str], left_out: Collection[str], names: Collection[str],
    why: Callable[[str], str],
) -> Copied:  # fmt: skip
    """What is left. `seen` are the ids that stood on the page: what came since was chosen by nobody, and stays out.

    `why` says for a piece's id, and for `PEOPLE`, why it is left out.
    """
    found = []
    for piece in every:
        if piece.id not in seen:
            continue
        kept: list[str] = []
        gone = 0
        for id_, text in piece.sentences:
            if id_ in left_out:
                gone += 1
                if kept[-1:] != [GONE]:
                    kept.append(GONE)
            else:
                kept.append(without(text, names))
        because = why(piece.id) if gone else ""
        found.append(Part(piece.group, without(piece.heading, names), "\n".join(kept), gone, because))
    return Copied(tuple(found), len(names), why(PEOPLE) if names else "")


def without(text: str, names: Collection[str]) -> str:
    """The text without these people: the whole name, and each part of it that stands as a word."""
    for name in sorted(names, key=len, reverse=True):
        parts = [part for part in re.split(r"[\s-]+", name) if len(part) >= _SHORTEST]
        for one in (name, *parts):
            text = re.sub(rf"(?<!\w){re.escape(one)}(?:['’]s)?(?!\w)", NOBODY, text, flags=re.IGNORECASE)
    return re.sub(rf"{re.escape(NOBODY)}(?:[\s-]+{re.escape(NOBODY)})+", NOBODY, text)


def recorded(copy: Copied, own_words: str, note: str) -> str:
    """What the ledger keeps of it: how much was left out and why, part by part, and nothing of what it was."""
    if not copy.reasons:
        return f"A copy of the case with nothing left out. {note}".strip()
    total = _how_much(sum(one.gone for one in copy.parts), copy.people)
    whys = "; ".join(f"{REASONS[why].lower()} ({much})" for why, much in copy.reasons.items())
    return " ".join(filter(None, (f"A copy of the case without {total}. Why: {whys}.", own_words, note)))


def _how_much(gone: int, people: int) -> str:
    sentences = f"{gone} {'sentence' if gone == 1 else 'sentences'}" if gone else ""
    names = f"the {'name of 1 person' if people == 1 else f'names of {people} people'}" if people else ""
    return " and ".join(filter(None, (sentences, names)))
