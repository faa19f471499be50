"""The words that must not wait: reads lexicon.toml once and finds its marks in a text.

Step 2 of a complaint's journey, used by `screen`. A text goes through four hands: made plain (small letters, no
apostrophes, disguised letters put back), misspelt words set right, idioms taken out, marks looked for, wherever they
stand; which of them raise says `telling`. Each phrase is tried only where one of its rarest words stands, so a report
costs well under a millisecond.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from importlib.resources import files
from typing import Any, NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import OSA

WIDEST = 4
"""Words that "..." in a phrase may stand for, at most."""
_GAP = rf"(?: \w+){{0,{WIDEST}}}?"
NEAR = 4
"""Words on either side of a phrase, within its sentence, that stand around it."""
_DISGUISED = str.maketrans("013457@$", "oieastas")
STRETCH, REACH = 60, 40
"""Words in which phrases are looked for at once, and how far the longest phrase may reach beyond them."""
_SENTENCE, _SPOKEN = re.compile(r"[^. ][^.]*"), re.compile(r"\S+")
_WORD = re.compile(r"[^\W_][\w*@$]*|[.!?;\n]+")


@dataclass(frozen=True, slots=True)
class Mark:
    """One sort of words: the `lists` procedures ask for, the concerns it `fits`, how soon, and who may have done it.

    `presumed`: a worker, unless somebody else is spoken of.
    """

    id: str
    lists: tuple[str, ...]
    fits: tuple[str, ...]
    priority: str
    with_worker: bool
    by_worker: bool
    presumed: bool


class Hit(NamedTuple):
    """A phrase that stands in a text: its mark, as it is written in the lexicon, its words, and those around them."""

    mark: str
    phrase: str
    words: str
    around: str


@dataclass(frozen=True)
class _Phrase:
    owner: str
    written: str
    source: str
    anchors: tuple[str, ...]
    needs: tuple[tuple[frozenset[str], frozenset[str]], ...]  # of each choice that must stand: words, stems
    closes: bool  # whether the text must end with it

    @cached_property
    def shape(self) -> re.Pattern[str]:
        """Made when a text first comes near: all two thousand at once would hold up the first report."""
        return re.compile(self.source)


class Lexicon:
    """All marks and groups, compiled. `plain(text)`, then `hits`, is what the screen asks."""

    def __init__(self, content: dict[str, Any]) -> None:
        self.groups: dict[str, list[str]] = content["groups"]
        self.english = frozenset(content["english"]["words"])
        self._really = frozenset(content["really_a_word"]["words"])
        self.marks = {
            mark["id"]: Mark(
                mark["id"], tuple(mark["lists"]), tuple(mark["fits"]), mark["priority"],
                mark.get("with_worker", False), mark.get("by_worker", False), mark.get("presumed", False),
            )
            for mark in content["marks"]
        }  # fmt: skip
        phrases = [self._phrase(mark["id"], text) for mark in content["marks"] for text in mark["phrases"]]
        self._marks = _Index(phrases)
        self._idioms = _Index([self._phrase("idiom", text) for text in content["idioms"]["phrases"]])
        self._present = {name: self._phrase(name, f"<{name}>").shape for name in self.groups}
        self._by_letter: dict[str, list[str]] = {}
        for word in sorted({w for phrase in phrases for anchor in phrase.anchors for w in _spelt(anchor)}):
            if len(word) >= 5 and word not in self.english:
                self._by_letter.setdefault(word[0], []).append(word)
        self._known = {word for words in self._by_letter.values() for word in words}

    def _phrase(self, owner: str, text: str) -> _Phrase:
        shape, gap, written = "", False, text
        anchors: list[list[str]] = []
        opens, closes, text = text.startswith("^ "), text.endswith(" $"), text.removeprefix("^ ").removesuffix(" $")
        for choice in text.split():
            if choice == "...":
                gap = True
                continue
            optional = choice.startswith("?")
            words = [w for part in choice.removeprefix("?").split("|") for w in self._words(part)]
            piece = "(?:" + "|".join(re.escape(w).replace(r"\*", r"\w*") for w in words) + ")"
            if not anchors:  # nothing that must stand came before: no space to cross
                shape += f"(?:{piece} )?" if optional else piece
            else:
                joint = (_GAP if gap else "") + " "
                shape += f"(?:{joint}{piece})?" if optional else joint + piece
            gap = False
            if not optional:
                anchors.append([w.split()[-1] for w in words])
        rarest = min(anchors, key=lambda ws: (sum(w in self.english for w in ws), len(ws) > 6, -min(map(len, ws))))
        begin, end = r"\A" if opens else r"(?<!\S)", r"(?: \.)*\Z" if closes else r"(?!\S)"
        needs = tuple(
            (frozenset(w for w in ws if not w.endswith("*")), frozenset(w[:-1] for w in ws if w.endswith("*")))
            for ws in anchors
        )
        return _Phrase(owner, written, f"{begin}{shape}{end}", tuple(rarest), needs, closes)

    def _words(self, part: str) -> list[str]:
        return self.groups[part[1:-1]] if part.startswith("<") else [part.replace("_", " ")]

    def knows(self, word: str) -> bool:
        """Whether a word is English as far as anybody here has written it down, or stands in a phrase."""
        return word in self.english or word in self._really or word in self._known

    def speaks_of(self, group: str, plain: str) -> bool:
        """Whether a word of that group stands in a plain text."""
        return self._present[group].search(plain) is not None

    def hits(self, plain: str) -> Iterator[Hit]:
        """Each phrase wherever it stands in a plain text, with its words as they are read, not as they were written."""
        for reading in self._readings(plain):
            left = self._idioms.without(reading)
            words = reading.split(" ")
            for phrase, match in self._marks.hits(left):
                begin = left.count(" ", 0, match.start())
                end = begin + match.group().count(" ") + 1
                yield Hit(phrase.owner, phrase.written, match.group(), _around(words, begin, end))

    def plain(self, text: str) -> str:
        """Small letters, words apart by one space, sentences by ' . ', disguises ("k1ll", "r4pe", "haaate") undone."""
        flat = text.lower()
        if not flat.isascii():
            flat = unicodedata.normalize("NFKD", flat)
            flat = "".join(c for c in flat if not unicodedata.combining(c) and unicodedata.category(c) != "Cf")
        flat = re.sub(r"['’‘`´]", "", flat)
        flat = re.sub(r"([^\W\d_])\1{2,}", r"\1\1", flat)
        flat = re.sub(r"\bno[ -]one\b", "noone", flat)
        return " ".join(word if word.isalpha() else self._undisguised(word) for word in _WORD.findall(flat))

    def _undisguised(self, word: str) -> str:
        if word[0] in ".!?;\n":
            return "."
        if "*" in word:
            shape = re.compile(re.escape(word).replace(r"\*", r"\w") + r"\Z")
            return next((w for w in self._by_letter.get(word[0], []) if shape.match(w)), word.replace("*", ""))
        if not word.isdigit() and re.search(r"[a-z]", word) and re.search(r"[0-9@$]", word) and len(word) > 3:
            return word.translate(_DISGUISED)
        return word

    def _readings(self, plain: str) -> list[str]:
        """The text as it stands, then with its misspelt words set right; a word of two meanings gives two readings."""
        choices = [self._mend(word) for word in plain.split(" ")]
        several = max(map(len, choices))
        readings = [" ".join(words[min(n, len(words) - 1)] for words in choices) for n in range(several)]
        return list(dict.fromkeys((plain, *readings)))

    def _mend(self, word: str) -> tuple[str, ...]:
        if len(word) < 5 or word in self.english or word in self._really or word in self._known:
            return (word,)
        return _nearest(self, word)

    def nearest(self, word: str) -> tuple[str, ...]:
        """The words that this may be a misspelling of, or the word itself. The first letter is taken to be right."""
        reach = 1 if len(word) < 8 else 2
        near = process.extract(word, self._by_letter.get(word[0], []), scorer=OSA.distance, score_cutoff=reach, limit=4)
        return tuple(known for known, distance, _ in near if distance == near[0][1]) or (word,)


def _spelt(anchor: str) -> tuple[str, ...]:
    """The spellings that a misspelt word is held against: an open stem stands with its usual endings."""
    if not anchor.endswith("*"):
        return (anchor,)
    return tuple(anchor[:-1] + ending for ending in ("", "e", "ed", "es", "ing", "s"))


@lru_cache(maxsize=20_000)
def _nearest(lexicon: Lexicon, word: str) -> tuple[str, ...]:
    return lexicon.nearest(word)


class _Index:
    """Phrases by one rare word of each, so that a text meets only those it could bear."""

    def __init__(self, phrases: list[_Phrase]) -> None:
        self._exact: dict[str, list[int]] = {}
        self._stems: dict[str, list[int]] = {}
        self._phrases = phrases
        for at, phrase in enumerate(phrases):
            for anchor in phrase.anchors:
                where, word = (self._stems, anchor[:-1]) if anchor.endswith("*") else (self._exact, anchor)
                where.setdefault(word, []).append(at)
        self._needed = frozenset(stem for phrase in phrases for _, stems in phrase.needs for stem in stems)

    def _near(self, words: set[str]) -> list[int]:
        """The phrases of which every word that must stand is among these, in whatever order."""
        starts = {start for word in words for start in _starts(self, word)}
        at: set[int] = set()
        for word in words & self._exact.keys():
            at.update(self._exact[word])
        for start in starts & self._stems.keys():
            at.update(self._stems[start])
        needs = {one: self._phrases[one].needs for one in at}
        return [one for one in at if not any(e.isdisjoint(words) and s.isdisjoint(starts) for e, s in needs[one])]

    def _where(self, plain: str) -> list[tuple[_Phrase, list[_Stretch]]]:
        """The phrases that a text could bear, each with the stretches where it could."""
        where: dict[int, list[_Stretch]] = {}
        for stretch in _stretches(plain):
            for one in self._near(set(plain[stretch.begin : stretch.end].split(" "))):
                where.setdefault(one, []).append(stretch)
        return [(self._phrases[one], where[one]) for one in sorted(where)]

    def starts(self, word: str) -> tuple[str, ...]:
        """The stems of these phrases that a word begins with."""
        return tuple(start for n in range(1, len(word) + 1) if (start := word[:n]) in self._needed)

    def hits(self, plain: str) -> Iterator[tuple[_Phrase, re.Match[str]]]:
        """Each phrase wherever it stands in the text."""
        for phrase, stretches in self._where(plain):
            for match in _matches(phrase, plain, stretches):
                yield phrase, match

    def without(self, plain: str) -> str:
        """The text with each word of every phrase replaced by a break that no mark reaches across."""
        for phrase, stretches in self._where(plain):
            for match in list(_matches(phrase, plain, stretches)):
                broken = re.sub(r"\S", "~", match.group())  # as long as it was: the stretches hold
                plain = plain[: match.start()] + broken + plain[match.end() :]
        return plain


@lru_cache(maxsize=20_000)
def _starts(index: _Index, word: str) -> tuple[str, ...]:
    return index.starts(word)


class _Stretch(NamedTuple):
    """A part of a text: what begins before `until` is its own, what begins later is the next one's."""

    begin: int
    end: int
    until: int


