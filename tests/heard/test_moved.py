"""A bank holiday proclaimed when cases are open: which lines fall due at another time, and which stay as they were."""

from __future__ import annotations

from datetime import date

import pytest

from heard.calendar import Calendars
from heard.clock import reckon
from heard.moved import moved
from tests.heard.invented import Story

A_ROYAL_OCCASION = {date(2026, 12, 23): "A royal occasion"}


def days(story: Story, proclaimed: dict[date, str] | None = None) -> Calendars:
    return Calendars.of(story.procedure, proclaimed)


def test_an_answer_due_after_the_proclaimed_day_is_due_one_working_day_later() -> None:
    story = Story().screened()
    found = {one.was.key: one for one in moved(story.state, days(story), days(story, A_ROYAL_OCCASION), story.now)}
    answer = found["stage_1:respond:0:"]
    assert (answer.was.due, answer.is_.due) == (date(2027, 1, 6), date(2027, 1, 7))
    assert answer.as_json()["was"] == "2027-01-06" and answer.as_json()["is"] == "2027-01-07"
    assert answer.as_json()["calendar_was"] != answer.as_json()["calendar_is"]


def test_what_is_due_before_the_proclaimed_day_does_not_move() -> None:
    story = Story().screened()
    found = {one.was.duty for one in moved(story.state, days(story), days(story, A_ROYAL_OCCASION), story.now)}
    assert "respond" in found and "acknowledge" not in found


def test_a_day_that_is_taken_back_brings_the_answer_forward_again() -> None:
    story = Story().screened()
    found = moved(story.state, days(story, A_ROYAL_OCCASION), days(story), story.now)
    answer = next(one for one in found if one.was.duty == "respond")
    assert (answer.was.due, answer.is_.due) == (date(2027, 1, 7), date(2027, 1, 6))


def test_what_was_kept_or_missed_before_is_not_judged_anew() -> None:
    story = Story().screened()
    story.until(2027, 1, 20)
    late = {one.key for one in reckon(story.state, story.calendars, story.now) if one.status == "late"}
    assert "stage_1:respond:0:" in late
    found = moved(story.state, days(story), days(story, A_ROYAL_OCCASION), story.now)
    assert late.isdisjoint(one.was.key for one in found)


def test_what_only_the_new_day_keeps_from_being_late_has_moved() -> None:
    story = Story().screened()
    story.until(2027, 1, 7)
    found = {one.was.duty: one for one in moved(story.state, days(story), days(story, A_ROYAL_OCCASION), story.now)}
    assert (found["respond"].was.status, found["respond"].is_.status) == ("late", "running")


def test_a_case_on_hold_keeps_what_it_has_left_though_a_day_it_had_used_is_proclaimed() -> None:
    story = Story().screened()
    story.until(2026, 12, 24)
    story.event("suspended", rule="safeguarding_or_disciplinary", heads="case")
    found = moved(story.state, days(story), days(story, A_ROYAL_OCCASION), story.now)
    answer = next(one for one in found if one.was.duty == "respond")
    assert answer.was.due is None and answer.is_.due is None
    assert (answer.was.derivation.left, answer.is_.derivation.left) == (6, 7)


def test_the_same_days_move_nothing() -> None:
    story = Story()
    assert moved(story.state, days(story), days(story), story.now) == ()


@pytest.mark.parametrize("day", [date(2026, 12, 26), date(2026, 12, 25), date(2026, 12, 17), date(2028, 3, 1)])
def test_a_day_that_was_closed_anyway_or_that_no_line_crosses_moves_nothing(day: date) -> None:
    story = Story().screened()
    assert moved(story.state, days(story), days(story, {day: "A royal occasion"}), story.now) == ()
