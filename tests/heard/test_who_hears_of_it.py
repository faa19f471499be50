"""Whom an answer tells, and whom it tells that something was let go: named at once, walled, in the ledger."""

from __future__ import annotations

from typing import Any

import pytest

from heard.clock import due_of
from heard.ledger import NewHappening
from tests.heard.invented import Story, procedure


def at_stage_2(**changed: Any) -> Story:
    """A complaint about Nell and Nia that reached Stage 2 of Ioi Support, answered and with its manager in charge."""
    story = Story(procedure(), **changed).screened(
        subjects=[{"subject": who, "person": who, "identified": True} for who in ("nell", "nia")]
    )
    for _ in range(2):
        story.event("assigned", part="handles", person="maya")
        if story.state.stage == "stage_1":
            story.event("asked_to_go_on", to="stage_2")
            story.event("stage_opened", stage="stage_2")
    return story


def told(row: Any) -> list[tuple[str, str]]:
    return [(one["kind"], one["key"]) for one in row.data.get("to") or ()]


@pytest.mark.clause("IOI-46")
def test_an_answer_that_tells_names_each_person_and_body_in_the_ledger() -> None:
    story = at_stage_2()
    story.event("responded", findings={"one": "upheld", "two": "upheld"})
    rows = story.do("decide", decision="staff_outcome", answer="dismissal_and_referrals", instance="nell")
    expected = ["placing_authority", "safeguarding_partnership", "emergency", "ofsted", "dbs"]
    assert [key for _, key in told(rows[0])] == expected
    assert rows[0].data["tell"] == ["placing_authority", "safeguarding_partnership", "police", "ofsted", "dbs"]


@pytest.mark.clause("IOI-46")
def test_an_answer_that_tells_nobody_says_nothing_of_telling() -> None:
    story = at_stage_2()
    story.event("responded", findings={"one": "upheld", "two": "upheld"})
    (row,) = story.do("decide", decision="staff_outcome", answer="nothing", instance="nia")
    assert "tell" not in row.data and "to" not in row.data


@pytest.mark.clause("IOI-34")
def test_when_named_staff_are_not_told_the_senior_manager_hears_of_that() -> None:
    story = at_stage_2()
    ground = "it would prejudice the investigation"
    (row,) = story.do("excuse", duty="copy_to_named_staff", ground=ground, instance="nell")
    assert told(row) == [("person", "dora")]


@pytest.mark.clause("IOI-34", "IOI-19")
def test_a_senior_manager_whom_it_is_about_hears_nothing_and_somebody_outside_does() -> None:
    story = at_stage_2()
    story.event("named", subject="dora", person="dora", identified=True)
    ground = "it would prejudice the investigation"
    (row,) = story.do("excuse", duty="copy_to_named_staff", ground=ground, instance="nell")
    assert told(row) == [("person", "una")]


@pytest.mark.clause("IOI-18")
def test_a_message_that_it_is_late_does_not_keep_what_is_late() -> None:
    """The outside investigator is told that the copy has not reached the handler: it still has not."""
    story = Story(procedure()).screened()
    story.later(hours=6)

    def hears_of_the_copy(whom: str, event: str) -> str:
        data = {"duty": "copy_to_manager", "whom": whom, "event": event, "channel": "email"}
        story.add([NewHappening("told", story.now, "system", "stage_1", data)])
        (line,) = due_of(story.state, story.calendars, story.now, "copy_to_manager", "stage_1")
        return line.status

    assert hears_of_the_copy("una", "escalated") == "late"
    assert hears_of_the_copy("maya", "assigned") == "met late"


@pytest.mark.clause("IOI-18")
def test_whom_the_copy_came_back_from_has_none_and_somebody_outside_hears_of_it() -> None:
    """To be named as the handler is the copy only while the message that says so stands."""
    story = Story(procedure()).screened()
    story.event("assigned", part="handles", person="maya")
    message = {"duty": "copy_to_manager", "whom": "maya", "event": "assigned", "seq": story.state.seq, "message": "m1"}

    def became(event: str) -> None:
        story.add([NewHappening(event, story.now, "system", "stage_1", message)])

    def copy() -> Any:
        (line,) = due_of(story.state, story.calendars, story.now, "copy_to_manager", "stage_1")
        return line

    became("told")
    assert copy().status == "met"
    became("could_not_tell")
    assert copy().status == "running"
    story.later(hours=5)
    (row,) = story.do("escalate", "system", key=copy().key, step=0)
    assert [one["key"] for one in row.data["tell"]] == ["una"]
    story.do("tell", duty="copy_to_manager", whom="handler", channel="in_person")
    assert copy().status == "met late"
