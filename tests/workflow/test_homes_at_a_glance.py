"""Homes at a glance: counted over the cases that whoever asks may see, late ones first, month by month."""

from __future__ import annotations

from typing import Any

from services.workflow.homes import MONTHS, homes
from tests.workflow.case_room import CaseRoom, person, subject


def glance(room: CaseRoom, who: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = homes(room.house, person(who))["homes"]
    return found


def test_a_home_counts_what_is_open_and_late_and_what_came_in_this_month(room: CaseRoom) -> None:
    room.opens()
    (before,) = glance(room, "tobias-fennimore")
    assert (before["open"], before["late"], before["home_name"]) == (1, 0, "Harbour House")
    assert len(before["came_in"]) == MONTHS and sum(before["came_in"].values()) == 1
    room.move_to("2027-02-01T10:00")
    (later,) = glance(room, "tobias-fennimore")
    assert later["late"] == 1 and list(later["came_in"])[-1] == "2027-02"


def test_a_case_about_somebody_is_in_none_of_their_counts(room: CaseRoom) -> None:
    room.opens()
    hidden = room.receives()
    room.screened(hidden, subjects=[subject(who="tobias-fennimore")])
    (seen,) = glance(room, "tobias-fennimore")
    assert seen["open"] == 1 and sum(seen["came_in"].values()) == 1
