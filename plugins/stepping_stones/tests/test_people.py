"""Who deals with it at each stage, and who does when it is about them: STS-3 to STS-6, STS-8, STS-10 and STS-12."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from heard.case import Actor, actions
from heard.people import Relation, viewers
from heard.procedure import Procedure
from heard.trial import Trial

MONDAY = "2027-01-11 10:00"
WOMEN: dict[str, Any] = {"facts": {"service": "women's service"}}
CHILDCARE: dict[str, Any] = {"facts": {"service": "childcare"}}
TOP = ["chief_executive", "chair_of_trustees"]


def at_the_board(procedure: Procedure, about: list[str] | None = None, **said: Any) -> Trial:
    """A complaint whose answer was asked to be reviewed by the Board."""
    case = Trial(procedure, MONDAY, about=about or [], child_age=3, **said)
    case.happened("responded", "2027-01-12 10:00")
    return case.do("ask_to_go_on", when="2027-01-13 10:00", to="stage_3")


# ---------------------------------------------------------------- the route of each stage


@pytest.mark.parametrize(
    ("clause", "said", "about", "handles"),
    [
        ("STS-3", WOMEN, [], "keyworker"),
        ("STS-3", WOMEN, ["keyworker"], "womens_service_manager"),
        ("STS-3", WOMEN, ["keyworker", "womens_service_manager", "childcare_service_manager",
                          "childcare_deputy_manager"], "chief_executive"),
        ("STS-4", WOMEN, [], "keyworker"),
        ("STS-4", CHILDCARE, [], "childcare_service_manager"),
        ("STS-4", CHILDCARE, ["childcare_service_manager"], "childcare_deputy_manager"),
        ("STS-4", CHILDCARE, ["childcare_service_manager", "childcare_deputy_manager"], "chief_executive"),
    ],
)  # fmt: skip
def test_stage_1_is_dealt_with_by_those_who_run_the_service_and_never_by_whom_it_is_about(
    procedure: Procedure, clause: str, said: dict[str, Any], about: list[str], handles: str
) -> None:
    assert Trial(procedure, MONDAY, formality="informal", about=about, **said).holder("handles") == handles


@pytest.mark.parametrize(
    ("clause", "said", "about", "investigates"),
    [
        ("STS-3", WOMEN, [], "womens_service_manager"),
        ("STS-3", WOMEN, ["keyworker"], "womens_service_manager"),
        ("STS-3", WOMEN, ["womens_service_manager", "childcare_service_manager", "childcare_deputy_manager"],
         "chief_executive"),
        ("STS-4", CHILDCARE, [], "childcare_service_manager"),
        ("STS-4", CHILDCARE, ["childcare_service_manager"], "childcare_deputy_manager"),
        ("STS-4", CHILDCARE, ["childcare_service_manager", "childcare_deputy_manager"], "chief_executive"),
    ],
)  # fmt: skip
def test_the_service_manager_looks_into_what_is_not_settled(
    procedure: Procedure, clause: str, said: dict[str, Any], about: list[str], investigates: str
) -> None:
    assert Trial(procedure, MONDAY, formality="informal", about=about, **said).holder("investigates") == investigates


@pytest.mark.clause("STS-3", "STS-4")
def test_the_service_manager_hears_of_every_complaint_by_the_next_working_day(procedure: Procedure) -> None:
    line = Trial(procedure, "2026-12-24 10:00", formality="informal", **WOMEN).line("tell_service_manager")
    assert (line.to, line.target_at, line.status) == (("investigates",), line.due_at, "met")
    assert line.due == date(2026, 12, 29)


@pytest.mark.parametrize(
    ("clause", "about", "handles"),
    [
        ("STS-6", [], "chief_executive"),
        ("STS-8", ["keyworker"], "chief_executive"),
        ("STS-8", ["chief_executive"], "chair_of_trustees"),
        ("STS-8", ["chair_of_trustees"], "vice_chair"),
        ("STS-8", ["chair_of_trustees", "vice_chair"], "trustee"),
        ("STS-8", ["chief_executive", "chair_of_trustees", "vice_chair"], "trustee"),
        ("STS-8", ["chair_of_trustees", "vice_chair", "trustee", *(f"trustee_{n}" for n in range(2, 6))],
         "external_investigator"),
        ("STS-8", ["chief_executive", "vice_chair", "trustee", *(f"trustee_{n}" for n in range(2, 6))],
         "chair_of_trustees"),
    ],
)  # fmt: skip
def test_stage_2_is_the_chief_executive_s_and_about_them_the_chair_s(
    procedure: Procedure, clause: str, about: list[str], handles: str
) -> None:
    assert Trial(procedure, MONDAY, about=about).holder("handles") == handles


@pytest.mark.parametrize(
    ("clause", "about", "handles"),
    [
        ("STS-10", [], "chair_of_trustees"),
        ("STS-10", ["chief_executive"], "vice_chair"),
        ("STS-10", ["chair_of_trustees"], "vice_chair"),
        ("STS-10", ["chair_of_trustees", "vice_chair"], "trustee_2"),
        ("STS-10", ["keyworker"], "chair_of_trustees"),
    ],
)
def test_stage_3_is_the_chair_s_unless_the_chair_answered_already_or_it_is_about_them(
    procedure: Procedure, clause: str, about: list[str], handles: str
) -> None:
    assert at_the_board(procedure, about).holder("handles") == handles


@pytest.mark.parametrize(
    ("clause", "stage", "first"),
    [
        ("STS-6", "stage_2", ("chief_executive", "chair_of_trustees")),
        ("STS-8", "stage_2", ("chief_executive", "chair_of_trustees")),
        ("STS-10", "stage_3", ("chair_of_trustees",)),
    ],
)
def test_each_formal_stage_ends_with_the_trustees_and_somebody_outside(
    procedure: Procedure, clause: str, stage: str, first: tuple[str, ...]
) -> None:
    assert procedure.stage(stage).people["handles"] == (*first, "vice_chair", "trustee", "external_investigator")


@pytest.mark.parametrize(("clause", "stage"), [("STS-8", "stage_2"), ("STS-10", "stage_3")])
def test_about_the_chair_it_goes_to_the_vice_chair_a_trustee_and_then_outside(
    procedure: Procedure, clause: str, stage: str
) -> None:
    (other,) = procedure.stage(stage).instead
    assert other.people["handles"] == ("vice_chair", "trustee", "external_investigator")


@pytest.mark.clause("STS-10")
def test_with_no_trustee_left_the_board_s_part_goes_outside(procedure: Procedure) -> None:
    trustees = ["vice_chair", "trustee", *(f"trustee_{n}" for n in range(2, 6))]
    assert at_the_board(procedure, ["chair_of_trustees", *trustees]).holder("handles") == "external_investigator"


# ---------------------------------------------------------------- conflicts


@pytest.mark.clause("STS-8", "STS-10", "STS-14")
def test_while_the_chair_is_the_one_it_is_about_the_vice_chair_stands_in(procedure: Procedure) -> None:
    assert Trial(procedure, MONDAY).told("chair_of_trustees") == ("chair_of_trustees",)
    assert Trial(procedure, MONDAY, about=["chair_of_trustees"]).told("chair_of_trustees") == ("vice_chair",)
    assert procedure.role("chair_of_trustees").named == "Sandra Brown"


@pytest.mark.clause("STS-8")
def test_nobody_handles_a_complaint_about_themselves_or_one_they_decided_and_in_the_end_it_goes_outside(
    procedure: Procedure,
) -> None:
    rules = procedure.conflicts
    assert {*rules.never_handles} == {"named_person", "decided_an_earlier_stage"}
    assert rules.if_nobody == ("chair_of_trustees", "trustee", "external_investigator")
    everybody = ["keyworker", "womens_service_manager", "childcare_service_manager", "childcare_deputy_manager"]
    case = Trial(procedure, MONDAY, formality="informal", about=[*everybody])
    assert case.holder("handles") == "chief_executive"
    case.do("stand_down", "chief_executive", person="chief_executive", why="a friend of theirs")
    assert case.holder("handles") == "chair_of_trustees"
    assert [one.data.get("also_tell") for one in case.ledger if one.event == "assigned"][-1] == ["trustee"]


@pytest.mark.clause("STS-8")
def test_who_looked_into_stage_1_does_not_decide_stage_2(procedure: Procedure) -> None:
    about = ["keyworker", "womens_service_manager", "childcare_service_manager", "childcare_deputy_manager"]
    case = Trial(procedure, MONDAY, formality="informal", about=about)
    case.happened("responded", "2027-01-12 10:00")
    case.do("ask_to_go_on", when="2027-01-13 10:00", to="stage_2")
    assert case.holder("handles") == "chair_of_trustees"


@pytest.mark.clause("STS-3")
def test_of_several_keyworkers_nobody_is_taken_by_chance(procedure: Procedure) -> None:
    assert procedure.role("keyworker").one_per == "client"
    assert procedure.role("womens_service_manager").one_per is None


@pytest.mark.clause("STS-5", "STS-6")
def test_the_chief_executive_is_a_role_of_the_house_also_called_ceo(procedure: Procedure) -> None:
    role = procedure.role("chief_executive")
    assert not role.outside and "CEO" in role.also_called


@pytest.mark.clause("STS-12")
def test_the_registered_person_is_the_childcare_service_manager_and_else_the_chief_executive(
    procedure: Procedure,
) -> None:
    assert Trial(procedure, MONDAY).told("registered_person") == ("childcare_service_manager",)
    gone = ["childcare_service_manager", "childcare_deputy_manager", "registered_person"]
    assert Trial(procedure, MONDAY, about=gone).told("registered_person") == ("chief_executive",)


# ---------------------------------------------------------------- the Board's panel


@pytest.mark.clause("STS-10")
@pytest.mark.parametrize(
    ("members", "about", "may"),
    [
        (["trustee", "trustee_2"], [], True),
        (["trustee", "trustee_2", "trustee_3"], [], True),
        (["trustee"], [], False),
        (["trustee", "trustee_2"], ["trustee"], False),
    ],
)
def test_at_least_two_trustees_decide_and_none_whom_it_is_about(
    procedure: Procedure, members: list[str], about: list[str], may: bool
) -> None:
    case = at_the_board(procedure, about)
    chair = Actor("chair_of_trustees", ("chair_of_trustees",))
    offered = actions(case.state, chair, case.now, case.calendars, case.roster)
    suggested = next(one.example["members"] for one in offered if one.name == "form_panel")
    assert len(suggested) == 3 and not {*suggested} & {*about}
    if may:
        case.do("form_panel", "chair_of_trustees", members=members)
    else:
        case.refused("form_panel", "chair_of_trustees", members=members)
    panel = procedure.stage("stage_3").panel
    assert panel
    assert procedure.stage("stage_3").people["decides"] == ("panel",)
    assert {*panel.may_attend} == {"complainant", "one more person of the complainant's choice"}


@pytest.mark.clause("STS-10")
def test_nobody_sits_who_handled_the_case_or_had_a_part_in_the_matter(procedure: Procedure) -> None:
    case = Trial(procedure, MONDAY, about=["chair_of_trustees", "vice_chair"], child_age=3)
    assert case.holder("handles") == "trustee"
    case.happened("responded", "2027-01-12 10:00")
    case.do("ask_to_go_on", when="2027-01-13 10:00", to="stage_3")
    assert "may not sit" in case.refused("form_panel", "trustee_2", members=["trustee", "trustee_3"]).sentence
    bars = {bar.who for bar in procedure.role("trustee").may_not_be}
    assert bars == {"named_person", "handled_this_case", "involved_in_the_substance"}


@pytest.mark.clause("STS-10")
def test_the_board_is_the_last_stage_and_a_formal_one(procedure: Procedure) -> None:
    last = procedure.stage("stage_3")
    assert last.final and last.formal and not last.ways_on


@pytest.mark.clause("STS-6", "STS-8")
def test_the_formal_complaint_is_a_formal_stage(procedure: Procedure) -> None:
    assert procedure.stage("stage_2").formal and not procedure.stage("stage_1").formal


# ---------------------------------------------------------------- thanks


@pytest.mark.parametrize(
    ("clause", "said", "handles"),
    [("STS-15", WOMEN, "womens_service_manager"), ("STS-15", CHILDCARE, "childcare_service_manager")],
)
def test_thanks_are_passed_on_by_who_runs_the_service(
    procedure: Procedure, clause: str, said: dict[str, Any], handles: str
) -> None:
    manages = Relation("manages", "womens_service_manager", "keyworker")
    case = Trial(procedure, "2026-12-24 10:00", kind="compliment", relations=[manages], about=["keyworker"], **said)
    assert case.holder("handles") == handles
    line = case.line("pass_on_compliment")
    assert (line.to, line.due) == (("named_person", "line_manager_of_named_person"), date(2026, 12, 29))


@pytest.mark.clause("STS-15")
def test_thanks_to_nobody_in_particular_are_the_handler_s_and_nothing_is_found_in_them(procedure: Procedure) -> None:
    case = Trial(procedure, "2026-12-24 10:00", kind="compliment", **WOMEN)
    assert case.holder("handles") == "womens_service_manager"
    case.do("tell", "womens_service_manager", duty="pass_on_compliment", whom="handler")
    assert case.line("pass_on_compliment").status == "met"
    case.do("respond", "womens_service_manager")
    away = ["womens_service_manager", "childcare_service_manager", "childcare_deputy_manager"]
    assert Trial(procedure, MONDAY, kind="compliment", about=away).holder("handles") == "chief_executive"


@pytest.mark.clause("STS-10")
def test_a_trustee_who_sits_on_no_panel_of_it_does_not_see_a_complaint(procedure: Procedure) -> None:
    case = Trial(procedure, "2026-12-18 16:30")
    assert not {"trustee", "trustee_2"} & viewers(procedure, case.state, case.roster, case.now)
