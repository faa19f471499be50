"""Letters can be read: those to a complainant by a child, those to staff without a dictionary."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from services.notifications import writing

FACTS = {
    "reference": "H7K2", "provider": "Harbour House", "home": "Harbour House", "follow": "", "link": "",
    "words": "We did it.", "attempt": 2, "code": "4821", "why": "no address", "whom": "the advocate", "part": "handle",
    "clause": "A-1", "helpers": [], "outside": [], "stage": "Stage 1", "duty": "Send a plan",
    "ways_on": ["The next step is called Stage 2. Please ask within 20 working days."],
    "why_another_day": "Monday 10 May 2027 is now a bank holiday (A day of thanks)",
    "promises": ["We tell you our answer: by Tuesday 18 May 2027 (before: Monday 17 May 2027)"],
}  # fmt: skip
LETTERS = sorted(path.relative_to(writing.LETTERS) for path in writing.LETTERS.glob("*/*.txt") if path.stem != "help")


def syllables(word: str) -> int:
    """Groups of vowels, less a silent e."""
    groups = len(re.findall(r"[aeiouy]+", word))
    return max(1, groups - (word.endswith("e") and not word.endswith("le") and groups > 1))


def grade(text: str) -> float:
    """The Flesch-Kincaid grade: school years that a reader needs."""
    sentences = [one for one in re.split(r"[.!?:]\s|\n\n", text) if re.search(r"[a-z]", one)]
    words = re.findall(r"[a-z']+", text.lower())
    return 0.39 * len(words) / len(sentences) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


def test_the_measure_knows_hard_from_easy() -> None:
    assert grade("The cat sat on the mat. It was a big mat.") < 2
    assert (
        grade("Notwithstanding aforementioned considerations, remediation necessitates interdepartmental liaison.") > 15
    )


@pytest.mark.parametrize("letter", LETTERS, ids=str)
def test_a_letter_can_be_read_by_whom_it_is_for(letter: Path) -> None:
    text = writing.write(str(letter.with_suffix("")), **FACTS).text
    assert grade(text) <= (9 if letter.parts[0] == "complainant" else 12), round(grade(text), 1)


@pytest.mark.parametrize("letter", LETTERS, ids=str)
def test_no_subject_line_carries_a_fact(letter: Path) -> None:
    head = (writing.LETTERS / letter).read_text().splitlines()[0]
    assert head.startswith("Subject: ")
    assert "{" not in head
