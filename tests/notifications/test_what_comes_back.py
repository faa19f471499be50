"""What a mail server or a mailbox answers by itself to a message that had been handed over."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from services.chassis.errors import Unavailable
from services.notifications import hearing, posting, showing
from services.notifications.models import messages
from tests.directory.neighbours import NOW, Neighbours, row
from tests.notifications.post_office import (
    ASSIGNED,
    CALL,
    CASE,
    GROUP,
    HANDLER,
    LEAD,
    OPENING,
    SCREENED,
    PostOffice,
    advanced,
    answered,
    outbox,
    reachable,
    received,
    sealed,
    told,
)


@pytest.fixture
def live(live: Neighbours) -> Neighbours:
    live.change(reachable(email="imogen@tidewater.example", phone=None))
    return live


def comes_back(live: Neighbours, sort: str, *, times: int = 1) -> None:
    """Every message that went out so far is answered so."""
    with live.house.db.reading() as conn:
        sent = conn.scalars(select(messages.c.id).where(messages.c.state == "sent")).all()
    for one in [*sent * times, "0" * 32]:
        fact: dict[str, Any] = {"message_id": one, "sort": sort, "code": "5.1.1", "at": NOW.isoformat()}
        live.hear(posting.came_back, "mail_returned", fact)


def test_a_letter_that_came_back_was_not_sent_and_a_named_person_sees_to_it(live: Neighbours) -> None:
    live.hear(hearing.cases_advanced, "case_advanced", advanced(live, *OPENING, SCREENED, ASSIGNED))
    posting.send_due(live.house, PostOffice(live))
    assert told(live) == [("sent", HANDLER, "email")]
    comes_back(live, "returned", times=2)
    assert told(live) == [("failed", HANDLER, "came_back")]
    assert [one["why"] for one in live.published("message_failed")] == ["came_back"]
    assert any("did not get through" in one["subject"] for one in outbox(live, GROUP))


def test_an_out_of_office_reply_to_a_call_passes_the_call_on(live: Neighbours) -> None:
    live.hear(hearing.ladders_called, "ladder_called", CALL)
    posting.send_due(live.house, PostOffice(live))
    comes_back(live, "away")
    assert told(live) == [("failed", LEAD, "nobody_reads_it_now")]
    assert [one["goes_on"] for one in live.published("call_failed")] == [False]


def test_an_out_of_office_reply_to_anything_else_is_noted(live: Neighbours) -> None:
    live.hear(hearing.cases_advanced, "case_advanced", advanced(live, *OPENING, SCREENED, ASSIGNED))
    posting.send_due(live.house, PostOffice(live))
    comes_back(live, "away")
    assert told(live) == [("sent", HANDLER, "away")] and live.published("message_failed") == []


def of_the_answer(live: Neighbours, name: str) -> list[dict[str, Any]]:
    return [one for one in live.published(name) if one["about"].get("event") == "responded"]


def test_an_answer_whose_notice_came_back_did_not_arrive_until_it_is_opened_behind_the_code(live: Neighbours) -> None:
    answered(live)
    comes_back(live, "returned")
    (failed,) = of_the_answer(live, "message_failed")
    assert (failed["about"]["seq"], failed["whom"]) == (5, "complainant")
    (task,) = [one for one in outbox(live, HANDLER) if "has not been received" in one["subject"]]
    assert "post the letter, ring them or see them" in task["text"] and f"{failed['message_id']}.pdf" in task["text"]
    assert "mended" not in task["subject"] + task["text"]

    for _ in range(2):
        assert "mended" in showing.letters(live.house, CASE)[-1]["text"]
    before, opened = of_the_answer(live, "message_sent")
    assert [one["channel"] for one in (before, opened)] == ["email", "follow_page"]
    assert before["message_id"] == opened["message_id"] == failed["message_id"]
    comes_back(live, "returned", times=2)  # the mail server says it again
    assert len(of_the_answer(live, "message_failed")) == 1


def test_a_notice_that_comes_back_after_its_letter_was_opened_takes_nothing_away(live: Neighbours) -> None:
    answered(live)
    showing.letters(live.house, CASE)
    comes_back(live, "returned")
    assert of_the_answer(live, "message_failed") == []
    assert not any("has not been received" in one["subject"] for one in outbox(live, HANDLER))


def test_a_letter_that_was_opened_while_its_notice_waited_for_the_mail_server_arrived(live: Neighbours) -> None:
    live.hear(hearing.complaints_received, "complaint_received", received(live))
    letter = {"seq": 3, "to": "complainant", "words": sealed(live, "workflow", "letters", words="It was mended.")}
    body = advanced(live, *OPENING, row(3, "acknowledged", stage="stage_1"), letters=[letter])
    live.hear(hearing.cases_advanced, "case_advanced", body)
    showing.letters(live.house, CASE)
    live.move_clock(NOW + timedelta(hours=25))
    office = PostOffice(live)
    office.fails = [Unavailable(), Unavailable()]
    posting.send_due(live.house, office)
    assert ("sent", "complainant", "follow_page") in told(live)
