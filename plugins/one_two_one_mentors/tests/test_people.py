"""Who deals with it, and who does when it is about them: MEN-2, MEN-3, MEN-6, MEN-9, MEN-13 and MEN-14."""

from __future__ import annotations

import pytest

from heard.procedure import Procedure
from heard.trial import Trial

TUESDAY = "2026-11-24 10:00"
OUTSIDE = "external_investigator"
DIRECTOR, MANAGER = "director", "operational_manager"


def appealed(procedure: Procedure, about: list[str] | None = None) -> Trial:
    """Answered at Stage 2, and the answer appealed against."""
    case = Trial(procedure, TUESDAY, about=about or []).happened("responded", "2026-11-30 10:00")
    return case.do("ask_to_go_on", when="2026-12-01 10:00", to="stage_3")


@pytest.mark.parametrize(
    ("clause", "stage", "people"),
    [
        ("MEN-2", "stage_1", {"handles": ("mentor", MANAGER, DIRECTOR, OUTSIDE)}),
        ("MEN-6", "stage_2", {
            "handles": (DIRECTOR, MANAGER, OUTSIDE),
            "investigates": (DIRECTOR, MANAGER, "senior_manager", OUTSIDE, "referrer"),
            "coordinates": ("complaints_coordinator", OUTSIDE),
        }),
        ("MEN-14", "stage_3", {
            "handles": ("complaints_coordinator", OUTSIDE),
            "convenes": (DIRECTOR, MANAGER, OUTSIDE),
            "decides": ("panel",),
        }),
    ],
)  # fmt: skip
def test_each_stage_has_its_people_in_their_order(
    procedure: Procedure, clause: str, stage: str, people: dict[str, tuple[str, ...]]
) -> None:
    assert dict(procedure.stage(stage).people) == people


@pytest.mark.parametrize(
    ("clause", "about", "handles"),
    [
        ("MEN-2", [], "mentor"),
        ("MEN-2", ["mentor"], MANAGER),
        ("MEN-9", ["mentor", MANAGER], DIRECTOR),
    ],
)
def test_stage_1_is_settled_where_it_was_first_heard(
    procedure: Procedure, clause: str, about: list[str], handles: str
) -> None:
    assert Trial(procedure, TUESDAY, formality="informal", about=about).holder("handles") == handles


@pytest.mark.clause("MEN-3", "MEN-6")
def test_stage_2_is_the_director_s_who_coordinates_and_looks_into_it(procedure: Procedure) -> None:
    case = Trial(procedure, TUESDAY)
    assert {case.holder(part) for part in ("handles", "investigates", "coordinates")} == {DIRECTOR}
    case.do("stand_down", DIRECTOR, person=DIRECTOR, why="a cousin")
    assert {case.holder(part) for part in ("handles", "investigates", "coordinates")} == {MANAGER}
    assert procedure.role("director").named == "Charmaine Dugdale"


@pytest.mark.clause("MEN-3")
@pytest.mark.parametrize(("about", "coordinates"), [([], DIRECTOR), ([DIRECTOR], MANAGER)])
def test_the_director_coordinates_complaints_but_not_one_about_the_director(
    procedure: Procedure, about: list[str], coordinates: str
) -> None:
    assert Trial(procedure, TUESDAY, about=about).told("complaints_coordinator") == (coordinates,)


@pytest.mark.clause("MEN-9", "MEN-13")
@pytest.mark.parametrize(("about", "told"), [([], MANAGER), ([MANAGER], DIRECTOR)])
def test_the_senior_manager_is_the_operational_manager_or_the_director(
    procedure: Procedure, about: list[str], told: str
) -> None:
    assert Trial(procedure, TUESDAY, about=about).told("senior_manager") == (told,)


# ---------------------------------------------------------------- conflicts


@pytest.mark.clause("MEN-3", "MEN-13")
def test_whoever_looks_into_it_has_no_part_in_it_and_in_the_end_it_goes_outside_and_the_referrer_hears(
    procedure: Procedure,
) -> None:
    rules = procedure.conflicts
    assert {*rules.never_handles} == {"named_person", "decided_an_earlier_stage", "involved_in_the_substance"}
    assert (rules.if_nobody, rules.also_tell) == ((OUTSIDE, "referrer"), ("referrer",))
    case = Trial(procedure, TUESDAY, formality="informal", about=["mentor", MANAGER, DIRECTOR])
    assert case.state.stage == "stage_3" and case.holder("handles") == OUTSIDE
    assert next(one.data["also_tell"] for one in case.ledger if one.event == "assigned") == ["referrer"]


@pytest.mark.clause("MEN-13")
def test_the_investigator_outside_is_no_employee_and_always_there(procedure: Procedure) -> None:
    role = procedure.role(OUTSIDE)
    assert role.outside and role.must_be_filled
    assert Trial(procedure, TUESDAY, about=[DIRECTOR]).holder("investigates") == OUTSIDE


