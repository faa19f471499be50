"""Several things complained of at once: each with its own answer, its own clocks, and a way back to being one."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from heard.case import Actor, Refused, actions
from heard.clock import due_of
from heard.happened import Pause
from heard.lengths import together
from tests.heard.invented import Story

DATA = "data protection"
LAW = "data_protection.acknowledge"


def told(**changed: Any) -> Story:
    """A screened complaint of one thing, its handler chosen."""
    story = Story(heads=[{"key": "complaint"}], **changed).screened()
    story.do("assign", "system", part="handles")
    return story


def lines(story: Story, duty: str, stage: str | None = None) -> dict[str | None, Any]:
    return {one.instance: one for one in due_of(story.state, story.calendars, story.now, duty, stage)}


def offered(story: Story, name: str, who: str = "maya") -> list[Any]:
    actor = Actor(who, story.roster.roles_of(who, story.now))
    return [one for one in actions(story.state, actor, story.now, story.calendars, story.roster) if one.name == name]


def test_what_was_done_with_their_information_is_told_apart_with_thirty_days_of_its_own() -> None:
    story = told()
    assert not lines(story, LAW)
    story.until(2026, 12, 28)
    story.do("add_head", key=DATA)
    found = lines(story, LAW)
    assert {name: one.due for name, one in found.items()} == {DATA: date(2027, 1, 16)}  # from receipt, which is day 1


def test_what_was_first_said_later_counts_from_the_day_it_was_said_and_no_earlier_letter_keeps_it() -> None:
    story = told()
    story.do("acknowledge", contents=list(story.procedure.duty("acknowledge", "stage_1").contains))
    story.until(2027, 2, 3)
    with pytest.raises(Refused, match="no day since the complaint came in"):
        story.do("add_head", key=DATA, since="2027-02-04")
    story.do("add_head", key=DATA, since="2027-02-01")
    (line,) = lines(story, LAW).values()
    assert (line.due, line.status) == (date(2027, 3, 2), "running")


@pytest.mark.clause("IOI-27")
def test_a_part_on_hold_stops_neither_the_other_part_nor_the_law_on_information() -> None:
    story = told()
    story.do("add_head", key="staff conduct")
    story.do("add_head", key=DATA)
    story.do("raise_concern", concern="gross_misconduct")
    story.do("confirm_concern", "deepa", concern="gross_misconduct", reason="r")
    story.do("suspend", rule="safeguarding_or_disciplinary", heads=["staff conduct"], reason="r")
    status = {one.heads: one.status for one in due_of(story.state, story.calendars, story.now, "respond", "stage_1")}
    assert status == {("complaint", DATA): "running", ("staff conduct",): "paused"}
    assert lines(story, LAW)[DATA].status == "running"


def test_each_part_gets_an_answer_of_its_own() -> None:
    story = told()
    story.do("add_head", key=DATA)
    said = list(story.procedure.duty("respond", "stage_1").contains)
    with pytest.raises(Refused, match="no finding yet on: data protection"):
        story.do("respond", findings={"complaint": "upheld"}, contents=said)
    with pytest.raises(Refused, match="right to complain to the Information Commissioner"):
        story.do("respond", findings={"complaint": "upheld", DATA: "not_upheld"}, reasons_for=[DATA], contents=said)
    said += ["outcome", "right to complain to the Information Commissioner"]
    story.do("respond", findings={"complaint": "upheld", DATA: "not_upheld"}, reasons_for=[DATA], contents=said)
    found = {head.key: head.finding for head in story.state.living_heads()}
    assert found == {"complaint": "upheld", DATA: "not_upheld"}


def test_two_parts_become_one_again_and_keep_the_earlier_day() -> None:
    story = told()
    story.do("add_head", key="staff conduct")
    story.event("suspended", rule="safeguarding_or_disciplinary", heads=["staff conduct"])
    with pytest.raises(Refused, match="on hold"):
        story.do("merge_heads", key="staff conduct", into="complaint")
    story.until(2026, 12, 23)
    story.event("resumed", rule="safeguarding_or_disciplinary", heads=["staff conduct"])
    before = {one.due for one in due_of(story.state, story.calendars, story.now, "respond", "stage_1")}
    assert len(before) == 2
    (joining,) = [one for one in offered(story, "merge_heads") if one.data == {"key": "staff conduct"}]
    assert joining.allowed and joining.needs.choices == {"into": ("complaint",)}
    story.do("merge_heads", key="staff conduct", into="complaint")
    (line,) = due_of(story.state, story.calendars, story.now, "respond", "stage_1")
    assert line.due == min(before)
    assert [head.key for head in story.state.living_heads()] == ["complaint"]


def test_a_part_that_is_answered_stays_apart() -> None:
    story = Story().screened()
    story.event("responded", findings={"one": "upheld"})
    with pytest.raises(Refused, match="answered already"):
        story.do("merge_heads", key="one", into="two")


def test_joined_to_another_part_the_law_on_information_still_counts() -> None:
    story = told()
    story.do("add_head", key=DATA)
    story.do("merge_heads", key=DATA, into="complaint")
    assert lines(story, LAW)["complaint"].due == date(2027, 1, 16)


MOMENTS = st.datetimes(datetime(2026, 12, 1), datetime(2027, 6, 1), timezones=st.just(UTC))
PAUSES = st.lists(st.tuples(MOMENTS, MOMENTS).map(lambda two: Pause(min(two), max(two))), max_size=5).map(tuple)


@settings(max_examples=200, deadline=None)
@given(one=PAUSES, other=PAUSES, at=MOMENTS)
def test_joined_parts_stand_still_only_while_both_did(
    one: tuple[Pause, ...], other: tuple[Pause, ...], at: datetime
) -> None:
    def still(pauses: tuple[Pause, ...]) -> bool:
        return any(p.since < at and (p.until is None or at < p.until) for p in pauses)

    inside = any(at in (p.since, p.until) for p in (*one, *other))
    assert inside or still(together(one, other)) == (still(one) and still(other))
