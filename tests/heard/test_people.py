"""Persons, not roles: who gets a part, who is told, called and shown, and that a person complained of never is."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from heard.case import Actor, Refused, actions
from heard.clock import due_of
from heard.people import (
    Absence,
    Holding,
    OnCall,
    Person,
    Relation,
    Roster,
    Route,
    ladder,
    onlookers,
    recipients,
    resolve,
    struck,
    viewers,
)
from tests.heard.invented import PEOPLE, RECEIVED, Story, procedure, roster

ONE_FOR_ALL = {
    "clara": ("registered_service_manager", "designated_safeguarding_lead", "director", "team_manager"),
    "dan": ("deputy_safeguarding_lead",), "una": ("external_investigator",), "nia": (),
}  # fmt: skip
ALONE = {"clara": ONE_FOR_ALL["clara"], "una": ("external_investigator",)}


def about(person: str, people: dict[str, tuple[str, ...]] | None = None) -> Story:
    return Story(who=roster(people=people)).screened(subjects=[{"subject": "s1", "person": person, "identified": True}])


def test_a_complaint_goes_to_the_first_on_the_way() -> None:
    story = Story().screened()
    route = resolve(story.procedure, story.state, story.roster, "handles", story.now)
    assert (route.who, route.kind, route.rung, route.struck) == ("maya", "person", "registered_service_manager", ())


def test_the_one_person_who_holds_four_roles_never_gets_the_complaint_about_her() -> None:
    story = about("clara", ONE_FOR_ALL)
    route = resolve(story.procedure, story.state, story.roster, "handles", story.now)
    assert route.who == "una" and ("clara", "the complaint is about them") in route.struck
    assert route.also_tell == ("placing_authority",)


def test_the_safeguarding_duty_of_the_one_person_passes_to_the_deputy_and_without_one_outside() -> None:
    with_deputy = about("clara", ONE_FOR_ALL)
    told = recipients(
        with_deputy.procedure, with_deputy.state, with_deputy.roster, ["designated_safeguarding_lead"], RECEIVED
    )
    assert [one.key for one in told] == ["dan"]
    alone = about("clara", ALONE)
    told = recipients(alone.procedure, alone.state, alone.roster, ["designated_safeguarding_lead"], RECEIVED)
    assert [(one.kind, one.key) for one in told] == [("contact", "safeguarding_partnership")]
    assert viewers(alone.procedure, alone.state, alone.roster, RECEIVED).isdisjoint({"clara"})


def test_the_same_person_does_not_judge_two_stages() -> None:
    story = Story().screened()
    story.do("assign", "system", part="handles")
    story.event("stage_opened", stage="stage_2")
    both = roster(people={**PEOPLE, "maya": ("registered_service_manager", "director"), "dora": ()})
    route = resolve(story.procedure, story.state, both, "decides", story.now)
    assert route.who == "una" and dict(route.struck)["maya"] == "judged an earlier stage of this case"


def test_whoever_answered_a_stage_has_judged_it_even_if_they_leave_later() -> None:
    story = Story().screened()
    story.do("assign", "system", part="handles")
    story.event("responded", stage="stage_1", findings={"complaint": "not upheld"})
    story.event("stage_opened", stage="stage_2")
    story.event("stood_down", stage="stage_1", person="maya", why="works elsewhere now", conflict=False)
    both = roster(people={**PEOPLE, "maya": ("registered_service_manager", "director"), "dora": ()})
    route = resolve(story.procedure, story.state, both, "decides", story.now)
    assert route.who == "una" and dict(route.struck)["maya"] == "judged an earlier stage of this case"


def test_whoever_left_before_a_stage_was_answered_has_not_judged_it() -> None:
    story = Story().screened()
    story.do("assign", "system", part="handles")
    story.event("stood_down", stage="stage_1", person="maya", why="on leave", conflict=False)
    story.event("responded", stage="stage_1", findings={"complaint": "not upheld"})
    story.event("stage_opened", stage="stage_2")
    both = roster(people={**PEOPLE, "maya": ("registered_service_manager", "director"), "dora": ()})
    assert resolve(story.procedure, story.state, both, "decides", story.now).who == "maya"


ALLIANCE = {
    "hana": ("house_manager",), "rita": ("registered_manager",), "dwight": ("director",), "gus": ("group_operator",),
    "una": ("external_investigator",), "deepa": ("designated_safeguarding_lead",),
}  # fmt: skip


def appealed(people: dict[str, tuple[str, ...]]) -> Story:
    """A complaint about a manager that somebody outside answered, and that goes on to the appeal."""
    about_rita = [{"subject": "s1", "person": "rita", "identified": True}]
    story = Story(procedure("infinity_alliance"), roster(people=people), complainant="public")
    story.screened(subjects=about_rita).do("assign", "system", part="handles")
    story.event("responded", findings={"one": "upheld", "two": "upheld"})
    story.event("stage_opened", stage="appeal")
    return story


def handling(story: Story) -> Route:
    return resolve(story.procedure, story.state, story.roster, "handles", story.now)


@pytest.mark.clause("INF-9", "INF-10")
def test_an_appeal_about_a_manager_needs_a_second_person_outside_and_says_so_to_the_director() -> None:
    route = handling(appealed(ALLIANCE))
    assert (route.who, route.also_tell) == ("placing_authority", ("director",))
    assert route.sentence.endswith("A second external independent investigator is needed, who has not judged it.")
    found = handling(appealed({**ALLIANCE, "ursula": ("external_investigator",)}))
    assert found.who == "ursula" and "is needed" not in found.sentence


@pytest.mark.clause("INF-9", "INF-10")
def test_the_director_writes_down_what_a_body_outside_did_with_an_appeal_about_a_manager() -> None:
    story = appealed(ALLIANCE)
    story.do("assign", "system", part="handles")
    story.do("assign", "system", part="oversees")
    assert story.state.holder("oversees").who == "dwight"  # type: ignore[union-attr]
    story.do("acknowledge", "dwight", contents=list(story.procedure.duty("acknowledge", "appeal").contains))
    said = list(story.procedure.duty("respond", "appeal").contains)
    story.do("respond", "dwight", contents=said, findings={"one": "upheld", "two": "upheld"})


def test_where_a_body_outside_has_it_and_nobody_inside_oversees_it_whoever_runs_the_group_writes_it_down() -> None:
    alone = {"clara": ONE_FOR_ALL["clara"], "dan": ("deputy_safeguarding_lead",), "gus": ("group_operator",)}
    story = about("clara", alone)
    story.do("assign", "system", part="handles")
    held = story.state.holder("handles")
    assert held is not None and held.is_contact
    said = {duty: list(story.procedure.duty(duty, "stage_1").contains) for duty in ("acknowledge", "respond")}
    with pytest.raises(Refused, match="Only the"):
        story.do("respond", "dan", contents=said["respond"], findings={"one": "upheld", "two": "upheld"})
    story.do("acknowledge", "gus", contents=said["acknowledge"])
    story.do("respond", "gus", contents=said["respond"], findings={"one": "upheld", "two": "upheld"})


def test_whoever_is_on_call_for_a_role_out_of_hours_gets_what_comes_in() -> None:
    both = {**PEOPLE, "ned": ("registered_service_manager",)}
    tonight = OnCall("ned", "registered_service_manager", RECEIVED, RECEIVED + timedelta(hours=16))
    story = Story(who=roster(people=both, on_call=[tonight])).screened()
    assert handling(story).who == "ned"
    story.later(hours=17)
    assert handling(story).who == "maya"


@pytest.mark.clause("IOI-36")
def test_a_member_of_staff_is_suspended_only_once_the_lado_was_asked_with_what_else_was_weighed() -> None:
    story = Story().screened(subjects=[{"subject": "nia", "person": "nia", "identified": True}])
    story.do("assign", "system", part="handles")
    for concern in ("gross_misconduct", "lado_threshold"):
        story.do("raise_concern", concern=concern)
        story.do("confirm_concern", "deepa", concern=concern, reason="r")
    weighed = {"reason": "r", "alternatives considered": "other duties", "with pay": "yes"}
    deciding = {"decision": "suspend_staff", "answer": "other_safeguard", "instance": "nia"}
    with pytest.raises(Refused, match="asked before anybody is suspended"):
        story.do("decide", **deciding, record=weighed)
    story.event("lado_agreed_next_step")
    with pytest.raises(Refused, match="alternatives considered"):
        story.do("decide", **deciding, record={"reason": "r", "with pay": "yes"})
    story.do("decide", **deciding, record=weighed)
    assert story.state.answers["suspend_staff"] == "other_safeguard"


@pytest.mark.clause("IOI-46")
def test_after_a_dismissal_it_stays_owed_until_each_of_those_who_have_to_know_was_told() -> None:
    story = Story().screened(subjects=[{"subject": "nia", "person": "nia", "identified": True}])
    story.do("assign", "system", part="handles")
    story.event("responded", findings={"one": "upheld", "two": "upheld"})
    story.do("decide", "maya", decision="staff_outcome", answer="dismissal_and_referrals", instance="nia")
    rule = story.procedure.notification_rule("refer_after_dismissal")
    for body in rule.tell:
        (owed,) = due_of(story.state, story.calendars, story.now, rule.key)
        assert owed.status == "running"
        story.do("tell", "maya", rule=rule.key, whom=body, channel="telephone")
    (owed,) = due_of(story.state, story.calendars, story.now, rule.key)
    assert "dbs" in rule.tell and owed.status == "met"


def test_somebody_away_is_passed_over_but_not_excluded() -> None:
    who = roster(absences=[Absence("maya", RECEIVED - timedelta(days=1), RECEIVED + timedelta(days=7))])
    story = Story(who=who).screened()
    route = resolve(story.procedure, story.state, who, "handles", story.now)
    assert route.who == "ola" and route.also_tell == ()


def test_who_manages_the_person_complained_of_does_not_handle_but_is_told_as_line_manager() -> None:
    who = roster(relations=[Relation("manages", "maya", "nia")])
    story = Story(who=who).screened(subjects=[{"subject": "s1", "person": "nia", "identified": True}])
    assert resolve(story.procedure, story.state, who, "handles", story.now).who == "ola"
    told = recipients(story.procedure, story.state, who, ["line_manager_of_named_person"], story.now)
    assert [one.key for one in told] == ["maya"]


def looks_in(*, until: datetime | None = None, home: str = "harbour", reads: bool = False) -> Roster:
    """Everybody of the home, and an inspector called ines."""
    here = roster()
    held = [one for person in here.people for one in here.holdings_of(person)]
    held.append(Holding("ines", "inspector", "tidewater", home, RECEIVED, until, reads_safeguarding=reads))
    return Roster([*here.people.values(), Person("ines", "tide", "Ines", outside=True)], held)


def test_an_inspector_reads_the_cases_of_the_home_while_their_time_lasts_and_does_nothing_in_them() -> None:
    story = Story(who=looks_in(until=RECEIVED + timedelta(days=30)))
    assert "ines" not in viewers(story.procedure, story.state, story.roster, story.now)  # safeguarding reads it first
    story.screened()
    assert "ines" in viewers(story.procedure, story.state, story.roster, story.now)
    assert "ines" not in viewers(story.procedure, story.state, looks_in(home="quay"), story.now)
    with pytest.raises(Refused, match="You may read this case, and do nothing in it"):
        story.do("raise_concern", "ines", concern="neglect")
    assert actions(story.state, Actor("ines", ("inspector",)), story.now, story.calendars, story.roster) == ()
    later = RECEIVED + timedelta(days=31)
    assert "ines" not in viewers(story.procedure, story.state, story.roster, later)


def test_whoever_only_looks_in_is_kept_away_like_anybody_else_and_never_reads_what_a_worker_reports() -> None:
    about_them = Story(who=looks_in()).screened(subjects=[{"subject": "s1", "person": "ines", "identified": True}])
    unknown = Story(who=looks_in()).screened(subjects=[{"subject": "s1", "identified": False, "might_be": ["nia"]}])
    workers = Story(who=looks_in(), kind="whistleblowing", complainant="staff").screened()
    for story in (about_them, unknown, workers):
        assert "ines" not in viewers(story.procedure, story.state, story.roster, story.now)


def test_whether_they_read_what_was_said_about_safeguarding_is_said_when_they_are_let_in() -> None:
    for reads in (False, True):
        story = Story(who=looks_in(reads=reads)).screened()
        assert onlookers(story.procedure, story.state, story.roster, story.now) == {"ines": reads}


def test_who_shares_a_life_with_the_person_complained_of_has_no_part_hears_nothing_and_does_not_see_it() -> None:
    for near in ("maya", "dora", "gus"):
        who = roster(relations=[Relation("spouse_or_partner", "nia", near)])
        story = Story(who=who).screened(subjects=[{"subject": "s1", "person": "nia", "identified": True}])
        words = ["registered_service_manager", "director", "line_manager_of_named_person", "group_operator"]
        assert near not in viewers(story.procedure, story.state, who, story.now)
        assert near not in {one.key for one in recipients(story.procedure, story.state, who, words, story.now)}
        assert near not in {resolve(story.procedure, story.state, who, part, story.now, stage.key).who
                            for stage in story.procedure.stages for part in stage.people}  # fmt: skip
    told = Story().screened(subjects=[{"subject": "s1", "person": "nia", "identified": True}])
    assert {"maya", "dora", "gus"} <= viewers(told.procedure, told.state, told.roster, told.now)


def test_before_screening_only_the_lead_knows_that_the_case_exists() -> None:
    story = Story()
    assert viewers(story.procedure, story.state, story.roster, story.now) == {"deepa"}
    story.screened()
    seen = viewers(story.procedure, story.state, story.roster, story.now)
    assert {"deepa", "maya", "gus"} <= seen and "nia" not in seen


def test_the_woman_on_nights_is_seen_by_the_cleared_lead_alone_until_somebody_says_who_she_is() -> None:
    story = Story().screened(subjects=[{"subject": "s1", "identified": False, "might_be": ["nia", "nell", "ola"]}])
    assert viewers(story.procedure, story.state, story.roster, story.now) == {"deepa"}
    assert set(struck(story.procedure, story.state, story.roster)) == {"nia", "nell", "ola"}
    story.do("identify", "deepa", subject="s1", person="nell")
    assert set(struck(story.procedure, story.state, story.roster)) == {"nell"}
    assert {"maya", "ola"} <= viewers(story.procedure, story.state, story.roster, story.now)


def test_when_the_lead_might_be_the_one_the_deputy_is_the_cleared_lead() -> None:
    story = Story().screened(subjects=[{"subject": "s1", "identified": False, "might_be": ["deepa", "nia"]}])
    assert viewers(story.procedure, story.state, story.roster, story.now) == {"dan"}


def test_a_named_role_strikes_who_held_it_then() -> None:
    story = Story().screened(subjects=[{"subject": "s1", "role": "registered_service_manager", "identified": True}])
    assert set(struck(story.procedure, story.state, story.roster)) == {"maya"}
    assert resolve(story.procedure, story.state, story.roster, "handles", story.now).who == "ola"


def test_the_call_begins_with_who_is_on_call_and_ends_outside() -> None:
    people = {**PEOPLE, "dee2": ("designated_safeguarding_lead",)}
    who = roster(people=people, on_call=[OnCall("dee2", "designated_safeguarding_lead", RECEIVED, None)])
    story = Story(who=who).screened()
    rungs = ladder(story.procedure, story.state, who, "safeguarding_lead", story.now)
    assert [rung.who.key for rung in rungs[:3]] == ["dee2", "deepa", "dan"]
    assert rungs[0].after_seconds == 0 and rungs[1].after_seconds == 600
    assert rungs[-1].who.kind == "contact"


def test_the_call_skips_the_lead_it_is_about_and_starts_at_once_with_the_next() -> None:
    story = about("deepa")
    rungs = ladder(story.procedure, story.state, story.roster, "safeguarding_lead", story.now)
    assert rungs[0].who.key == "dan" and rungs[0].after_seconds == 0
    assert "deepa" not in {rung.who.key for rung in rungs}


def test_only_a_duty_for_the_named_person_reaches_them() -> None:
    story = about("nia")
    words = ["named_person", "complainant"]
    without = recipients(story.procedure, story.state, story.roster, words, story.now)
    assert [one.key for one in without] == ["complainant"]
    told = recipients(story.procedure, story.state, story.roster, words, story.now, subject="s1")
    assert {one.key for one in told} == {"nia", "complainant"}


def test_an_operator_is_never_shown_another_operators_case() -> None:
    who = Roster([Person("gus", "tide", "Gus"), Person("other", "northgate", "Other")],
                 [Holding("gus", "group_operator"), Holding("other", "group_operator")])  # fmt: skip
    story = Story(who=who).screened()
    assert viewers(story.procedure, story.state, who, story.now) == {"gus"}


@st.composite
def situations(draw: st.DrawFn) -> tuple[dict[str, tuple[str, ...]], list[str], list[str], bool]:
    roles = [role.key for role in procedure().roles]
    people = {
        f"p{n}": tuple(draw(st.lists(st.sampled_from(roles), max_size=4, unique=True)))
        for n in range(draw(st.integers(1, 6)))
    }
    subjects = draw(st.lists(st.sampled_from(sorted(people)), max_size=3, unique=True))
    might_be = draw(st.lists(st.sampled_from(sorted(people)), max_size=3, unique=True))
    return people, subjects, might_be, draw(st.booleans())


@settings(deadline=None)
@given(situations())
def test_a_struck_person_is_never_given_told_called_or_shown_anything(
    situation: tuple[dict[str, tuple[str, ...]], list[str], list[str], bool],
) -> None:
    people, subjects, might_be, assigned = situation
    named = [{"subject": one, "person": one, "identified": True} for one in subjects]
    if might_be:
        named.append({"subject": "words", "identified": False, "might_be": might_be})
    story = Story(who=roster(people=people))
    if assigned:
        story.do("assign", "system", part="handles")
    story.screened(subjects=named)
    rules, state, who = story.procedure, story.state, story.roster
    out = set(struck(rules, state, who))
    assert out == {*subjects, *might_be}
    for stage in rules.stages:
        for part in stage.people:
            assert resolve(rules, state, who, part, story.now, stage.key).who not in out
    words = [
        *(role.key for role in rules.roles),
        "handler",
        "decider",
        "line_manager_of_named_person",
        "named_person",
        "panel",
    ]
    assert not out & {one.key for one in recipients(rules, state, who, words, story.now)}
    for rule in rules.notification_rules:
        assert not out & {rung.who.key for rung in ladder(rules, state, who, rule.key, story.now)}
    assert not out & viewers(rules, state, who, story.now)
    assert not [one for one in state.assignments if one.who in out and one.stood_down is None]
