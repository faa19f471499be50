"""The screen: it sees harm in many voices, it lets idioms pass, and it only ever raises."""

from __future__ import annotations

import inspect
import json
import time
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

from heard.registry import load_procedures
from services.safeguarding.screen_cli import screen as screen_command
from services.screening.lexicon import REACH, STRETCH, WIDEST, the_lexicon
from services.screening.screen import PRIORITIES, THRESHOLD, concerns_of, screen

EXAMPLES = tomllib.loads(Path(__file__).with_name("examples.toml").read_text("utf-8"))
IOI, COUNCIL = load_procedures().get("ioi_support"), load_procedures().get("children_act")


@pytest.mark.parametrize(("mark", "text"), EXAMPLES["alarming"])
def test_harm_is_seen(mark: str, text: str) -> None:
    found = screen(text, procedure=IOI)
    assert found.flagged
    assert mark in found.words, found.words


@pytest.mark.parametrize("text", EXAMPLES["calm"])
def test_an_ordinary_complaint_is_left_in_its_queue(text: str) -> None:
    found = screen(text, procedure=IOI)
    assert not found.flagged, found.words


def test_saying_more_never_lowers_what_was_found() -> None:
    for _, text in EXAMPLES["alarming"]:
        alone = screen(text, procedure=IOI)
        for more in ("It is probably nothing.", "He did not mean it.", "The food is good though.", "Nobody is hurt."):
            with_more = screen(f"{text} {more}", procedure=IOI)
            assert set(alone.concerns) <= set(with_more.concerns)
            assert PRIORITIES.index(alone.priority) <= PRIORITIES.index(with_more.priority)


def test_a_worker_who_may_have_done_it_meets_the_threshold_and_another_child_does_not() -> None:
    assert "lado_threshold" in screen("a member of staff slapped me", procedure=IOI).concerns
    assert "lado_threshold" in screen("he slapped me", procedure=IOI).concerns
    assert "lado_threshold" in screen("slapped me", procedure=IOI, about_somebody=True).concerns
    assert "lado_threshold" not in screen("another kid slapped me, she always does", procedure=IOI).concerns


def test_what_was_ticked_counts_without_a_word() -> None:
    found = screen("see the boxes please, I do not want to write it", procedure=IOI, ticks=["physical abuse"])
    assert found.concerns == {"abuse_or_exploitation": ("ticked.physical abuse",)}
    assert found.priority == "urgent"
    assert "missing" in screen("see the boxes", procedure=COUNCIL, ticks=["nobody_knows_where_they_are"]).concerns


def test_a_box_that_this_procedure_does_not_know_is_still_a_worry() -> None:
    assert screen("see above please", procedure=IOI, ticks=["witchcraft"]).concerns == {
        "witchcraft": ("ticked.witchcraft",)
    }


def test_danger_now_comes_before_everything() -> None:
    found = screen("the food is bad", procedure=IOI, in_danger_now=True)
    assert (found.priority, list(found.concerns)) == ("now", ["immediate_danger"])


@pytest.mark.parametrize(
    "text",
    ["", "   ", "...", "😭😭😭", "他打我，我很害怕", "هو يضربني كل ليلة", "Он меня бьёт каждую ночь",
     "mój wychowawca mnie bije codziennie i boję się wracać do domu", "me pega todos los días y tengo miedo de volver",
     "Mnie biją w domu", "il me frappe", "er schlägt mich", "ele me bate", "mi picchia", "asdkjh qwe zxc",
     "lkjh lkjh sdf sdf poi poi qwe ert", "bana her gece vuruyor ve çok korkuyorum"],
)  # fmt: skip
def test_what_cannot_be_read_goes_to_a_person_soon(text: str) -> None:
    found = screen(text, procedure=IOI)
    assert not found.readable
    assert PRIORITIES.index(found.priority) >= PRIORITIES.index("soon")


@pytest.mark.parametrize(
    "text", ["he PUNCHED me", "he pun­ched me", "he púnched me", "he punchedddd me", "he p*nched me"]
)
def test_spelling_tricks_hide_nothing(text: str) -> None:
    assert screen(text, procedure=IOI).flagged


def test_every_mark_raises_something_under_every_procedure() -> None:
    for procedure in (IOI, COUNCIL):
        for mark in the_lexicon().marks.values():
            assert concerns_of(mark, procedure)


def test_every_mark_raises_a_concern_that_calls_somebody_at_a_councils_home() -> None:
    home = load_procedures().get("west_sussex_home")
    called = set(home.notification_rule("safeguarding_lead").concern)
    raised = {key for mark in the_lexicon().marks.values() for key in concerns_of(mark, home)}
    assert raised <= called


