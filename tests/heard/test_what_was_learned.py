"""After a complaint that was upheld, in full or in part: what it teaches is looked at, written down and counted."""

from __future__ import annotations

from typing import Any

import pytest

from heard.case import Refused, actions
from heard.clock import due_of
from heard.commands import Actor
from tests.heard.invented import Story, procedure, roster

WSX = "west_sussex_home"
PEOPLE = {"rhea": ("registered_manager",), "deepa": ("designated_safeguarding_lead",), "gus": ("group_operator",),
          "seth": ("service_manager",), "hal": ("head_of_service",)}  # fmt: skip
SAID = ["who was chosen to do the review", "the learning review form", "the talk with the staff about it"]
FOUND = {"what was learned": "nobody asked Kit", "what changes in practice": "we ask first"}


def answered(finding: str, key: str = WSX) -> Story:
    story = Story(procedure(key), roster(people=PEOPLE) if key == WSX else roster()).screened()
    story.event("assigned", part="handles", person="rhea" if key == WSX else "maya")
    story.event("responded", findings={"one": finding, "two": "not_upheld"})
    return story


def review(story: Story, **data: Any) -> None:
    story.do("record", "rhea", **{"event": "learning_reviewed", "contents": SAID, "record": FOUND,
                                  "lessons": ["training"], **data})  # fmt: skip


def line(story: Story) -> Any:
    return due_of(story.state, story.calendars, story.now, "learning_review")[-1]


@pytest.mark.clause("WSX-17")
@pytest.mark.parametrize(("finding", "status"), [("upheld", "running"), ("partly_upheld", "running"),
                                                 ("not_upheld", "waiting"), ("not_determined", "waiting")])  # fmt: skip
def test_what_was_upheld_in_full_or_in_part_is_learned_from(finding: str, status: str) -> None:
    assert line(answered(finding)).status == status


@pytest.mark.clause("WSX-17")
def test_the_review_says_who_did_it_that_staff_heard_of_it_what_was_learned_and_what_changes() -> None:
    story = answered("upheld")
    for short in ({"contents": SAID[:2]}, {"record": {"what was learned": "x"}}, {"lessons": []},
                  {"lessons": ["the weather"]}):  # fmt: skip
        with pytest.raises(Refused):
            review(story, **short)
    review(story)
    assert line(story).status == "met"
    row = story.ledger[-1]
    assert (row.data["lessons"], row.data["record"]) == (["training"], FOUND)


@pytest.mark.clause("WSX-17")
def test_the_page_offers_the_review_with_all_that_it_must_hold() -> None:
    story = answered("upheld")
    who = Actor("rhea", ("registered_manager",))
    found = actions(story.state, who, story.now, story.calendars, story.roster)
    (offer,) = [one for one in found if dict(one.data) == {"event": "learning_reviewed"}]
    assert offer.allowed and list(offer.needs.contents) == SAID and list(offer.needs.record) == list(FOUND)
    assert "nothing to change" in offer.needs.choices["lessons"]


@pytest.mark.clause("IOI-48", "IOI-49")
def test_where_no_duty_asks_for_it_what_was_learned_can_be_written_down_once_it_is_answered() -> None:
    story = answered("upheld", "ioi_support")
    who = Actor("maya", ("registered_service_manager",))
    found = actions(story.state, who, story.now, story.calendars, story.roster)
    (offer,) = [one for one in found if dict(one.data) == {"event": "learning_reviewed"}]
    assert offer.allowed
    story.do("record", event="learning_reviewed", lessons=["premises"])
    assert story.ledger[-1].data["lessons"] == ["premises"]
