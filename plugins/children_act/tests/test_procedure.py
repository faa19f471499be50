"""The Children Act statutory procedure: what every plugin must hold, and the figures of the regulations."""

from __future__ import annotations

from datetime import date

import pytest

from heard.procedure import Procedure
from heard.registry import load_procedures
from heard.standing_trial import Round
from heard.testing import ProcedureConformance, SuspensionConformance


class TestProcedure(ProcedureConformance):
    key = "children_act"


@pytest.fixture(scope="module")
def procedure() -> Procedure:
    return load_procedures().get("children_act")


@pytest.mark.parametrize(
    ("stage", "duty", "within", "extended_to", "clause"),
    [
        ("stage_1", "respond", "10 working days", "20 working days", "reg 14"),
        ("stage_2", "respond", "25 working days", "65 working days", "reg 17"),
        ("stage_3", "panel_meets", "30 working days", None, "reg 19"),
        ("stage_3", "recommend", "5 working days", None, "reg 20"),
        ("stage_3", "respond", "15 working days", None, "reg 20"),
    ],
)
def test_each_figure_of_the_regulations_stands_with_its_regulation(
    procedure: Procedure, stage: str, duty: str, within: str, extended_to: str | None, clause: str
) -> None:
    rule = procedure.stage(stage).duty(duty)
    assert str(rule.clock.within) == within
    assert (str(rule.clock.extension.to) if rule.clock.extension else None) == extended_to
    assert clause in rule.clause
    assert rule.source == "law"


def test_stage_2_runs_from_the_request_and_the_agreed_statement_is_only_shown_beside_it(procedure: Procedure) -> None:
    stage = procedure.stage("stage_2")
    start = stage.duty("respond").clock.after
    assert start and start.events == ("stage_opened",)
    assert stage.duty("respond_from_statement").clock.strength == "comparison"


def test_three_independent_people_sit_on_the_panel_and_never_the_independent_person_of_the_case(
    procedure: Procedure,
) -> None:
    panel = procedure.stage("stage_3").panel
    assert panel and panel.members.exactly == 3
    barred = {barred.who for barred in procedure.role(panel.members.role).may_not_be}
    assert {"elected_member", "employee", "spouse_or_partner_of_those", "independent_person_of_this_case"} == barred


def test_going_on_is_open_for_twenty_working_days_and_late_requests_are_looked_at(procedure: Procedure) -> None:
    for stage in ("stage_1", "stage_2"):
        (way,) = procedure.stage(stage).ways_on
        assert str(way.clock.within) == "20 working days"
        assert way.late and way.when_over == "ask"


def test_a_disputed_decision_is_presumed_to_wait(procedure: Procedure) -> None:
    assert procedure.decision("freeze").presumed == "yes"


@pytest.mark.clause("Children Act 1989 s26A")
def test_each_young_person_hears_on_the_day_they_come_how_to_complain_and_to_get_an_advocate(
    procedure: Procedure,
) -> None:
    home = Round(procedure, "2026-11-02").happened("admitted", "2026-11-05", young_person="a")
    line = home.line("2026-11-05 13:00", "tell_each_young_person", "a")
    assert (line.due, line.rule.to, line.rule.source) == (date(2026, 11, 5), ("young_person",), "law")
    assert home.line("2026-11-06", "tell_each_young_person", "a").status == "late"


@pytest.mark.clause("Working Together 2023 and local LADO procedures")
class TestSuspension(SuspensionConformance):
    decides, about, concern = "registered_manager", "team_manager", "disciplinary"
    each = (("registered_manager", "team_manager"), ("director_of_childrens_services", "registered_manager"))