@pytest.mark.clause("MEN-13")
def test_who_answered_stage_2_does_not_sit_on_the_panel(procedure: Procedure) -> None:
    members = [DIRECTOR, "panel_member", "independent_panel_member"]
    refused = appealed(procedure).refused("form_panel", members=members, chair="panel_member")
    assert "may not sit" in refused.sentence


# ---------------------------------------------------------------- about the Director


@pytest.mark.clause("MEN-3")
def test_about_the_director_the_operational_manager_convenes_and_somebody_outside_finds_the_facts(
    procedure: Procedure,
) -> None:
    case = Trial(procedure, TUESDAY, about=[DIRECTOR])
    assert [case.holder(part) for part in ("handles", "convenes", "investigates")] == [MANAGER, MANAGER, OUTSIDE]
    (other,) = procedure.stage("stage_3").instead
    assert dict(other.people) == {
        "handles": (MANAGER, OUTSIDE), "convenes": (MANAGER, OUTSIDE), "investigates": (OUTSIDE, "referrer"),
    }  # fmt: skip
    ordinary = appealed(procedure)
    assert [ordinary.holder(part) for part in ("handles", "convenes", "investigates")] == [DIRECTOR, DIRECTOR, None]


@pytest.mark.clause("MEN-3")
@pytest.mark.parametrize("formality", ["informal", "formal"])
@pytest.mark.parametrize("asked_by", ["complainant", "handler"])
def test_found_to_be_about_the_director_it_goes_to_stage_3_at_any_time(
    procedure: Procedure, formality: str, asked_by: str
) -> None:
    case = Trial(procedure, TUESDAY, formality=formality).happened("acknowledged", "2026-11-25 10:00")
    case.happened("closed", "2026-11-26 10:00", outcome="answered")
    case.happened("named", "2026-11-26 11:00", subject="s0", person=DIRECTOR, role=DIRECTOR, identified=True)
    case.do("ask_to_go_on", when="2027-03-01 10:00", to="stage_3", asked_by=asked_by)
    assert case.state.stage == "stage_3" and case.holder("handles") == MANAGER


@pytest.mark.clause("MEN-3")
def test_no_other_complaint_comes_to_the_panel_without_an_answer(procedure: Procedure) -> None:
    informal = Trial(procedure, TUESDAY, formality="informal")
    assert "no such way" in informal.refused("ask_to_go_on", to="stage_3").sentence
    assert "no answer yet" in Trial(procedure, TUESDAY).refused("ask_to_go_on", to="stage_3").sentence
    for stage in ("stage_1", "stage_2"):
        way = procedure.stage(stage).ways_on[0]
        assert (way.to, way.at_any_time, way.asked_by) == ("stage_3", True, ("complainant", "handler"))


# ---------------------------------------------------------------- stages in their order, and back


@pytest.mark.clause("MEN-6", "MEN-17")
def test_the_director_may_refer_it_back_to_the_informal_stage_and_tells_the_complainant(procedure: Procedure) -> None:
    case = Trial(procedure, TUESDAY)
    assert "complainant told" in case.refused("ask_to_go_on", DIRECTOR, to="stage_1").sentence
    needs = ["complainant_told"]
    case.refused("ask_to_go_on", to="stage_1", asked_by="complainant", needs_met=needs)
    case.do("ask_to_go_on", DIRECTOR, to="stage_1", needs_met=needs)
    assert case.state.stage == "stage_1"
    assert procedure.stage("stage_2").ways_on[-1].back


@pytest.mark.clause("MEN-4")
@pytest.mark.parametrize("asked_by", ["complainant", "handler"])
def test_what_is_not_settled_goes_to_the_director_and_the_complainant_knows(
    procedure: Procedure, asked_by: str
) -> None:
    case = Trial(procedure, TUESDAY, formality="informal")
    knows = "the person who complained knows that it goes to the Director"
    if asked_by == "handler":
        refused = case.refused("ask_to_go_on", "mentor", to="stage_2", asked_by=asked_by)
        assert refused.sentence == f"It must also say: {knows}."
    case.do("ask_to_go_on", "mentor", to="stage_2", asked_by=asked_by, contents=[knows])
    assert case.holder("handles") == DIRECTOR
    assert procedure.stage("stage_1").ways_on[1].at_any_time


@pytest.mark.parametrize(
    ("clause", "stage", "formal", "final"),
    [("MEN-2", "stage_1", False, False), ("MEN-3", "stage_2", True, False), ("MEN-14", "stage_3", True, True)],
)
def test_there_are_an_informal_a_formal_and_a_last_stage(
    procedure: Procedure, clause: str, stage: str, formal: bool, final: bool
) -> None:
    rules = procedure.stage(stage)
    assert (rules.formal, rules.final) == (formal, final)
