"""How a complaint ends: upheld, in part, not, not determined, or taken back; and what still follows then."""

from __future__ import annotations

from typing import Any

import pytest

from heard.case import Refused, actions
from heard.clock import due_of, reckon
from heard.commands import Actor
from heard.procedure import Procedure
from heard.public_view import public_view
from heard.registry import load_procedures
from tests.heard.invented import Story, procedure

INSTALLED = load_procedures()
SIX = ("children_act", "infinity_alliance", "ioi_support", "one_two_one_mentors", "stepping_stones", "west_sussex_home")
ANSWER = list(procedure().duty("respond", "stage_1").contains)
TOLD = list(procedure().duty("taken_back.confirm", None).contains)


def handled(**changed: Any) -> Story:
    story = Story(procedure(), **changed).screened()
    story.event("assigned", part="handles", person="maya")
    return story


def refused(story: Story, name: str, actor: str = "maya", **data: Any) -> Refused:
    with pytest.raises(Refused) as refusal:
        story.do(name, actor, **data)
    return refusal.value


def answers(story: Story, **findings: str) -> None:
    reasons = [head for head, finding in findings.items() if finding in ("not_upheld", "not_determined")]
    story.do("respond", findings=findings, reasons_for=reasons, contents=ANSWER)


def offered(story: Story, name: str, actor: str = "maya", **data: Any) -> Any:
    who = Actor(actor, story.roster.roles_of(actor, story.now))
    found = actions(story.state, who, story.now, story.calendars, story.roster)
    return next((one for one in found if one.name == name and data.items() <= dict(one.data).items()), None)


def line(story: Story, duty: str, stage: str | None = None) -> Any:
    return due_of(story.state, story.calendars, story.now, duty, stage)[-1]


@pytest.mark.clause("IOI-39", "IOI-48", "MEN-8", "WSX-17")
@pytest.mark.parametrize("finding", ["upheld", "partly_upheld", "not_upheld", "not_determined"])
def test_each_finding_is_given_on_each_thing_complained_of(finding: str) -> None:
    story = handled()
    choices = offered(story, "respond").needs.choices["finding of one"]
    assert finding in choices
    answers(story, one=finding, two="upheld")
    assert story.state.heads["one"].finding == finding


@pytest.mark.clause("MEN-8", "IOI-39")
@pytest.mark.parametrize("finding", ["not_upheld", "not_determined"])
@pytest.mark.parametrize("key", SIX)
def test_no_procedure_lets_somebody_be_told_no_without_reasons(key: str, finding: str) -> None:
    rules = INSTALLED.get(key)
    assert finding in rules.words.reasons_needed_for
    story = handled()
    if key == story.procedure.key:
        findings = {"one": finding, "two": "upheld"}
        assert "reasons" in refused(story, "respond", findings=findings, contents=ANSWER).sentence


def test_a_finding_that_nobody_here_knows_is_refused() -> None:
    assert "no finding" in refused(handled(), "respond", findings={"one": "proven", "two": "upheld"}).sentence


# ---------------------------------------------------------------- taken back


@pytest.mark.parametrize("key", SIX)
def test_every_procedure_lets_a_complaint_be_taken_back_reviewed_and_made_again(key: str) -> None:
    rules: Procedure = INSTALLED.get(key)
    assert "taken_back" in rules.adopts
    question = next(one for one in rules.decisions if one.key == "taken_back.management_review")
    assert {answer.key for answer in question.answers} == {"yes", "no"} and question.must_record == ("reason",)


def test_taken_back_what_was_owed_to_them_ends_and_what_is_owed_to_others_goes_on() -> None:
    story = handled(formality="formal", complainant="parent", on_behalf=True)
    story.later(hours=2)
    story.do("withdraw", reason="settled")
    assert line(story, "acknowledge", "stage_1").status == line(story, "respond", "stage_1").status == "lapsed"
    assert line(story, "write_it_down").status == line(story, "see_the_young_person").status == "running"
    assert line(story, "taken_back.confirm").status == "running"
    assert "taken back" in refused(story, "respond", findings={}, contents=ANSWER).sentence
    assert "taken back" in refused(story, "ask_to_go_on", to="stage_2").sentence


def test_what_was_late_before_it_was_taken_back_stays_late() -> None:
    story = handled()
    story.until(2026, 12, 24)
    story.do("withdraw", reason="settled")
    assert line(story, "acknowledge", "stage_1").status == "late"


def test_taken_back_it_is_closed_once_they_were_told_so() -> None:
    story = handled()
    story.do("withdraw", reason="settled")
    for record in story.procedure.records:
        story.do("record", record=record.key, fields=list(record.fields))
    assert "it is taken back" in refused(story, "close", outcome="withdrawn").sentence
    assert "must also say" in refused(story, "tell", duty="taken_back.confirm", whom="complainant").sentence
    story.do("tell", duty="taken_back.confirm", whom="complainant", contents=TOLD)
    story.do("close", outcome="withdrawn")
    assert story.state.outcome == "withdrawn"
    assert "took your complaint back" in public_view(story.state, (), story.now).status


def test_the_management_may_look_into_it_all_the_same_and_the_complainant_owes_nothing() -> None:
    story = handled()
    assert "too early" in refused(story, "decide", decision="taken_back.management_review", answer="yes").sentence
    story.do("withdraw", reason="settled")
    story.later(minutes=1)
    no_reason = refused(story, "decide", decision="taken_back.management_review", answer="yes")
    assert "reason" in no_reason.sentence
    because = {"decision": "taken_back.management_review", "record": {"reason": "two others said the same"}}
    story.do("decide", answer="yes", **because)
    story.do("tell", duty="taken_back.confirm", whom="complainant", contents=TOLD)
    review = line(story, "taken_back.review")
    assert (review.status, str(review.due)) == ("running", "2027-01-20")
    seen = public_view(story.state, reckon(story.state, story.calendars, story.now), story.now)
    assert any("look into what it was about ourselves" in one for one in seen.next)
    assert not any("working on your complaint" in one for one in (seen.status, *seen.next))
    for record in story.procedure.records:
        story.do("record", record=record.key, fields=list(record.fields))
    assert "management's own review" in refused(story, "close", outcome="withdrawn").sentence
    found = ["what was found", "what is to be done, by whom and by when"]
    sure = ["what would trouble whoever took the complaint back"]
    story.do("reach", milestone="management_review_done", contents=found, leaves_out=sure)
    story.do("close", outcome="withdrawn")


def test_nobody_else_decides_whether_it_is_reviewed() -> None:
    story = handled()
    story.do("withdraw", reason="settled")
    story.later(minutes=1)
    because = {"decision": "taken_back.management_review", "record": {"reason": "mine"}}
    assert "Only the" in refused(story, "decide", "tom", answer="yes", **because).sentence


def test_made_again_it_goes_on_where_it_stood_and_the_days_between_count_for_nobody() -> None:
    story = handled()
    before = line(story, "respond", "stage_1")
    story.until(2026, 12, 21)
    story.do("withdraw", reason="settled")
    assert offered(story, "reopen").allowed and not offered(story, "ask_to_go_on", to="stage_2").allowed
    story.until(2027, 1, 11)
    story.do("reopen", reason="it happened again")
    after = line(story, "respond", "stage_1")
    assert after.status == "running" and after.due > before.due
    assert story.state.stage == "stage_1" and story.state.withdrawn_at is None
    answers(story, one="upheld", two="upheld")
