"""Who holds which part, and where it leads when the complaint is about that person.

The text gives one person four offices, so most of this is about the ways that lead outside.
"""

from __future__ import annotations

import pytest

from heard.beside import stands_beside
from heard.commands import Actor
from heard.people import viewers
from heard.procedure import Procedure
from heard.roster import Relation
from heard.trial import Trial

FRIDAY = "2026-12-18 16:30"
MANAGER, DUTY_MANAGER, OUTSIDE = "registered_service_manager", "out_of_hours_duty_manager", "external_investigator"
LEAD, DEPUTY = "designated_safeguarding_lead", "deputy_safeguarding_lead"
HERE, TEAM = "trial_provider", "complaints_team"


def at_stage_2(procedure: Procedure, about: tuple[str, ...] = (), relations: tuple[Relation, ...] = ()) -> Trial:
    """A case whose complainant has asked for an investigation."""
    trial = Trial(procedure, "2027-03-15 10:00", about=about, relations=relations)
    return trial.do("ask_to_go_on", "complainant", "2027-03-22 10:00", to="stage_2")


@pytest.mark.clause("IOI-1", "IOI-2")
def test_one_named_person_is_manager_complaints_manager_lead_and_director(procedure: Procedure) -> None:
    names = {role.key: role.named for role in procedure.roles if role.named}
    assert names == {MANAGER: "Claire Salter", LEAD: "Claire Salter", "director": "Claire Salter"}
    assert procedure.role(MANAGER).also_called == ("Complaints Manager", "Registered Person")


@pytest.mark.parametrize(
    ("office", "also_about", "told"),
    [
        (MANAGER, (), DUTY_MANAGER),
        (LEAD, (), DEPUTY),
        (LEAD, (DEPUTY,), "safeguarding_partnership"),
        ("director", (), OUTSIDE),
    ],
)
@pytest.mark.clause("IOI-1", "IOI-2")
def test_what_an_office_hears_goes_to_somebody_else_when_the_complaint_is_about_its_holder(
    procedure: Procedure, office: str, also_about: tuple[str, ...], told: str
) -> None:
    assert Trial(procedure, FRIDAY).told(office) == (office,)
    assert Trial(procedure, FRIDAY, about=(office, *also_about)).told(office) == (told,)


@pytest.mark.clause("IOI-34")
def test_the_senior_manager_is_the_director_or_somebody_outside(procedure: Procedure) -> None:
    assert Trial(procedure, FRIDAY).told("senior_manager") == ("director",)
    assert Trial(procedure, FRIDAY, about=["director"]).told("senior_manager") == (OUTSIDE,)


@pytest.mark.parametrize("formality", ["formal", "informal"])
@pytest.mark.clause("IOI-6")
def test_a_team_logs_each_complaint_and_moves_none_on(procedure: Procedure, formality: str) -> None:
    case = Trial(procedure, FRIDAY, formality=formality)
    assert TEAM in viewers(procedure, case.state, case.roster, case.now)
    case.do("record", TEAM, record="file", fields=["details", "actions"])
    for command, data in (
        ("respond", {"findings": {"complaint": "upheld"}}), ("assign", {"part": "handles", "person": MANAGER}),
        ("extend", {"duty": "respond", "days": 5, "reason": "late"}), ("close", {"outcome": "answered"}),
    ):  # fmt: skip
        assert "not yours to do" in case.refused(command, TEAM, **data).sentence, command
    assert stands_beside(case.state, Actor(TEAM, (TEAM, "staff")))
    assert procedure.role(TEAM).name == "Complaints coordination team"
    assert procedure.role("team_manager").name == "Team manager"


@pytest.mark.clause("IOI-6")
def test_the_team_knows_nothing_of_a_complaint_about_one_of_them(procedure: Procedure) -> None:
    case = Trial(procedure, FRIDAY, about=[TEAM])
    assert TEAM not in viewers(procedure, case.state, case.roster, case.now)
    assert case.refused("record", TEAM, record="file", fields=["details"]).sentence == "There is no such case."


@pytest.mark.parametrize(
    ("clause", "stage", "part", "ladder"),
    [
        ("IOI-17", "informal", "handles", ("team_manager", MANAGER, OUTSIDE)),
        (("IOI-18", "IOI-19"), "stage_1", "handles", (MANAGER, DUTY_MANAGER, OUTSIDE)),
        (("IOI-32", "IOI-33"), "stage_2", "handles", (MANAGER, DUTY_MANAGER, OUTSIDE)),
        (("IOI-32", "IOI-33"), "stage_2", "decides", ("director", OUTSIDE)),
        ("IOI-42", "stage_3", "handles", (MANAGER, OUTSIDE)),
        ("IOI-42", "stage_3", "decides", (MANAGER, OUTSIDE)),
    ],
)
def test_each_way_through_the_house_ends_outside_it(
    procedure: Procedure, clause: str | tuple[str, ...], stage: str, part: str, ladder: tuple[str, ...]
) -> None:
    assert procedure.stage(stage).people[part] == ladder


