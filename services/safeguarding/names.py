"""Names as people say them: held against the people who work at a home, misspelt, shortened or in part.

Used by `whom`. Pure; it widens rather than narrows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from rapidfuzz import fuzz

from heard.roster import Roster
from services.screening.lexicon import the_lexicon

SURE, ALIKE = 92, 78  # rapidfuzz likeness of two names, 0 to 100
EMPTY = frozenset(
    ["the", "a", "an", "of", "and", "or", "for", "in", "on", "at", "to", "home", "house", "staff", "member"]
)
"""Words of a role's name that tell it from no other."""
_TITLES = frozenset(["mr", "mrs", "ms", "miss", "dr", "sir", "mx"])
# fmt: off
_ALSO_WORDS = frozenset([
    "will", "mark", "may", "grace", "joy", "hope", "rose", "bill", "sue", "pat", "rob", "dean", "art", "faith", "dawn",
    "june", "april", "summer", "max", "chase", "gene", "miles", "guy", "jack", "drew", "chance", "king", "star", "sky",
    "river", "angel", "precious", "blessing", "happy", "love",
])
# fmt: on


def called(name: str, roster: Roster, staff: Iterable[str]) -> tuple[str, ...]:
    """The people whose name this could be: all its parts are like parts of theirs."""
    if not parts(name):
        return ()
    return tuple(person for person in staff if is_like(name, person, roster, ALIKE))


def is_like(name: str, person: str, roster: Roster, enough: int = SURE) -> bool:
    """Whether every part of a name is like some part of this person's."""
    theirs = parts(roster.people[person].name)
    return all(any(_alike(part, other) >= enough for other in theirs) for part in parts(name))


def _alike(a: str, b: str) -> float:
    if a == b:
        return 100.0
    short, long = sorted((a, b), key=len)
    if len(short) >= 3 and long.startswith(short):  # Sam for Samantha: could be, not surely is
        return float(ALIKE)
    return fuzz.ratio(a, b) if len(short) >= 4 else 0.0


def named_in(text: str, roster: Roster, staff: Iterable[str]) -> tuple[str, ...]:
    """People whose first or family name stands in a text. A name that is also a word counts only with its capital."""
    words = re.findall(r"[^\W\d_]+", text.replace("'s", " ").replace("’s", " "))
    small = {word.lower(): word for word in words}
    capital = {word.lower() for word in words if word[0].isupper()}
    english = the_lexicon().english | _ALSO_WORDS
    found = []
    for person in staff:
        for part in parts(roster.people[person].name):
            near = [w for w in small if w == part or (min(len(part), len(w)) >= 4 and fuzz.ratio(w, part) >= 88)]
            if any(w in capital or w not in english for w in near if len(w) >= 3):
                found.append(person)
                break
    return tuple(found)


def parts(name: str) -> list[str]:
    """The parts of a name that tell people apart: no titles, no initials."""
    return [part for part in plainly(name).split() if part not in _TITLES and len(part) > 1]


def plainly(text: str) -> str:
    """Small letters and digits, one space between words."""
    return " ".join(re.findall(r"[^\W_]+", text.lower().replace("_", " ")))
