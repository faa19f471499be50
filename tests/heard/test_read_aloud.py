"""What several rules say, as a person says it: in sentences, or quoted within one."""

from __future__ import annotations

from heard.read_aloud import quoted, sentences

CHILD, DANGER = "A child may be harmed", "Somebody is in danger now"


def test_concerns_that_stand_together_are_sentences_and_none_is_said_twice() -> None:
    assert sentences([DANGER, CHILD, DANGER]) == "Somebody is in danger now. A child may be harmed."
    assert sentences(["a child is missing. "]) == "A child is missing."
    assert sentences([]) == ""


def test_within_a_sentence_they_are_quoted() -> None:
    assert quoted([CHILD]) == "“A child may be harmed”"
    assert quoted([DANGER, CHILD, "a crime"]) == "“Somebody is in danger now”, “A child may be harmed” and “A crime”"
