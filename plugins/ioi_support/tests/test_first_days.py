"""From receipt to the Stage 1 answer, over Christmas: what is owed to whom by which day, and what a letter must say.

Friday 18 December 2026 is day 0. Working days 1 to 10 are the 21st to the 24th, the 29th to the 31st, and in January
the 4th to the 6th; the 20th is working day 20. The text's "days" are calendar days where the provider owes something.
"""

from __future__ import annotations

from typing import Any

import pytest

from heard.procedure import Procedure
from heard.standing import standing
from heard.trial import Trial

FRIDAY = "2026-12-18 16:30"
MANAGER, LEAD = "registered_service_manager", "designated_safeguarding_lead"
ABOUT_A_CHILD: dict[str, Any] = {"complainant": "parent", "about": ["team_manager"]}


@pytest.mark.parametrize(
    ("clause", "stage", "duty", "by", "to", "due"),
    [
        ("IOI-3", None, "see_the_young_person", MANAGER, ("young_person",), "2026-12-21"),
        ("IOI-4", None, "consult_line_managers", "handler", ("line_manager_of_named_person",), "2026-12-21"),
        ("IOI-4", None, "offer_advocate", "handler", ("young_person",), "2026-12-22"),
        ("IOI-11", None, "write_it_down", "receiver", (), "2026-12-19 16:30:00+00:00"),
        ("IOI-13", None, "ask_consent", "handler", ("young_person",), "2026-12-22"),
        ("IOI-20", "stage_1", "acknowledge", "handler", ("complainant",), "2026-12-22"),
        (("IOI-15", "IOI-21"), "stage_1", "contact", "handler", ("complainant",), "2026-12-29"),
        ("IOI-22", "stage_1", "keep_in_touch", "handler", ("complainant",), "2026-12-29"),
        (("IOI-22", "IOI-23"), "stage_1", "respond", "handler", ("complainant",), "2027-01-06"),
        ("IOI-46", None, "support_named_staff", "handler", ("named_person",), "2026-12-29"),
    ],
)
def test_each_thing_is_owed_by_somebody_to_somebody_by_its_day(
    procedure: Procedure,
    clause: str | tuple[str, ...],
    stage: str | None,
    duty: str,
    by: str,
    to: tuple[str, ...],
    due: str,
) -> None:
    line = Trial(procedure, FRIDAY, **ABOUT_A_CHILD).line(duty, stage)
    assert (line.by, line.to, str(line.due)) == ((by,), to, due)


@pytest.mark.parametrize(
    ("clause", "duty", "act", "by", "said"),
    [
        ("IOI-11", "write_it_down", "record", MANAGER, {}),
        ("IOI-13", "ask_consent", "answer_consent", MANAGER, {"answer": "refused"}),
        ("IOI-4", "offer_advocate", "record", MANAGER, {"event": "advocate_offered"}),
        ("IOI-20", "acknowledge", "acknowledge", MANAGER, {"contents": [
            "who is dealing with it and how to reach them", "projected timescales", "entitlements under this policy",
            "support throughout, and what stays confidential"]}),
        (("IOI-15", "IOI-21"), "contact", "reach", MANAGER, {"milestone": "action_plan_sent", "contents": [
            "action plan", "realistic timescales", "about the process", "offer to talk about expectations and outcome",
            "independent advocacy services", "any issue outside the remit"]}),
        (("IOI-22", "IOI-23"), "respond", "respond", MANAGER, {"findings": {"complaint": "upheld"}, "contents": [
            "findings explained", "action taken", "what was learned", "support with the effects",
            "how to go to Stage 2"]}),
    ],
)  # fmt: skip
def test_each_thing_is_met_by_the_act_that_the_text_names(
    procedure: Procedure, clause: str | tuple[str, ...], duty: str, act: str, by: str, said: dict[str, Any]
) -> None:
    trial = Trial(procedure, FRIDAY, **ABOUT_A_CHILD)
    assert trial.line(duty).status == "running"
    assert trial.do(act, by, "2026-12-19 09:00", **said).line(duty).status == "met"


