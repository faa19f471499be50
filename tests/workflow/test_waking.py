"""Cases that wake by themselves, one of which has a date that no calendar reaches."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest

from heard.calendar import PastKnownYears
from services.chassis.clock import set_clock
from services.workflow import casebook, waking
from services.workflow.casework import CaseFile, Desk
from tests.workflow.case_room import CaseRoom, later, subject


def wake(room: CaseRoom) -> int:
    return waking.look_again(room.house, partial(casebook.waking, limit=50), "let_fall_due")


def test_a_case_that_cannot_be_reckoned_stops_nobody_elses(room: CaseRoom, monkeypatch: pytest.MonkeyPatch) -> None:
    beyond, other = room.receives(), room.receives()
    reckoned = Desk.dues

    def dues(desk: Desk, file: CaseFile) -> Any:
        if file.id == beyond:
            raise PastKnownYears("working days", date(2010, 1, 1), date(2028, 12, 31))
        return reckoned(desk, file)

    monkeypatch.setattr(Desk, "dues", dues)
    set_clock(room.clock_file, later(room.house.clock.now(), hours=1))
    assert wake(room) == 2
    assert room.rows(other, "escalated")
    assert room.rows(beyond, "escalated") == []
    assert wake(room) == 0  # it rests, and is not tried again at every tick
    monkeypatch.undo()
    set_clock(room.clock_file, later(room.house.clock.now(), hours=1, seconds=1))
    assert wake(room) == 1
    assert room.rows(beyond, "escalated")


def test_who_may_see_a_case_that_cannot_be_reckoned_is_still_seen_to(room: CaseRoom) -> None:
    case_id = room.receives()
    room.screened(case_id, subjects=[subject(might_be=["tobias-fennimore"])])
    assert room.cases("imogen-ashdale") == [case_id]
    with room.working() as work:
        Desk(room.house, work).let_rest(case_id, work.now + timedelta(hours=1))
    assert room.cases("imogen-ashdale") == [case_id]
    assert room.cases("tobias-fennimore") == []
