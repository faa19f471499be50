"""The appeal panel: who sits, when it meets, how it runs, who hears: MEN-3, MEN-14, MEN-15 and MEN-20."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from heard.procedure import Procedure
from heard.trial import Trial

INDEPENDENT = "independent_panel_member"
THREE = ["panel_member", "panel_member_2", INDEPENDENT]
DIRECTOR = ["director"]


def appealed(procedure: Procedure, asked: str = "2026-12-18 09:00", **said: Any) -> Trial:
    """Answered at Stage 2 on 10 December, and appealed against."""
    case = Trial(procedure, "2026-11-24 10:00", **said).happened("responded", "2026-12-10 10:00")
    return case.do("ask_to_go_on", when=asked, to="stage_3")


def arranged(procedure: Procedure, day: str, **said: Any) -> Trial:
    """The same with its panel, and the panel's day."""
    case = appealed(procedure, **said)
    case.do("form_panel", "director", members=THREE, chair="panel_member")
    return case.do("arrange_panel", "director", date=day)


# ---------------------------------------------------------------- who sits


@pytest.mark.clause("MEN-14", "MEN-15")
@pytest.mark.parametrize(
    ("members", "chair", "may"),
    [
        (THREE, "panel_member", True),
        (THREE, INDEPENDENT, True),
        ([*THREE, "panel_member_3"], "panel_member", True),
        (THREE[1:], "panel_member_2", False),
        (["panel_member", "panel_member_2", "panel_member_3"], "panel_member", False),
        (THREE, "panel_member_3", False),
        (THREE, None, False),
        (["panel_member", "operational_manager", INDEPENDENT], "panel_member", True),
    ],
)
def test_at_least_three_sit_one_of_them_independent_and_one_of_them_leads(
    procedure: Procedure, members: list[str], chair: str | None, may: bool
) -> None:
    case = appealed(procedure)
    if may:
        case.do("form_panel", "director", members=members, chair=chair)
        assert case.state.panel["chair"] == chair
    else:
        case.refused("form_panel", "director", members=members, chair=chair)


@pytest.mark.clause("MEN-14")
def test_nobody_sits_who_had_a_part_in_it_and_the_independent_one_neither_manages_nor_runs_the_service(
    procedure: Procedure,
) -> None:
    case = appealed(procedure)
    case.happened("assigned", "2026-12-18 10:00", part="consults", person="panel_member_3")
    case.happened("assigned", "2026-12-18 10:00", part="consults", person=INDEPENDENT)
    case.refused("form_panel", "director", members=["panel_member_3", *THREE[:1], INDEPENDENT], chair="panel_member")
    case.refused("form_panel", "director", members=THREE, chair="panel_member")
    member, independent = procedure.role("panel_member"), procedure.role(INDEPENDENT)
    assert {bar.who for bar in member.may_not_be} == {"handled_this_case", "involved_in_the_substance"}
    barred = {bar.who for bar in independent.may_not_be}
    assert barred == {"employee", "director", "manages_the_service", "handled_this_case"}
    assert independent.outside and not member.outside
    assert (member.sees, independent.sees) == ("own", "own")


@pytest.mark.clause("MEN-14", "MEN-15")
def test_whoever_it_is_about_chooses_nobody_and_each_side_may_come(procedure: Procedure) -> None:
    panel = procedure.stage("stage_3").panel
    assert panel
    assert {*panel.may_attend} == {
        "complainant", "a friend of the complainant", "the Director", "witnesses of either side",
    }  # fmt: skip
    case = Trial(procedure, "2026-11-24 10:00", about=DIRECTOR)
    case.refused("form_panel", "director", members=THREE, chair="panel_member")
    case.do("form_panel", "operational_manager", members=THREE, chair="panel_member")


@pytest.mark.clause("MEN-15")
def test_the_hearing_runs_in_the_document_s_order_and_all_or_most_decide(procedure: Procedure) -> None:
    panel = procedure.stage("stage_3").panel
    assert panel and panel.decides_by == ("unanimous", "majority")
    assert panel.order == (
        "the chair introduces everybody",
        "the complainant explains",
        "questions to the complainant, through the chair",
        "the Director explains",
        "questions to the Director, through the chair",
        "witnesses of either side",
        "last words of both",
        "the chair ends the hearing and says when they will hear",
    )


# ---------------------------------------------------------------- when it meets


@pytest.mark.clause("MEN-14")
@pytest.mark.parametrize(
    ("asked", "by"), [("2026-12-18 09:00", date(2027, 1, 13)), ("2026-12-24 16:00", date(2027, 1, 19))]
)
def test_the_panel_meets_within_fifteen_working_days_of_the_appeal(
    procedure: Procedure, asked: str, by: date
) -> None:
    case = appealed(procedure, asked)
    assert (case.due("panel_meets"), case.line("panel_meets").to) == (by, ("complainant",))
    case.do("form_panel", "director", members=THREE, chair="panel_member")
    case.refused("arrange_panel", "director", date="2027-01-20")
    case.happened("panel_met", "2027-01-08 10:00")
    assert case.line("panel_meets").status == "met"


