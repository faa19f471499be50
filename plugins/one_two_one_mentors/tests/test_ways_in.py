"""Who may complain and how, and where each report goes: MEN-1, MEN-2, MEN-3, MEN-6, MEN-8, MEN-9 and MEN-19."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from heard.people import viewers
from heard.procedure import Procedure
from heard.trial import Trial

TUESDAY = "2026-11-24 10:00"
OWN_JOB: dict[str, Any] = {"complainant": "staff", "facts": {"own_employment": "yes"}}


@pytest.mark.clause("MEN-1")
def test_anybody_may_complain_of_anything_and_in_any_form(procedure: Procedure) -> None:
    words = procedure.words
    assert {*words.complainants} == {
        "young_person", "parent", "carer", "referrer", "council", "partner_agency", "neighbour", "community", "staff",
    }  # fmt: skip
    assert {*words.channels} == {
        "in_person", "telephone", "letter", "post", "email", "complaint_form", "portal",
    }  # fmt: skip
    assert {*words.kinds} == {"complaint", "concern", "comment", "compliment"}
    assert {*words.categories} - {"data protection"} == {
        "teaching or mentoring", "how somebody was treated", "conduct of staff", "safety", "arrangements and contact",
        "a decision about a place", "premises and neighbours",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("clause", "said", "stage"),
    [
        ("MEN-1", {"complainant": "neighbour", "formality": "informal"}, "stage_1"),
        ("MEN-1", {"complainant": "council"}, "stage_2"),
        ("MEN-1", {"complainant": "staff"}, "stage_2"),
        ("MEN-1", {"kind": "compliment", "formality": None}, "thanks"),
        ("MEN-2", {"kind": "concern", "formality": None}, "stage_1"),
        ("MEN-9", {"formality": "informal"}, "stage_1"),
        ("MEN-6", {"formality": "formal"}, "stage_2"),
        ("MEN-6", {"formality": "informal"}, "stage_1"),
        ("MEN-3", {"about": ["director"]}, "stage_3"),
        ("MEN-3", {"about": ["director"], "formality": "informal"}, "stage_3"),
        ("MEN-3", {"about": ["operational_manager"]}, "stage_2"),
        ("MEN-3", {"about": ["operational_manager"], "formality": "informal"}, "stage_1"),
    ],
)
def test_each_report_goes_to_the_stage_that_the_document_foresees(
    procedure: Procedure, clause: str, said: dict[str, Any], stage: str
) -> None:
    assert Trial(procedure, TUESDAY, **said).state.stage == stage


# ---------------------------------------------------------------- a first look


@pytest.mark.clause("MEN-3", "MEN-9")
@pytest.mark.parametrize(("answer", "stage"), [("very_serious", "stage_2"), ("may_be_informal", "stage_1")])
def test_what_a_senior_manager_finds_very_serious_becomes_formal(
    procedure: Procedure, answer: str, stage: str
) -> None:
    case = Trial(procedure, TUESDAY, formality="informal")
    said: dict[str, Any] = {"decision": "how_serious", "answer": answer}
    case.refused("decide", "mentor", record={"reason": "as it looks"}, **said)
    assert case.refused("decide", "operational_manager", **said).sentence == "This must be recorded too: reason."
    case.do("decide", "operational_manager", record={"reason": "as it looks"}, **said)
    assert case.state.stage == stage


@pytest.mark.clause("MEN-9")
@pytest.mark.parametrize("kind", ["comment", "compliment"])
def test_what_is_no_complaint_needs_no_first_look(procedure: Procedure, kind: str) -> None:
    case = Trial(procedure, TUESDAY, kind=kind, formality="informal", about=["mentor"])
    assert not case.owes("first_look")
    for question in ("how_serious", "tell_third_parties"):
        assert case.refused("decide", "operational_manager", decision=question).sentence == "This is not asked here."


@pytest.mark.clause("MEN-9")
def test_a_senior_manager_hears_of_every_concern_and_complaint_at_once(procedure: Procedure) -> None:
    line = Trial(procedure, TUESDAY, kind="concern", formality="informal").line("first_look")
    assert (line.to, str(line.due)) == (("senior_manager",), "2026-11-24 11:00:00+00:00")


# ---------------------------------------------------------------- staff, of their own job


@pytest.mark.clause("MEN-1", "MEN-19")
def test_what_staff_say_of_their_own_job_goes_to_the_grievance_procedure(procedure: Procedure) -> None:
    assert Trial(procedure, TUESDAY, **OWN_JOB).state.passed_to == "grievance_procedure"
    about_the_service = {**OWN_JOB, "facts": {"own_employment": "no"}}
    assert Trial(procedure, TUESDAY, **about_the_service).state.stage == "stage_2"
    assert Trial(procedure, TUESDAY, complainant="parent", facts={"own_employment": "yes"}).state.stage == "stage_2"


@pytest.mark.clause("MEN-1", "MEN-19")
def test_what_raises_a_concern_is_never_only_a_grievance(procedure: Procedure) -> None:
    case = Trial(procedure, TUESDAY, concerns=["child_protection"], **OWN_JOB)
    assert case.state.passed_to is None and case.state.stage == "stage_2"


@pytest.mark.clause("MEN-1", "MEN-19")
def test_only_staff_are_asked_whether_it_is_about_their_own_job(procedure: Procedure) -> None:
    (fact,) = [one for one in procedure.facts if one.key == "own_employment"]
    assert {*fact.one_of} == {"yes", "no"}
    assert fact.only_if and [(test.key, test.wants) for test in fact.only_if.tests] == [("complainant", ("staff",))]
    one = procedure.contact("grievance_procedure")
    assert (one.is_, one.offered_to) == ("procedure", ("staff",)) and one.offered and one.offered.any_time


# ---------------------------------------------------------------- thanks


@pytest.mark.clause("MEN-1")
def test_thanks_are_passed_on_to_whoever_earned_them(procedure: Procedure) -> None:
    case = Trial(procedure, "2026-12-24 10:00", kind="compliment", about=["mentor"])
    assert case.holder("handles") == "operational_manager"
    line = case.line("pass_on_thanks")
    assert (line.to, line.due) == (("named_person",), date(2026, 12, 29))
    case.do("respond")  # nothing is found in them
    about = ["mentor", "operational_manager"]
    assert Trial(procedure, TUESDAY, kind="compliment", about=about).holder("handles") == "director"


@pytest.mark.clause("MEN-1")
def test_thanks_to_nobody_in_particular_are_the_handler_s(procedure: Procedure) -> None:
    case = Trial(procedure, TUESDAY, kind="compliment")
    case.do("tell", "operational_manager", duty="pass_on_thanks", whom="handler")
    assert case.line("pass_on_thanks").status == "met"


# ---------------------------------------------------------------- who may know


@pytest.mark.clause("MEN-2", "MEN-20")
def test_a_mentor_knows_of_the_complaints_they_deal_with_and_of_no_others(procedure: Procedure) -> None:
    theirs = Trial(procedure, TUESDAY, formality="informal")
    other = Trial(procedure, TUESDAY)
    assert "mentor" in viewers(procedure, theirs.state, theirs.roster, theirs.now)
    assert "mentor" not in viewers(procedure, other.state, other.roster, other.now)


@pytest.mark.clause("MEN-2")
def test_teachers_mentors_and_the_office_hear_a_worry_first(procedure: Procedure) -> None:
    assert {"Teacher", "Mentor", "Administrator"} <= {*procedure.role("mentor").also_called}
    assert procedure.role("operational_manager").name == "Operational Manager"
