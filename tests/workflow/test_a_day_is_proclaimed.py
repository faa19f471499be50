"""A bank holiday is proclaimed, or taken back: each case that it crosses says which days moved, once, and to whom."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from services.workflow import casebook, waking
from services.workflow.casework import Desk
from services.workflow.looking_ahead import ahead
from services.workflow.models import cases
from tests.workflow.case_room import CaseRoom

MONDAY = "2026-11-30"
"""A week after the invented complaint came in: before the answer is due, after the acknowledgement."""


def moved(room: CaseRoom, case_id: str) -> dict[str, tuple[str, str]]:
    """What the ledger says moved: from which day to which, by duty."""
    rows = room.rows(case_id, "calendar_changed")
    return {one["duty"]: (one["was"], one["is"]) for row in rows for one in row.data["moved"]}


def stamp(room: CaseRoom, case_id: str) -> Any:
    with room.house.db.reading() as conn:
        return conn.execute(select(cases).where(cases.c.id == case_id)).one()


def test_the_ledger_the_page_the_list_and_the_complainant_have_the_new_day_and_why(room: CaseRoom) -> None:
    case_id = room.opens()
    assert room.promise(case_id, "respond") == ("2026-12-07", "to come")
    room.proclaim(MONDAY)
    room.ring()
    assert moved(room, case_id)["respond"] == ("2026-12-07", "2026-12-08")
    assert "acknowledge" not in moved(room, case_id)  # due on Wednesday: before that day
    (row,) = room.rows(case_id, "calendar_changed")
    assert row.data["tell"] == ["complainant"]
    assert row.data["turns"] == [
        {"day": MONDAY, "name": "A day of thanks", "taken_back": False, "because": "proclaimed in council"}
    ]
    assert room.promise(case_id, "respond") == ("2026-12-08", "to come")
    (promise,) = [one for one in room.follow(case_id)["promises"] if one["by"] == "2026-12-08"]
    assert "We had said Monday 7 December 2026" in promise["moved"]
    assert "Monday 30 November 2026 is now a bank holiday (A day of thanks)" in promise["moved"]
    page = room.case("imogen-ashdale", case_id)
    (due,) = [one for one in page["dues"] if one["duty"] == "respond" and one["stage"] == "stage_1"]
    assert (due["due"], due["derivation"]["moved"][0]["was"]) == ("2026-12-08", "2026-12-07")
    assert {"date": MONDAY, "why": "A day of thanks"} in due["derivation"]["skipped"]
    said = [one["sentence"] for one in page["ledger"] if one["event"] == "calendar_changed"]
    assert "Monday 30 November 2026 is now a bank holiday" in said[0]
    assert "proclaimed in council" in said[0]
    assert "now due Tuesday 8 December 2026 (before: Monday 7 December 2026)" in said[0]
    listed = [one for one in room.today("imogen-ashdale")["due"] if one["duty"] == "respond"]
    assert [one["due"] for one in listed] == ["2026-12-08"]
    assert listed[0]["moved"][0]["was"] == "2026-12-07"


def test_the_same_proclamation_is_written_once_however_often_anybody_looks(room: CaseRoom) -> None:
    case_id = room.opens()
    room.proclaim(MONDAY)
    room.ring()
    room.ring()
    with room.working() as work:
        Desk(room.house, work).look_again([case_id])
    assert len(room.rows(case_id, "calendar_changed")) == 1
    told = [row["event"] for fact in room.published() for row in fact["happenings"]]
    assert told.count("calendar_changed") == 1


def test_taken_back_the_days_are_as_before_and_that_is_written_too(room: CaseRoom) -> None:
    case_id = room.opens()
    room.proclaim(MONDAY)
    room.ring()
    room.move_to("2026-11-24 09:00")
    room.proclaim(MONDAY, taken_back=True)
    room.ring()
    assert room.promise(case_id, "respond") == ("2026-12-07", "to come")
    first, second = room.rows(case_id, "calendar_changed")
    assert [turn["taken_back"] for turn in second.data["turns"]] == [True]
    assert len(first.data["moved"]) == len(second.data["moved"])
    said = [one["sentence"] for one in room.case("imogen-ashdale", case_id)["ledger"]]
    assert any("Monday 30 November 2026 is no bank holiday after all" in one for one in said)


def test_whoever_acts_in_a_case_before_its_turn_has_come_finds_the_new_days_and_the_row(room: CaseRoom) -> None:
    case_id = room.opens()
    room.proclaim(MONDAY)
    room.act("imogen-ashdale", case_id, "acknowledge", contents=_contents(room, "acknowledge"), words="Hello.")
    assert moved(room, case_id)["respond"] == ("2026-12-07", "2026-12-08")
    room.ring()
    assert len(room.rows(case_id, "calendar_changed")) == 1


def test_only_a_case_that_the_day_crosses_is_touched(room: CaseRoom) -> None:
    crossed, other = room.opens(), room.opens()
    with room.working() as work:  # everything in it is over before that day
        work.conn.execute(cases.update().where(cases.c.id == other).values(counts_until=room.house.clock.now()))
    seq = stamp(room, other).seq
    room.proclaim(MONDAY)
    with room.house.db.reading() as conn:
        assert casebook.crossed(conn, room.house.who.days(), 50) == [crossed]
    room.ring()
    assert room.rows(crossed, "calendar_changed")
    assert stamp(room, other).seq == seq
    assert stamp(room, other).days_version == 1  # and it is not looked for again
    with room.house.db.reading() as conn:
        assert not casebook.any_by_older_days(conn, 1)


def test_nobody_is_chosen_again_because_of_a_day(room: CaseRoom) -> None:
    case_id = room.opens()
    version = room.house.roster().version
    assert stamp(room, case_id).roster_version == version
    room.proclaim(MONDAY)
    room.ring()
    assert room.house.roster().version == version


def test_a_closed_case_is_not_touched_and_catches_up_when_it_is_opened_again(room: CaseRoom) -> None:
    case_id = room.opens()
    with room.working() as work:
        desk = Desk(room.house, work)
        (file,) = desk.take_up([case_id]).values()
        desk.write(file, [desk.asked(file, "close").event("closed", outcome="withdrawn")])
        desk.put_away()
    seq = stamp(room, case_id).seq
    room.proclaim(MONDAY)
    room.ring()
    assert stamp(room, case_id).seq == seq
    with room.working() as work:
        desk = Desk(room.house, work)
        (file,) = desk.take_up([case_id]).values()
        desk.write(file, [desk.asked(file, "reopen").event("reopened", reason="asked again")])
        desk.put_away()
    assert moved(room, case_id)["respond"] == ("2026-12-07", "2026-12-08")


def test_a_report_that_safeguarding_has_not_read_moves_and_nobody_is_told(room: CaseRoom) -> None:
    case_id = room.receives()
    room.proclaim(MONDAY)
    room.ring()
    room.screened(case_id)
    assert room.promise(case_id, "respond") == ("2026-12-08", "to come")
    for row in room.rows(case_id, "calendar_changed"):
        assert "tell" not in row.data or case_id in {fact["case_id"] for fact in room.published()}


def test_when_it_stops_in_the_middle_the_rest_follows_and_nothing_twice(
    room: CaseRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = [room.opens() for _ in range(5)]
    monkeypatch.setattr(waking, "BATCH", 2)
    room.proclaim(MONDAY)
    assert waking.follow_the_calendar(room.house) == 2
    store = casebook.store

    def dies(*args: Any) -> None:
        store(*args)
        raise RuntimeError("the process dies here")

    monkeypatch.setattr(casebook, "store", dies)
    with pytest.raises(RuntimeError):
        waking.follow_the_calendar(room.house)
    monkeypatch.setattr(casebook, "store", store)
    room.ring()
    assert [len(room.rows(one, "calendar_changed")) for one in opened] == [1] * 5


def test_before_it_is_proclaimed_it_can_be_seen_what_would_move(room: CaseRoom) -> None:
    case_id = room.opens()
    room.proclaim(MONDAY)
    would = list(ahead(room.house, room.house.who.days()))
    assert [one.reference for one in would] == [stamp(room, case_id).reference]
    assert room.rows(case_id, "calendar_changed") == []
    days = {line.is_.duty: (str(line.was.due), str(line.is_.due)) for line in would[0].lines}
    room.ring()
    assert days == moved(room, case_id)


def test_what_was_answered_before_keeps_its_day(room: CaseRoom) -> None:
    case_id = room.opens()
    room.act("imogen-ashdale", case_id, "acknowledge", contents=_contents(room, "acknowledge"), words="Hello.")
    before = room.promise(case_id, "acknowledge")
    room.move_to("2026-11-23 09:05")
    room.proclaim("2026-11-24")
    room.ring()
    assert before[1] == "kept"
    assert room.promise(case_id, "acknowledge") == before
    assert "acknowledge" not in moved(room, case_id)


def _contents(room: CaseRoom, duty: str) -> list[str]:
    return list(room.house.procedures.get(room.group.procedure).duty(duty, "stage_1").contains)
