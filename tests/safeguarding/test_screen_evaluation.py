"""What the screen sees and what it lets pass, measured on the evaluation set: the floors that hold in CI.

The test part is for its totals alone (see the head of evaluation/test.toml); what is missed is printed of the
development part only, for whoever tunes.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks.learning.lesson import digest, read
from services.safeguarding import minilm
from services.safeguarding.meaning import meant_of, the_head
from services.screening.screen import screen
from services.screening.telling import the_telling

CALM = "none"
PARTS = {
    part: tomllib.loads((Path(__file__).parent / "evaluation" / f"{part}.toml").read_text("utf-8"))["texts"]
    for part in ("development", "test")
}


def measured(part: str, flagged: Callable[[str], bool]) -> tuple[float, float]:
    """The share of worrying texts that were seen, and of ordinary ones that alarmed."""
    seen: dict[bool, list[bool]] = {True: [], False: []}
    for concern, _, text in PARTS[part]:
        worrying, said = concern != CALM, flagged(text)
        seen[worrying].append(said)
        if part == "development" and said != worrying:
            print("missed:" if worrying else "alarmed:", text)
    return tuple(sum(seen[which]) / len(seen[which]) for which in (True, False))  # type: ignore[return-value]


@pytest.mark.parametrize("part", PARTS)
def test_the_phrases_alone_see_nineteen_of_twenty_and_alarm_at_most_at_three_of_twenty(part: str) -> None:
    recall, alarms = measured(part, lambda text: screen(text).flagged)
    assert recall >= 0.95
    assert alarms <= 0.15


@pytest.mark.parametrize("with_model", [True, False], ids=["as installed", "the lexicon alone"])
def test_the_screen_sees_ninety_seven_of_a_hundred_and_alarms_at_most_at_a_quarter(with_model: bool) -> None:
    """The lexicon is its phrases and its weighted words: what there is without the model."""
    texts = [text for *_, text in PARTS["test"]]
    means = {text: bool(meant) for text, meant in zip(texts, meant_of(texts, with_model), strict=True)}
    recall, alarms = measured("test", lambda text: screen(text).flagged or means[text])
    assert recall >= 0.97
    assert alarms <= 0.25


def test_both_tables_were_learnt_from_what_stands_here_and_from_nothing_of_the_test_part() -> None:
    assert the_head().learnt["weights_of"] == minilm.WEIGHTS_SHA256
    for learnt in (the_head().learnt, the_telling().learnt):
        assert learnt["learnt_from"] == digest(), "run python -m benchmarks.learning"
        assert learnt["marks"] == the_head().learnt["marks"]
    assert not {text for *_, text in PARTS["test"]} & {text for _, text in read()}


def test_the_set_is_broad_and_no_text_stands_in_both_parts() -> None:
    texts = [text for rows in PARTS.values() for *_, text in rows]
    assert len(texts) == len(set(texts)) >= 400
    for part, rows in PARTS.items():
        assert {voice for _, voice, _ in rows} >= {
            "young person", "parent", "neighbour", "teacher", "social worker", "support worker",
        }, part  # fmt: skip
        assert len({concern for concern, *_ in rows}) >= 14, part


@pytest.mark.parametrize("with_model", [True, False], ids=["as installed", "the lexicon alone"])
@pytest.mark.parametrize(
    "text",
    [
        "ngl the wifi dies every nite after 9 and i got mocks. also my washing came back damp AGAIN n nobody listens",
        "hit 9 out of 10 free throw shots in front of the whole class. coach nearly fell over",
        "that fight at the end of john wick is insane. can we get the next one for film night",
        "I've asked twice for the chore chart. The roasting tin is gone and I was narked to be told in the office.",
    ],
)
def test_what_any_day_brings_is_left_in_its_queue(text: str, with_model: bool) -> None:
    assert not screen(text).flagged
    assert not meant_of([text], with_model)[0]


@pytest.mark.parametrize("text", ["HELP", "help!!", "please help me", "someone help us pls"])
def test_a_bare_cry_for_help_is_danger_now(text: str) -> None:
    assert screen(text).priority == "now"
