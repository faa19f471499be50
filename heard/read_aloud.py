"""Several things said of one report or case, as a person would say them one after the other.

The rules of a procedure each say one whole thing ("A child may be harmed"). On an alert, in a form for a body outside
and in a refusal several stand together: here they become sentences, or are quoted, in one way for all of these.
"""

from __future__ import annotations

from collections.abc import Iterable


def sentences(said: Iterable[str]) -> str:
    """Each as a sentence of its own, none twice: "A child may be harmed. Somebody is in danger now."."""
    return " ".join(one if one.endswith((".", "?", "!")) else f"{one}." for one in _each(said))


def quoted(said: Iterable[str]) -> str:
    """All of them in one sentence, each in quotation marks: "“A child is missing” and “A crime”"."""
    marked = [f"“{one}”" for one in _each(said)]
    return " and ".join([", ".join(marked[:-1]), marked[-1]] if len(marked) > 1 else marked)


def _each(said: Iterable[str]) -> list[str]:
    tidy = (one.strip() for one in said)
    return list(dict.fromkeys(one[0].upper() + one[1:] for one in tidy if one))
