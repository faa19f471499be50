"""A case from the report to the end: what may be done, what is refused, and that nothing closes in silence."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from heard.case import Action, Actor, Command, Refused, actions, decide, open_case, public_view, replay
from heard.clock import reckon
from heard.ledger import from_json, number, to_json
from heard.people import Relation, viewers
from tests.heard.invented import PEOPLE, RECEIVED, Story, complaint, procedure, roster

ACK = ["who is dealing with it and how to reach them", "projected timescales", "entitlements under this policy",
       "support throughout, and what stays confidential"]  # fmt: skip
STAGE_1 = ["findings explained", "action taken", "what was learned", "support with the effects", "how to go to Stage 2"]
UPHELD = {"one": "upheld", "two": "partly_upheld"}


def refused(story: Story, name: str, actor: str = "maya", **data: Any) -> Refused:
    """The refusal of a command; the ledger stays as it is."""
    before = story.state.seq
    with pytest.raises(Refused) as caught:
        story.do(name, actor, **data)
    assert story.state.seq == before
    assert caught.value.sentence.endswith((".", "?", "'"))
    return caught.value


def handled(**changed: Any) -> Story:
    """A screened case with its handler."""
    story = Story(**changed).screened()
    story.do("assign", "system", part="handles")
    return story


def contents(story: Story, duty: str, stage: str) -> list[str]:
    return list(story.procedure.duty(duty, stage).contains)


# ---------------------------------------------------------------- the way in


def test_a_formal_complaint_opens_at_stage_one_from_the_moment_it_was_received() -> None:
    story = Story()
    assert story.state.stage == "stage_1" and story.state.visits[0].opened_at == RECEIVED


def test_an_informal_one_is_settled_informally_until_misconduct_is_found() -> None:
    story = Story(formality="informal")
    assert story.state.stage == "informal"
    story.screened(concerns=[{"concern": "misconduct"}])
    assert story.state.stage == "stage_1" and story.state.visits[1].opened_at == RECEIVED


def test_a_matter_of_the_councils_own_is_passed_on_only_after_it_was_screened() -> None:
    story = Story(about_authority_functions=True)
    assert story.state.passed_to is None
    story.screened()
    assert story.state.passed_to == "placing_authority"


def test_safeguarding_is_never_passed_on() -> None:
    story = Story(about_authority_functions=True).screened(concerns=[{"concern": "lado_threshold"}])
    assert story.state.passed_to is None
    assert "never passed on" in refused(story, "pass_on", "deepa", to="placing_authority").sentence


@pytest.mark.clause("IOI-12")
def test_a_complaint_out_of_time_waits_for_a_decision_and_can_be_taken_on_a_ground() -> None:
    story = Story(matter_noticed="2025-11-01T10:00:00+00:00").screened()
    assert story.state.stage is None
    assert "not a reason" in refused(story, "accept_late", reason="we feel like it").sentence
    grounds = "good reason for the delay, and it can still be looked into fairly"
    assert "in words" in refused(story, "accept_late", reason=grounds).sentence
    story.do("accept_late", reason=grounds, why="she was in hospital")
    assert story.state.stage == "stage_1" and story.state.visits[0].opened_at == RECEIVED


def offered(story: Story, name: str, who: str = "maya") -> list[Action]:
    actor = Actor(who, story.roster.roles_of(who, story.now))
    return [one for one in actions(story.state, actor, story.now, story.calendars, story.roster) if one.name == name]


@pytest.mark.clause("IOI-12")
def test_whoever_decides_about_time_is_offered_both_answers_and_asked_for_the_reason_in_words() -> None:
    story = Story(matter_noticed="2025-11-01T10:00:00+00:00").screened()
    (taking,) = offered(story, "accept_late")
    assert taking.allowed and taking.needs.texts == ("why",)
    assert taking.needs.choices["reason"] == (
        "good reason for the delay, and it can still be looked into fairly",
    )
    assert offered(story, "refuse_late")[0].allowed
    story.do("accept_late", **taking.example)
    assert story.state.first("accepted_late").data["why"] == "recorded"  # type: ignore[union-attr]


@pytest.mark.clause("IOI-17")
def test_a_concern_that_is_cleared_gives_back_the_way_that_it_took() -> None:
    story = Story(formality="informal", concerns=[{"concern": "misconduct", "by_screen": True}]).screened()
    assert story.state.stage == "stage_1"
    story.do("clear_concern", "deepa", concern="misconduct", reason="a misunderstanding")
    assert story.state.stage == "informal" and story.state.visits[-1].opened_at == RECEIVED


def test_a_concern_cleared_after_somebody_has_begun_moves_nothing() -> None:
    story = Story(formality="informal", concerns=[{"concern": "misconduct", "by_screen": True}]).screened()
    story.do("assign", "system", part="handles")
    story.do("acknowledge", contents=list(story.procedure.duty("acknowledge", "stage_1").contains))
    story.do("clear_concern", "deepa", concern="misconduct", reason="a misunderstanding")
    assert story.state.stage == "stage_1"


@pytest.mark.clause("IOI-13")
@pytest.mark.parametrize("answer", ["given", "refused", "lacks_capacity", "not_required", "pending"])
def test_no_answer_about_consent_stops_a_complaint_from_being_logged_screened_or_dealt_with(answer: str) -> None:
    story = Story(complainant="parent")
    story.do("answer_consent", "system", answer=answer)
    story.screened()
    story.do("assign", "system", part="handles")
    story.do("acknowledge", contents=list(story.procedure.duty("acknowledge", "stage_1").contains))
    shared = offered(story, "answer_consent")
    assert shared and answer not in shared[-1].needs.choices["answer"]
    if answer == "given":
        story.do("record", event="child_information_shared")
    else:
        assert "only if they agree" in refused(story, "record", event="child_information_shared").sentence


def test_consent_refused_never_stops_a_complaint() -> None:
    story = handled(complainant="parent")
    story.do("answer_consent", answer="refused")
    story.do("acknowledge", contents=ACK)
    held = refused(story, "record", event="child_information_shared")
    assert held.clause == ("IOI-13", "IOI-16")
    story.do("record", event="child_information_shared", basis="legal duty")


# ---------------------------------------------------------------- who


def test_the_person_complained_of_is_told_that_there_is_no_such_case() -> None:
    story = Story().screened(subjects=[{"subject": "s", "person": "maya", "identified": True}])
    assert refused(story, "acknowledge", "maya", contents=ACK).sentence == "There is no such case."
    assert actions(story.state, Actor("maya"), story.now, story.calendars, story.roster) == ()
    chosen = refused(story, "assign", "deepa", part="handles", person="maya")
    assert chosen.clause == ("IOI-18", "IOI-19")


def test_a_late_identification_stands_the_handler_down_and_shuts_them_out() -> None:
    story = Story().screened(subjects=[{"subject": "s", "identified": False, "might_be": ["nia"]}])
    story.do("assign", "system", part="handles")
    assert story.state.holder("handles").who == "maya"  # type: ignore[union-attr]
    story.do("identify", "deepa", subject="s", person="maya")
    assert story.state.holder("handles") is None
    assert "maya" not in viewers(story.procedure, story.state, story.roster, story.now)
    story.do("assign", "system", part="handles")
    assert story.state.holder("handles").who == "ola"  # type: ignore[union-attr]


def test_who_gives_up_a_part_over_a_conflict_does_not_get_it_back() -> None:
    story = handled()
    story.do("stand_down", part="handles", person="maya", why="I was there that evening")
    story.do("assign", "system", part="handles")
    assert story.state.holder("handles").who == "ola"  # type: ignore[union-attr]


def test_who_hands_a_part_over_for_another_reason_may_have_it_again() -> None:
    story = handled()
    offers = actions(story.state, Actor("maya", ("registered_service_manager",)), story.now, story.calendars,
                     story.roster)  # fmt: skip
    offer = next(one for one in offers if one.name == "hand_over" and one.data["part"] == "handles")
    takes_over = offer.needs.choices["person"]
    assert offer.allowed and "maya" not in takes_over
    assert "why" in refused(story, "hand_over", part="handles", person=takes_over[0]).sentence
    story.do("hand_over", part="handles", person=takes_over[0], why="a month of leave")
    assert story.state.holder("handles").who == takes_over[0] and not story.state.stood_down  # type: ignore[union-attr]
    story.do("hand_over", takes_over[0], part="handles", person="maya", why="she is back")
    assert story.state.holder("handles").who == "maya"  # type: ignore[union-attr]


# ---------------------------------------------------------------- acknowledging and answering


def test_an_acknowledgement_says_everything_its_clause_wants() -> None:
    story = handled()
    no = refused(story, "acknowledge", contents=ACK[:1])
    assert no.clause == ("IOI-20",) and "projected timescales" in no.sentence
    story.do("acknowledge", contents=ACK)


def test_an_answer_acknowledges_too_so_that_nothing_is_left_to_acknowledge() -> None:
    story = handled()
    assert "acknowledge" in {one.name for one in _offered(story)}
    story.do("respond", findings=UPHELD, contents=STAGE_1)
    assert "acknowledge" not in {one.name for one in _offered(story)}
    (due,) = (one for one in reckon(story.state, story.calendars, story.now) if one.duty == "acknowledge")
    assert due.status == "met" and due.met_at == story.state.first("responded").at


def test_an_acknowledgement_that_was_missed_stays_late_when_the_answer_comes() -> None:
    story = handled()
    story.now += timedelta(days=14)
    story.do("respond", findings=UPHELD, contents=STAGE_1)
    (due,) = (one for one in reckon(story.state, story.calendars, story.now) if one.duty == "acknowledge")
    assert due.status == "met late"


def _offered(story: Story) -> tuple[Action, ...]:
    maya = Actor("maya", story.roster.roles_of("maya", story.now))
    return actions(story.state, maya, story.now, story.calendars, story.roster)


def test_an_answer_finds_on_each_head() -> None:
    story = handled()
    assert "two" in refused(story, "respond", findings={"one": "upheld"}, contents=STAGE_1).sentence
    assert "is no finding" in refused(story, "respond", findings={"one": "perhaps"}, contents=STAGE_1).sentence
    story.do("respond", findings=UPHELD, contents=STAGE_1)
    assert story.state.heads["one"].finding == "upheld"


def test_only_who_handles_it_answers_it() -> None:
    story = handled()
    no = refused(story, "respond", "deepa", findings=UPHELD, contents=STAGE_1)
    assert "Only the" in no.sentence and no.clause


def test_more_time_needs_agreement_a_listed_reason_and_ends_at_its_cap() -> None:
    story = handled()
    assert "complainant agreed" in refused(story, "extend", duty="respond", reason="complexity").sentence
    agreed = {"duty": "respond", "needs_met": ["complainant_agreed"]}
    assert "Accepted" in refused(story, "extend", reason="busy", **agreed).instead
    assert "20 January 2027" in refused(story, "extend", reason="complexity", until="2027-01-21", **agreed).sentence
    story.do("extend", reason="complexity", until="2027-01-20", **agreed)
    due = next(one for one in reckon(story.state, story.calendars, story.now) if one.duty == "respond")
    assert due.due == date(2027, 1, 20)
    assert refused(story, "extend", reason="complexity", **agreed)


# ---------------------------------------------------------------- safeguarding


def test_a_suspension_needs_a_confirmed_concern_and_only_a_lead_confirms() -> None:
    story = handled()
    hold = {"rule": "safeguarding_or_disciplinary", "reason": "the other procedure goes first"}
    assert refused(story, "suspend", **hold).clause[:1] == ("IOI-27",)
    story.do("raise_concern", concern="abuse_or_exploitation")
    assert refused(story, "confirm_concern", concern="abuse_or_exploitation", reason="x")
    story.do("confirm_concern", "deepa", concern="abuse_or_exploitation", reason="it may have happened")
    story.do("suspend", **hold)
    assert "on hold" in refused(story, "respond", findings=UPHELD, contents=STAGE_1).sentence
    story.do("acknowledge", contents=ACK)
    story.later(days=3)
    story.do("close_safeguarding", "deepa", outcome="no further action")
    assert not story.state.on_hold
    story.do("respond", findings=UPHELD, contents=STAGE_1)


def test_a_suspension_is_looked_at_again_within_five_working_days() -> None:
    story = handled()
    story.do("confirm_concern", "deepa", concern="missing", reason="not in their room")
    hold = {"rule": "safeguarding_or_disciplinary", "reason": "looking for them"}
    assert "29 December 2026" in refused(story, "suspend", review_by="2027-01-15", **hold).sentence
    story.do("suspend", review_by="2026-12-22", **hold)
    assert story.state.on_hold["safeguarding_or_disciplinary"].review_by == date(2026, 12, 22)


def test_named_staff_hear_nothing_while_a_concern_is_open() -> None:
    who = roster(relations=[Relation("manages", "tom", "nia")])
    story = Story(who=who).screened(subjects=[{"subject": "s", "person": "nia", "identified": True}],
                                    concerns=[{"concern": "lado_threshold"}])  # fmt: skip
    no = refused(story, "tell", "deepa", duty="support_named_staff", whom="named_person", instance="s")
    assert "IOI-34" in no.clause
    assert "cannot be recorded" in refused(story, "record", "maya", event="lado_agreed_next_step").sentence
    story.do("close_safeguarding", "deepa", event="lado_agreed_next_step", outcome="the home may ask now")
    story.do("tell", "deepa", duty="support_named_staff", whom="named_person", instance="s")


def test_closing_is_refused_while_a_concern_is_open() -> None:
    story = handled()
    story.do("raise_concern", concern="missing")
    assert "concern is open" in refused(story, "close", outcome="answered").sentence


# ---------------------------------------------------------------- all three stages


def through_three_stages() -> Story:
    """An invented Ioi complaint through every stage to the panel's answer."""
    story = handled()
    story.do("record", event="recorded", record="file", fields=["received_at", "receiver", "complainant", "details"])
    story.do("acknowledge", contents=ACK)
    story.do("reach", milestone="action_plan_sent", contents=contents(story, "contact", "stage_1"))
    for duty, whom in (("see_the_young_person", "young_person"),):
        story.do("tell", duty=duty, whom=whom)
    story.do("record", event="advocate_offered")
    story.until(2027, 1, 5)
    story.do("respond", findings=UPHELD, contents=STAGE_1)
    story.do("tell", duty="team_record", whom="registered_service_manager")
    story.later(hours=1)
    story.do("ask_to_go_on", "complainant", to="stage_2")
    assert story.state.stage == "stage_2"
    for part in ("investigates", "observes", "decides"):
        story.do("assign", "system", part=part)
    story.do("assign", "system", part="handles")
    assert story.state.holder("decides").who == "dora"  # type: ignore[union-attr]
    story.do("record", event="advocate_offered")
    story.do("reach", milestone="action_plan_sent", contents=contents(story, "stage_2_plan", "stage_2"))
    story.until(2027, 2, 1)
    story.do("reach", milestone="investigation_report_received", contents=contents(story, "investigate", "stage_2"))
    story.do("respond", "dora", findings=UPHELD, contents=contents(story, "respond", "stage_2"), channel="email")
    story.do("tell", duty="file_papers", whom="registered_service_manager")
    story.later(days=2)
    story.do("ask_to_go_on", "complainant", to="stage_3")
    story.do("assign", "system", part="handles")
    story.do("assign", "system", part="decides")
    return story


