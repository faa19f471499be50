"""What was promised because of a complaint has an owner and a day, and is open until somebody shows that it is done."""

from __future__ import annotations

from typing import Any

import pytest

from heard.case import Refused, actions
from heard.clock import reckon
from heard.commands import Actor
from heard.derivation import Due
from heard.public_view import public_view
from tests.heard.invented import Story, procedure

AGREED = {"what": "a new lock on the bathroom door", "owner": "tom", "by_day": "2027-01-15", "told": "yes"}


def handled() -> Story:
    story = Story(procedure()).screened()
    story.event("assigned", part="handles", person="maya")
    return story


def line(story: Story, action: str = "1") -> Due:
    dues = reckon(story.state, story.calendars, story.now)
    return next(one for one in dues if one.kind == "promised" and one.instance == action)


def refused(story: Story, name: str, actor: str = "maya", **data: Any) -> Refused:
    with pytest.raises(Refused) as refusal:
        story.do(name, actor, **data)
    return refusal.value


@pytest.mark.clause("IOI-39", "MEN-8", "INF-13")
def test_a_promise_is_due_on_its_day_from_its_owner() -> None:
    story = handled()
    story.do("agree_action", **AGREED)
    due = line(story)
    assert (due.by, str(due.due), due.status, due.strength) == (("tom",), "2027-01-15", "running", "must")
    assert due.remind_at is not None and due.remind_at.date().isoformat() == "2027-01-13"
    story.until(2027, 1, 16)
    assert line(story).status == "late"
    assert [step.tell for _, step in line(story).late_steps] == [("handler",), ("group_operator",)]
    assert [at.date().isoformat() for at, _ in line(story).late_steps] == ["2027-01-16", "2027-01-23"]


def test_only_what_shows_it_ends_it() -> None:
    story = handled()
    story.do("agree_action", **AGREED)
    assert "what shows it" in refused(story, "finish_action", "tom", action="1").sentence
    story.until(2027, 1, 18)
    story.do("finish_action", "tom", action="1", evidence="a photograph of the lock")
    assert line(story).status == "met late" and line(story).late_steps == ()
    assert "still to be done" in refused(story, "finish_action", "tom", action="1", evidence="again").sentence


def test_another_day_leaves_the_first_one_beside_it_and_begins_its_reminders_anew() -> None:
    story = handled()
    story.do("agree_action", **AGREED)
    before = line(story).key
    assert "reason" in refused(story, "change_action", action="1", owner="maya", by_day="2027-02-01").sentence
    story.do("change_action", action="1", owner="maya", by_day="2027-02-01", reason="the locksmith is away")
    due = line(story)
    assert (str(due.due), str(due.first_due), due.by) == ("2027-02-01", "2027-01-15", ("maya",))
    assert due.key != before


def test_a_promise_let_go_with_a_reason_is_owed_no_more() -> None:
    story = handled()
    story.do("agree_action", **AGREED)
    assert "reason" in refused(story, "drop_action", action="1").sentence
    story.do("drop_action", action="1", reason="the house is closed")
    assert line(story).status == "excused"


def test_nobody_owns_a_promise_who_may_not_know_of_the_case_and_none_is_for_a_day_gone_by() -> None:
    story = handled()
    story.event("named", subject="tom", person="tom", identified=True)
    assert "may not know" in refused(story, "agree_action", **AGREED).sentence
    assert "past" in refused(story, "agree_action", **AGREED | {"owner": "maya", "by_day": "2026-12-17"}).sentence
    assert "no such case" in refused(story, "finish_action", "tom", action="1", evidence="x").sentence
    assert "Only the" in refused(story, "agree_action", "gus", **AGREED | {"owner": "maya"}).sentence


@pytest.mark.clause("IOI-39", "IOI-40")
def test_a_case_may_be_closed_while_a_promise_is_open_and_the_promise_stays() -> None:
    """The answer confirms that action has been taken or will be: the rest is tracked to its end."""
    story = handled()
    story.do("agree_action", **AGREED)
    story.event("responded", findings={"one": "upheld", "two": "upheld"})
    story.event("closed", outcome="answered")
    assert line(story).status == "running"
    offered = {one.name for one in actions(story.state, Actor("tom", ("team_manager",)), story.now, story.calendars,
                                           story.roster) if one.allowed}  # fmt: skip
    assert "finish_action" in offered and "agree_action" not in offered
    story.do("finish_action", "tom", action="1", evidence="a photograph")
    assert line(story).status == "met"


def test_it_never_stands_in_the_way_of_closing() -> None:
    story = handled()
    story.do("agree_action", **AGREED)
    assert "promised" not in refused(story, "close", outcome="answered").sentence


def test_the_person_who_complained_reads_it_only_if_it_was_promised_to_them_and_never_its_words() -> None:
    story = handled()
    story.do("agree_action", **AGREED)
    story.do("agree_action", **AGREED | {"told": "no", "by_day": "2027-01-20"})
    seen = public_view(story.state, reckon(story.state, story.calendars, story.now), story.now)
    mine = [one for one in seen.promises if "promised" in one.says]
    assert [(one.says, str(one.by), one.status) for one in mine] == [
        ("We do what we promised", "2027-01-15", "to come")
    ]
    assert any("We do what we promised: by Friday 15 January 2027" in one for one in seen.next)
