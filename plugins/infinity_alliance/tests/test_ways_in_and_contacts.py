"""Who may complain and of what, where it goes first, and whom outside they can ask."""

from __future__ import annotations

from datetime import date

import pytest

from heard.procedure import Procedure
from heard.trial import Trial


@pytest.mark.clause("INF-1", "INF-3", "INF-17")
def test_neighbours_and_everybody_else_may_complain_of_noise_conduct_and_how_they_are_treated(
    procedure: Procedure,
) -> None:
    words = procedure.words
    assert words.kinds == ("complaint", "concern", "comment", "compliment")
    conduct = ("conduct of young people", "conduct of staff", "interactions with neighbours")
    assert words.categories == ("noise", *conduct, "something else", "data protection")  # the law adds the last
    close, working = ("young_person", "parent"), ("social_worker", "professional", "staff", "former_staff")
    assert words.complainants == ("public", *close, *working, "other")
    assert words.channels == ("in_person", "telephone", "letter", "complaint_form", "email", "portal")
    assert words.findings == ("upheld", "partly_upheld", "not_upheld")
    assert words.reasons_needed_for == ("not_upheld", "not_determined")
    changed = ("training", "policy or procedure", "how young people are supported", "how we speak with people")
    assert words.lessons == (*changed, "staffing", "premises", "nothing to change")


@pytest.mark.clause("INF-1", "INF-2", "INF-3", "INF-7", "INF-11")
@pytest.mark.parametrize(
    ("kind", "formality", "complainant", "stage"),
    [
        ("complaint", "informal", "public", "informal"),
        ("concern", "informal", "young_person", "informal"),
        ("complaint", "informal", "staff", "informal"),
        ("complaint", "formal", "public", "formal"),
        ("complaint", "formal", "staff", "formal"),
        ("compliment", "formal", "public", "thanks"),
    ],
)
def test_it_is_talked_over_first_unless_it_is_made_formally(
    procedure: Procedure, kind: str, formality: str, complainant: str, stage: str
) -> None:
    case = Trial(procedure, "2026-12-18 16:30", kind=kind, formality=formality, complainant=complainant)
    assert case.state.stage == stage


@pytest.mark.clause("INF-1", "INF-11")
@pytest.mark.parametrize("complainant", ["staff", "former_staff"])
def test_whoever_works_or_worked_here_chooses_whether_it_is_a_complaint_a_grievance_or_whistleblowing(
    procedure: Procedure, complainant: str
) -> None:
    def offered(complainant: str) -> list[str] | None:
        case = Trial(procedure, "2026-12-18 16:30", complainant=complainant)
        (opened,) = [row for row in case.ledger if row.event == "stage_opened"]
        return opened.data.get("offers")

    assert offered(complainant) == ["complaint", "grievance", "whistleblowing"]
    assert offered("public") is None


@pytest.mark.clause("INF-11")
def test_a_grievance_finds_support_outside(procedure: Procedure) -> None:
    support = procedure.contact("cmp_solutions")
    assert support.name.startswith("CMP Solutions") and support.offered_to == ("staff", "former_staff")
    assert support.offered and support.offered.any_time
    assert support.missing  # the text gives no number


@pytest.mark.clause("INF-8", "INF-12")
def test_ofsted_and_the_council_can_be_asked_at_any_time(procedure: Procedure) -> None:
    ofsted, council = procedure.contact("ofsted"), procedure.contact("local_authority")
    assert [phone.number for phone in ofsted.phones] == ["0300 123 4666"]
    assert ofsted.email == "enquiries@ofsted.gov.uk"
    assert ofsted.offered and ofsted.offered.any_time
    assert council.offered and council.offered.any_time


@pytest.mark.clause("INF-12")
def test_the_ombudsman_after_the_appeal_and_the_commissioner_at_any_time_where_the_matter_calls_for_it(
    procedure: Procedure,
) -> None:
    ombudsman, commissioner = procedure.contact("ombudsman"), procedure.contact("childrens_commissioner")
    assert ombudsman.for_matters == commissioner.for_matters == ("safeguarding", "discrimination")
    assert ombudsman.offered and ombudsman.offered.after_stage == "appeal" and not ombudsman.offered.any_time
    assert ombudsman.through == "placing_authority"
    assert commissioner.offered and commissioner.offered.any_time


@pytest.mark.clause("INF-7")
def test_whoever_was_praised_is_told_and_thanked_in_five_working_days(procedure: Procedure) -> None:
    case = Trial(procedure, "2026-12-18 16:30", kind="compliment", about=["director", "registered_manager"])
    lines = [line for line in case.lines() if line.duty == "pass_on_compliment"]
    assert [(line.to, line.due) for line in lines] == [(("named_person",), date(2026, 12, 29))] * 2
    assert case.holder("handles") == "house_manager"
