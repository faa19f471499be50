"""What somebody told a member of staff, as a case: when it counts from, who wrote it down, and whether it is right."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from services.chassis.errors import Refused
from services.workflow.opening import received as first_row
from tests.workflow.case_room import CaseRoom, person

HANDLER, LEAD = "tobias-fennimore", "imogen-ashdale"
FRIDAY, MONDAY = "2026-11-20T16:00:00+00:00", "2026-11-23T09:00:00+00:00"
CALL = {
    "channel": "telephone", "complainant": "parent", "received_at": FRIDAY, "first_known": FRIDAY,
    "taken_at": MONDAY,
}  # fmt: skip


def told(room: CaseRoom, **changes: Any) -> str:
    """A call of Friday that somebody wrote down on Monday, screened."""
    report = room.report(**CALL | {"taken_by": person("saskia-thornbury")} | changes)
    room.hears("complaint_received", report)
    room.screened(report["report_id"])
    KEPT[report["report_id"]] = report
    return str(report["report_id"])


KEPT: dict[str, dict[str, Any]] = {}
"""The reports of these tests, for the key of their words."""


def due(room: CaseRoom, case_id: str, duty: str) -> dict[str, Any]:
    return next(one for one in room.case(HANDLER, case_id)["dues"] if one["duty"] == duty)


def agrees(room: CaseRoom, case_id: str, sort: str, words: str = "Yes.") -> None:
    """Whoever told it says on the follow-up page whether it is right."""
    report, words_id = KEPT[case_id], uuid4().hex
    sealed = room.intake.envelope(room.intake.envelope_key(case_id, report["words"]), {f"words.{words_id}": words})
    said = {"report_id": case_id, "words_id": words_id, "sort": sort, "words": sealed}
    place = {name: report[name] for name in ("operator", "provider", "home")}
    room.hears("words_received", place | said | {"received_at": room.house.clock.now().isoformat()})


@pytest.mark.clause("IOI-11", "IOI-20")
def test_the_days_count_from_when_staff_were_told_and_the_writing_down_is_late_when_it_is(room: CaseRoom) -> None:
    case_id = told(room)
    assert due(room, case_id, "acknowledge")["due"] == "2026-11-24"
    written = due(room, case_id, "write_it_down")
    assert written["status"] == "met late" and written["met_at"].startswith("2026-11-23T09:00")
    (row,) = room.rows(case_id, "recorded")
    assert row.by == person("saskia-thornbury")
    assert "Saskia Thornbury wrote it down." in room.case(HANDLER, case_id)["ledger"][0]["sentence"]


def test_nobody_is_alarmed_that_a_call_of_friday_was_not_screened_before_it_was_written_down(room: CaseRoom) -> None:
    case_id = room.receives(**CALL | {"taken_by": person("saskia-thornbury")})
    assert "escalated" not in room.events(case_id)
    room.move_to("2026-11-23 10:00")
    assert "escalated" in room.events(case_id)


@pytest.mark.clause("IOI-10", "IOI-13")
def test_read_back_and_agreed_there_and_then_it_is_not_asked_again(room: CaseRoom) -> None:
    case_id = told(room, read_back="agreed", consent="refused")
    assert due(room, case_id, "sign_verbal")["status"] == "met"
    assert due(room, case_id, "ask_consent")["status"] == "met"
    assert room.follow(case_id)["read_back"] is None
    with pytest.raises(Refused, match="only if they agree"):
        room.act(HANDLER, case_id, "record", event="child_information_shared")


@pytest.mark.clause("IOI-10")
def test_on_the_follow_up_page_they_say_that_it_is_right(room: CaseRoom) -> None:
    case_id = told(room, read_back="not_yet")
    assert room.follow(case_id)["read_back"] == {"said": {"what_happened": "My door does not lock."}, "disputed": False}
    agrees(room, case_id, "agreed")
    assert room.rows(case_id, "record_agreed")[0].by == "complainant"
    assert due(room, case_id, "sign_verbal")["status"] == "met"
    assert room.follow(case_id)["read_back"] is None
    room.hears_again()
    assert room.events(case_id).count("record_agreed") == 1


@pytest.mark.clause("IOI-10")
def test_or_that_it_is_not_and_then_it_stays_open_until_it_is(room: CaseRoom) -> None:
    case_id = told(room, read_back="not_yet")
    agrees(room, case_id, "correction", "It is the window.")
    room.hears_again()
    assert room.events(case_id).count("record_disputed") == 1
    assert room.follow(case_id)["read_back"]["disputed"] is True  # type: ignore[index]
    assert due(room, case_id, "sign_verbal")["status"] == "running"
    agrees(room, case_id, "agreed")
    assert room.events(case_id)[-1] == "record_agreed"
    agrees(room, case_id, "correction", "No, the lock.")
    assert room.events(case_id).count("record_disputed") == 1


def test_what_somebody_wrote_themselves_is_never_read_back(room: CaseRoom) -> None:
    case_id = room.opens(channel="telephone")
    assert room.follow(case_id)["read_back"] is None


def test_before_anybody_was_found_safe_nothing_of_it_is_shown(room: CaseRoom) -> None:
    case_id = room.receives(**CALL | {"taken_by": person("saskia-thornbury")})
    assert room.follow(case_id)["read_back"] is None


@pytest.mark.clause("IOI-12")
def test_a_matter_from_before_the_time_limit_waits_for_whoever_decides_and_they_hear_of_it(room: CaseRoom) -> None:
    case_id = told(room, matter_noticed="2025-06-01T00:00:00+01:00")
    (alarm,) = room.rows(case_id, "escalated")
    assert [one["key"] for one in alarm.data["to"]] == [person(HANDLER)]
    page = room.case(HANDLER, case_id)
    assert page["stage"] is None and "Decide whether it is taken" in page["ledger"][-1]["sentence"]
    offered = {one["name"]: one["allowed"] for one in page["actions"]}
    assert offered["accept_late"] and offered["refuse_late"]
    grounds = next(one for one in page["actions"] if one["name"] == "accept_late")["needs"]["choices"]["reason"]
    room.act(HANDLER, case_id, "accept_late", reason=grounds[0], why="She was in hospital all year.")
    assert room.case(HANDLER, case_id)["people"][0]["name"] == "Tobias Fennimore"
    assert due(room, case_id, "acknowledge")["due"] == "2026-11-24"


@pytest.mark.clause("IOI-12")
def test_what_is_not_taken_because_it_is_late_is_answered_by_letter_with_the_reason(room: CaseRoom) -> None:
    case_id = told(room, matter_noticed="2025-06-01T00:00:00+01:00")
    with pytest.raises(Refused, match="the letter that says why"):
        room.act(HANDLER, case_id, "refuse_late", reason="Nobody who was there then works here now.")
    letter = "We cannot look into it any more. You can ask the council, or an advocate."
    room.act(HANDLER, case_id, "refuse_late", reason="Nobody who was there then works here now.", words=letter)
    (sent,) = room.published()[-1]["letters"]
    assert sent["to"] == "complainant" and room.events(case_id)[-2:] == ["refused_late", "closed"]
    assert "advocate" in " ".join(room.follow(case_id)["next"])


def test_what_was_said_of_it_is_in_its_first_row(room: CaseRoom) -> None:
    procedure = room.house.procedures.get(room.group.procedure)
    report = room.report(**CALL | {"taken_by": "x", "read_back": "not_yet"})
    row = first_row(report, room.house.clock.now(), procedure)
    assert (row["taken_by"], row["read_back"], row["taken_at"][:10]) == ("x", "not_yet", "2026-11-23")
