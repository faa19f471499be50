"""Whoever complained writes on the follow-up page, and whoever has a part answers: at any time, screened and walled."""

from __future__ import annotations

import pytest

from services.chassis.errors import NotFound, Refused
from tests.workflow.case_room import CaseRoom, subject

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
