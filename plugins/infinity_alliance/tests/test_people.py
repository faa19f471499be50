"""Who deals with it: staff informally, the house manager formally, somebody outside where it is about those above."""

from __future__ import annotations

from typing import Any

import pytest

from heard.people import ladder_of_part, viewers
from heard.procedure import Procedure
from heard.trial import Trial

STAFF, HOUSE, MANAGER, NOMINATED, DIRECTOR, OUTSIDE = (
    "staff_on_duty", "house_manager", "registered_manager", "nominated_individual", "director", "external_investigator",
)  # fmt: skip


def standing_in(procedure: Procedure, stage: str, *about: str, **said: Any) -> Trial:
    """A complaint about the holders of these roles, in that stage."""
    case = Trial(procedure, "2026-12-01 09:00", about=about, formality="informal", **said)
    return case.happened("stage_opened", "2026-12-01 09:01", stage)


@pytest.mark.clause("INF-2", "INF-3", "INF-6", "INF-7", "INF-9", "INF-10")
@pytest.mark.parametrize(
    ("stage", "ladder"),
    [
        ("thanks", (HOUSE, MANAGER, DIRECTOR)),
        ("informal", (STAFF, HOUSE, MANAGER)),
        ("formal", (HOUSE, MANAGER, DIRECTOR, OUTSIDE)),
        ("appeal", (DIRECTOR, OUTSIDE)),
        ("behaviour", (HOUSE, MANAGER, DIRECTOR)),
        ("behaviour_review", (MANAGER, DIRECTOR, HOUSE)),
    ],
)
def test_staff_settle_it_the_house_manager_answers_it_and_the_director_hears_the_appeal(
    procedure: Procedure, stage: str, ladder: tuple[str, ...]
) -> None:
    case = standing_in(procedure, stage)
    assert case.holder("handles") == ladder[0]
    assert ladder_of_part(procedure, case.state, "handles", stage) == ladder
    assert case.holder("oversees") is None


@pytest.mark.clause("INF-3")
def test_a_house_manager_never_deals_with_what_is_said_about_them_nor_do_their_staff(procedure: Procedure) -> None:
    informal = standing_in(procedure, "informal", HOUSE)
    assert informal.holder("handles") == MANAGER
    assert ladder_of_part(procedure, informal.state, "handles", "informal") == (MANAGER, DIRECTOR, OUTSIDE)
    assert standing_in(procedure, "formal", HOUSE).holder("handles") == MANAGER
    assert standing_in(procedure, "informal", STAFF).holder("handles") == HOUSE
    assert procedure.role(HOUSE).one_per == "home"


@pytest.mark.clause("INF-10")
@pytest.mark.parametrize("stage", ["informal", "formal"])
@pytest.mark.parametrize("about", [MANAGER, NOMINATED])
def test_about_the_registered_manager_or_the_nominated_individual_the_director_has_somebody_outside_look(
    procedure: Procedure, stage: str, about: str
) -> None:
    case = standing_in(procedure, stage, about)
    assert (case.holder("handles"), case.holder("oversees")) == (OUTSIDE, DIRECTOR)


@pytest.mark.clause("INF-10")
@pytest.mark.parametrize("stage", ["informal", "formal"])
@pytest.mark.parametrize("about", [(DIRECTOR,), (DIRECTOR, MANAGER), (HOUSE, DIRECTOR)])
def test_about_the_director_it_goes_outside_and_nobody_inside_stands_between(
    procedure: Procedure, stage: str, about: tuple[str, ...]
) -> None:
    case = standing_in(procedure, stage, *about)
    assert case.holder("handles") == OUTSIDE
    assert case.holder("oversees") in (None, OUTSIDE)


@pytest.mark.clause("INF-10")
def test_whoever_wishes_it_has_somebody_outside_look_into_it(procedure: Procedure) -> None:
    wish = {"facts": {"wants_external": "yes"}}
    formal = standing_in(procedure, "formal", **wish)
    assert (formal.holder("handles"), formal.holder("oversees")) == (OUTSIDE, DIRECTOR)
    (asked,) = [fact for fact in procedure.facts if fact.key == "wants_external"]
    assert asked.one_of == ("yes", "no")
    assert standing_in(procedure, "formal", facts={"wants_external": "no"}).holder("handles") == HOUSE


