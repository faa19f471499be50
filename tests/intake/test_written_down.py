"""What staff write down for somebody: only our portal can say so, and it counts from when they were told."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from services.chassis.settings import TOKEN_HEADER
from tests.ground import world
from tests.intake.test_receiving import stored
from tests.safeguarding.two_houses import TwoHouses

LEAD = world.person_id("imogen-ashdale")

def written_down(houses: TwoHouses, *, ours: bool = True, **changes: object) -> Any:
    """A report at the door as our portal hands it in for somebody who is signed in, or as a stranger would."""
    shown = {TOKEN_HEADER: houses.intake.settings.internal_token} if ours else {}
    said = {"taken_by": "s" * 32, "first_told_at": "2026-11-20T16:00:00+00:00", "channel": "telephone"}
    return houses.reports.post("/reports", json=world.a_report(**said | changes), headers=shown)


def test_what_staff_were_told_counts_from_then_and_is_screened_like_every_report(houses: TwoHouses) -> None:
    answer = written_down(houses, read_back="agreed", consent="pending", noticed_on="2026-01-05").get_json()
    assert answer["received_at"] == "2026-11-20T16:00:00+00:00"
    (fact,) = [message.body for message in houses.said(houses.intake, "complaint_received")]
    assert (fact["received_at"], fact["first_known"]) == (answer["received_at"], answer["received_at"])
    assert fact["taken_by"] == "s" * 32 and fact["taken_at"].startswith("2026-11-23T09:00")
    assert (fact["read_back"], fact["consent"]) == ("agreed", "pending")
    assert fact["matter_noticed"].startswith("2026-01-05")
    houses.carry()
    assert houses.events(answer["report_id"])[-1] == "screened"
    opened = houses.reports.post("/receipts", json={"reference": answer["reference"], "code": answer["receipt_code"]})
    assert opened.get_json()["received_at"] == answer["received_at"]


def test_a_clock_that_staff_started_on_friday_is_late_on_monday_evening(houses: TwoHouses) -> None:
    answer = written_down(houses, what_happened="The woman on nights grabbed her by the neck.").get_json()
    houses.carry()
    houses.move(timedelta(days=1))
    dues = houses.safe.record(person_id=LEAD, report_id=answer["report_id"])["dues"]
    lado = next(one for one in dues if one["within"] == "1 working day")
    assert (lado["due"], lado["status"]) == ("2026-11-23", "late")


@pytest.mark.parametrize("said", [{"taken_by": "s" * 32}, {"read_back": "agreed"}, {"consent": "given"}])
def test_nobody_else_can_say_that_staff_wrote_it_down(houses: TwoHouses, said: dict[str, object]) -> None:
    answer = houses.reports.post("/reports", json=world.a_report(**said))
    assert answer.status_code == 422 and next(iter(said)) in answer.get_json()["fields"]
    assert stored(houses) == 0


def test_written_down_twice_with_one_key_it_is_one_report(houses: TwoHouses) -> None:
    shown = {TOKEN_HEADER: houses.intake.settings.internal_token, "Idempotency-Key": "once"}
    body = world.a_report(taken_by="s" * 32, first_told_at="2026-11-20T16:00:00+00:00", noticed_on="2026-01-05")
    first, second = (houses.reports.post("/reports", json=body, headers=shown).get_json() for _ in range(2))
    assert first == second and stored(houses) == 1