@pytest.mark.clause("MEN-3")
def test_about_the_director_the_fifteen_days_run_from_receipt(procedure: Procedure) -> None:
    assert Trial(procedure, "2026-12-18 16:30", about=DIRECTOR).due("panel_meets") == date(2027, 1, 13)


@pytest.mark.clause("MEN-14", "MEN-20")
def test_three_working_days_notice_is_given_with_all_that_they_need_to_come(procedure: Procedure) -> None:
    case = arranged(procedure, "2026-12-30")
    line = case.line("invite")
    assert (line.due, line.to) == (date(2026, 12, 23), ("complainant", "panel", "attendees"))
    letter = [
        "date, time and place",
        "they may attend",
        "they may bring a friend or relative",
        "help with access to the place",
    ]
    refused = case.refused("tell", "director", duty="invite", whom="complainant", contents=[])
    assert refused.sentence == f"It must also say: {'; '.join(letter)}."
    late = appealed(procedure, "2026-12-24 09:00")
    late.do("form_panel", "director", members=THREE, chair="panel_member")
    assert "too soon" in late.refused("arrange_panel", "director", date="2026-12-30").sentence


# ---------------------------------------------------------------- what it found


@pytest.mark.parametrize(
    ("clause", "duty", "to"),
    [
        ("MEN-14", "findings", "complainant"),
        ("MEN-14", "findings_to_director", "director"),
        ("MEN-14", "findings_to_operational_manager", "operational_manager"),
        ("MEN-14", "findings_to_named", "named_person"),
    ],
)
def test_the_findings_go_to_everybody_whom_the_document_names_within_five_working_days(
    procedure: Procedure, clause: str, duty: str, to: str
) -> None:
    case = appealed(procedure, about=["mentor"])
    assert case.due(duty) is None
    line = case.happened("panel_met", "2026-12-30 15:00").line(duty)
    assert (line.due, line.to, line.source) == (date(2027, 1, 7), (to,), "policy")
    if duty == "findings":
        assert case.happened("responded", "2027-01-05 10:00").line(duty).status == "met"


@pytest.mark.clause("MEN-14")
def test_nobody_whom_it_is_about_gets_them_in_the_manager_s_place(procedure: Procedure) -> None:
    about_manager = appealed(procedure, about=["operational_manager"]).happened("panel_met", "2026-12-30 15:00")
    assert about_manager.owes("findings_to_director") and not about_manager.owes("findings_to_operational_manager")
    about_director = Trial(procedure, "2026-11-24 10:00", about=DIRECTOR).happened("panel_met", "2026-12-10 15:00")
    assert about_director.owes("findings_to_operational_manager") and not about_director.owes("findings_to_director")


@pytest.mark.clause("MEN-14")
@pytest.mark.parametrize("ground", ["it is not possible", "safeguarding or police advice"])
def test_each_person_it_is_about_hears_where_possible_and_nothing_of_other_children(
    procedure: Procedure, ground: str
) -> None:
    about = ["mentor", "operational_manager"]
    case = appealed(procedure, about=about).happened("panel_met", "2026-12-30 15:00")
    lines = [one for one in case.lines() if one.duty == "findings_to_named"]
    assert {one.instance for one in lines} == {"s0", "s1"}
    excuse = {"duty": "findings_to_named", "instance": "s0"}
    case.refused("excuse", "panel_member", ground=ground, **excuse)
    case.refused("excuse", "director", ground="it is awkward", **excuse)
    case.do("excuse", "director", ground=ground, **excuse)
    rule = procedure.duty("findings_to_named", "stage_3")
    assert rule.leaves_out == ("anything about other children",)


# ---------------------------------------------------------------- the facts, where nobody has investigated


@pytest.mark.clause("MEN-3")
def test_about_the_director_somebody_outside_reports_the_facts_three_working_days_before_the_panel(
    procedure: Procedure,
) -> None:
    case = Trial(procedure, "2026-12-18 16:30", about=DIRECTOR)
    case.happened("panel_arranged", "2026-12-21 09:00", date="2027-01-05")
    line = case.line("fact_finding")
    assert (line.due, line.by) == (date(2026, 12, 30), ("external_investigator",))
    refused = case.refused("panel_met", "operational_manager", "2027-01-05 12:00")
    assert refused.sentence == "The panel meets when it has a report of the facts."
    case.happened("investigation_recorded", "2027-01-05 12:30")
    assert case.line("fact_finding").status == "met late"
    case.do("panel_met", "operational_manager")


@pytest.mark.clause("MEN-3")
def test_any_other_panel_has_the_investigation_of_stage_2_and_waits_for_no_report(procedure: Procedure) -> None:
    case = arranged(procedure, "2026-12-30")
    case.do("panel_met", "director", "2026-12-30 15:00")