def test_a_complaint_goes_through_all_three_stages_and_closes_with_its_record() -> None:
    story = through_three_stages()
    assert story.state.holder("decides").who == "ola", "who answered Stage 1 does not decide Stage 3"  # type: ignore
    story.do("acknowledge", contents=contents(story, "acknowledge_review", "stage_3"))
    story.do("record", event="advocate_offered")
    story.do("form_panel", members=["pam", "pat", "cleo"], chair="cleo")
    story.do("arrange_panel", date="2027-03-01", place="the library")
    for duty, whom in (("invite", "complainant"), ("papers", "panel"), ("papers", "attendees")):
        story.do("tell", duty=duty, whom=whom, contents=contents(story, duty, "stage_3"))
    story.until(2027, 3, 1, 15)
    story.do("panel_met")
    story.do("reach", milestone="recommendations_received", contents=contents(story, "recommend", "stage_3"))
    story.until(2027, 3, 3)
    story.do("respond", "ola", findings=UPHELD, contents=contents(story, "respond", "stage_3"))
    for rule in [one for one in reckon(story.state, story.calendars, story.now) if one.kind == "notification"]:
        if rule.status in ("running", "late"):
            story.do("tell", "deepa", rule=rule.duty, whom=rule.to[0], contents=list(
                story.procedure.notification_rule(rule.duty).contains))  # fmt: skip
    assert "record lacks" in refused(story, "close", outcome="answered").sentence
    for record in story.procedure.records:
        story.do("record", record=record.key, fields=list(record.fields))
    story.do("close", outcome="answered")
    assert story.state.closed_at is not None
    met = {one.duty: one.status for one in reckon(story.state, story.calendars, story.now) if one.stage == "stage_3"}
    assert met["panel_meets"] == met["invite"] == met["respond"] == "met"


