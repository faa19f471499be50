"""Stage 2 over Easter and a May bank holiday: the plan, the investigation, the report, and the written answer.

The complainant asks on Monday 22 March 2027. Good Friday is the 26th, Easter Monday the 29th, and 3 May is a bank
holiday: working day 5 is 31 March, 10 is 7 April, 28 is 4 May, 33 is 11 May.
"""

from __future__ import annotations

from typing import Any

import pytest

from heard.procedure import Procedure
from heard.trial import Trial

ASKED, OFFICER = "2027-03-22 10:00", "investigating_officer"
MANAGER, LEAD, NAMED = "registered_service_manager", "designated_safeguarding_lead", "team_manager"
ANSWER = [
    "Investigating Officer's report, supplement and any council response",
    "full details of the investigation",
    "apology or regret, where apt",
    "conclusions and how they were reached",
    "upheld in full, in part or not",
    "remedial action or lessons",
    "confirmation that satisfactory action has been or will be taken",
    "how to ask for Stage 3",
]


def asked_for(procedure: Procedure, **more: Any) -> Trial:
    """A case in Stage 2, about one member of staff."""
    trial = Trial(procedure, "2027-03-15 10:00", about=[NAMED], **more)
    return trial.do("ask_to_go_on", "complainant", ASKED, to="stage_2")


def answered(procedure: Procedure) -> Trial:
    """The same, answered by e-mail on Friday 30 April."""
    said: dict[str, Any] = {"findings": {"complaint": "not_upheld"}, "channel": "email"}
    return asked_for(procedure).happened("responded", "2027-04-30 10:00", **said)


@pytest.mark.parametrize(
    ("clause", "duty", "by", "to", "due"),
    [
        ("IOI-33", "appoint", "handler", (), "2027-03-31"),
        ("IOI-35", "hear_people", OFFICER, (), "2027-05-11"),
        ("IOI-37", "stage_2_plan", "handler", ("complainant",), "2027-03-31"),
        ("IOI-37", "investigate", OFFICER, (), "2027-05-11"),  # no plan came: as if it had on the fifth day
        ("IOI-39", "respond", "handler", ("complainant", "advocate"), "2027-05-11"),
        ("IOI-38", "report_to_director", OFFICER, ("decider",), "2027-05-11"),
        ("IOI-35", "keep_in_touch", OFFICER, ("complainant",), "2027-04-07"),
        ("IOI-34", "copy_to_named_staff", "handler", ("named_person", "line_manager_of_named_person"), "2027-03-31"),
    ],
)
def test_each_thing_is_owed_by_somebody_to_somebody_by_its_day(
    procedure: Procedure, clause: str | tuple[str, ...], duty: str, by: str, to: tuple[str, ...], due: str
) -> None:
    line = asked_for(procedure).line(duty, "stage_2")
    assert (line.by, line.to, str(line.due)) == ((by,), to, due)


@pytest.mark.clause("IOI-37", "IOI-38", "IOI-39")
def test_twenty_eight_working_days_run_from_the_plan(procedure: Procedure) -> None:
    trial = asked_for(procedure).do("reach", MANAGER, "2027-03-24 10:00", milestone="action_plan_sent")
    assert trial.line("stage_2_plan").status == "met"
    assert {str(trial.due(duty, "stage_2")) for duty in ("investigate", "respond", "report_to_director")} == {
        "2027-05-06"
    }
    trial.do("reach", MANAGER, "2027-04-28 10:00", milestone="investigation_report_received")
    assert (trial.line("investigate").status, trial.line("report_to_director").status) == ("met", "met")


@pytest.mark.clause("IOI-33", "IOI-35")
def test_people_are_appointed_and_heard_while_it_runs(procedure: Procedure) -> None:
    trial = asked_for(procedure).do("reach", MANAGER, "2027-03-24 10:00", milestone="action_plan_sent")
    assert str(trial.due("hear_people")) == "2027-05-06"
    assert {trial.line(duty).strength for duty in ("appoint", "hear_people")} == {"aim"}
    trial.do("reach", MANAGER, milestone="investigators_appointed").do("record", OFFICER, event="interview_held")
    assert {trial.line(duty).status for duty in ("appoint", "hear_people")} == {"met"}


@pytest.mark.clause("IOI-37")
def test_an_investigation_takes_longer_only_when_the_complainant_is_told_why_and_until_when(
    procedure: Procedure,
) -> None:
    trial = asked_for(procedure)
    longer: dict[str, Any] = {"duty": "investigate", "reason": "a witness is ill", "until": "2027-08-02"}
    assert trial.refused("extend", MANAGER, **longer).sentence == "This is only allowed when: complainant told."
    assert trial.refused("extend", MANAGER, duty="investigate", reason="", needs_met=["complainant_told"])
    trial.do("extend", MANAGER, **longer, needs_met=["complainant_told"])
    assert (str(trial.due("investigate")), str(trial.due("respond", "stage_2"))) == ("2027-08-02", "2027-08-02")


