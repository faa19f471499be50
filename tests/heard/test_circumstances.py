"""A young person turns 18, moves or is placed by another authority while their complaint is dealt with."""

from __future__ import annotations

import pytest

from heard import when
from heard.case import Actor, actions
from heard.circumstances import CAME_OF_AGE, MOVED
from heard.clock import reckon
from heard.commands import Refused, held_back
from heard.conditions import holds
from heard.registry import load_procedures
from heard.trial import Trial
from tests.heard.invented import Story

UNDER_18 = when.Condition(tests=(when.Test(key="child_aged", wants=when.Age(under=18)),))


def a_story() -> Story:
    return Story(children=[{"age": 17}], complainant="parent", on_behalf=True).screened()


def offered(story: Story) -> list[str]:
    actor = Actor("maya", story.roster.roles_of("maya", story.now))
    return [one.label for one in actions(story.state, actor, story.now, story.calendars, story.roster) if one.allowed]


def test_neither_a_birthday_nor_a_move_changes_a_clock_or_a_question_of_age() -> None:
    story = a_story()
    before = [(due.key, due.due) for due in reckon(story.state, story.calendars, story.now)]
    for change in (CAME_OF_AGE, MOVED):
        story.do("note_change", "maya", change=change)
    story.later(hours=1)
    assert [(due.key, due.due) for due in reckon(story.state, story.calendars, story.now)] == before
    assert holds(UNDER_18, story.state)


def test_consent_that_was_given_before_the_eighteenth_birthday_is_asked_for_again() -> None:
    story = a_story()
    assert held_back(story.state, "child_information_shared") is not None
    story.do("answer_consent", "maya", answer="given")
    assert held_back(story.state, "child_information_shared") is None
    story.do("note_change", "maya", change=MOVED)
    assert held_back(story.state, "child_information_shared") is None
    story.do("note_change", "maya", change=CAME_OF_AGE)
    assert held_back(story.state, "child_information_shared") is not None
    assert any("Ask again for consent" in label for label in offered(story))
    story.do("answer_consent", "maya", answer="given")
    assert held_back(story.state, "child_information_shared") is None


def test_consent_that_nobody_has_asked_for_yet_is_asked_for_and_not_again() -> None:
    trial = Trial(load_procedures().get("example_provider"), "2026-11-23 09:00", complainant="parent")
    trial.do("answer_consent", answer="pending")
    these = actions(trial.state, Actor("system"), trial.now, trial.calendars, trial.roster)
    assert [one.label for one in these if one.name == "answer_consent"] == ["Ask for consent: young person"]


def test_consent_that_is_taken_back_holds_back_again_what_waits_for_it() -> None:
    story = a_story()
    story.do("answer_consent", "maya", answer="given")
    with pytest.raises(Refused, match="why that has changed"):
        story.do("answer_consent", "maya", answer="refused")
    story.do("answer_consent", "maya", answer="refused", reason="They want nothing said in their name.")
    assert held_back(story.state, "child_information_shared") is not None


def test_only_what_is_known_is_recorded() -> None:
    with pytest.raises(Refused):
        a_story().do("note_change", "maya", change="a haircut")