@pytest.mark.clause("IOI-42")
def test_the_panel_is_checked_person_by_person() -> None:
    story = through_three_stages()
    assert "3 members" in refused(story, "form_panel", members=["pam", "pat"], chair="pam").sentence
    assert "Pia may not sit" in refused(story, "form_panel", members=["pia", "pam", "cleo"], chair="cleo").sentence
    works_here = refused(story, "form_panel", members=["tom", "pam", "cleo"], chair="cleo")
    assert works_here.sentence == "Tom may not sit: works for the provider."
    late = roster(relations=[Relation("employed_until", "cleo", "2025-01-31")])
    story.roster = late
    assert "Cleo may not sit" in refused(story, "form_panel", members=["pat", "pam", "cleo"], chair="cleo").sentence


@pytest.mark.clause("IOI-42")
def test_the_page_says_of_each_who_cannot_sit_why_and_offers_only_those_who_can() -> None:
    ties = [Relation("employed_until", "cleo", "2025-01-31"), Relation("spouse_or_partner", "pat", "tom")]
    story = through_three_stages()
    held = {**PEOPLE, "pia": ("independent_person", "panel_member"), "polly": ("panel_member",)}
    story.roster = roster(people=held, relations=ties)
    (forming,) = offered(story, "form_panel")
    assert set(forming.needs.choices["members"]) == {"pam", "cleo", "polly"} and not forming.needs.choices["chair"]
    assert forming.needs.cannot == {
        "pat": "is the spouse or partner of somebody who works for, directs or is elected to it",
        "pia": "was the Independent Person of this complaint",
        "cleo": "cannot lead it: works for the provider, or did in the last 3 years",
    }