@pytest.mark.parametrize(
    ("clause", "act", "said", "wanted"),
    [
        ("IOI-20", "acknowledge", {},
         "who is dealing with it and how to reach them; projected timescales; entitlements under this policy; "
         "support throughout, and what stays confidential"),
        (("IOI-15", "IOI-21"), "reach", {"milestone": "action_plan_sent"},
         "action plan; realistic timescales; about the process; offer to talk about expectations and outcome; "
         "independent advocacy services; any issue outside the remit"),
        (("IOI-22", "IOI-23"), "respond", {"findings": {"complaint": "upheld"}},
         "findings explained; action taken; what was learned; support with the effects; how to go to Stage 2"),
        ("IOI-4", "tell", {"duty": "consult_line_managers", "whom": LEAD},
         "interim action for young person, complainant and person complained of; other procedures; advocate"),
    ],
)  # fmt: skip
def test_what_each_letter_must_say(
    procedure: Procedure, clause: str | tuple[str, ...], act: str, said: dict[str, Any], wanted: str
) -> None:
    trial = Trial(procedure, FRIDAY)
    assert trial.refused(act, MANAGER, **said).sentence == f"It must also say: {wanted}."


@pytest.mark.clause("IOI-20")
def test_an_acknowledgement_is_aimed_at_the_next_working_day(procedure: Procedure) -> None:
    line = Trial(procedure, FRIDAY).line("acknowledge")
    assert line.target_at and f"{line.target_at:%Y-%m-%d %H:%M}" == "2026-12-22 00:00"  # the end of Monday the 21st


@pytest.mark.clause("IOI-3")
def test_a_young_person_who_was_not_seen_in_three_days_is_the_safeguarding_lead_s_concern(procedure: Procedure) -> None:
    line = Trial(procedure, FRIDAY).line("see_the_young_person", when="2026-12-22 09:00")
    assert (line.status, line.lateness) == ("late", "aim missed")
    assert [step.tell for _, step in line.late_steps] == [(LEAD,)]
    assert line.target_at and f"{line.target_at:%Y-%m-%d %H:%M}" == "2026-12-19 16:30"


@pytest.mark.clause("IOI-4")
def test_an_advocate_is_offered_again_at_each_stage(procedure: Procedure) -> None:
    trial = Trial(procedure, FRIDAY).do("record", MANAGER, "2026-12-21 09:00", event="advocate_offered")
    trial.do("ask_to_go_on", "complainant", "2027-01-04 10:00", to="stage_2")
    last = trial.lines()
    assert [str(one.due) for one in last if one.duty == "offer_advocate" and one.status == "running"] == ["2027-01-06"]
    undecided = Trial(procedure, FRIDAY, matter_noticed="2024-01-10")  # out of time, and in no stage yet
    assert str(undecided.due("offer_advocate")) == "2026-12-22"


@pytest.mark.clause("IOI-4")
def test_each_person_named_has_a_line_manager_who_is_consulted(procedure: Procedure) -> None:
    trial = Trial(procedure, FRIDAY, about=["team_manager", "out_of_hours_duty_manager"])
    assert [one.instance for one in trial.lines() if one.duty == "consult_line_managers"] == ["s0", "s1"]
    assert not Trial(procedure, FRIDAY).owes("consult_line_managers")


@pytest.mark.clause("IOI-4")
def test_the_director_is_told_within_a_week_of_the_answer_what_came_of_it(procedure: Procedure) -> None:
    trial = Trial(procedure, FRIDAY).happened("responded", "2026-12-23 10:00", findings={"complaint": "upheld"})
    line = trial.line("report_to_director")
    assert (line.by, line.to, str(line.due)) == (("handler",), ("director",), "2027-01-04")
    refusal = trial.refused("tell", MANAGER, rule="report_to_director", whom="director")
    assert refusal.sentence == "It must also say: what was received; how it was dealt with; results; key issues."


