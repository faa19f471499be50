"""What a mail server or a mailbox answers by itself to a message that had been handed over."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from services.notifications import hearing, posting
from services.notifications.models import messages
from tests.directory.neighbours import NOW, Neighbours
from tests.notifications.test_by_text import CALL, LEAD, reachable
from tests.notifications.test_telling_people import (
    ASSIGNED,
    GROUP,
    HANDLER,
    OPENING,
    SCREENED,
    PostOffice,
    advanced,
    outbox,
    told,
)


@pytest.fixture
def live(tmp_path: Path) -> Iterator[Neighbours]:
    made = Neighbours(tmp_path, "notifications", installation="live", smtp_url="smtp://mail.example")
    made.change(reachable(email="imogen@tidewater.example", phone=None))
    yield made
    made.close()


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
