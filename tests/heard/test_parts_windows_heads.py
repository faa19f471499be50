"""What a long procedure asks of the engine: windows agreed, panels that decide, heads apart, tellings by two ways.

Told on the procedure of 1-2-1 Mentors, with invented people.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from heard.case import Actor, Refused, actions
from heard.clock import due_of
from heard.people import parts_of, resolve
from tests.heard.invented import Story, procedure, roster

MENTORS = "one_two_one_mentors"
PEOPLE = {
    "dora": ("director",), "olga": ("operational_manager",), "max": ("mentor",),
    "deepa": ("designated_safeguarding_lead",), "una": ("external_investigator",),
    "pam": ("panel_member",), "pat": ("panel_member",), "cleo": ("independent_panel_member",),
}  # fmt: skip


def told(**changed: Any) -> Story:
    """A screened complaint to 1-2-1 Mentors, its first handler chosen."""
    screen = changed.pop("screen", {})
    story = Story(procedure(MENTORS), roster(people=PEOPLE), **changed).screened(**screen)
    story.do("assign", "system", part="handles")
    return story


def line(story: Story, duty: str, stage: str | None = None) -> Any:
    (found,) = due_of(story.state, story.calendars, story.now, duty, stage)
    return found


def says(story: Story, duty: str, stage: str) -> list[str]:
    return list(story.procedure.duty(duty, stage).contains)


def offered(story: Story, actor: str) -> dict[str, Any]:
    roles = story.roster.roles_of(actor, story.now)
    found = actions(story.state, Actor(actor, roles), story.now, story.calendars, story.roster)
    return {f"{one.name}:{one.data.get('way') or one.data.get('part') or ''}": one for one in found}


def answered(story: Story, actor: str = "dora") -> None:
    """The full answer of stage 2, with what must come before it."""
    story.do("assign", "system", part="investigates")
    story.do("record", actor, event="investigation_recorded", contents=says(story, "investigate", "stage_2"))
    story.do("respond", actor, contents=says(story, "respond", "stage_2"),
             findings={"one": "upheld", "two": "not_upheld"}, reasons_for=["two"])  # fmt: skip


# ---------------------------------------------------------------- telling by two ways, or answering instead


def test_what_is_told_by_every_channel_is_met_when_each_was_used() -> None:
    story = Story()
    story.event("concern_found", concern="lado_threshold")
    story.event("told", rule="lado", whom="lado", channel="email")
    assert line(story, "lado").status == "running"
    story.event("told", rule="lado", whom="lado", channel="telephone")
    assert line(story, "lado").status == "met"


@pytest.mark.parametrize("spoken", ["telephone", "in_person"])
def test_a_delay_is_explained_by_talking_and_by_a_letter_of_any_kind(spoken: str) -> None:
    story = told()
    wanted = says(story, "explain_delay", "stage_2")
    told_so = {"duty": "explain_delay", "whom": "complainant", "contents": wanted}
    with pytest.raises(Refused, match="told by telephone or in_person"):
        story.do("tell", "dora", **told_so, channel="letter")
    story.do("tell", "dora", **told_so, channel=spoken)
    assert line(story, "explain_delay", "stage_2").status == "met"
    assert line(story, "first_answer", "stage_2").status == "running"
    assert story.procedure.duty("first_answer", "stage_2").form == "writing"


def test_the_person_it_is_about_is_told_only_when_it_was_decided_how_and_when() -> None:
    story = told(screen={"subjects": [{"subject": "max", "person": "max", "identified": True}]})
    named = {"duty": "tell_named_person", "whom": "named_person", "instance": "max"}
    with pytest.raises(Refused, match="decided how and when"):
        story.do("tell", "dora", **named)
    offers = [one.data.get("duty") for one in offered(story, "dora").values()]
    assert "tell_named_person" not in offers
    story.do("decide", "olga", decision="tell_third_parties", answer="now", instance="max",
             record={"how": "by his line manager", "reason": "he must be heard"})  # fmt: skip
    with pytest.raises(Refused, match="must not say: anything about other children"):
        story.do("tell", "dora", **named)
    story.do("tell", "dora", **named, leaves_out=["anything about other children"])
    assert line(story, "tell_named_person").status == "met"


def test_a_case_that_another_way_led_on_owes_nothing_for_the_stage_it_never_was_in() -> None:
    story = told(formality="informal", screen={"subjects": [{"subject": "d", "role": "director"}]})
    assert story.state.stage == "stage_3" and len(story.state.visits) == 2
    assert line(story, "report_to_director", "stage_1").status == "lapsed"
    assert line(story, "ask_for_stage_2", "stage_1").status == "lapsed"


def test_about_the_director_the_referring_agency_s_procedure_is_told_early_too() -> None:
    story = told(screen={"subjects": [{"subject": "d", "role": "director"}]}, complainant="parent")
    assert line(story, "offer_referrers_procedure", "stage_3").due == date(2026, 12, 23)
    theirs = told(complainant="referrer")
    assert not due_of(theirs.state, theirs.calendars, theirs.now, "offer_referrers_procedure", "stage_2")


def test_staff_who_tell_of_their_job_and_of_a_danger_are_handled_here_until_the_danger_is_over() -> None:
    worried = {"complainant": "staff", "facts": {"own_employment": "yes"}}
    story = told(**worried, concerns=[{"concern": "child_protection", "by_screen": True}])
    assert story.state.stage == "stage_2" and story.state.passed_to is None
    alone = Story(procedure(MENTORS), roster(people=PEOPLE), **worried).screened()
    assert alone.state.passed_to == "grievance_procedure"


def test_an_answer_in_full_meets_the_first_answer_too_and_need_not_say_what_that_would_have_said() -> None:
    story = told()
    answered(story)
    assert line(story, "first_answer", "stage_2").status == "met"
    assert line(story, "explain_delay", "stage_2").status == "met"


def test_a_first_answer_gives_the_day_of_the_full_one_and_that_day_keeps_to_the_rules() -> None:
    story, wanted = told(), says(procedure_story(), "first_answer", "stage_2")
    with pytest.raises(Refused, match="date of the answer"):
        story.do("answer_first", "dora", contents=wanted)
    with pytest.raises(Refused, match="6 January 2027"):
        story.do("answer_first", "dora", contents=wanted, dates_given={"respond": "2027-01-07"})
    story.do("answer_first", "dora", contents=wanted, dates_given={"respond": "2027-01-05"})
    assert line(story, "first_answer", "stage_2").status == "met"


def procedure_story() -> Story:
    return Story(procedure(MENTORS), roster(people=PEOPLE))


# ---------------------------------------------------------------- the time between the stages


def test_the_time_to_go_on_is_agreed_on_the_page_and_counts_for_this_stage_only() -> None:
    story = told()
    assert "agree_window:stage_3" not in offered(story, "dora")  # nothing to agree on before there is an answer
    story.until(2027, 1, 4)
    answered(story)
    assert line(story, "ask_for_stage_3", "stage_2").due == date(2027, 2, 1)
    offer = offered(story, "dora")["agree_window:stage_3"]
    assert offer.allowed and offer.needs.dates == ("until",)
    story.do("agree_window", "dora", way="stage_3", until="2027-01-15")
    assert line(story, "ask_for_stage_3", "stage_2").due == date(2027, 1, 15)
    story.do("ask_to_go_on", "dora", to="stage_1", needs_met=["complainant_told"])
    knows = "the person who complained knows that it goes to the Director"
    story.do("ask_to_go_on", "dora", to="stage_2", contents=[knows])
    assert [due.due for due in due_of(story.state, story.calendars, story.now, "ask_for_stage_3", "stage_2")] == [None]


def test_out_of_time_an_appeal_is_taken_for_a_good_reason_by_the_co_ordinator_and_the_case_is_open_again() -> None:
    story = told()
    story.until(2027, 1, 4)
    answered(story)
    story.event("closed", at=datetime(2027, 2, 2, 0, tzinfo=UTC), outcome="window_over")
    story.until(2027, 2, 10)
    with pytest.raises(Refused, match="time to ask ended"):
        story.do("ask_to_go_on", "dora", to="stage_3")
    story.do("ask_to_go_on", "dora", to="stage_3", late_ground="illness")
    assert story.state.is_open and story.state.stage == "stage_3"
    assert line(story, "panel_meets", "stage_3").due == date(2027, 3, 3)


def test_twenty_four_hours_can_be_given_a_later_day_when_the_complainant_is_told() -> None:
    story = told()
    more = {"duty": "give_reference", "reason": "criminal proceedings", "needs_met": ["complainant_told"]}
    with pytest.raises(Refused, match="later than the time there was"):
        story.do("extend", "dora", **more, until="2026-12-21")
    story.do("extend", "dora", **more, until="2026-12-22")
    reference = line(story, "give_reference", "stage_2")
    assert (reference.due, reference.first_due) == (date(2026, 12, 22), datetime(2026, 12, 21, 16, 30, tzinfo=UTC))


# ---------------------------------------------------------------- whom it is about, and how serious


def test_a_complaint_about_the_director_goes_to_the_panel_and_the_operational_manager_brings_it_together() -> None:
    story = told(formality="informal", screen={"subjects": [{"subject": "s", "person": "dora", "identified": True}]})
    assert story.state.stage == "stage_3" and story.state.visits[-1].opened_at == story.state.received_at
    parts = parts_of(story.procedure, story.state, "stage_3")
    assert "investigates" in parts
    who = {part: resolve(story.procedure, story.state, story.roster, part, story.now).who for part in parts}
    assert (who["handles"], who["convenes"], who["investigates"]) == ("olga", "olga", "una")


def test_without_the_director_in_it_nobody_investigates_before_the_panel() -> None:
    story = procedure_story()
    assert "investigates" not in parts_of(story.procedure, story.state, "stage_3")


def test_the_panel_decides_by_being_formed_and_is_assigned_to_nobody() -> None:
    story = told(screen={"subjects": [{"subject": "s", "person": "dora", "identified": True}]})
    assert "assign:decides" not in offered(story, "olga")
    with pytest.raises(Refused, match="panel holds this part"):
        story.do("assign", "system", part="decides")
    with pytest.raises(Refused, match="may not sit"):
        story.do("form_panel", "olga", members=["pam", "cleo", "dora"], chair="pam")
    with pytest.raises(Refused, match="At least 1 of them"):
        story.do("form_panel", "olga", members=["pam", "pat", "max"], chair="pam")
    offer = offered(story, "olga")["form_panel:"]
    assert offer.allowed and set(offer.needs.choices["members"]) == {"pam", "pat", "cleo"}
    story.do("form_panel", "olga", members=["pam", "pat", "cleo"], chair="cleo")
    story.do("arrange_panel", "olga", date="2027-01-12")
    story.until(2027, 1, 12, 18)
    with pytest.raises(Refused, match="report of the facts"):
        story.do("panel_met", "olga")


def test_very_serious_on_the_first_look_is_a_formal_complaint_from_its_receipt() -> None:
    story = told(formality="informal")
    assert story.state.stage == "stage_1"
    story.later(hours=1)
    story.do("decide", "olga", decision="how_serious", answer="very_serious", record={"reason": "r"})
    assert story.state.stage == "stage_2" and story.state.visits[-1].opened_at == story.state.received_at
    reference = line(story, "give_reference", "stage_2")
    assert reference.due == datetime(2026, 12, 21, 16, 30, tzinfo=UTC)


def test_once_somebody_has_answered_a_first_look_moves_the_case_no_more() -> None:
    story = told(formality="informal")
    story.do("acknowledge", "max", contents=says(story, "offer_informal", "stage_1"))
    story.do("decide", "olga", decision="how_serious", answer="very_serious", record={"reason": "r"})
    assert story.state.stage == "stage_1"


def test_what_was_decided_about_one_person_starts_no_clock_for_another() -> None:
    subjects = [{"subject": one, "person": one, "identified": True} for one in ("max", "pat")]
    story = told(screen={"subjects": subjects})
    decided = {"decision": "tell_third_parties", "record": {"how": "h", "reason": "r"}}
    story.do("decide", "olga", **decided, instance="max", answer="later", date="2026-12-30")
    lines = due_of(story.state, story.calendars, story.now, "tell_named_person")
    assert {one.instance: one.due for one in lines} == {"max": date(2026, 12, 30), "pat": None}
    story.do("decide", "olga", **decided, instance="pat", answer="now")
    lines = due_of(story.state, story.calendars, story.now, "tell_named_person")
    assert {one.instance: one.due for one in lines} == {"max": date(2026, 12, 30), "pat": date(2026, 12, 21)}


@pytest.mark.clause("MEN-15")
def test_what_took_place_at_the_panel_and_how_it_decided_is_written_down() -> None:
    story = told(screen={"subjects": [{"subject": "d", "role": "director", "identified": True}]})
    rules = story.procedure.stage("stage_3").panel
    assert rules is not None
    story.event("panel_formed", members=["pam", "pat", "cleo"], chair="cleo")
    story.event("panel_arranged", date="2026-12-18")
    story.event("investigation_recorded")
    (met,) = [one for one in actions(story.state, Actor("olga", ("operational_manager",)), story.now, story.calendars,
                                     story.roster) if one.name == "panel_met"]  # fmt: skip
    assert met.needs.contents == rules.order and met.needs.choices["decided_by"][:-1] == rules.decides_by
    with pytest.raises(Refused, match="does not decide like this"):
        story.do("panel_met", "olga", decided_by="the chair alone")
    story.do("panel_met", "olga", decided_by="majority", contents=list(rules.order), attended="everybody")
    said = story.state.moments["panel_met"][-1].data
    assert said["decided_by"] == "majority" and said["heard"] == list(rules.order)


# ---------------------------------------------------------------- heads


def test_a_disciplinary_part_waits_while_the_rest_is_answered() -> None:
    story = told(heads=[{"key": "complaint"}])
    story.do("add_head", "dora", key="conduct of staff")
    story.do("raise_concern", "dora", concern="disciplinary")
    story.do("confirm_concern", "deepa", concern="disciplinary", reason="r")
    assert offered(story, "dora")["suspend:"].needs.choices["heads"] == ("complaint", "conduct of staff")
    story.do("suspend", "dora", rule="handled_separately", heads=["conduct of staff"], reason="r")
    status = {one.heads: one.status for one in due_of(story.state, story.calendars, story.now, "respond", "stage_2")}
    assert status == {("complaint",): "running", ("conduct of staff",): "paused"}
    assert line(story, "give_reference", "stage_2").status == "running"


def test_what_was_on_hold_in_an_earlier_stage_sets_nothing_apart_in_the_next_one() -> None:
    story = told()
    story.event("suspended", rule="handled_separately", heads=["two"])
    story.until(2026, 12, 30)
    story.event("resumed", rule="handled_separately", heads=["two"])
    assert len(due_of(story.state, story.calendars, story.now, "respond", "stage_2")) == 2
    answered(story)
    story.until(2027, 1, 4)
    story.do("ask_to_go_on", "dora", to="stage_3")
    assert line(story, "panel_meets", "stage_3").heads == ()


def test_the_time_to_go_on_runs_from_the_last_answer() -> None:
    story = told(heads=[{"key": "one"}, {"key": "two"}])
    story.event("responded", findings={"one": "upheld"})
    assert line(story, "ask_for_stage_3", "stage_2").due == date(2027, 1, 20)
    story.until(2027, 1, 4)
    story.event("responded", findings={"two": "upheld"})
    assert line(story, "ask_for_stage_3", "stage_2").due == date(2027, 2, 1)


def test_what_safeguarding_owes_does_not_keep_a_case_open_that_safeguarding_is_through_with() -> None:
    story = told(heads=[{"key": "one"}])
    story.do("raise_concern", "dora", concern="disciplinary")
    story.do("confirm_concern", "deepa", concern="disciplinary", reason="r")
    with pytest.raises(Refused, match="concern is open"):
        story.do("close", "dora", outcome="answered")
    story.event("safeguarding_closed", outcome="unfounded")
    assert line(story, "safeguarding_lead").status == "running"  # the call was answered on safeguarding's own record
    with pytest.raises(Refused) as caught:
        story.do("close", "dora", outcome="answered")
    assert "Safeguarding Lead" not in caught.value.sentence


def test_what_only_staff_are_asked_is_offered_for_staff_alone() -> None:
    assert "answer_fact:" not in offered(told(), "dora")
    story = told(complainant="staff")
    assert "answer_fact:" in offered(story, "dora")
    story.do("answer_fact", "dora", fact="own_employment", value="yes")
    assert story.state.passed_to == "grievance_procedure"


# ---------------------------------------------------------------- more time


def test_more_time_is_offered_once_with_a_choice_of_what_takes_longer() -> None:
    story = told()
    actor = Actor("dora", story.roster.roles_of("dora", story.now))
    found = [one for one in actions(story.state, actor, story.now, story.calendars, story.roster)
             if one.name == "extend"]  # fmt: skip
    more = next(one for one in found if one.label == "Take longer")
    assert more.allowed and more.data == {}
    assert len(found) == len({one.label for one in found})  # what has a rule of its own has an offer of its own
    assert "give_reference" in more.needs.choices["duty"] and len(more.needs.choices["duty"]) > 1
    assert more.needs.called["give_reference"] == line(story, "give_reference", "stage_2").says
    story.do("extend", "dora", **{**more.example, "duty": "give_reference", "until": "2027-01-15"})
    assert line(story, "give_reference", "stage_2").due == date(2027, 1, 15)


def test_where_only_one_duty_may_take_longer_the_offer_names_it() -> None:
    story = Story()
    story.screened()
    actor = Actor("maya", story.roster.roles_of("maya", story.now))
    found = actions(story.state, actor, story.now, story.calendars, story.roster)
    assert [(one.label, one.data) for one in found if one.name == "extend"] == [
        ("Take longer: Resolve or respond", {"duty": "respond"})
    ]
