"""Whom an answer tells, and whom it tells that something was let go: named at once, walled, in the ledger."""

from __future__ import annotations

from typing import Any

import pytest

from heard.actions import actions
from heard.case import Actor
from heard.clock import due_of, reckon
from heard.commands import Refused
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


def answered() -> Story:
    """A complaint that was acknowledged and answered in good time, each in a letter behind the code."""
    story = Story(procedure()).screened()
    story.event("assigned", part="handles", person="maya")
    story.event("acknowledged")
    story.later(days=3)
    story.event("responded", findings={"one": "upheld", "two": "upheld"})
    return story


def line(story: Story, duty: str) -> Any:
    (found,) = due_of(story.state, story.calendars, story.now, duty, "stage_1")
    return found


def of_a_letter(story: Story, event: str, act: str, channel: str = "email") -> None:
    """What becomes of the notice of a letter, or that the letter was opened behind the code."""
    seq = story.state.first(act).seq  # type: ignore[union-attr]
    data = {"event": act, "seq": seq, "whom": "complainant", "message": f"notice of {act}", "channel": channel}
    story.add([NewHappening(event, story.now, "system", "stage_1", data)])


@pytest.mark.clause("IOI-20", "IOI-23")
@pytest.mark.parametrize("order", [("told", "could_not_tell"), ("could_not_tell", "told")])
def test_an_answer_that_did_not_reach_them_is_owed_until_they_are_told_another_way(order: tuple[str, str]) -> None:
    story = answered()
    assert (line(story, "acknowledge").status, line(story, "respond").status) == ("met", "met")
    for event in order:
        of_a_letter(story, event, "responded")
    assert (line(story, "acknowledge").status, line(story, "respond").status) == ("met", "running")
    story.until(2027, 1, 15)
    offered = {one.label: one for one in actions(story.state, Actor("maya", story.roster.roles_of("maya", story.now)),
                                                 story.now, story.calendars, story.roster)}  # fmt: skip
    (mine,) = [one for label, one in offered.items() if "did not reach them" in label]
    assert mine.allowed and mine.needs.choices == {"channel": ("letter", "telephone", "in_person")}
    with pytest.raises(Refused, match="did not reach them"):
        story.do("tell", **mine.data, channel="email")
    with pytest.raises(Refused, match="Still owed"):
        story.do("close", outcome="answered", needs_met=["complainant_satisfied"])
    story.do("tell", **mine.data, channel="letter")
    kept = line(story, "respond")
    assert (kept.status, kept.met_at) == ("met late", story.now)
    assert [row.event for row in story.ledger].count("could_not_tell") == 1  # when it was tried first stays on record


@pytest.mark.clause("IOI-20")
def test_a_letter_that_was_opened_behind_the_code_has_told_them_then_and_one_on_paper_cannot_come_back() -> None:
    story = answered()
    of_a_letter(story, "told", "acknowledged")
    of_a_letter(story, "could_not_tell", "acknowledged")
    assert line(story, "acknowledge").status == "met"  # the answer acknowledges too
    of_a_letter(story, "could_not_tell", "responded")
    assert line(story, "acknowledge").status == "running"
    story.until(2027, 1, 4)
    assert line(story, "acknowledge").status == "late"
    story.later(hours=5)
    of_a_letter(story, "told", "acknowledged", "follow_page")
    assert (line(story, "acknowledge").status, line(story, "acknowledge").met_at) == ("met late", story.now)

    by_post = Story(procedure()).screened()
    by_post.event("acknowledged", channel="letter")
    of_a_letter(by_post, "could_not_tell", "acknowledged")
    assert line(by_post, "acknowledge").status == "met"


@pytest.mark.clause("IOI-23")
def test_a_case_that_was_closed_on_an_answer_that_did_not_arrive_owes_it_still() -> None:
    story = answered()
    story.event("closed", outcome="answered")
    assert line(story, "respond").status == "met"
    of_a_letter(story, "could_not_tell", "responded")
    assert line(story, "respond").status == "running"
    assert line(story, "contact").status == "lapsed"
    story.do("tell", duty="respond", whom="complainant", channel="telephone")
    assert line(story, "respond").status == "met"


@pytest.mark.clause("IOI-23")
def test_whoever_cannot_be_reached_at_all_keeps_no_case_open_for_ever_and_the_answer_stays_late() -> None:
    story = answered()
    of_a_letter(story, "could_not_tell", "responded")
    story.until(2027, 1, 15)
    for record in story.procedure.records:
        story.event("recorded", record=record.key, fields=list(record.fields))
    for one in reckon(story.state, story.calendars, story.now):
        if one.duty != "respond" and one.status in ("running", "late"):  # nothing else is in the way
            story.state.excused[(one.visit, one.duty, one.instance)] = story.now
    with pytest.raises(Refused, match="Still owed: Resolve or respond"):
        story.do("close", outcome="answered")
    story.do("explain_lateness", duty="respond", reason="they moved, and left no address")
    story.do("close", outcome="answered")
    assert line(story, "respond").status == "late"
