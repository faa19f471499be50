"""A Stage 2 step by step: who investigates, what the complaint is, who was heard, the reports, the adjudication.

Each is recorded with who and when, and stands on the page; what is still to come stands there with its day.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from services.chassis.errors import Refused
from services.directory.demo import NORTHGATE
from tests.workflow.case_room import CaseRoom, person

COMPLAINTS, INVESTIGATOR, INDEPENDENT = "aurelia-stonecroft", "thea-ravensmoor", "ignatius-copperfold"
ADJUDICATOR, TEAM_MANAGER = "rosalind-amberley-voss", "fergal-winterbourne-pike"
IOI_MANAGER, IOI_INVESTIGATOR, IOI_INDEPENDENT = "tobias-fennimore", "jonas-pennerley", "anselm-quillfeather"


@pytest.fixture
def council(tmp_path: Path) -> Iterator[CaseRoom]:
    """A case service of a council that keeps to the statutory procedure."""
    room = CaseRoom(tmp_path, group=NORTHGATE)
    yield room
    room.house.close()


def investigation(room: CaseRoom, who: str, case_id: str) -> tuple[list[tuple[str, str]], list[str]]:
    """The steps taken, as (what, by whom), and those still to come."""
    (shown,) = room.case(who, case_id)["investigations"]
    return [(one["says"], one["by_name"]) for one in shown["taken"]], [one["says"] for one in shown["ahead"]]


def says(room: CaseRoom, key: str, duty: str, stage: str) -> list[str]:
    """Everything that the act which meets a duty must say."""
    return list(room.house.procedures.get(key).duty(duty, stage).contains)


def at_stage_2(room: CaseRoom, manager: str, handler: str, who: tuple[str, str]) -> str:
    case_id = room.opens(complainant="parent")
    room.act(manager, case_id, "ask_to_go_on", to="stage_2")
    for part, name in zip(("investigates", "observes"), who, strict=True):
        room.act(handler, case_id, "assign", part=part, person=person(name))
    return case_id


def test_each_step_of_the_councils_investigation_is_recorded_with_who_and_when(council: CaseRoom) -> None:
    case_id = at_stage_2(council, TEAM_MANAGER, COMPLAINTS, (INVESTIGATOR, INDEPENDENT))
    _, ahead = investigation(council, COMPLAINTS, case_id)
    assert [one.split()[0] for one in ahead[:2]] == ["Appoint", "Write"]
    council.act(COMPLAINTS, case_id, "reach", milestone="investigators_appointed", words="Both signed a declaration.")
    council.act(INVESTIGATOR, case_id, "reach", milestone="statement_of_complaint_agreed", words="That nobody rang.")
    for heard in ("Robin Averill, with a friend", "The team manager"):
        council.act(INVESTIGATOR, case_id, "record", event="interview_held", interviewed=heard, words="Notes.")
    answer: dict[str, Any] = {"findings": {"complaint": "partly_upheld"}, "words": "What we found."}
    answer["contents"] = says(council, "children_act", "respond", "stage_2")
    with pytest.raises(Refused, match="reports of the Investigating Officer and of the Independent Person"):
        council.act(ADJUDICATOR, case_id, "respond", **answer)
    council.act(INVESTIGATOR, case_id, "reach", milestone="investigation_report_received")
    with pytest.raises(Refused, match="Only the"):
        council.act(COMPLAINTS, case_id, "respond", **answer)
    council.act(ADJUDICATOR, case_id, "respond", **answer)
    taken, ahead = investigation(council, COMPLAINTS, case_id)
    by = {says: name for says, name in taken}
    assert by["An interview was held: Robin Averill, with a friend."] == "Thea Ravensmoor"
    assert by["The complainant agreed the statement of complaint."] == "Thea Ravensmoor"
    assert by["Both reports reached the adjudicating officer."] == "Thea Ravensmoor"
    assert by["The complaint was answered: partly upheld."] == "Rosalind Amberley-Voss"
    assert any(one.startswith("Investigating: ") for one in by) and ahead == []
    stored = json.dumps([dict(row.data) for row in council.rows(case_id)])
    assert "Averill" not in stored and "signed" not in stored


@pytest.mark.clause("IOI-33", "IOI-35", "IOI-38")
def test_each_step_of_ioi_supports_investigation_is_offered_recorded_and_shown(room: CaseRoom) -> None:
    case_id = at_stage_2(room, IOI_MANAGER, IOI_MANAGER, (IOI_INVESTIGATOR, IOI_INDEPENDENT))
    offered = {json.dumps(one["data"]): one for one in room.case(IOI_MANAGER, case_id)["actions"] if one["allowed"]}
    appoint = offered['{"milestone": "investigators_appointed"}']
    room.act(IOI_MANAGER, case_id, "reach", **appoint["example"])
    labels = {one["label"] for one in room.case(IOI_INVESTIGATOR, case_id)["actions"] if one["allowed"]}
    assert {"Record an interview", "Meet to agree a Statement of Complaint"} <= labels
    room.act(IOI_INVESTIGATOR, case_id, "reach", milestone="statement_of_complaint_agreed")
    room.act(IOI_INVESTIGATOR, case_id, "record", event="interview_held", interviewed="Kit, with an advocate")
    room.act(IOI_INVESTIGATOR, case_id, "reach", milestone="investigation_report_received")
    taken, _ = investigation(room, IOI_MANAGER, case_id)
    assert [name for _, name in taken[-3:]] == ["Jonas Pennerley"] * 3


@pytest.mark.clause("IOI-54", "IOI-55")
def test_the_page_says_who_outside_may_be_asked_and_when(room: CaseRoom) -> None:
    bodies = {one["name"]: one for one in room.case(IOI_MANAGER, room.opens())["outside"]}
    ombudsman = bodies["Local Government & Social Care Ombudsman"]
    assert not ombudsman["now"] and ombudsman["phones"] == ["0300 061 0614"]
    for word in ("after Stage 3: Review Panel", "within 12 months", "the council that placed the young person"):
        assert word in ombudsman["when"], word
    assert bodies["Ofsted"]["now"] and bodies["Ofsted"]["when"] == "at any time"


@pytest.mark.parametrize("key", ["ioi_support", "children_act", "infinity_alliance", "one_two_one_mentors",
                                 "stepping_stones", "west_sussex_home"])  # fmt: skip
def test_every_milestone_of_a_procedure_can_be_reached(room: CaseRoom, key: str) -> None:
    """Each is the own act of a duty, so that the page offers it."""
    procedure = room.house.procedures.get(key)
    duties = [*procedure.duties, *(one for stage in procedure.stages for one in stage.duties)]
    kept = {one.clock.met_by[0] for one in duties if one.clock.met_by}
    assert [one.key for one in procedure.milestones if one.key not in kept] == []
