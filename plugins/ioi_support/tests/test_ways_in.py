"""Who may complain, about what and how; which way a report goes, and when it comes too late."""

from __future__ import annotations

from typing import Any

import pytest

from heard.procedure import Procedure
from heard.trial import Trial

FRIDAY = "2026-12-18 16:30"
MANAGER = "registered_service_manager"


@pytest.mark.parametrize(
    ("clause", "report", "stage"),
    [
        ("IOI-51", {"kind": "compliment"}, "thanks"),
        (("IOI-7", "IOI-55"), {"complainant": "staff"}, "stage_1"),
        (("IOI-7", "IOI-55"), {"complainant": "former_staff", "formality": "informal"}, "stage_1"),
        ("IOI-17", {"formality": "informal"}, "informal"),
        ("IOI-17", {"formality": "informal", "kind": "comment"}, "informal"),
        ("IOI-17", {"formality": "formal", "kind": "concern"}, "informal"),
        (("IOI-7", "IOI-55"), {"complainant": "parent", "formality": "informal"}, "informal"),
        (("IOI-7", "IOI-12", "IOI-17", "IOI-18", "IOI-33", "IOI-51"), {}, "stage_1"),
    ],
)
def test_each_report_goes_the_way_of_its_kind(
    procedure: Procedure, clause: str | tuple[str, ...], report: dict[str, Any], stage: str
) -> None:
    assert Trial(procedure, FRIDAY, **report).state.stage == stage


@pytest.mark.parametrize("concern", ["misconduct", "gross_misconduct"])
@pytest.mark.clause("IOI-17")
def test_what_involves_misconduct_is_never_settled_informally(procedure: Procedure, concern: str) -> None:
    assert Trial(procedure, FRIDAY, formality="informal", concerns=[concern]).state.stage == "stage_1"


@pytest.mark.clause("IOI-33")
def test_what_is_about_the_council_s_own_work_goes_to_the_council(procedure: Procedure) -> None:
    trial = Trial(procedure, FRIDAY, about_authority_functions=True)
    assert (trial.state.passed_to, trial.state.stage) == ("placing_authority", None)


@pytest.mark.clause("IOI-7", "IOI-55")
def test_somebody_who_works_here_chooses_between_complaint_grievance_and_whistleblowing(procedure: Procedure) -> None:
    opened = Trial(procedure, FRIDAY, complainant="staff").state.first("stage_opened")
    assert opened and opened.data["offers"] == ["complaint", "grievance", "whistleblowing"]


@pytest.mark.parametrize(
    ("noticed", "stage"),
    [
        ("2026-11-02", "stage_1"),
        ("2025-12-18", "stage_1"),  # twelve months ago to the day
        ("2025-12-17", None),  # a day more: somebody decides whether it is taken
    ],
)
@pytest.mark.clause("IOI-12")
def test_a_complaint_comes_within_twelve_months_of_noticing_the_matter(
    procedure: Procedure, noticed: str, stage: str | None
) -> None:
    assert Trial(procedure, FRIDAY, matter_noticed=noticed).state.stage == stage


@pytest.mark.clause("IOI-12")
def test_a_late_one_is_taken_by_the_manager_for_a_good_reason_while_it_can_be_looked_into_fairly(
    procedure: Procedure,
) -> None:
    late = Trial(procedure, FRIDAY, matter_noticed="2024-12-18")
    reason, why = "good reason for the delay, and it can still be looked into fairly", "was in hospital"
    assert late.refused("accept_late", MANAGER, reason="it is interesting", why=why).clause == ("IOI-12", "IOI-18")
    assert late.refused("accept_late", "designated_safeguarding_lead", reason=reason, why=why)
    assert late.do("accept_late", MANAGER, reason=reason, why=why).state.stage == "stage_1"


@pytest.mark.clause("IOI-7")
def test_everybody_the_text_names_may_complain(procedure: Procedure) -> None:
    assert {*procedure.words.complainants} == {
        "young_person", "advocate", "parent", "guardian", "carer", "social_worker", "accommodating_authority",
        "staff", "former_staff", "public",
    }  # fmt: skip


@pytest.mark.clause("IOI-8")
def test_the_form_offers_the_nine_matters_of_the_text(procedure: Procedure) -> None:
    assert [one for one in procedure.words.categories if one != "data protection"] == [
        "disputed decision",
        "quality or suitability",
        "delay",
        "delivery or non-delivery, this procedure included",
        "quantity, frequency, change or cost",
        "staff conduct",
        "eligibility and assessment",
        "impact of a local authority policy",
        "assessments, reviews or care management",
    ]


@pytest.mark.clause("IOI-9")
def test_a_complaint_comes_in_person_by_telephone_post_e_mail_form_or_letter(procedure: Procedure) -> None:
    said = {*procedure.words.channels}
    assert {"in_person", "telephone", "post", "email", "complaint_form", "letter"} <= said
    assert said - {"in_person", "telephone", "post", "email", "complaint_form", "letter"} == {"portal"}
    assert {*procedure.words.kinds} == {"complaint", "compliment", "comment", "concern"}