@pytest.mark.clause("IOI-39")
def test_the_answer_says_eight_things_in_writing(procedure: Procedure) -> None:
    trial = asked_for(procedure)
    found: dict[str, Any] = {"findings": {"complaint": "upheld"}}
    assert trial.refused("respond", "director", **found).sentence == f"It must also say: {'; '.join(ANSWER)}."
    trial.do("respond", "director", **found, contents=ANSWER)
    assert trial.line("respond", "stage_2").status == "met"
    assert procedure.duty("respond", "stage_2").form == "writing"


@pytest.mark.clause("IOI-35")
def test_a_statement_of_complaint_is_agreed_at_a_meeting_once_there_is_somebody_to_meet(procedure: Procedure) -> None:
    trial = asked_for(procedure).do("reach", MANAGER, "2027-03-24 10:00", milestone="investigators_appointed")
    line = trial.line("agree_statement")
    assert (line.by, line.to, str(line.due), line.strength) == ((OFFICER,), ("complainant",), "2027-04-09", "aim")
    trial.do("reach", OFFICER, "2027-04-06 10:00", milestone="statement_of_complaint_agreed")
    assert trial.line("agree_statement").status == "met"


@pytest.mark.clause("IOI-35")
def test_contact_with_the_complainant_ends_with_the_answer(procedure: Procedure) -> None:
    assert answered(procedure).line("keep_in_touch", "stage_2", when="2027-05-20 10:00").status == "met"


@pytest.mark.parametrize(
    ("clause", "duty", "to", "due"),
    [
        ("IOI-38", "extract_to_named_staff", ("named_person", "line_manager_of_named_person"), "2027-05-10"),
        ("IOI-40", "file_papers", (MANAGER,), "2027-05-10"),
    ],
)
def test_a_week_after_the_answer_its_papers_are_where_they_belong(
    procedure: Procedure, clause: str | tuple[str, ...], duty: str, to: tuple[str, ...], due: str
) -> None:
    line = answered(procedure).line(duty)
    assert (line.to, str(line.due)) == (to, due)


@pytest.mark.parametrize(
    ("clause", "duty", "not_in_it"),
    [
        ("IOI-34", "copy_to_named_staff", ("who complained", "anything about other children")),
        ("IOI-38", "extract_to_named_staff", ("who complained", "anything about other children", "other staff")),
    ],
)
def test_named_staff_read_what_is_about_them_and_nothing_of_anybody_else(
    procedure: Procedure, clause: str | tuple[str, ...], duty: str, not_in_it: tuple[str, ...]
) -> None:
    assert procedure.duty(duty, "stage_2").leaves_out == not_in_it
    trial = answered(procedure) if duty == "extract_to_named_staff" else asked_for(procedure)
    assert "It must not say" in trial.refused("tell", MANAGER, duty=duty, whom=NAMED).sentence
    # Nobody named is told anything but by a duty that is for them.
    trial.do("tell", MANAGER, duty=duty, whom=NAMED, leaves_out=not_in_it)
    assert trial.line(duty).instance == "s0"


@pytest.mark.clause("IOI-34")
def test_a_copy_that_would_harm_the_investigation_is_not_sent_and_the_senior_manager_hears_so(
    procedure: Procedure,
) -> None:
    trial = asked_for(procedure)
    let_go = {"duty": "copy_to_named_staff", "ground": "it would prejudice the investigation"}
    assert trial.refused("excuse", LEAD, **let_go).sentence.startswith("Only the registered service manager")
    assert trial.refused("excuse", MANAGER, duty="copy_to_named_staff", ground="they are upset")
    trial.do("excuse", MANAGER, **let_go)
    assert trial.line("copy_to_named_staff").status == "excused"
    assert [one["key"] for one in trial.ledger[-1].data["to"]] == ["director"]
    assert trial.ledger[-1].data["tell"] == ["senior_manager"]


@pytest.mark.parametrize(
    ("asked", "taken"),
    [("2027-06-01 23:00", True), ("2027-06-02 09:00", False)],  # 31 May is a bank holiday: 1 June is working day 20
)
@pytest.mark.clause("IOI-41")
def test_a_review_can_be_asked_for_within_twenty_working_days(procedure: Procedure, asked: str, taken: bool) -> None:
    trial = answered(procedure)
    assert str(trial.due("ask_for_stage_3")) == "2027-06-01"
    if taken:
        assert trial.do("ask_to_go_on", "complainant", asked, to="stage_3").state.stage == "stage_3"
    else:
        assert trial.refused("ask_to_go_on", "complainant", asked, to="stage_3").clause == ("IOI-41",)


@pytest.mark.clause("IOI-41")
def test_a_late_request_is_taken_by_the_manager_for_a_recorded_reason(procedure: Procedure) -> None:
    late = {"to": "stage_3", "asked_by": "complainant", "late_ground": "any recorded reason", "why": "exams"}
    trial = answered(procedure)
    assert trial.refused("ask_to_go_on", LEAD, "2027-06-10 10:00", **late).sentence.startswith("Only the registered")
    assert trial.do("ask_to_go_on", MANAGER, "2027-06-10 10:00", **late).state.stage == "stage_3"


@pytest.mark.clause("IOI-41")
def test_the_review_is_the_complainant_s_to_ask_for(procedure: Procedure) -> None:
    refusal = answered(procedure).refused("ask_to_go_on", MANAGER, to="stage_3", asked_by="handler")
    assert refusal.sentence == "This is asked by the complainant."