@pytest.mark.clause("IOI-42")
def test_whoever_turns_out_to_have_had_a_part_in_it_leaves_the_panel_before_it_meets() -> None:
    story = through_three_stages()
    story.do("form_panel", members=["pam", "pat", "cleo"], chair="cleo")
    story.do("arrange_panel", date="2027-03-01")
    story.do("name", "deepa", person="pat", subject="s9")
    story.until(2027, 3, 30)
    assert refused(story, "panel_met").sentence == "Pat may sit no longer: the complaint is about them."
    held = {**PEOPLE, "polly": ("panel_member",)}
    story.roster = roster(people=held)
    (anew,) = offered(story, "form_panel")
    assert set(anew.needs.choices["members"]) == {"pam", "cleo", "polly"}
    assert anew.needs.cannot["pat"] == "the complaint is about them"
    story.do("form_panel", members=["pam", "polly", "cleo"], chair="cleo")
    story.do("panel_met")


@pytest.mark.clause("IOI-43")
def test_a_panel_day_leaves_time_for_the_notice_and_keeps_the_limit() -> None:
    story = through_three_stages()
    story.do("form_panel", members=["pam", "pat", "cleo"], chair="cleo")
    assert "IOI-43" in refused(story, "arrange_panel", date="2027-02-10").clause
    assert "meets by" in refused(story, "arrange_panel", date="2027-05-10").sentence
    story.do("arrange_panel", date="2027-02-10", needs_met=["complainant_agreed_short_notice"])