@pytest.mark.parametrize(
    ("about", "handler"),
    [
        ((), MANAGER),
        (("team_manager",), MANAGER),
        ((MANAGER,), DUTY_MANAGER),
        ((MANAGER, DUTY_MANAGER), OUTSIDE),
    ],
)
@pytest.mark.clause("IOI-18", "IOI-19")
def test_the_manager_handles_a_formal_complaint_and_somebody_else_one_about_the_manager(
    procedure: Procedure, about: tuple[str, ...], handler: str
) -> None:
    assert Trial(procedure, FRIDAY, about=about).holder("handles") == handler


@pytest.mark.clause("IOI-19", "IOI-33")
def test_when_nobody_is_left_the_authority_takes_it_and_it_hears_whenever_a_case_leads_outside(
    procedure: Procedure,
) -> None:
    led_out = Trial(procedure, FRIDAY, about=[MANAGER, DUTY_MANAGER])
    assert led_out.state.all("assigned")[-1].data["also_tell"] == ["placing_authority"]
    informal = Trial(procedure, FRIDAY, formality="informal", about=["team_manager", MANAGER, DUTY_MANAGER, OUTSIDE])
    assert informal.holder("handles") == "placing_authority"
    assert procedure.conflicts.if_nobody == (OUTSIDE, "placing_authority")


@pytest.mark.parametrize("kind", ["manages", "managed by"])
@pytest.mark.clause("IOI-19", "IOI-33")
def test_neither_the_manager_of_somebody_named_nor_whom_they_manage_handles_it(procedure: Procedure, kind: str) -> None:
    pair = (MANAGER, "team_manager") if kind == "manages" else ("team_manager", MANAGER)
    tie = Relation("manages", *pair)
    assert Trial(procedure, FRIDAY, about=["team_manager"], relations=[tie]).holder("handles") == DUTY_MANAGER
    officer = Relation("manages", *("investigating_officer" if one == MANAGER else one for one in pair))
    assert at_stage_2(procedure, ("team_manager",), (officer,)).holder("investigates") == OUTSIDE


@pytest.mark.clause("IOI-19", "IOI-33")
def test_nobody_named_can_see_answer_or_be_given_the_case(procedure: Procedure) -> None:
    trial = Trial(procedure, FRIDAY, about=[MANAGER])
    assert trial.refused("acknowledge", MANAGER).sentence == "There is no such case."
    assert trial.refused("assign", DUTY_MANAGER, part="handles", person=MANAGER, declaration="none")


@pytest.mark.clause("IOI-32", "IOI-33")
def test_stage_2_has_an_investigator_an_independent_person_and_a_director_who_decides(procedure: Procedure) -> None:
    trial = at_stage_2(procedure)
    parts = ("handles", "investigates", "observes", "decides")
    assert [trial.holder(part) for part in parts] == [
        MANAGER, "investigating_officer", "independent_person", "director",
    ]  # fmt: skip
    assert procedure.stage("stage_2").formal
    for role in ("investigating_officer", "independent_person"):
        assert procedure.role(role).appointed_by == ("placing_authority", MANAGER)


@pytest.mark.parametrize(
    "tie",
    [
        Relation("employee", "independent_person", HERE),
        Relation("director", "independent_person", HERE),
        Relation("spouse_or_partner", "independent_person", MANAGER),
    ],
    ids=lambda tie: tie.kind,
)
@pytest.mark.clause("IOI-33")
def test_the_independent_person_has_no_tie_to_the_house(procedure: Procedure, tie: Relation) -> None:
    assert at_stage_2(procedure, relations=(tie,)).holder("observes") == OUTSIDE


@pytest.mark.clause("IOI-33")
def test_an_investigating_officer_sees_the_cases_they_were_appointed_to_and_no_other(procedure: Procedure) -> None:
    officer = "investigating_officer"
    before, appointed = Trial(procedure, "2027-03-15 10:00"), at_stage_2(procedure)
    assert appointed.holder("investigates") == officer
    assert officer in viewers(procedure, appointed.state, appointed.roster, appointed.now)
    assert officer not in viewers(procedure, before.state, before.roster, before.now)


@pytest.mark.clause("IOI-42")
def test_whoever_answered_at_an_earlier_stage_does_not_decide_after_the_panel(procedure: Procedure) -> None:
    trial = Trial(procedure, "2027-03-01 10:00")
    trial.happened("responded", "2027-03-12 10:00", findings={"complaint": "not_upheld"})
    trial.do("ask_to_go_on", "complainant", "2027-03-15 10:00", to="stage_2")
    trial.happened("responded", "2027-04-19 10:00", findings={"complaint": "not_upheld"})
    trial.do("ask_to_go_on", "complainant", "2027-04-20 10:00", to="stage_3")
    assert trial.holder("decides") == DUTY_MANAGER