@pytest.mark.clause("IOI-23")
def test_stage_1_goes_to_twenty_days_with_the_complainant_s_agreement_and_for_a_listed_reason(
    procedure: Procedure,
) -> None:
    for reason in ("complexity", "advocate needed", "key person or evidence unavailable"):
        trial = Trial(procedure, FRIDAY)
        refusal = trial.refused("extend", MANAGER, duty="respond", reason=reason)
        assert refusal.sentence == "This is only allowed when: complainant agreed."
        agreed: dict[str, Any] = {"duty": "respond", "needs_met": ["complainant_agreed"]}
        assert "not a reason" in trial.refused("extend", MANAGER, **agreed, reason="a busy week").sentence
        assert trial.refused("extend", MANAGER, **agreed, reason=reason, until="2027-01-21")
        trial.do("extend", MANAGER, **agreed, reason=reason)
        assert str(trial.due("respond")) == "2027-01-20"


@pytest.mark.clause("IOI-23")
def test_without_an_answer_in_ten_days_stage_2_is_offered(procedure: Procedure) -> None:
    line = Trial(procedure, FRIDAY).line("respond", when="2027-01-07 09:00")
    assert line.lateness == "breach"
    assert [step.offers for _, step in line.late_steps] == ["stage_2"]


@pytest.mark.clause("IOI-22")
def test_updates_end_with_the_answer_and_are_an_aim(procedure: Procedure) -> None:
    trial = Trial(procedure, FRIDAY)
    assert (trial.line("keep_in_touch").strength, trial.line("keep_in_touch").within) == ("aim", "every 5 working days")
    trial.happened("responded", "2026-12-22 10:00", findings={"complaint": "upheld"})
    assert trial.line("keep_in_touch", when="2027-01-20 10:00").status == "met"


@pytest.mark.clause("IOI-6")
def test_the_team_s_record_reaches_the_manager_on_the_working_day_after_the_answer(procedure: Procedure) -> None:
    trial = Trial(procedure, FRIDAY).happened("responded", "2026-12-24 10:00", findings={"complaint": "upheld"})
    line = trial.line("team_record")
    assert (line.by, line.to, str(line.due)) == (("team_manager",), (MANAGER,), "2026-12-29")


@pytest.mark.clause("IOI-23", "IOI-32")
def test_the_complainant_need_not_wait_for_an_answer_to_ask_for_stage_2(procedure: Procedure) -> None:
    trial = Trial(procedure, FRIDAY).do("ask_to_go_on", "complainant", "2026-12-21 10:00", to="stage_2")
    assert trial.state.stage == "stage_2"


@pytest.mark.clause("IOI-32")
def test_a_new_complaint_starts_at_stage_2_when_complainant_and_authority_agree(procedure: Procedure) -> None:
    question: dict[str, Any] = {"decision": "stage_1_or_2", "answer": "stage_2"}
    trial = Trial(procedure, FRIDAY)
    refusal = trial.refused("decide", MANAGER, **question)
    assert refusal.sentence == "This is only allowed when: complainant agreed, placing authority agreed."
    agreed = ["complainant_agreed", "placing_authority_agreed"]
    assert trial.refused("decide", LEAD, **question, needs_met=agreed).sentence.startswith("Only the registered")
    assert trial.do("decide", MANAGER, **question, needs_met=agreed).state.stage == "stage_2"
    stays = Trial(procedure, FRIDAY).do("decide", MANAGER, decision="stage_1_or_2", answer="stage_1")
    assert stays.state.stage == "stage_1"
    (held,) = [one for one in standing(Trial(procedure, FRIDAY).state) if one.question.key == "stage_1_or_2"]
    assert (held.answer.key, held.presumed) == ("stage_1", True)


@pytest.mark.clause("IOI-32")
def test_somebody_outside_decides_where_to_start_when_the_complaint_is_about_the_manager(procedure: Procedure) -> None:
    trial = Trial(procedure, FRIDAY, about=[MANAGER, "out_of_hours_duty_manager"])
    trial.do("decide", "external_investigator", decision="stage_1_or_2", answer="stage_1")
    assert trial.state.answers["stage_1_or_2"] == "stage_1"


@pytest.mark.clause("IOI-32")
def test_further_issues_may_be_raised_on_the_way(procedure: Procedure) -> None:
    trial = Trial(procedure, FRIDAY).do("ask_to_go_on", "complainant", "2026-12-21 10:00", to="stage_2")
    trial.do("add_head", MANAGER, key="the_heating")
    assert [head.key for head in trial.state.living_heads()] == ["complaint", "the_heating"]
