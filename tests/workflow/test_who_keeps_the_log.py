"""Ioi Support's complaints coordination team: it sees each case, keeps its record, and moves nothing on."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.chassis.errors import NotFound
from tests.workflow.case_room import CaseRoom, subject

TEAM = "priyanka-dellamore"


def test_the_team_keeps_the_record_of_each_case_but_of_one_about_themselves(tmp_path: Path) -> None:
    room = CaseRoom(tmp_path)
    case_id = room.opens(formality="formal")
    may = {one["name"] for one in room.case(TEAM, case_id)["actions"] if one["allowed"]}
    assert {"record", "categorise", "add_head", "raise_concern"} <= may
    assert may.isdisjoint({"acknowledge", "respond", "assign", "hand_over", "decide", "extend", "excuse", "close"})
    about_them = room.receives()
    room.screened(about_them, subjects=[subject(who=TEAM)])
    assert room.cases(TEAM) == [case_id]
    with pytest.raises(NotFound):
        room.case(TEAM, about_them)
    room.house.close()
