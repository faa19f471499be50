"""A disputed decision is put off until the complaint is answered, looked at again meanwhile; and an early referral.

Both stand in the guidance on the councils' own procedure.
"""

from __future__ import annotations

from typing import Any

import pytest

from heard.case import Refused, actions
from heard.clock import reckon
from heard.commands import Actor
from heard.derivation import Due
from heard.standing import standing
from tests.heard.invented import Story, procedure, roster

PEOPLE = {"cora": ("complaints_manager",), "tess": ("team_manager",), "ada": ("adjudicating_officer",),
          "dee": ("director_of_childrens_services",), "lee": ("designated_safeguarding_lead",)}  # fmt: skip
WHY = {"reason": "the school year", "risk to the child of leaving things as they are": "none"}
AGREED = dict.fromkeys(("all significant points upheld", "action plan", "complainant agrees"), "yes")


def disputed() -> Story:
    story = Story(procedure("children_act"), roster(people=PEOPLE), category=["placement"]).screened()
    story.event("assigned", part="handles", person="tess")
    return story


def holding(story: Story) -> list[tuple[str, str, bool, bool]]:
    return [(one.question.key, one.answer.key, one.presumed, one.ended_at is None) for one in standing(story.state)]


def review(story: Story) -> Due | None:
    dues = reckon(story.state, story.calendars, story.now)
    return next((one for one in dues if one.duty == "look_again_freeze"), None)


def refused(story: Story, name: str, actor: str, **data: Any) -> Refused:
    with pytest.raises(Refused) as refusal:
        story.do(name, actor, **data)
    return refusal.value


def may_decide(story: Story, actor: str, decision: str) -> str | None:
    who = Actor(actor, story.roster.roles_of(actor, story.now))
    found = actions(story.state, who, story.now, story.calendars, story.roster)
    return next((one.label for one in found if one.allowed and dict(one.data) == {"decision": decision}), None)


def test_nobody_has_decided_and_the_decision_is_taken_to_be_put_off() -> None:
    story = disputed()
    assert ("freeze", "yes", True, True) in holding(story)
    due = review(story)
    assert due is not None and (due.status, due.by) == ("running", PEOPLE["ada"] + PEOPLE["dee"])


def test_a_complaint_about_something_else_puts_nothing_off() -> None:
    story = Story(procedure("children_act"), roster(people=PEOPLE), category=["delay"]).screened()
    assert holding(story) == [("straight_to_stage_2", "no", True, True)] and review(story) is None


def test_a_senior_manager_decides_with_the_risk_to_the_child_written_down() -> None:
    story = disputed()
    assert "Only the" in refused(story, "decide", "tess", decision="freeze", answer="yes", record=WHY).sentence
    short = {"decision": "freeze", "answer": "yes", "record": {"reason": "the school year"}}
    assert "risk to the child" in refused(story, "decide", "ada", **short).sentence
    (row, *_) = story.do("decide", "ada", decision="freeze", answer="yes", record=WHY)
    assert {one["key"] for one in row.data["to"]} == {"tess"}
    assert ("freeze", "yes", False, True) in holding(story)


def test_it_is_looked_at_again_and_each_look_begins_the_days_anew() -> None:
    story = disputed()
    story.do("decide", "ada", decision="freeze", answer="yes", record=WHY)
    first = review(story)
    assert first is not None and str(first.due) == "2027-01-06"
    story.until(2027, 1, 7)
    assert review(story).status == "late"  # type: ignore[union-attr]
    assert (may_decide(story, "ada", "freeze") or "").startswith("Look again")
    story.do("decide", "ada", decision="freeze", answer="yes", record=WHY)
    again = review(story)
    assert again is not None and (again.status, str(again.due)) == ("running", "2027-01-21")


def test_a_refusal_to_put_it_off_is_not_looked_at_again_and_the_answer_ends_it() -> None:
    story = disputed()
    story.do("decide", "ada", decision="freeze", answer="no", record=WHY)
    assert review(story) is None
    other = disputed()
    other.do("decide", "ada", decision="freeze", answer="yes", record=WHY)
    other.later(days=1)
    other.event("responded", findings={"one": "upheld", "two": "upheld"})
    assert ("freeze", "yes", False, False) in holding(other) and review(other) is None
    assert may_decide(other, "ada", "freeze") is not None  # the next stage may put it off anew


def at_stage_2(finding: str) -> Story:
    story = disputed()
    story.event("asked_to_go_on", to="stage_2")
    story.event("stage_opened", stage="stage_2")
    story.event("assigned", part="handles", person="cora")
    story.later(days=1)
    story.event("responded", findings={"one": finding, "two": finding})
    story.later(minutes=1)
    return story


def line(story: Story, duty: str) -> Due | None:
    return next((one for one in reckon(story.state, story.calendars, story.now) if one.duty == duty), None)


def test_what_was_not_upheld_is_not_referred_early() -> None:
    story = at_stage_2("not_upheld")
    no = refused(story, "decide", "cora", decision="early_referral", answer="yes", record=AGREED)
    assert "not asked here" in no.sentence


def test_an_early_referral_needs_both_sides_a_plan_and_all_that_matters_upheld() -> None:
    story = at_stage_2("upheld")
    referral = {"decision": "early_referral", "answer": "yes"}
    assert "complainant agreed" in refused(story, "decide", "cora", record=AGREED, **referral).sentence
    half = {"action plan": "yes"}
    no = refused(story, "decide", "cora", record=half, needs_met=["complainant_agreed"], **referral)
    assert "all significant points upheld" in no.sentence
    (row, *_) = story.do("decide", "cora", record=AGREED, needs_met=["complainant_agreed"], **referral)
    assert [one["key"] for one in row.data["to"]] == ["ombudsman"]
    for duty in ("refer_early", "tell_of_early_referral"):
        due = line(story, duty)
        assert due is not None and due.status == "running" and str(due.due) == "2026-12-29"


def panel_window(story: Story) -> str | None:
    due = line(story, "ask_for_stage_3")
    return due.status if due else None


def test_no_panel_is_asked_for_unless_the_ombudsman_sends_it_back() -> None:
    story = at_stage_2("upheld")
    assert panel_window(story) == "running"
    agreed = {"record": AGREED, "needs_met": ["complainant_agreed"]}
    story.do("decide", "cora", decision="early_referral", answer="yes", **agreed)
    assert "no such way on" in refused(story, "ask_to_go_on", "cora", to="stage_3").sentence
    assert panel_window(story) is None  # nobody reads that they may still ask for what they may not
    story.do("decide", "cora", decision="sent_back", answer="yes", record={"reason": "a panel should hear it first"})
    assert panel_window(story) == "running"
    story.do("ask_to_go_on", "cora", to="stage_3")
    assert story.state.stage == "stage_3"
