"""What was promised: on its owner's list until it is shown as done, reminded of, rung for when late, closed or not."""

from __future__ import annotations

import json

import pytest

from services.chassis.errors import NotFound
from tests.workflow.case_room import CaseRoom, person, subject

HANDLER, OWNER, GROUP = "tobias-fennimore", "odette-marlingford", "maren-oakshott"
WORDS = "A new lock on Kit's door, and a key for Kit."


def promised(room: CaseRoom, case_id: str, day: str = "2026-12-11") -> None:
    room.act(HANDLER, case_id, "agree_action", what=WORDS, owner=person(OWNER), by_day=day, told="yes")


def tellings(room: CaseRoom, case_id: str) -> list[tuple[bool, list[str]]]:
    """Each time somebody was reminded or rung for: whether as a reminder, and who."""
    rows = [row.data for row in room.rows(case_id, "escalated") if row.data["duty"] == "promised"]
    return [(bool(row.get("reminder")), [one["key"] for one in row["to"]]) for row in rows]


def test_it_is_on_its_owners_list_in_words_that_only_the_page_has(room: CaseRoom) -> None:
    case_id = room.opens()
    promised(room, case_id)
    (mine,) = [one for one in room.today(OWNER)["waiting_for_me"] if one["duty"] == "promised"]
    assert mine["due"] == "2026-12-11"
    assert not [one for one in room.today(HANDLER)["waiting_for_me"] if one["duty"] == "promised"]
    (shown,) = room.case(HANDLER, case_id)["promised"]
    assert (shown["what"], shown["owner_name"], shown["state"]) == (WORDS, "Odette Marlingford", "open")
    stored = json.dumps([dict(row.data) for row in room.rows(case_id)]) + json.dumps(room.published())
    assert "lock" not in stored and "Kit" not in json.dumps(room.today(OWNER))
    assert room.promise(case_id, "respond")[1] == "to come"
    assert ("We do what we promised", "2026-12-11", "to come") in [
        (one["says"], one["by"], one["status"]) for one in room.follow(case_id)["promises"]
    ]


def test_its_owner_is_reminded_then_the_handler_hears_that_it_is_late_then_the_group_once_each(room: CaseRoom) -> None:
    case_id = room.opens()
    promised(room, case_id)
    room.move_to("2026-12-08 23:00")
    assert tellings(room, case_id) == []
    room.move_to("2026-12-09 01:00")
    assert tellings(room, case_id) == [(True, [person(OWNER)])]
    room.move_to("2026-12-12 00:00")
    room.move_to("2026-12-14 09:00")
    assert tellings(room, case_id)[1:] == [(False, [person(HANDLER)])]
    room.move_to("2026-12-19 00:00")
    assert tellings(room, case_id)[2:] == [(False, [person(GROUP)])]
    assert [one["status"] for one in room.today(OWNER)["late"] if one["duty"] == "promised"] == ["late"]


def test_a_closed_case_keeps_what_was_promised_on_the_list_until_it_is_shown(room: CaseRoom) -> None:
    case_id = room.opens()
    promised(room, case_id)
    with room.working() as work:
        from services.workflow.casework import Desk

        desk = Desk(room.house, work)
        file = desk.take_up([case_id])[case_id]
        desk.write(file, [desk.asked(file, "close").event("closed", outcome="answered")])
        desk.put_away()
    room.move_to("2026-12-12 00:00")
    assert [one["duty"] for one in room.today(OWNER)["late"]] == ["promised"]
    assert tellings(room, case_id)[-1] == (False, [person(HANDLER)])
    room.act(OWNER, case_id, "finish_action", action="1", evidence="Kit showed me the key.")
    assert room.today(OWNER)["late"] == []
    (shown,) = room.case(HANDLER, case_id)["promised"]
    assert (shown["state"], shown["evidence"]) == ("done", "Kit showed me the key.")


def test_an_owner_whom_it_turns_out_to_be_about_loses_sight_of_it_and_the_handler_is_reminded(room: CaseRoom) -> None:
    case_id = room.opens()
    promised(room, case_id)
    room.safeguarding(case_id, 1, ("named", subject(who=OWNER)))
    with pytest.raises(NotFound):
        room.case(OWNER, case_id)
    room.move_to("2026-12-09 01:00")
    assert tellings(room, case_id) == [(True, [person(HANDLER)])]
    assert room.today(OWNER)["waiting_for_me"] == []
