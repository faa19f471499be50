"""A case from an earlier log: its own days, judged by the procedure, marked as what it is; the past rings no bell."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from services.workflow import today
from tests.workflow.case_room import CaseRoom, person, subject

MANAGER, LEAD = "tobias-fennimore", "imogen-ashdale"
MARCH = "2026-03-02T12:00:00+00:00"
ANSWERED = {
    "acknowledged": "2026-03-03T12:00:00+00:00", "responded": "2026-03-30T11:00:00+00:00", "finding": "upheld",
    "closed": "2026-05-11T11:00:00+00:00", "outcome": "answered",
}  # fmt: skip


def told(room: CaseRoom, past: dict[str, Any], **changes: Any) -> str:
    """Hear a complaint of March from an earlier log, and that it was screened; the case's id."""
    body = room.report(received_at=MARCH, first_known=MARCH, contactable=False, complainant="parent", **changes)
    body |= {"imported_at": room.house.clock.now().isoformat(), "past": past}
    room.hears("past_complaint_told", body)
    return str(body["report_id"])


def brought_in(room: CaseRoom, past: dict[str, Any], **changes: Any) -> str:
    case_id = told(room, past, **changes)
    room.screened(case_id)
    room.ring()
    return case_id


def due(page: dict[str, Any], duty: str) -> list[str]:
    return [one["status"] for one in page["dues"] if one["duty"] == duty]


def test_a_closed_complaint_keeps_its_days_and_is_judged_by_the_procedure(room: CaseRoom) -> None:
    case_id = brought_in(room, ANSWERED)
    page = room.case(MANAGER, case_id)
    assert (page["state"], page["outcome"], page["received_at"]) == ("closed", "answered", MARCH)
    assert due(page, "acknowledge") == ["met"]
    assert due(page, "respond") == ["met late"]
    row = next(one for one in page["ledger"] if one["event"] == "responded")
    assert row["at"] == ANSWERED["responded"] and row["by_name"] == "an earlier log"


def test_it_is_marked_wherever_it_shows(room: CaseRoom) -> None:
    brought = room.house.clock.now().isoformat()
    closed, still_open = brought_in(room, ANSWERED), brought_in(room, {})
    ordinary = room.opens()
    assert room.case(MANAGER, closed)["imported"] == brought
    listed = {one["case_id"]: one["imported"] for one in today.cases(room.house, person(MANAGER))["cases"]}
    assert listed == {closed: brought, still_open: brought, ordinary: None}
    lines = room.today(MANAGER)
    marks = {line["case_id"]: line["imported"] for line in [*lines["late"], *lines["due"]]}
    assert marks[still_open] == brought and marks[ordinary] is None


def test_no_letter_no_alarm_and_no_reminder_goes_out_for_the_past(room: CaseRoom) -> None:
    cases = [brought_in(room, ANSWERED), brought_in(room, {"acknowledged": ANSWERED["acknowledged"]})]
    room.move_to(room.house.clock.now() + timedelta(hours=6))
    for case_id in cases:
        assert "escalated" not in room.events(case_id)
    assert [body["letters"] for body in room.published() if body["letters"]] == []
    assert {line["duty"] for line in room.today(MANAGER)["late"]} == {"respond"}


def test_nothing_is_owed_any_more_in_a_closed_complaint_of_the_past(room: CaseRoom) -> None:
    case_id = brought_in(room, ANSWERED)
    lines = room.today(MANAGER)
    assert [line for line in [*lines["late"], *lines["due"]] if line["case_id"] == case_id] == []


def test_an_open_one_is_handled_from_here_on_and_its_missing_answer_is_late(room: CaseRoom) -> None:
    case_id = brought_in(room, {"acknowledged": ANSWERED["acknowledged"]})
    assert room.case(MANAGER, case_id)["people"][0]["who"] == person(MANAGER)
    late = [line["duty"] for line in room.today(MANAGER)["late"] if line["case_id"] == case_id]
    assert late == ["respond"]


def test_what_the_log_has_no_column_for_is_not_held_against_anybody(room: CaseRoom) -> None:
    page = room.case(MANAGER, brought_in(room, ANSWERED))
    assert {one["duty"] for one in page["dues"] if one["status"] == "late"} == set()


def test_a_later_stage_is_reached_on_the_day_it_was_asked_for(room: CaseRoom) -> None:
    past = {
        "responded": "2026-03-09T12:00:00+00:00", "stage": "stage_2", "stage_requested": "2026-03-12T12:00:00+00:00",
        "stage_responded": "2026-04-01T11:00:00+00:00", "finding": "not_upheld",
        "closed": "2026-06-01T11:00:00+00:00", "outcome": "answered",
    }  # fmt: skip
    page = room.case(MANAGER, brought_in(room, past))
    assert [(step["key"], step["opened_at"][:10]) for step in page["journey"]] == [
        ("stage_1", "2026-03-02"), ("stage_2", "2026-03-12"),
    ]  # fmt: skip
    answers = [one for one in page["ledger"] if one["event"] == "responded"]
    assert [one["data"].get("findings") for one in answers] == [None, {"complaint": "not_upheld"}]


def test_until_it_is_screened_nobody_sees_it_and_nobody_is_alarmed(room: CaseRoom) -> None:
    case_id = told(room, ANSWERED)
    room.move_to(room.house.clock.now() + timedelta(hours=1))
    assert room.cases(MANAGER) == [] and room.events(case_id)[-1] == "closed"


def test_whom_it_was_about_never_learns_of_it(room: CaseRoom) -> None:
    case_id = told(room, ANSWERED)
    room.screened(case_id, subjects=[subject(who=MANAGER)])
    assert room.cases(MANAGER) == [] and case_id in room.cases(LEAD)


def test_it_comes_twice_and_is_there_once(room: CaseRoom) -> None:
    case_id = brought_in(room, ANSWERED)
    before = room.events(case_id)
    room.hears_again()
    assert room.events(case_id) == before and before.count("received") == 1


def test_one_older_than_the_procedure_is_judged_by_its_first_version(room: CaseRoom) -> None:
    body = room.report(received_at="2025-12-01T12:00:00+00:00", first_known="2025-12-01T12:00:00+00:00")
    body |= {"imported_at": room.house.clock.now().isoformat(), "past": {}}
    room.hears("past_complaint_told", body)
    room.screened(body["report_id"])
    assert room.case(MANAGER, body["report_id"])["procedure"]["key"] == "ioi_support"


@pytest.mark.parametrize("outcome", ["withdrawn", "resolved"])
def test_one_that_ended_without_an_answer_says_how(room: CaseRoom, outcome: str) -> None:
    case_id = brought_in(room, {"closed": "2026-03-04T12:00:00+00:00", "outcome": outcome})
    assert room.case(MANAGER, case_id)["outcome"] == outcome
    assert ("withdrawn" in room.events(case_id)) == (outcome == "withdrawn")
