"""What is written down, kept, shown, reported and done each year: STS-1, STS-2, STS-5, STS-9, STS-14 and STS-15."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from heard.procedure import Procedure
from heard.standing_trial import Round
from heard.trial import Trial

MONDAY = "2027-01-11 10:00"
FILE = ["details", "service", "actions", "findings", "outcome"]


def answered(procedure: Procedure, **said: Any) -> Trial:
    """A woman's complaint that was settled at once, with everything done that is owed."""
    case = Trial(procedure, MONDAY, formality="informal", about_a_child=False, children=[],
                 facts={"service": "women's service"}, **said)  # fmt: skip
    letter = [
        "what we found",
        "what was done, or will be",
        "how to take it to the Chief Executive, and where to write: 9a George Street West, Luton LU1 2BJ, marked "
        "Confidential",
        "Ofsted and the Charity Commission",
    ]
    case.do("respond", "keyworker", "2027-01-12 10:00", findings={"complaint": "upheld"}, contents=letter,
            leaves_out=["any disciplinary sanction"])  # fmt: skip
    return case.do("tell", "keyworker", duty="tell_chief_executive", whom="chief_executive")


# ---------------------------------------------------------------- records


@pytest.mark.clause("STS-1", "STS-2", "STS-5")
def test_a_complaint_is_closed_when_its_file_says_what_was_done_and_how_it_ended(procedure: Procedure) -> None:
    case = answered(procedure)
    refused = case.refused("close", "womens_service_manager", outcome="answered")
    assert refused.sentence == f"The record lacks: {', '.join(FILE)}."
    case.do("record", "womens_service_manager", record="file", fields=FILE)
    case.do("close", "womens_service_manager", outcome="answered")


@pytest.mark.clause("STS-2", "STS-5")
def test_thanks_need_no_file(procedure: Procedure) -> None:
    case = Trial(procedure, MONDAY, kind="compliment", about_a_child=False, children=[])
    case.do("tell", duty="pass_on_compliment", whom="handler")
    case.do("close", "chief_executive", outcome="answered")


@pytest.mark.parametrize(
    ("clause", "record", "fields", "sees"),
    [
        ("STS-2", "file", FILE, {"handler", "investigates", "chief_executive", "chair_of_trustees"}),
        ("STS-1", "passed_on", ["organisation", "ground", "what_was_handed_over", "outcome"],
         {"handler", "chief_executive", "chair_of_trustees"}),
    ],
)  # fmt: skip
def test_a_file_is_seen_by_those_who_deal_with_it_and_those_who_answer_for_the_house(
    procedure: Procedure, clause: str, record: str, fields: list[str], sees: set[str]
) -> None:
    (rule,) = [one for one in procedure.records if one.key == record]
    assert [*rule.fields] == fields
    assert {*rule.may_see} == sees


@pytest.mark.clause("STS-2")
def test_confidence_gives_way_on_three_grounds_and_the_complainant_is_told_what_whom_and_why(
    procedure: Procedure,
) -> None:
    rule = procedure.disclosure
    grounds = {"consent of the person who complained", "protection of a child or an adult at risk", "legal duty"}
    assert rule and {*rule.allowed_on} == grounds
    case = Trial(procedure, MONDAY)
    assert case.line("explain_confidentiality").status == "waiting"
    case.do("disclose", "chief_executive", to="the police", basis="legal duty")
    explained = case.line("explain_confidentiality")
    assert (explained.to, explained.status) == (("complainant",), "running")


@pytest.mark.clause("STS-15")
def test_a_file_is_kept_for_three_years_from_the_end_of_the_case(procedure: Procedure) -> None:
    (rule,) = [one for one in procedure.retention if one.key == "complaint_file"]
    assert str(rule.keep.within) == "3 years" and rule.keep.or_until is None
    assert rule.clock.after and rule.clock.after.events == ("closed",)


# ---------------------------------------------------------------- discipline


