"""Who may complain, of what and how, and where each report goes: STS-1, STS-3, STS-4, STS-6, STS-8 and STS-15."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from heard.procedure import Procedure
from heard.trial import Trial

FRIDAY_BEFORE_CHRISTMAS = "2026-12-18 16:30"
CONSENT = "consent of the person who complained"
MANAGER = "childcare_service_manager"
NEEDED = ["consent_or_safeguarding_basis"]


def elsewhere(procedure: Procedure, **said: Any) -> Trial:
    """A complaint about somebody whom another organisation employs."""
    return Trial(procedure, FRIDAY_BEFORE_CHRISTMAS, facts={"employed_by": "another organisation"}, **said)


def passed_on(procedure: Procedure) -> Trial:
    """What the Childcare Service Manager found to be such a complaint, passed on on Christmas Eve."""
    case = Trial(procedure, FRIDAY_BEFORE_CHRISTMAS, formality="informal", facts={"service": "childcare"})
    case.do("answer_fact", MANAGER, "2026-12-24 10:00", fact="employed_by", value="another organisation")
    return case.do("pass_on", MANAGER, to="employer_of_named_person", needs_met=NEEDED, basis=CONSENT)


# ---------------------------------------------------------------- who, what, how


@pytest.mark.clause("STS-1", "STS-15")
def test_anybody_with_an_interest_may_complain_of_anything_and_in_any_form(procedure: Procedure) -> None:
    words = procedure.words
    assert {"client", "parent", "guardian", "carer", "partner_agency", "public"} < {*words.complainants}
    assert {*words.complainants} - {"client", "parent", "guardian", "carer", "partner_agency", "public"} == {
        "young_person", "staff", "former_staff",
    }  # fmt: skip
    spoken_rung_mailed_or_written = {"in_person", "telephone", "email", "letter", "post", "portal"}
    assert {*words.channels} == spoken_rung_mailed_or_written
    assert {*words.kinds} == {"complaint", "concern", "comment", "compliment"}
    any_aspect = {"women's service", "childcare", "staff conduct", "safety", "communication", "access", "fees",
                  "confidentiality", "something else", "data protection"}  # fmt: skip
    assert {*words.categories} == any_aspect


@pytest.mark.parametrize(
    ("clause", "said", "stage"),
    [
        ("STS-1", {"formality": "informal", "complainant": "public"}, "stage_1"),
        ("STS-1", {"kind": "concern"}, "stage_1"),
        ("STS-1", {"kind": "comment"}, "stage_1"),
        ("STS-3", {"formality": "informal"}, "stage_1"),
        ("STS-6", {"formality": "formal"}, "stage_2"),
        ("STS-6", {"kind": "concern", "formality": "formal"}, "stage_1"),
        ("STS-6", {"formality": "informal"}, "stage_1"),
        ("STS-8", {"formality": "informal", "about": ["chief_executive"]}, "stage_2"),
        ("STS-8", {"formality": "informal", "about": ["chair_of_trustees"]}, "stage_2"),
        ("STS-8", {"formality": "informal", "about": ["trustee"]}, "stage_1"),
        ("STS-15", {"kind": "compliment"}, "thanks"),
        ("STS-15", {"kind": "complaint", "formality": "informal"}, "stage_1"),
    ],
)
def test_each_report_goes_to_the_stage_that_the_document_foresees(
    procedure: Procedure, clause: str, said: dict[str, Any], stage: str
) -> None:
    assert Trial(procedure, FRIDAY_BEFORE_CHRISTMAS, **said).state.stage == stage


@pytest.mark.clause("STS-3", "STS-4")
def test_the_two_services_are_told_apart_on_the_form(procedure: Procedure) -> None:
    (fact,) = [one for one in procedure.facts if one.key == "service"]
    assert fact.asks_them and {*fact.one_of} == {"women's service", "childcare"}
    assert fact.about == "case"


# ---------------------------------------------------------------- somebody whom another organisation employs


@pytest.mark.clause("STS-1")
def test_about_somebody_else_s_employee_it_is_passed_on_with_consent_and_not_without(procedure: Procedure) -> None:
    assert elsewhere(procedure).state.stage is None
    works_here = Trial(procedure, FRIDAY_BEFORE_CHRISTMAS, facts={"employed_by": "Stepping Stones"})
    assert works_here.state.stage == "stage_2"
    to = {"to": "employer_of_named_person"}
    assert "consent or safeguarding basis" in elsewhere(procedure).refused("pass_on", "chief_executive", **to).sentence
    assert passed_on(procedure).state.passed_to == "employer_of_named_person"


@pytest.mark.clause("STS-1")
def test_a_safeguarding_matter_is_never_only_passed_on(procedure: Procedure) -> None:
    case = elsewhere(procedure, concerns=["abuse_or_exploitation"])
    assert case.state.stage == "stage_2"
    case.refused("pass_on", "chief_executive", to="employer_of_named_person", needs_met=NEEDED, basis=CONSENT)


@pytest.mark.clause("STS-1")
def test_who_employs_them_is_asked_of_whoever_works_on_the_case(procedure: Procedure) -> None:
    case = Trial(procedure, FRIDAY_BEFORE_CHRISTMAS, formality="informal")
    answers = {"Stepping Stones", "another organisation"}
    for value in sorted(answers, reverse=True):
        case.do("answer_fact", "chief_executive", fact="employed_by", value=value)
    assert {*next(one for one in procedure.facts if one.key == "employed_by").one_of} == answers


@pytest.mark.clause("STS-1")
@pytest.mark.parametrize("basis", [CONSENT, "protection of a child or an adult at risk", "legal duty"])
def test_what_is_told_outside_has_one_of_three_grounds(procedure: Procedure, basis: str) -> None:
    case = Trial(procedure, FRIDAY_BEFORE_CHRISTMAS)
    case.do("disclose", "chief_executive", to="somebody", basis=basis)
    case.refused("disclose", "chief_executive", to="somebody", basis="it was asked for")


@pytest.mark.clause("STS-1")
@pytest.mark.parametrize(
    ("duty", "to", "by"),
    [
        ("tell_who_has_it", ("complainant",), date(2026, 12, 30)),
        ("make_sure_it_arrived", ("employer_of_named_person",), date(2027, 1, 5)),
        ("ask_how_it_ended", ("complainant",), date(2027, 1, 21)),
    ],
)
def test_what_was_passed_on_is_followed_to_its_end(
    procedure: Procedure, duty: str, to: tuple[str, ...], by: date
) -> None:
    assert not Trial(procedure, FRIDAY_BEFORE_CHRISTMAS).owes(duty)
    line = passed_on(procedure).line(duty)
    assert (line.due, line.to) == (by, to)


@pytest.mark.clause("STS-1")
def test_it_is_not_done_before_the_other_organisation_has_it_and_has_answered(procedure: Procedure) -> None:
    case = passed_on(procedure)
    letter = ["who deals with it now", "what was handed over and why we may", "Ofsted and the Charity Commission"]
    refused = case.refused("tell", MANAGER, duty="tell_who_has_it", whom="complainant", contents=[])
    assert refused.sentence == f"It must also say: {'; '.join(letter)}."
    case.do("tell", MANAGER, duty="tell_who_has_it", whom="complainant", contents=letter)
    case.do("reach", MANAGER, milestone="organisation_has_it")
    assert case.line("make_sure_it_arrived").status == "met"
    case.do("reach", MANAGER, milestone="organisation_answered")
    assert case.line("ask_how_it_ended").status == "met"
    for record, lacks in (
        ("file", ["details", "service", "actions", "findings", "outcome"]),
        ("passed_on", ["organisation", "ground", "what_was_handed_over", "outcome"]),
    ):
        refused = case.refused("close", MANAGER, outcome="passed_on")
        assert refused.sentence == f"The record lacks: {', '.join(lacks).replace('_', ' ')}."
        case.do("record", MANAGER, record=record, fields=lacks)
    case.do("record", MANAGER, record="early_years.complaint", fields=["details", "actions", "outcome"])
    case.do("close", MANAGER, outcome="passed_on")


@pytest.mark.clause("STS-1")
@pytest.mark.parametrize("ground", ["they will not say", "the complainant does not wish it"])
def test_asking_how_it_ended_is_let_go_only_on_its_two_grounds_and_by_who_handles_it(
    procedure: Procedure, ground: str
) -> None:
    case = passed_on(procedure)
    case.refused("excuse", "womens_service_manager", duty="ask_how_it_ended", ground=ground)
    case.refused("excuse", MANAGER, duty="ask_how_it_ended", ground="it takes long")
    case.do("excuse", MANAGER, duty="ask_how_it_ended", ground=ground)
    assert case.line("ask_how_it_ended").status == "excused"

