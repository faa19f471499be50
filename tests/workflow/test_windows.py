"""The time in which somebody may ask to go on: they are reminded, and nothing ends in silence."""

from __future__ import annotations

from typing import Any

import pytest

from heard.clock import reckon
from heard.ledger import NewHappening
from services.workflow import lateness
from tests.heard.invented import Story
from tests.heard.test_parts_windows_heads import answered, told


def waiting() -> Story:
    """A complaint to 1-2-1 Mentors that was answered: they may appeal until 20 January."""
    story = told()
    answered(story)
    return story


def falls_due(story: Story) -> list[NewHappening]:
    """What falls due of the time to appeal."""
    rows = lateness.steps(story.state, reckon(story.state, story.calendars, story.now), story.roster, story.now)
    return [row for row in rows if row.data["duty"] == "ask_for_stage_3"]


def ends(row: NewHappening) -> tuple[Any, list[str]]:
    return row.data.get("when_over"), row.data["tell"]


@pytest.mark.clause("MEN-17")
def test_whoever_was_reminded_and_did_not_ask_is_told_that_it_counts_as_closed() -> None:
    story = waiting()
    story.until(2027, 1, 14)
    (reminder,) = falls_due(story)
    assert reminder.data["reminder"] and reminder.data["tell"] == ["complainant"]
    story.add([reminder])
    story.until(2027, 1, 21)
    (over,) = falls_due(story)
    assert ends(over) == ("close", ["handler", "complainant"])


@pytest.mark.clause("MEN-17")
def test_where_nobody_was_reminded_in_time_a_person_closes_it_or_asks_first() -> None:
    story = waiting()
    story.until(2027, 1, 21)
    reminder, over = falls_due(story)
    assert reminder.data["reminder"] and ends(over) == ("ask", ["handler"])
    story.add([reminder, over])
    (overdue,) = [row for row in story.ledger if row.data.get("over")]
    assert lateness.closing(story.state, [overdue], story.roster, story.calendars, story.now) == ()
