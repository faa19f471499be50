"""Whoever complained writes on the follow-up page, and whoever has a part answers: at any time, screened and walled."""

from __future__ import annotations

from typing import Any

import pytest

from services.chassis.errors import NotFound, Refused
from tests.workflow.case_room import CaseRoom, person, subject
from tests.workflow.test_a_home_changes_in_the_middle import NEW, change_of_manager
from tests.workflow.test_who_only_reads import end

HANDLER, SUBJECT = "tobias-fennimore", "noor-ellingham"
WORDS = "We have asked the engineer to come on Tuesday."


def test_whoever_has_a_part_writes_at_any_time_and_safeguarding_reads_it_too(room: CaseRoom) -> None:
    case_id = room.opens()
    room.act(HANDLER, case_id, "write", words=WORDS)
    (letter,) = [one for fact in room.published() for one in fact["letters"]]
    assert letter["to"] == "complainant"
    assert [fact["sort"] for fact in room.published("words_written")] == ["letter"]
    row = room.case(HANDLER, case_id)["ledger"][-1]
    assert (row["sentence"], row["letter"]) == ("The person who complained was written to.", WORDS)
    assert WORDS not in str(room.published())


def test_a_letter_without_words_is_none(room: CaseRoom) -> None:
    with pytest.raises(Refused):
        room.act(HANDLER, room.opens(), "write")


def test_nobody_writes_before_safeguarding_has_read_the_report(room: CaseRoom) -> None:
    case_id = room.receives()
    with pytest.raises((NotFound, Refused)):
        room.act(HANDLER, case_id, "write", words=WORDS)


def test_for_whom_it_is_about_there_is_nobody_to_write_to(room: CaseRoom) -> None:
    case_id = room.receives()
    room.screened(case_id, subjects=[subject(who=SUBJECT)])
    with pytest.raises(NotFound):
        room.act(SUBJECT, case_id, "write", words="It was not me.")


def over(room: CaseRoom) -> tuple[str, dict[str, Any]]:
    """A case that is closed, and its report."""
    report = room.report()
    room.hears("complaint_received", report)
    room.screened(case_id := report["report_id"])
    room.case(HANDLER, case_id, to_read=True)
    end(room, case_id)
    return case_id, report


def writes(room: CaseRoom, report: dict[str, Any], words_id: str, text: str) -> None:
    """Whoever complained writes on the follow-up page, and safeguarding reads it."""
    key = room.intake.envelope_key(report["report_id"], report["words"])
    place = {name: report[name] for name in ("operator", "provider", "home", "report_id")}
    at, words = room.house.clock.now().isoformat(), room.intake.envelope(key, {"words": text})
    message = {**place, "words_id": words_id, "sort": "message", "received_at": at, "words": words}
    room.hears("words_received", message)
    room.screened(report["report_id"], words_id=words_id)


def waiting(room: CaseRoom, who: str) -> list[tuple[str, str]]:
    return [(one["case_id"], one["state"]) for one in room.today(who)["messages"]]


def test_what_is_written_after_a_case_was_closed_waits_for_whoever_handled_it_with_what_they_can_do(
    room: CaseRoom,
) -> None:
    case_id, report = over(room)
    assert room.case(HANDLER, case_id)["wrote_since"] is None
    writes(room, report, "b" * 32, "It broke again the day after.")
    assert waiting(room, HANDLER) == [(case_id, "closed")]
    assert all(waiting(room, who) == [] for who in (SUBJECT, NEW, "imogen-ashdale", "maren-oakshott"))
    assert room.published()[-1]["hears"] == person(HANDLER)
    page = room.case(HANDLER, case_id, to_read=True)
    assert page["wrote_since"] and "It broke again" in str(page["words"])
    assert {"write", "reopen"} <= {one["name"] for one in page["actions"] if one["allowed"]}
    assert waiting(room, HANDLER) == []
    room.act(HANDLER, case_id, "write", words="Somebody comes tomorrow.")
    assert room.case(HANDLER, case_id)["wrote_since"] is None
    writes(room, report, "c" * 32, "And again.")
    assert waiting(room, HANDLER) == [(case_id, "closed")]


def test_what_is_written_after_its_handler_has_left_waits_for_whoever_would_handle_it_now(room: CaseRoom) -> None:
    case_id, report = over(room)
    change_of_manager(room)
    writes(room, report, "b" * 32, "It broke again the day after.")
    assert waiting(room, NEW) == [(case_id, "closed")]
    with pytest.raises(NotFound):
        room.case(HANDLER, case_id)


def test_a_message_that_was_read_before_the_case_was_closed_waits_for_nobody(room: CaseRoom) -> None:
    report = room.report()
    room.hears("complaint_received", report)
    room.screened(case_id := report["report_id"])
    writes(room, report, "b" * 32, "It still does not lock.")
    room.case(HANDLER, case_id, to_read=True)
    end(room, case_id)
    assert waiting(room, HANDLER) == []
    change_of_manager(room)
    assert waiting(room, NEW) == []