@pytest.mark.clause("INF-9", "INF-10")
@pytest.mark.parametrize(
    ("about", "said", "overseen"),
    [
        ((DIRECTOR,), "no", None),
        ((MANAGER,), "no", DIRECTOR),
        ((NOMINATED,), "no", DIRECTOR),
        ((), "yes", DIRECTOR),
    ],
)
def test_an_appeal_goes_outside_where_the_director_is_or_may_be_in_it_or_where_they_wish_it(
    procedure: Procedure, about: tuple[str, ...], said: str, overseen: str | None
) -> None:
    case = standing_in(procedure, "appeal", *about, facts={"wants_external": said})
    assert (case.holder("handles"), case.holder("oversees")) == (OUTSIDE, overseen)
    assert ladder_of_part(procedure, case.state, "handles", "appeal") == (OUTSIDE,)


@pytest.mark.clause("INF-9", "INF-3")
def test_nobody_hears_the_appeal_against_their_own_answer(procedure: Procedure) -> None:
    case = standing_in(procedure, "formal", HOUSE).do("stand_down", MANAGER, why="they are related")
    assert case.holder("handles") == DIRECTOR
    case.happened("responded", "2026-12-08 09:00", findings={"complaint": "not_upheld"})
    assert case.happened("stage_opened", "2026-12-09 09:00", "appeal").holder("handles") == OUTSIDE


@pytest.mark.clause("INF-2", "INF-6", "INF-7")
def test_whoever_settled_it_informally_may_still_look_into_it_formally(procedure: Procedure) -> None:
    case = standing_in(procedure, "informal", STAFF)
    case.happened("responded", "2026-12-02 09:00")
    assert case.happened("stage_opened", "2026-12-03 09:00", "formal").holder("handles") == HOUSE
    no_finding = [stage.key for stage in procedure.stages if not stage.settles]
    assert no_finding == ["thanks", "informal", "behaviour", "behaviour_review"]


@pytest.mark.clause("INF-3", "INF-10")
def test_when_nobody_here_is_left_it_goes_outside_then_to_the_placing_council_and_the_director_hears(
    procedure: Procedure,
) -> None:
    case = standing_in(procedure, "formal", HOUSE).do("stand_down", MANAGER, why="they are related")
    case.do("stand_down", DIRECTOR, why="they are related too")
    assert case.holder("handles") == OUTSIDE
    assert [row.data.get("also_tell") for row in case.ledger if row.event == "assigned"][-1] == [DIRECTOR]
    inside = (STAFF, HOUSE, MANAGER, NOMINATED, DIRECTOR)
    assert standing_in(procedure, "formal", *inside, OUTSIDE).holder("handles") == "placing_authority"


@pytest.mark.clause("INF-9", "INF-10")
def test_the_investigator_outside_is_the_one_whom_the_text_names(procedure: Procedure) -> None:
    role, body = procedure.role(OUTSIDE), procedure.contact("childrens_home_improvement")
    assert role.outside and role.filled_by == (body.key,)
    assert [phone.number for phone in body.phones] == ["07725 743249"]
    assert "Angela Griffiths" in body.name and "Children's Home Improvement" in body.name
    assert body.offered and body.offered.any_time
    assert procedure.role(DIRECTOR).named == "Dwayne Burrell"


@pytest.mark.clause("INF-14", "INF-2")
def test_staff_see_the_cases_in_which_they_have_a_part_and_no_others(procedure: Procedure) -> None:
    informal, formal = (Trial(procedure, "2026-12-01 09:00", formality=how) for how in ("informal", "formal"))
    assert STAFF in viewers(procedure, informal.state, informal.roster, informal.now)
    assert STAFF not in viewers(procedure, formal.state, formal.roster, formal.now)
    assert formal.refused("acknowledge", STAFF).sentence == "There is no such case."
