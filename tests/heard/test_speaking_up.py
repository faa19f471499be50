"""A worker says that something wrong is done where they work: few know of it, and no manager of whom it is about."""

from __future__ import annotations

from typing import Any

import pytest

from heard.case import Actor, Refused, actions
from heard.people import Relation, Roster, recipients, resolve, viewers
from heard.registry import load_procedures
from tests.heard.invented import PEOPLE, RECEIVED, Story, procedure, roster

ABOUT_NIA = [{"subject": "s1", "person": "nia", "identified": True}]
MANAGED = [Relation("manages", "maya", "nia")]


def disclosure(rules: str = "ioi_support", who: Roster | None = None, **changed: Any) -> Story:
    """A worker's report of wrongdoing, screened."""
    said = {"kind": "whistleblowing", "formality": None, "complainant": "staff", "heads": [{"key": "one"}]} | changed
    screen = said.pop("screen", {})
    return Story(procedure(rules), who or roster(), **said).screened(**screen)


def offered(story: Story, who: str, name: str) -> list[Any]:
    actor = Actor(who, story.roster.roles_of(who, story.now))
    return [one for one in actions(story.state, actor, story.now, story.calendars, story.roster) if one.name == name]


@pytest.mark.parametrize("rules", load_procedures().keys())
def test_it_enters_every_procedure_at_its_first_formal_stage_and_is_barred_by_no_time_limit(rules: str) -> None:
    story = disclosure(rules, matter_noticed="2024-01-01T09:00:00+00:00")
    stage = story.state.stage_rule
    assert stage is not None and stage.formal
    assert stage == next(one for one in story.procedure.stages if one.formal)
    assert story.state.visits[0].opened_at == RECEIVED


def test_it_is_seen_by_the_cleared_lead_whoever_deals_with_it_and_the_group_alone() -> None:
    story = disclosure()
    assert viewers(story.procedure, story.state, story.roster, story.now) == {"deepa", "gus"}
    story.do("assign", "system", part="handles")
    assert viewers(story.procedure, story.state, story.roster, story.now) == {"deepa", "gus", "maya"}
    ordinary = Story().screened()
    assert "tom" in viewers(ordinary.procedure, ordinary.state, ordinary.roster, ordinary.now)


def test_whoever_manages_the_person_it_is_about_deals_with_nothing_of_it_is_told_nothing_and_sees_nothing() -> None:
    story = disclosure(who=roster(relations=MANAGED), screen={"subjects": ABOUT_NIA})
    route = resolve(story.procedure, story.state, story.roster, "handles", story.now)
    assert route.who == "ola" and dict(route.struck)["maya"] == "manages whom a worker's report is about"
    assert "maya" not in viewers(story.procedure, story.state, story.roster, story.now)
    words = ["registered_service_manager", "line_manager_of_named_person"]
    told = recipients(story.procedure, story.state, story.roster, words, story.now)
    assert [one.key for one in told] == ["ola"]
    with pytest.raises(Refused, match="There is no such case"):
        story.do("assign", "maya", part="handles")


def test_a_lead_who_manages_that_person_makes_room_for_the_deputy_and_where_there_is_none_stays() -> None:
    managed = [Relation("manages", "deepa", "nia")]
    story = disclosure(who=roster(relations=managed), screen={"subjects": ABOUT_NIA})
    assert viewers(story.procedure, story.state, story.roster, story.now) == {"dan", "gus"}
    alone = {**PEOPLE, "dan": ()}
    story = disclosure(who=roster(people=alone, relations=managed), screen={"subjects": ABOUT_NIA})
    assert "deepa" in viewers(story.procedure, story.state, story.roster, story.now)


def test_a_worker_who_complained_may_choose_it_at_any_time_and_from_then_on_fewer_know_of_it() -> None:
    story = Story(complainant="staff").screened()
    story.do("assign", "system", part="handles")
    story.do("acknowledge", contents=list(story.procedure.duty("acknowledge", "stage_1").contains))
    before = viewers(story.procedure, story.state, story.roster, story.now)
    (choosing,) = offered(story, "maya", "reclassify")
    story.do("reclassify", "maya", **choosing.data, reason="they asked for it")
    assert viewers(story.procedure, story.state, story.roster, story.now) < before
    assert story.state.received_at == RECEIVED and story.state.visits[0].opened_at == RECEIVED


def test_it_is_an_ordinary_complaint_again_only_if_the_worker_agreed() -> None:
    story = disclosure()
    with pytest.raises(Refused, match="complainant agreed"):
        story.do("reclassify", "deepa", kind="complaint", reason="it is easier")
    (back,) = offered(story, "deepa", "reclassify")
    story.do("reclassify", "deepa", **back.data, needs_met=["complainant_agreed"], reason="they wish it")
    assert story.state.received["kind"] == "complaint" and story.state.stage == "stage_1"


def test_nobody_else_is_asked_whether_it_is_whistleblowing() -> None:
    story = Story(complainant="young_person").screened()
    story.do("assign", "system", part="handles")
    labels = [one.label for one in offered(story, "maya", "reclassify")]
    assert not any("whistleblowing" in label for label in labels)
