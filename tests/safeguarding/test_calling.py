"""The ladder: it goes on until somebody answers, never to whom it may be about, and every step of it is evidence."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from heard.people import Recipient, Rung
from services.chassis.errors import NotFound
from services.chassis.work import Message
from services.safeguarding.calling import Call, plan
from tests.ground import world
from tests.safeguarding.two_houses import TwoHouses, as_another

LEAD, DEPUTY = world.person_id("imogen-ashdale"), world.person_id("callum-wrenfield")
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
TEN = timedelta(minutes=10)
LADDER = (
    Rung(0, Recipient("person", "a", "lead")),
    Rung(600, Recipient("person", "b", "deputy")),
    Rung(7200, Recipient("contact", "c", "outside")),
)


def keys(made: list[Call], at: datetime) -> list[str]:
    return [one.key for one in plan(LADDER, made, NOON, TEN, at).now]


def test_the_first_is_called_at_once_and_each_next_in_its_time() -> None:
    assert keys([], NOON) == ["a"]
    made = [Call("a", False, NOON)]
    assert keys(made, NOON + timedelta(minutes=9)) == []
    assert plan(LADDER, made, NOON, TEN, NOON + timedelta(minutes=9)).next_at == NOON + TEN
    assert keys(made, NOON + TEN) == ["b"]


def test_between_the_steps_those_already_called_are_called_again_in_turn() -> None:
    made = [Call("a", False, NOON), Call("b", False, NOON + TEN)]
    assert keys(made, NOON + 2 * TEN) == ["a"]
    made.append(Call("a", False, NOON + 2 * TEN))
    assert keys(made, NOON + 3 * TEN) == ["b"]


def test_after_a_standstill_each_is_called_once_and_in_order() -> None:
    assert keys([Call("a", False, NOON)], NOON + timedelta(days=1)) == ["b", "c"]


def test_a_call_that_could_not_be_delivered_moves_on_at_once() -> None:
    assert keys([Call("a", False, NOON, failed=True)], NOON + timedelta(seconds=1)) == ["b"]


def alarmed(houses: TwoHouses) -> str:
    houses.submit(what_happened="noor ellingham punched me", about=[{"name": "Noor Ellingham"}])
    houses.carry()
    (alert,) = houses.safe.alerts(person_id=LEAD)
    return str(alert["alert_id"])


def ring(houses: TwoHouses, by: timedelta) -> None:
    houses.move(by)
    while houses.safe.call_the_ladder():
        pass


def test_the_calls_go_on_to_the_deputy_and_outside_until_somebody_answers(houses: TwoHouses) -> None:
    alert_id = alarmed(houses)
    for _ in range(30):
        ring(houses, TEN)
    assert houses.called()[:1] == [LEAD]
    assert {DEPUTY, "safeguarding_partnership"} <= set(houses.called())
    made = len(houses.called())
    houses.safe.acknowledge(person_id=DEPUTY, alert_id=alert_id, how="page")
    for _ in range(10):
        ring(houses, TEN)
    assert len(houses.called()) == made


def test_answering_ends_the_calls_and_not_the_clocks(houses: TwoHouses) -> None:
    alert_id = alarmed(houses)
    answer = houses.safe.acknowledge(person_id=LEAD, alert_id=alert_id)
    assert answer["answered_by"] == LEAD
    record = houses.safe.record(person_id=LEAD, report_id=answer["report_id"])
    dues = {due["duty"]: due["status"] for due in record["dues"]}
    assert "met" in {status for duty, status in dues.items() if duty == "safeguarding_lead"}
    assert any(status == "running" for status in dues.values())
    assert houses.events(answer["report_id"])[-2:] == ["answered", "was_read"]


def test_whom_a_telephone_call_reaches_best_is_called_all_the_same_and_others_see_the_number(
    houses: TwoHouses,
) -> None:
    alert_id = alarmed(houses)
    calls = houses.safe.alert(person_id=LEAD, alert_id=alert_id)["calls"]
    assert [(one["person"], one["ring"]) for one in calls] == [(LEAD, None)]
    entry = dict(houses.safeguarding.who.entry("person", LEAD) or {})
    houses.change("person", LEAD, entry | {"alert_way": "call", "phone": "07700 900123"})
    calls = houses.safe.alert(person_id=LEAD, alert_id=alert_id)["calls"]
    assert [(one["person"], one["ring"]) for one in calls] == [(LEAD, "07700 900123")]


def test_the_first_answer_stands(houses: TwoHouses) -> None:
    alert_id = alarmed(houses)
    first = houses.safe.acknowledge(person_id=LEAD, alert_id=alert_id)
    ring(houses, TEN)
    assert houses.safe.acknowledge(person_id=LEAD, alert_id=alert_id, how="telephone") == first
    assert houses.events(first["report_id"]).count("answered") == 1


def test_whoever_was_not_called_and_is_no_lead_cannot_answer(houses: TwoHouses) -> None:
    alert_id = alarmed(houses)
    for person in (DEPUTY, world.person_id("noor-ellingham"), world.person_id("hollis-underbridge")):
        with pytest.raises(NotFound):
            houses.safe.acknowledge(person_id=person, alert_id=alert_id)


def test_what_became_of_each_call_is_evidence_and_a_failure_calls_the_next(houses: TwoHouses) -> None:
    alert_id = alarmed(houses)
    body = {
        "message_id": "m" * 32, "report_id": houses.safe.alert(person_id=LEAD, alert_id=alert_id)["report_id"],
        "alert_id": alert_id, "attempt": 1,
        "channel": "email", "at": houses.now.isoformat(), "why": "address_refused",
        "operator": "o", "provider": "p", "home": "h",
    }  # fmt: skip
    failed = Message("n" * 32, "call_failed", body, "c", houses.now)
    houses.hear(failed)
    ring(houses, timedelta(seconds=1))
    assert houses.called() == [LEAD, DEPUTY]
    rows = houses.events(body["report_id"])
    houses.hear(as_another(failed))
    ring(houses, timedelta(seconds=1))
    assert (houses.events(body["report_id"]), houses.called()) == (rows, [LEAD, DEPUTY])
    (alert,) = houses.safe.alerts(person_id=LEAD)
    assert alert["calls"][0]["why"] == "address_refused"
    assert "call_failed" in houses.events(alert["report_id"])


def test_what_is_said_later_in_danger_calls_again_at_once(houses: TwoHouses) -> None:
    report = houses.submit(what_happened="noor ellingham punched me", about=[{"name": "Noor Ellingham"}])
    houses.carry()
    said = {"code": report["receipt_code"], "words": "please help me quick she is outside my door now"}
    houses.reports.post(f"/reports/{report['reference']}/words", json=said)
    houses.carry()
    (alert,) = houses.safe.alerts(person_id=LEAD)
    assert alert["priority"] == "now"
    (first, second) = [m.body["priority"] for m in houses.said(houses.safeguarding, "report_screened")]
    assert (first, second) == ("urgent", "now")