@pytest.mark.clause("IOI-41")
def test_a_request_after_the_window_is_accepted_late_for_a_reason() -> None:
    story = handled()
    story.event("stage_opened", stage="stage_2")
    story.until(2027, 2, 1)
    story.event("responded", findings=UPHELD)
    story.until(2027, 4, 1)
    assert "ended on" in refused(story, "ask_to_go_on", "complainant", to="stage_3").sentence
    (asking,) = [one for one in offered(story, "ask_to_go_on") if one.data["to"] == "stage_3"]
    assert asking.needs.texts == ("late_ground",)
    assert "says nothing yet" in refused(
        story, "ask_to_go_on", to="stage_3", asked_by="complainant", late_ground="any recorded reason"
    ).sentence
    story.do("ask_to_go_on", to="stage_3", asked_by="complainant", late_ground="was in hospital")
    assert story.state.stage == "stage_3"


@pytest.mark.clause("IOI-41")
def test_whoever_asks_in_time_is_asked_for_no_reason() -> None:
    story = handled()
    story.event("stage_opened", stage="stage_2")
    story.event("responded", findings=UPHELD)
    (asking,) = [one for one in offered(story, "ask_to_go_on") if one.data["to"] == "stage_3"]
    assert asking.allowed and not asking.needs.texts and "late_ground" not in asking.needs.choices


