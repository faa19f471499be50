"""What anybody may send to the open doors: nothing of it stops a clock, opens another's receipt or is kept in clear."""

from __future__ import annotations

import hashlib
import stat
from typing import Any

import pytest
from sqlalchemy import select

from services.chassis.database import compact
from services.intake.models import reports
from services.intake.schemas import ReportForm
from tests.ground import world
from tests.safeguarding.two_houses import TwoHouses

JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize("far", ["0001-01-01T00:00:00+14:00", "1900-06-01T12:00:00+00:00", "1995-06-01T12:00:00Z"])
def test_a_date_that_no_calendar_reaches_is_refused_before_it_can_stop_a_clock(houses: TwoHouses, far: str) -> None:
    answer = houses.reports.post("/reports", json=world.a_report(first_told_at=far))
    assert answer.status_code == 422
    assert "first_told_at" in answer.get_json()["fields"]


@pytest.mark.parametrize(
    "when", ["2011-02-01T12:00:00+00:00", "2030-01-01T00:00:00+00:00", "9999-12-31T23:59:00-12:00"]
)
def test_every_date_that_is_taken_is_one_that_safeguarding_can_open(houses: TwoHouses, when: str) -> None:
    report = houses.submit(first_told_at=when, in_danger_now=True)
    houses.carry()
    assert "screened" in houses.events(report["report_id"])


def test_half_a_character_refuses_nobody(houses: TwoHouses) -> None:
    sent = b'{"home": "harbour-house", "what_happened": "He hit me \\ud83d", "equality": {"\\ud800": "\\udfff"}}'
    answer = houses.reports.post("/reports", data=sent, headers=JSON)
    assert answer.status_code == 201
    houses.carry()
    assert "screened" in houses.events(answer.get_json()["report_id"])


@pytest.mark.parametrize("door", ["/reports", "/receipts", "/reports/H7K2-9QXM-4TBD/words"])
@pytest.mark.parametrize("body", [b"[" * 100_000, b'{"age": ' + b"9" * 5_000 + b"}", b'{"a": "\xff"}', b"null", b""])
def test_what_is_no_form_is_a_fault_of_the_sender_and_not_of_ours(houses: TwoHouses, door: str, body: bytes) -> None:
    assert houses.reports.post(door, data=body, headers=JSON).status_code == 422


def test_half_a_character_in_a_receipt_or_a_link_is_a_wrong_one(houses: TwoHouses) -> None:
    sent = b'{"reference": "\\ud800", "code": "\\ud800"}'
    assert houses.reports.post("/receipts", data=sent, headers=JSON).status_code == 404
    report = houses.submit(in_danger_now=True)
    houses.carry()
    (called, *_) = houses.said(houses.safeguarding, "ladder_called")
    assert called.body["report_id"] == report["report_id"]
    alert = called.body["alert_id"]
    answer = houses.knocks.post(f"/alerts/{alert}/acknowledge", data=b'{"token": "\\ud800"}', headers=JSON)
    assert answer.status_code == 404


def test_an_unknown_reference_and_a_wrong_code_get_the_same_answer(houses: TwoHouses) -> None:
    known = houses.submit()["reference"]
    answers = [
        houses.reports.post("/receipts", json={"reference": reference, "code": "0000 0000 0000 0000"})
        for reference in (known, "AAAA-AAAA-AAAA")
    ]
    assert len({(answer.status_code, answer.data) for answer in answers}) == 1


def test_writing_a_reference_differently_gives_no_more_tries(houses: TwoHouses) -> None:
    reference = houses.submit()["reference"]
    spellings = [reference, reference.lower(), reference.replace("-", ""), reference.replace("-", " ")] * 3
    statuses = [
        houses.reports.post("/receipts", json={"reference": spelt, "code": "0000"}).status_code for spelt in spellings
    ]
    assert statuses == [404] * 10 + [429] * 2


def test_who_asks_is_not_what_a_stranger_says_they_are(houses: TwoHouses) -> None:
    reference = houses.submit()["reference"]

    def guess(n: int) -> int:
        named = {"X-Forwarded-For": f"203.0.113.{n}", "X-Heard-Internal": "guessed"}
        return houses.reports.post("/receipts", json={"reference": reference, "code": "1"}, headers=named).status_code

    assert [guess(n) for n in range(11)][-1] == 429


def test_nothing_that_is_kept_of_a_retried_report_can_be_checked_against_a_guess_at_its_words(
    houses: TwoHouses,
) -> None:
    sent: dict[str, Any] = world.a_report()
    houses.reports.post("/reports", json=sent, headers={"Idempotency-Key": "a phone"})
    with houses.intake.db.reading() as conn:
        kept = conn.execute(select(reports.c.retry_digest)).scalar_one()
    form = ReportForm().load(sent)
    assert kept != hashlib.sha256(compact(dict(sorted(form.items()))).encode()).hexdigest()


def test_the_files_are_their_owners_alone(houses: TwoHouses) -> None:
    with houses.intake.db.writing() as conn:
        conn.exec_driver_sql("CREATE TABLE IF NOT EXISTS looked_at (n INTEGER)")
    files = [one for one in houses.intake.settings.var.iterdir() if ".db" in one.name]
    assert {one.name for one in files} >= {"intake.db", "intake.db-wal", "safeguarding.db"}
    for one in files:
        if one.name.partition(".")[0] in ("intake", "safeguarding"):
            assert stat.S_IMODE(one.stat().st_mode) == 0o600, one.name