@pytest.mark.clause("IOI-39")
def test_a_complaint_is_upheld_in_full_in_part_or_not_and_no_is_explained(procedure: Procedure) -> None:
    trial = Trial(procedure, FRIDAY)
    said = ["findings explained", "action taken", "what was learned", "support with the effects",
            "how to go to Stage 2"]  # fmt: skip
    for finding in ("not_upheld", "not_determined"):
        refusal = trial.refused("respond", MANAGER, findings={"complaint": finding}, contents=said)
        assert refusal.sentence == f"'{finding}' needs reasons."
    for finding in ("upheld", "partly_upheld", "not_upheld"):
        again = Trial(procedure, FRIDAY)
        again.do("respond", MANAGER, findings={"complaint": finding}, reasons_for=["complaint"], contents=said)
        assert again.line("respond").status == "met"


@pytest.mark.parametrize(
    "lesson",
    [
        "training", "policy or procedure", "how young people are supported", "how we speak with people", "staffing",
        "premises", "nothing to change",
    ],
)  # fmt: skip
@pytest.mark.clause("IOI-39")
def test_a_lesson_is_of_a_sort_that_can_be_counted(procedure: Procedure, lesson: str) -> None:
    trial = Trial(procedure, FRIDAY)
    assert trial.refused("record", MANAGER, event="learning_reviewed", lessons=["whose fault it was"])
    trial.do("record", MANAGER, event="learning_reviewed", lessons=[lesson])
    assert trial.state.all("learning_reviewed")[-1].data["lessons"] == [lesson]


@pytest.mark.clause("IOI-51")
def test_a_compliment_reaches_staff_and_managers_and_finds_nobody_guilty(procedure: Procedure) -> None:
    trial = Trial(procedure, FRIDAY, kind="compliment")
    assert trial.holder("handles") == "team_manager"
    assert trial.line("pass_on_compliment").to == ("named_person", "line_manager_of_named_person")
    assert str(trial.due("pass_on_compliment")) == "2026-12-21"
    assert trial.do("respond", "team_manager").state.first("responded")


@pytest.mark.clause("IOI-17")
def test_an_informal_one_goes_on_formally_when_it_failed_or_is_more_serious_than_it_seemed(
    procedure: Procedure,
) -> None:
    for ground in ("informal measures failed", "more serious: misconduct"):
        trial = Trial(procedure, FRIDAY, formality="informal")
        refusal = trial.refused("ask_to_go_on", "team_manager", to="stage_1", asked_by="handler", grounds="no time")
        assert refusal.clause == ("IOI-17",)
        trial.do("ask_to_go_on", "team_manager", to="stage_1", asked_by="handler", grounds=ground)
        assert trial.state.stage == "stage_1"


@pytest.mark.clause("IOI-17")
def test_whoever_complained_informally_can_go_on_formally_at_any_time(procedure: Procedure) -> None:
    trial = Trial(procedure, FRIDAY, formality="informal")
    assert trial.do("ask_to_go_on", "complainant", to="stage_1").state.stage == "stage_1"


@pytest.mark.clause("IOI-17")
def test_the_team_s_manager_settles_an_informal_one_and_is_told_at_once(procedure: Procedure) -> None:
    trial = Trial(procedure, FRIDAY, formality="informal")
    told = trial.line("tell_line_manager")
    assert (trial.holder("handles"), told.to, told.within) == (
        "team_manager", ("team_manager",), "immediately (house target: 1 hour)",
    )  # fmt: skip
    assert f"{told.due:%Y-%m-%d %H:%M}" == "2026-12-18 17:30"
    missing = trial.refused("respond", "team_manager", findings={"complaint": "upheld"}).sentence
    assert missing == "It must also say: what was done; how to complain formally."


@pytest.mark.clause("IOI-17")
def test_what_is_not_settled_in_two_weeks_is_offered_the_formal_way(procedure: Procedure) -> None:
    line = Trial(procedure, FRIDAY, formality="informal").line("resolve", when="2027-01-07 09:00")
    assert (str(line.due), line.status, line.lateness) == ("2027-01-06", "late", "aim missed")
    assert [step.offers for _, step in line.late_steps] == ["stage_1"]


@pytest.mark.clause("IOI-9", "IOI-18")
def test_a_formal_complaint_reaches_whoever_handles_it_at_once_or_somebody_outside_three_hours_later(
    procedure: Procedure,
) -> None:
    line = Trial(procedure, FRIDAY).line("copy_to_manager")
    assert (line.to, line.status, f"{line.due:%H:%M}") == (("handler",), "met", "17:30")
    assert procedure.stage("stage_1").formal
    (step,) = procedure.duty("copy_to_manager", "stage_1").clock.if_late
    assert (str(step.further), step.tell) == ("3 hours", ("external_investigator",))