def test_the_next_stage_counts_from_when_the_request_first_reached_anybody() -> None:
    story = handled()
    story.until(2027, 1, 11)
    story.do("ask_to_go_on", to="stage_2", asked_by="complainant", at="2027-01-08T17:00:00+00:00")
    assert story.state.visits[-1].opened_at == datetime(2027, 1, 8, 17, tzinfo=UTC)


# ---------------------------------------------------------------- late, ended, corrected


def test_a_late_duty_is_escalated_once_and_not_before_its_time() -> None:
    story = handled(formality="formal")
    story.state = replay(story.procedure, [h for h in story.ledger if h.event != "assigned"])
    story.ledger = list(story.state.ledger)
    key = "stage_1:copy_to_manager:0:"
    story.later(hours=2)
    assert "has not come" in refused(story, "escalate", "system", key=key, step=0).sentence
    story.later(hours=3)
    new = story.do("escalate", "system", key=key, step=0)
    assert [one["key"] for one in new[0].data["tell"]] == ["una"]
    assert "was taken" in refused(story, "escalate", "system", key=key, step=0).sentence


def test_what_is_withdrawn_can_be_closed_but_not_while_a_concern_is_open() -> None:
    story = handled()
    story.do("raise_concern", concern="missing")
    story.do("withdraw", "complainant")
    refused(story, "close", outcome="withdrawn")
    story.do("clear_concern", "deepa", concern="missing", reason="was in the garden")
    for record in story.procedure.records:
        story.do("record", record=record.key, fields=list(record.fields))
    contents = story.procedure.duty("taken_back.confirm", None).contains
    story.do("tell", duty="taken_back.confirm", whom="complainant", contents=list(contents))
    story.do("close", outcome="withdrawn")
    story.do("reopen", reason="they changed their mind")
    assert story.state.stage == "stage_1"


