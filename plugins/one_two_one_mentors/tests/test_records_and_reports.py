"""What is written down, kept, told and done each year: MEN-3, MEN-7, MEN-10, MEN-13, MEN-20, MEN-22 and MEN-23."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from heard.numbering import registrar, written
from heard.procedure import Procedure
from heard.standing_trial import Round
from heard.trial import Trial

TUESDAY = "2026-11-24 10:00"
EVERY = [
    "received_at", "complainant", "details", "to_whom_made", "evidence", "answer_wanted", "answer_given", "handlers",
]  # fmt: skip
FILE = [
    "desired_outcome", "investigation", "interviews", "findings", "actions", "communications",
    "settled_before_or_at_a_panel", "complainant_response",
]  # fmt: skip


def lacks(fields: list[str]) -> str:
    return f"The record lacks: {', '.join(fields).replace('_', ' ')}."


def settled(procedure: Procedure, **said: Any) -> Trial:
    """A concern that was settled informally, with all that is owed but the records."""
    case = Trial(procedure, TUESDAY, formality="informal", **said)
    case.happened("acknowledged", TUESDAY).happened("responded", "2026-11-25 10:00")
    for duty in ("report_to_director", "first_look"):
        case.happened("told", "2026-11-25 11:00", duty=duty)
    return case


# ---------------------------------------------------------------- records


@pytest.mark.clause("MEN-7", "MEN-13")
@pytest.mark.parametrize("kind", ["complaint", "concern"])
def test_of_every_concern_and_complaint_eight_things_are_written_down_before_it_is_closed(
    procedure: Procedure, kind: str
) -> None:
    case = settled(procedure, kind=kind)
    close: dict[str, Any] = {"outcome": "answered", "needs_met": ["complainant_satisfied"]}
    case.happened("recorded", "2026-11-25 12:00", record="note")
    assert case.refused("close", "mentor", **close).sentence == lacks(EVERY)
    case.do("record", "mentor", record="every_complaint", fields=EVERY)
    case.do("close", "mentor", **close)


@pytest.mark.clause("MEN-7", "MEN-13")
def test_thanks_need_no_record(procedure: Procedure) -> None:
    case = Trial(procedure, TUESDAY, kind="compliment")
    case.do("tell", duty="pass_on_thanks", whom="handler")
    case.do("close", "director", outcome="answered")


@pytest.mark.parametrize("clause", ["MEN-7", "MEN-10", "MEN-13"])
@pytest.mark.parametrize("about", [[], ["director"]])
def test_a_formal_complaint_is_closed_when_the_complaints_file_is_whole(
    procedure: Procedure, clause: str, about: list[str]
) -> None:
    case = Trial(procedure, TUESDAY, about=about)
    case.do("withdraw", reason="he has left").happened("told", TUESDAY, duty="taken_back.confirm", whom="complainant")
    close: dict[str, Any] = {"outcome": "withdrawn"}
    case.do("record", record="every_complaint", fields=EVERY)
    assert case.refused("close", **close).sentence == lacks(FILE)
    case.do("record", record="complaints_file", fields=FILE)
    case.do("close", **close)


@pytest.mark.clause("MEN-7", "MEN-10", "MEN-13")
def test_the_complaints_file_is_read_by_those_who_deal_with_it(procedure: Procedure) -> None:
    (rule,) = [one for one in procedure.records if one.key == "complaints_file"]
    assert {*rule.may_see} == {"handler", "investigates", "coordinates", "panel", "complaints_coordinator"}


# ---------------------------------------------------------------- the reference


@pytest.mark.clause("MEN-10")
@pytest.mark.parametrize(
    ("programme", "n", "reference"),
    [
        ("", 1, "30.9.04 / (PR) / Riverside / (CI)"),
        ("Motor", 1, "30.9.04 / (PR) / Riverside-Motor / (CI)"),
        ("", 2, "30.9.04 / (PR) / Riverside / (CI) / 2"),
    ],
)
def test_the_reference_is_written_as_in_the_document_s_own_example(
    procedure: Procedure, programme: str, n: int, reference: str
) -> None:
    rule = procedure.reference
    assert rule
    values = {"handler_initials": "PR", "site": "Riverside", "programme": programme, "complainant_initials": "CI"}
    assert written(rule, date(2004, 9, 30), values, n) == reference
    assert (rule.on_clash, rule.if_anonymous, rule.kept_in) == (" / {n}", "ANON", "Complaints File")


@pytest.mark.clause("MEN-10")
@pytest.mark.parametrize(
    ("said", "made"), [({"formality": "informal"}, False), ({}, True), ({"about": ["director"]}, True)]
)
def test_it_is_made_when_the_complaint_becomes_formal(procedure: Procedure, said: dict[str, Any], made: bool) -> None:
    assert (registrar(Trial(procedure, TUESDAY, **said).state) is not None) is made


# ---------------------------------------------------------------- who may be told, how long it is kept


@pytest.mark.clause("MEN-20")
def test_what_is_told_stays_with_those_who_need_it_and_the_complainant_hears_what_use_is_made_of_it(
    procedure: Procedure,
) -> None:
    rule = procedure.disclosure
    assert rule and {*rule.allowed_on} == {
        "need to know within the service", "consent", "legal duty", "safeguarding",
        "the referring agency's part in the case",
    }  # fmt: skip
    for stage, duty in (("stage_1", "offer_informal"), ("stage_2", "give_reference")):
        assert "what use is made of what they told us" in procedure.duty(duty, stage).contains


@pytest.mark.clause("MEN-23")
@pytest.mark.parametrize(
    ("key", "length", "or_until", "after"),
    [
        ("child_file", "25 years", None, "born"),
        ("complaint_file", "6 years", None, "closed"),
        ("allegation", "10 years", "retirement_age", "recorded"),
    ],
)
def test_as_the_text_names_no_periods_the_house_keeps_papers_for_these(
    procedure: Procedure, key: str, length: str, or_until: str | None, after: str
) -> None:
    (rule,) = [one for one in procedure.retention if one.key == key]
    assert (str(rule.keep.within), rule.keep.or_until, rule.source) == (length, or_until, "house default")
    assert rule.clock.after and rule.clock.after.events == (after,)


# ---------------------------------------------------------------- watched over, and each year


@pytest.mark.clause("MEN-3", "MEN-23")
def test_the_coordinator_sees_each_year_what_came_in_and_how_it_ended(procedure: Procedure) -> None:
    (report,) = [one for one in procedure.reports if one.key == "monitoring"]
    assert (str(report.clock.every), str(report.covers), report.hide_below) == ("1 year", "1 year", 10)
    assert report.to == ("complaints_coordinator",)
    assert {*report.measures} == {"received", "upheld", "categories", "on_time", "lessons", "actions", "trends"}


@pytest.mark.clause("MEN-22")
@pytest.mark.parametrize(
    ("key", "whom", "to", "after"),
    [
        ("complaints_form", "a", ("young_person", "parent"), "home_visited"),
        ("induction", "new_mentor", ("staff",), "started_work"),
    ],
)
def test_the_form_is_given_at_the_home_visit_and_the_procedure_explained_on_the_first_day(
    procedure: Procedure, key: str, whom: str, to: tuple[str, ...], after: str
) -> None:
    mentors = Round(procedure, "2026-11-02").works("new_mentor", "2026-11-05")
    mentors.happened("home_visited", "2026-11-05", young_person="a")
    line = mentors.line("2026-11-05 13:00", key, whom)
    assert (line.due, line.rule.to, line.derivation.event) == (date(2026, 11, 5), to, after)
    assert line.derivation.within == "0 calendar days"
    assert mentors.line("2026-11-06", key, whom).status == "late"


@pytest.mark.clause("MEN-22")
def test_the_policy_is_looked_at_again_a_year_after_september_2023(procedure: Procedure) -> None:
    mentors = Round(procedure, "2026-11-02")
    line = mentors.line("2026-11-22", "review_policy")
    assert (line.due, line.status, line.derivation.event) == (date(2024, 9, 1), "late", "document_dated")
    again = mentors.happened("policy_reviewed", "2026-11-30").line("2026-12-01", "review_policy")
    assert again.due == date(2027, 11, 30)
