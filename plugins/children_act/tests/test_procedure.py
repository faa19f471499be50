"""The Children Act statutory procedure: what every plugin must hold, and the figures of the regulations."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from heard.procedure import Procedure
from heard.registry import load_procedures
from heard.standing_trial import Round
from heard.testing import ProcedureConformance
from heard.trial import Trial

LEAD = "designated_safeguarding_lead"


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
def test_suspending_somebody_is_a_decision_with_what_else_was_weighed_and_the_lado_is_asked_first(
    procedure: Procedure,
) -> None:
    why = {"reason": "the children live there", "alternatives considered": "work elsewhere"}
    asked: dict[str, Any] = {"decision": "suspend_staff", "answer": "yes", "record": why}

    def case(*concerns: str) -> Trial:
        found = Trial(procedure, "2026-12-18 16:30", about=["team_manager"], concerns=concerns)
        assert found.refused("decide", "registered_manager", **asked).sentence == "It is too early to decide this."
        return found.do("confirm_concern", LEAD, concern=concerns[0], reason="two people saw it")

    own = case("disciplinary")
    missing = own.refused("decide", "registered_manager", decision="suspend_staff", answer="yes")
    assert missing.sentence == "This must be recorded too: reason; alternatives considered."
    assert own.refused("decide", LEAD, **asked)
    row = own.do("decide", "registered_manager", **asked).ledger[-1].data
    assert (row["instance"], row["until"]) == ("s0", "responded")
    for answer in ("no", "other_safeguard"):
        said = case("disciplinary").do("decide", "registered_manager", **asked | {"answer": answer}).state.answers
        assert said["suspend_staff"] == answer
    refused = case("lado_threshold").refused("decide", "registered_manager", **asked)
    assert refused.sentence == "Where the LADO has to be asked, they are asked before anybody is suspended."
    danger = "nobody can be kept safe otherwise"
    said = case("lado_threshold").do("decide", "registered_manager", basis=danger, **asked).state.answers
    assert said["suspend_staff"] == "yes"
    advised = case("lado_threshold").do("close_safeguarding", LEAD, event="lado_agreed_next_step", outcome="go on")
    assert advised.do("decide", "registered_manager", **asked).state.answers["suspend_staff"] == "yes"
    other = Trial(procedure, "2026-12-18 16:30", about=["team_manager"], concerns=["missing"])
    other.do("confirm_concern", LEAD, concern="missing", reason="nobody has seen her")
    assert other.refused("decide", "registered_manager", **asked).sentence == "This is not asked here."


@pytest.mark.clause("Working Together 2023 and local LADO procedures")
@pytest.mark.parametrize(
    ("by", "about"),
    [("registered_manager", "team_manager"), ("director_of_childrens_services", "registered_manager")],
)  # fmt: skip
def test_each_of_these_may_decide_it(procedure: Procedure, by: str, about: str) -> None:
    case = Trial(procedure, "2026-12-18 16:30", about=[about], concerns=["disciplinary"])
    case.do("confirm_concern", LEAD, concern="disciplinary", reason="two people saw it")
    why = {"reason": "the children live there", "alternatives considered": "work elsewhere"}
    said = case.do("decide", by, decision="suspend_staff", answer="no", record=why).state.answers
    assert said["suspend_staff"] == "no"