def test_each_word_list_that_a_procedure_names_has_words() -> None:
    lists = {name for mark in the_lexicon().marks.values() for name in mark.lists}
    for procedure in (IOI, COUNCIL):
        assert {one.word_list for one in procedure.concerns if one.word_list} <= lists


def test_a_report_is_screened_in_well_under_two_milliseconds() -> None:
    texts = [text for _, text in EXAMPLES["alarming"]] + EXAMPLES["calm"]
    for text in texts:
        screen(text, procedure=IOI)
    began = time.process_time()
    for text in texts:
        screen(text, procedure=IOI)
    assert (time.process_time() - began) / len(texts) < 0.002  # ten times what it takes, for a busy machine


def test_the_command_prints_a_line_of_json_for_each_text() -> None:
    run = CliRunner().invoke(screen_command, ["-", "--json"], input="he punched me\nthe wifi is slow\n")
    first, second = map(json.loads, run.output.splitlines())
    assert run.exit_code == 0
    assert first["flagged"] is True
    assert "hurt_by_hand: punched me" in first["because"]
    assert second == {"flagged": False, "concerns": [], "because": [], "priority": "routine"}


def test_the_command_says_in_a_line_what_is_wrong() -> None:
    run = CliRunner().invoke(screen_command, ["no-such-file"])
    assert run.exit_code == 2
    run = CliRunner().invoke(screen_command, ["-", "--procedure", "nobody"], input="x\n")
    assert run.exit_code == 2
    assert "ioi_support" in run.output


@pytest.mark.parametrize("text", ["wifi", "boring", "more food pls", "sick of beans", "when is my next review"])
def test_a_few_plain_words_of_english_can_be_read(text: str) -> None:
    assert screen(text, procedure=IOI).priority == "routine"


@pytest.mark.parametrize(
    "text",
    [
        "its prob nothing but the new night guy keeps coming in my room when im in bed and says dont tell no one",
        "i got touched and i didnt like it",
        "there are bruises all over her arms",
    ],
)
def test_where_nobody_is_said_to_have_done_it_a_worker_may_have(text: str) -> None:
    assert THRESHOLD in screen(text).concerns


@pytest.mark.parametrize("text", ["another boy here touched my bum", "my stepdad punched me", "my cousin slapped me"])
def test_where_somebody_else_is_said_to_have_done_it_no_worker_is_suspected(text: str) -> None:
    found = screen(text)
    assert found.flagged and THRESHOLD not in found.concerns


ORDINARY_LETTER = (
    "Dear all, the boiler in our building has been off since Monday and the engineer did not come again.",
    "Could the office ring us with a day that is sure, and could the bins be emptied as well?",
    "The new leaflet is lovely, and my daughter enjoyed the trip to the farm. Kind regards.",
)


def test_a_phrase_that_is_innocent_once_is_heard_when_it_comes_again() -> None:
    ordinary = "hit 9 out of 10 free throw shots in front of the whole class."
    assert not screen(ordinary).flagged
    assert screen(f"{ordinary} He hit me again.").flagged


@pytest.mark.parametrize("before", range(STRETCH - REACH, 2 * STRETCH, 3))
def test_a_phrase_is_found_wherever_it_stands_in_a_sentence_without_end(before: int) -> None:
    """A long sentence is looked through in parts: none is lost where two meet, and none is found twice."""
    lexicon, phrase = the_lexicon(), "he came into my bedroom in the night"
    once = [hit[:3] for hit in lexicon.hits(phrase)]
    rambling = " ".join(["wifi"] * before + [phrase] + ["wifi"] * STRETCH)
    assert once
    assert [hit[:3] for hit in lexicon.hits(rambling)] == once


def test_no_phrase_is_longer_than_what_two_parts_of_a_sentence_share() -> None:
    def words(part: str) -> int:
        group = lexicon.groups.get(part.strip("<>")) if part.startswith("<") else None
        return max(len(one.split()) for one in group) if group else part.count("_") + 1

    lexicon = the_lexicon()
    content = tomllib.loads(Path(inspect.getfile(type(lexicon))).with_name("lexicon.toml").read_text("utf-8"))
    phrases = [one for mark in content["marks"] for one in mark["phrases"]] + content["idioms"]["phrases"]
    for phrase in phrases:
        choices = [one.removeprefix("?").split("|") for one in phrase.split() if one not in ("...", "^", "$")]
        longest = sum(max(map(words, one)) for one in choices) + WIDEST * phrase.count("...")
        assert longest <= REACH, phrase


def test_whatever_harm_a_letter_tells_of_is_seen_in_the_middle_of_ordinary_things() -> None:
    begins, goes_on, ends = ORDINARY_LETTER
    assert not screen(" ".join(ORDINARY_LETTER)).flagged
    for _, text in EXAMPLES["alarming"]:
        assert screen(f"{begins} {text.rstrip('.')}. {goes_on} {ends}").flagged, text