@pytest.mark.clause("STS-9")
@pytest.mark.parametrize("answer", ["yes", "no"])
@pytest.mark.parametrize(
    ("formality", "by"), [("informal", "childcare_service_manager"), ("formal", "chief_executive")]
)
def test_whether_the_disciplinary_policy_is_followed_is_asked_at_any_stage_of_whoever_handles_it(
    procedure: Procedure, formality: str, by: str, answer: str
) -> None:
    childcare = {"service": "childcare"}
    case = Trial(procedure, MONDAY, formality=formality, about=["childcare_deputy_manager"], facts=childcare)
    said: dict[str, Any] = {"decision": "disciplinary", "answer": answer, "record": {"reason": "as she said"}}
    case.refused("decide", "womens_service_manager", **said)
    assert case.refused("decide", by, **{**said, "record": {}}).sentence == "This must be recorded too: reason."
    case.do("decide", by, **said)
    decided = next(one.data for one in case.ledger if one.event == "decided")
    assert decided["instance"] == "s0"
    opened = [one.data for one in case.ledger if one.event == "linked_case_opened"]
    assert [(one["linked"], one["outside"], one["without"]) for one in opened] == (
        [("disciplinary", True, ["who complained"])] if answer == "yes" else []
    )


@pytest.mark.clause("STS-9")
def test_discipline_runs_outside_is_about_one_person_and_is_not_asked_of_thanks(procedure: Procedure) -> None:
    (linked,) = procedure.linked_cases
    assert (linked.outside_platform, linked.about) == (True, "named_person")
    thanks = Trial(procedure, MONDAY, kind="compliment", about=["keyworker"])
    assert thanks.refused("decide", "chief_executive", decision="disciplinary").sentence == "This is not asked here."


# ---------------------------------------------------------------- each year


@pytest.mark.clause("STS-2")
def test_each_year_complaints_are_looked_over_for_what_repeats_and_the_trustees_read_it(procedure: Procedure) -> None:
    (report,) = [one for one in procedure.reports if one.key == "annual_trends"]
    assert (str(report.clock.every), str(report.covers)) == ("1 year", "1 year")
    assert (report.by, report.to) == (("chief_executive",), ("chair_of_trustees",))
    assert {*report.measures} == {"received", "upheld", "categories", "trends", "lessons", "actions", "on_time"}


@pytest.mark.clause("STS-2", "STS-14")
def test_the_chair_looks_at_the_policy_again_a_year_after_it_was_signed(procedure: Procedure) -> None:
    charity = Round(procedure, "2026-11-02")
    line = charity.line("2026-11-22", "review_policy")
    assert (line.rule.by, line.due, line.status, line.missed) == (
        ("chair_of_trustees",), date(2022, 7, 26), "late", 4,
    )  # fmt: skip
    again = charity.happened("policy_reviewed", "2026-11-30").line("2026-12-01", "review_policy")
    assert again.due == date(2027, 11, 30)


@pytest.mark.clause("STS-2")
def test_each_year_the_chief_executive_takes_what_repeats_to_the_trustees(procedure: Procedure) -> None:
    charity = Round(procedure, "2026-11-02").done("look_over_complaints", "2027-11-03")
    lines = charity.lines("2027-11-04", "look_over_complaints")
    assert [(line.due, line.status) for line in lines] == [
        (date(2027, 11, 2), "kept late"), (date(2028, 11, 3), "running"),
    ]  # fmt: skip
    assert (lines[0].rule.by, lines[0].rule.to) == (("chief_executive",), ("chair_of_trustees",))
    assert not charity.lines("2027-11-04", "report.annual_trends")  # one and the same: nobody is reminded twice


@pytest.mark.clause("STS-2")
def test_staff_are_trained_each_year(procedure: Procedure) -> None:
    line = Round(procedure, "2026-11-02").line("2026-11-22", "training")
    assert (line.rule.by, line.due) == (("chief_executive",), date(2027, 11, 2))


@pytest.mark.clause("STS-14")
def test_the_document_is_that_of_26_july_2021(procedure: Procedure) -> None:
    assert procedure.document.dated == procedure.document.in_force_from == date(2021, 7, 26)
    assert procedure.provider.numbers == {"charity": "1162349", "ofsted": "EY435517"}
