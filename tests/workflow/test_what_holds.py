"""A girl says no to being moved: the move waits until her complaint is answered, and every page says so."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from services.directory.demo import NORTHGATE
from tests.workflow.case_room import CaseRoom, person

TEAM_MANAGER, ADJUDICATOR = "fergal-winterbourne-pike", "rosalind-amberley-voss"
WHY = {"reason": "the school year", "risk to the child of leaving things as they are": "none"}


@pytest.fixture
def council(tmp_path: Path) -> Iterator[CaseRoom]:
    """A case service of a council that keeps to the statutory procedure."""
    room = CaseRoom(tmp_path, group=NORTHGATE)
    yield room
    room.house.close()


def test_a_disputed_move_is_put_off_looked_at_again_and_on_the_page(council: CaseRoom) -> None:
    case_id = council.opens(categories=["placement"])
    (shown,) = [one for one in council.case(TEAM_MANAGER, case_id)["decided"] if one["decision"] == "freeze"]
    assert (shown["answer"], shown["presumed"], shown["until"]) == ("Yes, it is put off", True, "responded")
    (mine,) = [one for one in council.today(ADJUDICATOR)["waiting_for_me"] if one["duty"] == "look_again_freeze"]
    assert mine["due"] == "2026-12-07" and mine["clause"] == ["guidance 2006"]

    council.act(ADJUDICATOR, case_id, "decide", decision="freeze", answer="yes", record=WHY)
    (row,) = council.rows(case_id, "decided")
    assert [one["key"] for one in row.data["to"]] == [person(TEAM_MANAGER)]
    (shown,) = [one for one in council.case(TEAM_MANAGER, case_id)["decided"] if one["decision"] == "freeze"]
    assert not shown["presumed"] and shown["ended_at"] is None
    assert council.promise(case_id, "tell_of_freeze", None) == ("2026-11-25", "to come")
    said = next(one["sentence"] for one in council.case(TEAM_MANAGER, case_id)["ledger"] if one["event"] == "decided")
    assert said.endswith("? Yes, it is put off.")
    council.move_to("2026-12-08 00:00")
    assert "look_again_freeze" in {one["duty"] for one in council.today(ADJUDICATOR)["late"]}