def test_a_correction_leaves_the_entry_and_says_what_is_right() -> None:
    story = handled()
    story.do("correct", event=1, what="by telephone", why="misheard")
    assert story.ledger[0].event == "received" and story.ledger[-1].data["event"] == 1
    refused(story, "correct", event=99, what="x", why="y")


def test_an_answer_promised_for_the_day_on_which_another_duty_ends_is_on_the_complainants_page() -> None:
    story = Story().screened()
    story.event("stage_opened", stage="stage_2")
    page = public_view(story.state, reckon(story.state, story.calendars, story.now), story.now)
    respond = story.procedure.stage("stage_2").duty("respond")
    (promise,) = [one for one in page.promises if one.says == (respond.promise or respond.says)]
    assert (promise.by is not None, promise.status) == (True, "to come")


def test_the_complainant_reads_promises_and_nothing_of_concerns_or_names() -> None:
    story = handled()
    story.do("raise_concern", concern="lado_threshold")
    page = public_view(story.state, reckon(story.state, story.calendars, story.now), story.now)
    text = " ".join([page.status, *page.next, *(f"{one.says} {one.why}" for one in page.promises)]).lower()
    assert (
        "22 december 2026" in text and "lado" not in text.split() and "safeguarding" not in text and "maya" not in text
    )
    assert {one.status for one in page.promises} == {"to come"}


# ---------------------------------------------------------------- properties


def test_what_is_written_reads_back_the_same() -> None:
    story = through_three_stages()
    assert [from_json(to_json(one)) for one in story.ledger] == story.ledger


NAMES = ("maya", "deepa", "ola", "una", "gus", "system", "complainant")


@settings(deadline=None, max_examples=25)
@given(st.lists(st.tuples(st.integers(0, 200), st.sampled_from(NAMES), st.integers(0, 90)), max_size=14))
def test_every_action_offered_is_allowed_and_replaying_step_by_step_is_replaying_at_once(
    choices: list[tuple[int, str, int]],
) -> None:
    story = Story().screened(subjects=[{"subject": "s", "person": "nia", "identified": True}])
    for pick, name, hours in choices:
        story.later(hours=hours)
        actor = Actor(name, story.roster.roles_of(name, story.now))
        offered = [one for one in actions(story.state, actor, story.now, story.calendars, story.roster) if one.allowed]
        if not offered:
            continue
        chosen = offered[pick % len(offered)]
        story.add(decide(story.state, Command(chosen.name, chosen.example), actor=actor, now=story.now,
                         calendars=story.calendars, roster=story.roster))  # fmt: skip
    whole = replay(story.procedure, story.ledger)
    again = replay(story.procedure, story.ledger)
    for state in (whole, again):
        assert reckon(state, story.calendars, story.now) == reckon(story.state, story.calendars, story.now)
        for slot in (
            "visits",
            "heads",
            "subjects",
            "concerns",
            "assignments",
            "on_hold",
            "closed_at",
            "moments",
            "panel",
        ):
            assert getattr(state, slot) == getattr(story.state, slot)


def test_opening_a_case_with_all_its_dues_is_quick() -> None:
    """A guard against something going wrong by an order of magnitude, not a benchmark."""
    from time import perf_counter

    from heard.calendar import Calendars

    rules = procedure()
    calendars = Calendars.of(rules)
    best = 1.0
    for _ in range(50):
        start = perf_counter()
        new = open_case(rules, complaint(), RECEIVED, RECEIVED, calendars=calendars)
        reckon(replay(rules, number(new, 0, RECEIVED)), calendars, RECEIVED + timedelta(minutes=1))
        best = min(best, perf_counter() - start)
    assert best < 0.005
