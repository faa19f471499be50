"""What can wait is not sent while people sleep; what is about safety, or what somebody waits for, is."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from heard.procedure import Procedure
from heard.registry import load_procedures
from services.notifications.plan import Wanted
from services.notifications.quiet import not_before

NOTICE = Wanted("c" * 32, "party", "complainant", "complainant/notice", {"case_id": "c" * 32, "seq": 5})


@pytest.fixture(scope="module")
def procedure() -> Procedure:
    return load_procedures().get("ioi_support")


@pytest.mark.parametrize(
    ("now", "sent"),
    [
        ("2026-11-23T21:59+00:00", "2026-11-23T21:59+00:00"),
        ("2026-11-23T22:00+00:00", "2026-11-24T07:00+00:00"),
        ("2026-11-24T02:30+00:00", "2026-11-24T07:00+00:00"),
        ("2026-11-24T07:00+00:00", "2026-11-24T07:00+00:00"),
        ("2026-07-01T21:30+00:00", "2026-07-02T06:00+00:00"),  # half past ten in London
        ("2026-03-28T23:00+00:00", "2026-03-29T06:00+00:00"),  # the night in which the clocks go forward
        ("2026-10-24T22:00+00:00", "2026-10-25T07:00+00:00"),  # and back
    ],
)
def test_a_notice_waits_for_the_morning_in_london(procedure: Procedure, now: str, sent: str) -> None:
    assert not_before(procedure, NOTICE, datetime.fromisoformat(now)) == datetime.fromisoformat(sent)


@pytest.mark.parametrize(
    "wanted",
    [
        replace(NOTICE, urgent=True),
        replace(NOTICE, about={**NOTICE.about, "duty": "acknowledge"}),
        replace(NOTICE, kind="person", template="staff/alert", urgent=True),
        replace(NOTICE, kind="person", template="staff/assigned"),
        replace(NOTICE, kind="contact", template="outside/notice"),
    ],
)
def test_what_cannot_wait_does_not(procedure: Procedure, wanted: Wanted) -> None:
    night = datetime.fromisoformat("2026-12-25T02:00+00:00")
    assert not_before(procedure, wanted, night) == night


def test_that_somebody_wrote_waits_for_the_morning_and_for_the_hour_that_an_earlier_notice_stands_for(
    procedure: Procedure,
) -> None:
    wrote = replace(NOTICE, kind="person", template="staff/wrote")
    evening, morning = (datetime.fromisoformat(one) for one in ("2026-11-23T21:30+00:00", "2026-11-24T07:00+00:00"))
    assert not_before(procedure, wrote, evening) == evening
    assert not_before(procedure, replace(wrote, after=evening + timedelta(minutes=20)), evening) > evening
    assert not_before(procedure, replace(wrote, after=evening + timedelta(hours=1)), evening) == morning
