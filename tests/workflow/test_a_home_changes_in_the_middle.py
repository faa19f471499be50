"""In the middle of a case a manager leaves, an absence begins, a home changes hands or closes."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import uuid4

from services.chassis.leaving import lose_sight
from services.directory.demo import NORTHGATE, demo_id
from services.workflow.models import case_viewers, cases
from tests.ground import world
from tests.workflow.case_room import CaseRoom, holding, people_of, person, subject

OLD, NEW, LEAD, STAFF = "tobias-fennimore", "saskia-thornbury", "imogen-ashdale", "noor-ellingham"
MANAGER = "registered_service_manager"


def ended(who: str, role: str, home: str | None, at: datetime) -> dict[str, Any]:
    entry = holding(who, role, home)
    return {**entry, "data": entry["data"] | {"until": at.isoformat()}}


def handler(room: CaseRoom, case_id: str, who: str = LEAD) -> str | None:
    people = room.case(who, case_id)["people"]
    return next((one["who"] for one in people if one["part"] == "handles" and one["stood_down"] is None), None)


def change_of_manager(room: CaseRoom) -> None:
    now = room.house.clock.now()
    room.directory(ended(OLD, MANAGER, "harbour-house", now), holding(NEW, MANAGER, "harbour-house"))
    room.ring()


def test_open_work_passes_to_the_new_manager_and_the_old_one_loses_sight(room: CaseRoom) -> None:
    case_id = room.opens()
    assert room.cases(OLD) == [case_id]
    change_of_manager(room)
    assert handler(room, case_id) == person(NEW)
    assert room.cases(OLD) == []
    (gone,) = room.rows(case_id, "stood_down")
    assert (gone.data["person"], gone.data["conflict"]) == (person(OLD), False)
    assert [row.data["person"] for row in room.rows(case_id, "assigned")] == [person(OLD), person(NEW)]


def test_a_manager_who_only_moves_to_another_home_loses_sight_as_well(room: CaseRoom) -> None:
    case_id = room.opens()
    room.directory(holding(OLD, "team_manager", "quay-view"))
    change_of_manager(room)
    assert room.cases(OLD) == [] and handler(room, case_id) == person(NEW)


def test_an_old_manager_with_another_part_here_still_sees_the_case(room: CaseRoom) -> None:
    case_id = room.opens()
    room.directory(holding(OLD, "senior_manager", None))
    room.directory(holding(OLD, "director", "harbour-house"))
    change_of_manager(room)
    assert handler(room, case_id) == person(NEW)
    assert room.cases(OLD) == [case_id]


def test_what_the_manager_handled_in_an_earlier_stage_does_not_keep_them_in_the_case(room: CaseRoom) -> None:
    case_id = room.opens()
    room.act(OLD, case_id, "ask_to_go_on", seq=room.case(OLD, case_id)["seq"], to="stage_2")
    change_of_manager(room)
    assert room.cases(OLD) == []


def test_a_new_manager_whom_the_case_is_about_never_gets_it(room: CaseRoom) -> None:
    case_id = room.receives()
    room.screened(case_id, subjects=[subject(who=NEW)])
    change_of_manager(room)
    assert handler(room, case_id) not in (person(OLD), person(NEW))
    assert room.cases(NEW) == [] and room.cases(OLD) == []


def test_a_closed_case_is_not_seen_any_more_by_whoever_left_the_home(room: CaseRoom) -> None:
    case_id = room.opens()
    with room.working() as work:
        work.conn.execute(cases.update().values(state="closed"))
    gone = ended(OLD, MANAGER, "harbour-house", room.house.clock.now())
    room.directory(gone)
    with room.working() as work:
        assert lose_sight(work, [gone], cases, case_viewers) == 1
    assert room.cases(OLD) == [] and room.cases(LEAD) == [case_id]


def test_a_closed_case_is_not_seen_any_more_by_whoever_saw_it_by_a_role_that_is_over(room: CaseRoom) -> None:
    """They work on at the home, and what they were once let see is no reason to see it for ever."""
    case_id = room.opens()
    room.directory(holding(LEAD, "investigating_officer", "harbour-house"))
    with room.working() as work:
        work.conn.execute(cases.update().values(state="closed"))
    assert room.cases(LEAD) == [case_id]
    room.directory(ended(LEAD, "designated_safeguarding_lead", "harbour-house", room.house.clock.now()))
    room.ring()
    assert room.cases(LEAD) == [] and room.cases(OLD) == [case_id]


def test_the_roles_of_one_home_say_nothing_about_a_case_of_another(room: CaseRoom) -> None:
    """A lead of Quay View who is a team manager at Harbour House acts there as a team manager."""
    room.directory(holding("verity-larkhill", "team_manager", "harbour-house"))
    case_id = room.receives()
    room.screened(case_id, subjects=[subject(who=STAFF)])
    assert room.case(LEAD, case_id)["exclusions"] == 1
    if case_id in room.cases("verity-larkhill"):
        assert room.case("verity-larkhill", case_id)["exclusions"] is None


def test_an_absence_takes_effect_when_the_directory_says_that_it_has_begun(room: CaseRoom) -> None:
    case_id = room.opens()
    monday = world.moment("2026-11-30 00:00")
    away = {"kind": "absence", "id": uuid4().hex, "data": {"person": person(OLD), "since": monday.isoformat()}}
    room.directory(away)
    room.ring()
    assert handler(room, case_id) == person(OLD)
    room.move_to("2026-11-30 00:01")
    room.directory(away)  # what its tick does on the day
    room.ring()
    assert handler(room, case_id) not in (None, person(OLD))


def test_a_case_stays_with_the_operator_and_procedure_of_its_receipt(room: CaseRoom) -> None:
    case_id = room.opens()
    room.directory(*people_of(NORTHGATE))
    home, theirs = demo_id("harbour-house"), demo_id("provider.northgate-council-care")
    taken = {"name": "Harbour House", "slug": "harbour-house", "provider": theirs, "operator": demo_id(NORTHGATE.slug)}
    new_manager = holding("marguerite-dunhollow", "registered_manager", None)
    at_home = {**new_manager, "id": "marguerite.harbour", "data": new_manager["data"] | {"home": home}}
    room.directory({"kind": "home", "id": home, "data": taken}, at_home)
    room.ring()
    for newcomer in ("hollis-underbridge", "marguerite-dunhollow", "cosima-bellweather"):
        assert room.cases(newcomer) == []
    page = room.case(OLD, case_id)
    assert page["operator"] == demo_id("tidewater-homes") and page["procedure"]["key"] == "ioi_support"
    assert handler(room, case_id) == person(OLD)


def test_open_cases_of_a_home_that_closes_go_on_with_whoever_took_over(room: CaseRoom) -> None:
    case_id = room.opens()
    now, senior = room.house.clock.now(), "lavinia-courtenshaw"
    at_home = [(one.key, role) for one in room.group.people if one.home == "harbour-house" for role in one.roles]
    closing = [ended(who, role, "harbour-house", now) for who, role in at_home]
    taken_over = [holding(senior, role, "harbour-house") for _, role in at_home if role != "staff"]
    room.directory(*closing, *taken_over)
    room.ring()
    assert handler(room, case_id, senior) == person(senior)
    assert room.case(senior, case_id)["stage"]["key"] == "stage_1"
    assert room.cases(OLD) == [] and room.cases(LEAD) == []
