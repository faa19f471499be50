"""Who looks into it, and who does when it is about them: nobody answers twice, nor for whoever manages them."""

from __future__ import annotations

import pytest

from heard.people import ladder_of_part
from heard.procedure import Procedure
from heard.roster import Relation
from heard.trial import Trial

MANAGER, SERVICE, HEAD, RESPONSIBLE, OUTSIDE = (
    "registered_manager", "service_manager", "head_of_service", "responsible_individual", "external_investigator",
)  # fmt: skip


@pytest.mark.clause("WSX-1", "WSX-9", "WSX-10", "WSX-19")
@pytest.mark.parametrize(
    ("stage", "ladder"),
    [
        ("compliment", (MANAGER, SERVICE, HEAD)),
        ("comment", (MANAGER, SERVICE, HEAD)),
        ("local", (MANAGER, SERVICE, HEAD, OUTSIDE)),
        ("enquiry", (SERVICE, RESPONSIBLE, HEAD, OUTSIDE)),
    ],
)
def test_the_manager_looks_into_it_and_the_service_manager_holds_the_enquiry(
    procedure: Procedure, stage: str, ladder: tuple[str, ...]
) -> None:
    case = Trial(procedure, "2026-12-01 09:00").happened("stage_opened", "2026-12-01 09:01", stage=stage)
    assert case.holder("handles") == ladder[0]
    assert ladder_of_part(procedure, case.state, "handles", stage) == ladder


@pytest.mark.clause("WSX-19")
@pytest.mark.parametrize(
    ("stage", "about", "ladder"),
    [
        ("comment", MANAGER, (SERVICE, RESPONSIBLE, HEAD)),
        ("comment", SERVICE, (HEAD, RESPONSIBLE, OUTSIDE)),
        ("comment", HEAD, (RESPONSIBLE, HEAD, OUTSIDE)),
        ("local", MANAGER, (SERVICE, RESPONSIBLE, HEAD, OUTSIDE)),
        ("local", SERVICE, (HEAD, RESPONSIBLE, OUTSIDE)),
        ("local", HEAD, (RESPONSIBLE, HEAD, OUTSIDE)),
        ("enquiry", SERVICE, (RESPONSIBLE, HEAD, OUTSIDE)),
        ("enquiry", HEAD, (OUTSIDE,)),
        ("enquiry", RESPONSIBLE, (OUTSIDE,)),
    ],
)
def test_a_complaint_about_a_manager_goes_up_and_in_the_end_outside(
    procedure: Procedure, stage: str, about: str, ladder: tuple[str, ...]
) -> None:
    case = Trial(procedure, "2026-12-01 09:00", about=[about])
    case.happened("stage_opened", "2026-12-01 09:01", stage=stage)
    assert case.holder("handles") == ladder[0]
    assert ladder_of_part(procedure, case.state, "handles", stage) == ladder


@pytest.mark.clause("WSX-19")
@pytest.mark.parametrize("stage", ["comment", "local"])
def test_about_the_responsible_individual_it_is_the_head_of_service(procedure: Procedure, stage: str) -> None:
    case = Trial(procedure, "2026-12-01 09:00", about=[RESPONSIBLE])
    assert case.happened("stage_opened", "2026-12-01 09:01", stage=stage).holder("handles") == HEAD


@pytest.mark.clause("WSX-19")
@pytest.mark.parametrize(
    ("about", "first"),
    [((MANAGER, SERVICE), HEAD), ((SERVICE, HEAD), RESPONSIBLE), ((MANAGER, HEAD), RESPONSIBLE)],
)
def test_about_two_of_them_it_goes_by_the_higher_one(procedure: Procedure, about: tuple[str, ...], first: str) -> None:
    for stage in ("comment", "local"):
        case = Trial(procedure, "2026-12-01 09:00", about=about)
        assert case.happened("stage_opened", "2026-12-01 09:01", stage=stage).holder("handles") == first


@pytest.mark.clause("WSX-6", "WSX-9")
def test_the_manager_may_leave_it_to_a_senior_colleague_of_the_same_home(procedure: Procedure) -> None:
    case = Trial(procedure, "2026-12-01 09:00")
    case.do("stand_down", MANAGER, why="the child is a relative")
    assert case.holder("handles") == "delegated_senior"
    assert procedure.role(MANAGER).one_per == procedure.role("delegated_senior").one_per == "home"


@pytest.mark.clause("WSX-19", "WSX-10")
def test_nobody_answers_twice(procedure: Procedure) -> None:
    case = Trial(procedure, "2026-12-01 09:00", about=[MANAGER])
    case.happened("responded", "2026-12-08 09:00", findings={"complaint": "not_upheld"})
    case.happened("stage_opened", "2026-12-09 09:00", stage="enquiry")
    assert case.holder("handles") == RESPONSIBLE  # the Service Manager gave the first answer


@pytest.mark.clause("WSX-19")
def test_nobody_looks_into_what_is_said_about_whoever_manages_them(procedure: Procedure) -> None:
    managed = [Relation("manages", HEAD, RESPONSIBLE)]
    assert Trial(procedure, "2026-12-01 09:00", about=[HEAD], relations=managed).holder("handles") == OUTSIDE


@pytest.mark.clause("WSX-19", "SI 2015/541 reg 39(2)")
def test_when_nobody_inside_is_left_it_goes_outside_and_at_last_to_who_placed_the_child(procedure: Procedure) -> None:
    inside = (MANAGER, "delegated_senior", SERVICE, HEAD, RESPONSIBLE)
    case = Trial(procedure, "2026-12-01 09:00", about=inside)
    assert case.holder("handles") == OUTSIDE
    last = Trial(procedure, "2026-12-01 09:00", about=(*inside, OUTSIDE))
    assert last.holder("handles") == "placing_authority"
    assert Trial(procedure, "2026-12-01 09:00", about=["customer_relations"]).holder("consults") == HEAD


@pytest.mark.clause("WSX-19", "SI 2015/541 reg 39(2)")
def test_the_head_of_service_hears_when_a_conflict_leads_it_outside(procedure: Procedure) -> None:
    case = Trial(procedure, "2026-12-01 09:00", about=[SERVICE], relations=[Relation("manages", SERVICE, RESPONSIBLE)])
    case.do("stand_down", HEAD, why="a friend of theirs")
    assert case.holder("handles") == OUTSIDE
    assert [row.data.get("also_tell") for row in case.ledger if row.event == "assigned"][-1] == [HEAD]


@pytest.mark.clause("WSX-19")
def test_no_home_goes_live_without_somebody_above_the_service_manager_and_somebody_outside(
    procedure: Procedure,
) -> None:
    assert procedure.role(HEAD).must_be_filled and procedure.role(OUTSIDE).must_be_filled
    assert procedure.role(OUTSIDE).outside and not procedure.role(HEAD).outside
