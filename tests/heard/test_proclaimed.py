"""A bank holiday that is proclaimed later, or taken back: what is still to come moves, what is over stays as it was."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from heard.calendar import Calendars
from heard.clock import reckon
from heard.derivation import Due
from heard.proclaimed import NONE, Proclaimed, Proclamations
from tests.heard.invented import Story

NEW_YEAR = date(2026, 12, 30)
"""An ordinary Wednesday, between the days on which the invented complaint is acknowledged and answered."""


def proclaimed(known: datetime, until: datetime | None = None) -> Proclamations:
    return Proclamations((Proclaimed(NEW_YEAR, "A day of thanks", "proclaimed in council", known, until),))


def due(story: Story, days: Proclamations, duty: str) -> Due:
    calendars = days.calendars(story.procedure)
    return next(one for one in reckon(story.state, calendars, story.now) if (one.duty, one.stage) == (duty, "stage_1"))


DECEMBER_20 = datetime(2026, 12, 20, 9, tzinfo=UTC)
DECEMBER_21 = datetime(2026, 12, 21, 9, tzinfo=UTC)


def test_a_day_proclaimed_later_gives_everybody_one_working_day_more_and_says_so() -> None:
    story = Story()
    assert due(story, NONE, "respond").due == date(2027, 1, 6)
    moved = due(story, proclaimed(DECEMBER_20), "respond")
    assert moved.due == date(2027, 1, 7)
    assert "A day of thanks" in [skip.why for skip in moved.derivation.skipped]
    assert due(story, proclaimed(DECEMBER_20), "acknowledge").due == date(2026, 12, 22)  # over before that day


def test_taken_back_the_day_counts_again() -> None:
    assert due(Story(), proclaimed(DECEMBER_20, DECEMBER_21), "respond").due == date(2027, 1, 6)


def test_what_was_kept_before_the_day_was_proclaimed_keeps_its_day() -> None:
    story = Story()
    story.now = DECEMBER_21
    story.event("responded", findings={"one": "upheld", "two": "upheld"})
    assert due(story, proclaimed(datetime(2026, 12, 22, tzinfo=UTC)), "respond").due == date(2027, 1, 6)
    assert due(story, proclaimed(DECEMBER_20), "respond").due == date(2027, 1, 7)


def test_what_was_late_before_the_day_was_recorded_stays_late() -> None:
    story = Story()
    story.now = datetime(2027, 1, 7, 9, tzinfo=UTC)
    after_the_end = proclaimed(datetime(2027, 1, 7, 8, tzinfo=UTC))
    assert (due(story, after_the_end, "respond").due, due(story, after_the_end, "respond").status) == (
        date(2027, 1, 6), "late",
    )  # fmt: skip
    in_time = proclaimed(datetime(2027, 1, 6, 8, tzinfo=UTC))
    assert (due(story, in_time, "respond").due, due(story, in_time, "respond").status) == (date(2027, 1, 7), "running")


def test_the_calendar_after_so_many_turns_is_the_same_whatever_came_later() -> None:
    history = proclaimed(DECEMBER_20, DECEMBER_21)
    assert history.version == 2
    assert [sorted(history.standing(n)) for n in range(3)] == [[], [NEW_YEAR], []]
    assert [turn.taken_back for turn in history.since(1)] == [True]
    assert history.calendars(Story().procedure, 1).snapshot == proclaimed(DECEMBER_20).calendars(
        Story().procedure
    ).snapshot  # fmt: skip


@pytest.mark.parametrize("days", [NONE, proclaimed(DECEMBER_20), proclaimed(DECEMBER_20, DECEMBER_21)])
def test_a_procedures_calendars_hold_all_its_days(days: Proclamations) -> None:
    made = days.calendars(Story().procedure)
    assert isinstance(made, Calendars)
    assert len(made.earlier) == days.version
