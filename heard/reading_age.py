"""How many years of school a text asks of its reader: the Flesch-Kincaid grade, measured on what is really said.

A rough measure, and enough to notice a sentence that grew too long. What counts as a word, a sentence and a syllable is
an approximation for English; an address of a page, a number and a code are not words, and a line that only says whom to
call is no sentence that would make a hard text look easy.
"""

from __future__ import annotations

import re

LIMITS = {"child": 9.0, "adult": 12.0, "professional": 12.0, "staff": 12.0}
"""The highest grade for each sort of reader."""
_NOT_WORDS = re.compile(r"https?://\S+|\b[\w-]*\d[\w-]*\b|\{\{.*?\}\}")
_ENDS = re.compile(r"[.!?](?:\s|$)|:\s*\n|\n\s*\n|\n- ")
_WHOM_TO_CALL = re.compile(r"^- .*\b(call \d|text \d|see https?:).*$", re.M)


def grade(text: str) -> float:
    """The grade of a text; 0 for one without words."""
    said = _NOT_WORDS.sub(" ", _WHOM_TO_CALL.sub("", text))
    sentences = [one for one in _ENDS.split(said) if re.search(r"[a-z]", one, re.I)]
    words = re.findall(r"[a-z']+", said.lower())
    if not words:
        return 0.0
    return 0.39 * len(words) / len(sentences) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


def syllables(word: str) -> int:
    """Groups of vowels, less a silent e."""
    groups = len(re.findall(r"[aeiouy]+", word))
    return max(1, groups - (word.endswith("e") and not word.endswith("le") and groups > 1))


def longest_sentence(text: str) -> int:
    """The number of words in its longest sentence."""
    said = _NOT_WORDS.sub(" ", _WHOM_TO_CALL.sub("", text))
    return max((len(re.findall(r"[A-Za-z']+", one)) for one in _ENDS.split(said)), default=0)