def _stretches(plain: str) -> Iterator[_Stretch]:
    """Where phrases are looked for: each sentence, one without end in parts that reach over into the next.

    No phrase reaches across a full stop, and none is longer than the reach: so a text takes as long as it has words.
    """
    for sentence in _SENTENCE.finditer(plain):
        words = [word.span() for word in _SPOKEN.finditer(plain, *sentence.span())]
        for first in range(0, len(words), STRETCH):
            after, last = first + STRETCH, min(first + STRETCH + REACH, len(words)) - 1
            until = words[after][0] if after < len(words) else len(plain)
            yield _Stretch(words[first][0], words[last][1], until)


def _matches(phrase: _Phrase, plain: str, stretches: Sequence[_Stretch]) -> Iterator[re.Match[str]]:
    for begin, end, until in stretches:
        for match in phrase.shape.finditer(plain, begin, len(plain) if phrase.closes else end):
            if match.start() < until:
                yield match


def _around(words: Sequence[str], begin: int, end: int) -> str:
    """The words of a sentence from a little before to a little after these."""
    before, after = words[max(begin - NEAR, 0) : begin], words[end : end + NEAR]
    if "." in before:
        before = before[len(before) - before[::-1].index(".") :]
    if "." in after:
        after = after[: after.index(".")]
    return " ".join((*before, *words[begin:end], *after))


@cache
def the_lexicon() -> Lexicon:
    """The lexicon that is installed. Raises KeyError or tomllib.TOMLDecodeError when its file is not as it must be."""
    return Lexicon(tomllib.loads(files(__package__).joinpath("lexicon.toml").read_text("utf-8")))
