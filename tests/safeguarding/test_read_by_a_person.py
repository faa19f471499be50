"""A person reads every report: who did is kept, and a report that nobody opens in time is an alert by itself."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from services.chassis.work import Message
from services.safeguarding.models import record_reads, records
from tests.ground import world
from tests.safeguarding.two_houses import TwoHouses, as_another

LEAD, TOBIAS = world.person_id("imogen-ashdale"), world.person_id("tobias-fennimore")
DAY = timedelta(hours=24)


def reported(houses: TwoHouses, **changes: Any) -> str:
    """A report, screened."""
    report = houses.submit(**changes)
    houses.carry()
    return str(report["report_id"])


def case_opened(houses: TwoHouses, report_id: str) -> Message:
    """Somebody opened the case that it became."""
    tidewater = world.provider_id("tidewater-homes")
    place = {"operator": tidewater, "provider": tidewater, "home": world.home_id("harbour-house")}
    body = {**place, "report_id": report_id, "case_id": report_id, "by": TOBIAS, "at": houses.now.isoformat()}
    message = Message(uuid4().hex, "case_opened", body, "", houses.now)
    houses.hear(message)
    return message


def after(houses: TwoHouses, by: timedelta) -> list[str]:
    """Who has been called once that time has passed."""
    houses.move(by)
    houses.safe.call_about_the_unread()
    return houses.called()


def test_a_report_that_nobody_opens_within_the_day_calls_the_lead_and_calls_again(houses: TwoHouses) -> None:
    report_id = reported(houses)
    assert after(houses, DAY - timedelta(minutes=1)) == []
    assert after(houses, timedelta(minutes=1)) == [LEAD]
    (row,) = [one for one in houses.ledger(report_id) if one.event == "unread"]
    assert row.data["since"] == (houses.now - DAY).isoformat()
    (alert,) = houses.safe.alerts(person_id=LEAD)
    houses.safe.acknowledge(person_id=LEAD, alert_id=alert["alert_id"])
    assert after(houses, DAY) == [LEAD, LEAD]  # answering a call is not reading what it is about


def test_the_lead_who_opens_the_record_ends_the_wait_and_each_opening_is_kept(houses: TwoHouses) -> None:
    report_id = reported(houses)
    for _ in range(2):
        houses.safe.record(person_id=LEAD, report_id=report_id)
    assert after(houses, 3 * DAY) == []
    assert [(one.by, one.data["where"]) for one in houses.ledger(report_id) if one.event == "was_read"] == [
        (LEAD, "record"),
    ]  # fmt: skip
    with houses.safeguarding.db.reading() as conn:
        assert conn.execute(select(record_reads.c.person_id)).scalars().all() == [LEAD, LEAD]


def test_the_handler_who_opens_the_case_has_read_it_too_however_often_that_is_told(houses: TwoHouses) -> None:
    report_id = reported(houses)
    message = case_opened(houses, report_id)
    houses.hear(message)
    assert after(houses, 3 * DAY) == []
    assert houses.events(report_id).count("was_read") == 1


def test_what_is_said_later_waits_for_a_reader_as_well(houses: TwoHouses) -> None:
    report = houses.submit()
    houses.carry()
    message = case_opened(houses, report["report_id"])
    said = {"code": report["receipt_code"], "words": "The heating is still off, and it is cold at night."}
    houses.reports.post(f"/reports/{report['reference']}/words", json=said)
    houses.carry()
    houses.hear(as_another(message))  # told once more, that reads nothing of what was said since
    assert after(houses, DAY) == [LEAD]


def test_what_came_from_an_earlier_log_and_what_was_screened_before_waits_for_nobody(houses: TwoHouses) -> None:
    report_id = reported(houses)
    with houses.safeguarding.db.writing() as conn:
        conn.execute(records.update().values(read_due_at=None))
    assert after(houses, 9 * DAY) == []
    houses.safe.record(person_id=LEAD, report_id=report_id)
    assert "was_read" not in houses.events(report_id)


@pytest.mark.parametrize("came", ["voice", "picture"])
def test_a_voice_or_a_picture_goes_to_a_person_soon_whatever_the_words_beside_it_say(
    houses: TwoHouses, came: str
) -> None:
    report_id = reported(houses, what_happened="There is something I want you to know about dinner.", not_words=[came])
    assert houses.called() == [LEAD]
    record = houses.safe.record(person_id=LEAD, report_id=report_id)
    assert (record["readable"], record["words"][0]["not_words"]) == (False, [came])


def test_a_voice_that_nobody_listens_to_within_the_hour_calls_again(houses: TwoHouses) -> None:
    reported(houses, not_words=["voice"])
    (alert,) = houses.safe.alerts(person_id=LEAD)
    houses.safe.acknowledge(person_id=LEAD, alert_id=alert["alert_id"])
    assert after(houses, timedelta(minutes=59)) == [LEAD]
    assert after(houses, timedelta(minutes=1)) == [LEAD, LEAD]


def test_a_picture_that_comes_with_a_later_message_calls_too(houses: TwoHouses) -> None:
    report = houses.submit()
    houses.carry()
    said = {"code": report["receipt_code"], "words": "This is the radiator in my room.", "not_words": ["picture"]}
    houses.reports.post(f"/reports/{report['reference']}/words", json=said)
    houses.carry()
    assert houses.called() == [LEAD]


def test_about_a_small_child_nothing_that_the_screen_marks_waits(houses: TwoHouses) -> None:
    said = "Staff borrowed his pocket money and never gave it back."
    older, younger = (reported(houses, what_happened=said, child={"age": age}) for age in (15, 9))
    shown = [houses.safe.record(person_id=LEAD, report_id=one) for one in (older, younger)]
    assert [one["priority"] for one in shown] == ["soon", "urgent"]
    assert ["age.young" in one["because"] for record in shown for one in record["concerns"][:1]] == [False, True]
