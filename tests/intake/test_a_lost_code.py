"""Somebody lost their receipt code: a fresh one goes where they said, and asking for it tells nobody anything."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from services.intake import fresh_codes
from services.intake.doors import make_app
from services.intake.receipts import new_reference
from tests.safeguarding.two_houses import TwoHouses

REACHED = {"is": "young_person", "email": "wren@post.example"}


def lose(houses: TwoHouses, reference: str) -> tuple[int, str]:
    answer = houses.reports.post("/receipts/lost", json={"reference": reference})
    return answer.status_code, answer.text


def made(houses: TwoHouses) -> list[dict[str, Any]]:
    fresh_codes.answer(houses.intake)
    return [one.body for one in houses.said(houses.intake, "fresh_code_made")]


def code_in(houses: TwoHouses, fact: dict[str, Any]) -> str:
    (code,) = houses.intake.vault.open_envelope(fact["code"]).values()
    return code


def opens(houses: TwoHouses, report: dict[str, Any], code: str) -> bool:
    said = {"reference": report["reference"], "code": code}
    return houses.reports.post("/receipts", json=said).status_code == 200


def test_a_fresh_code_opens_the_report_and_the_old_one_ends_when_it_is_first_used(houses: TwoHouses) -> None:
    report = houses.submit(complainant=REACHED)
    lose(houses, report["reference"].lower())
    (fact,) = made(houses)
    fresh = code_in(houses, fact)
    assert fresh != report["receipt_code"] and fresh not in str(fact)
    assert opens(houses, report, report["receipt_code"]), "asking alone must lock nobody out"
    assert opens(houses, report, fresh) and opens(houses, report, fresh)
    assert not opens(houses, report, report["receipt_code"])
    said = {"code": fresh, "words": "And it leaks."}
    assert houses.reports.post(f"/reports/{report['reference']}/words", json=said).status_code == 201


def test_asking_is_the_same_for_everybody_and_nothing_is_made_before_a_later_tick(houses: TwoHouses) -> None:
    reachable = houses.submit(complainant=REACHED)
    nowhere = houses.submit(complainant={"is": "young_person", "anonymous": True})
    asked = [reachable["reference"], nowhere["reference"], new_reference(), "nothing like one"]
    assert {lose(houses, one) for one in asked} == {(202, "{}\n")}
    assert houses.said(houses.intake, "fresh_code_made") == []
    assert [one["report_id"] for one in made(houses)] == [reachable["report_id"]]


def test_one_reference_gets_one_message_a_day_however_often_it_is_asked_for(houses: TwoHouses) -> None:
    report = houses.submit(complainant=REACHED)
    for _ in range(2):
        lose(houses, report["reference"])
        lose(houses, report["reference"])
        assert len(made(houses)) == 1
    houses.move(timedelta(days=1))
    lose(houses, report["reference"])
    first, second = (code_in(houses, one) for one in made(houses))
    assert first != second
    assert not opens(houses, report, first), "the newest is the one that counts"
    assert opens(houses, report, second)


def test_one_address_may_ask_a_few_times_and_no_more(houses: TwoHouses) -> None:
    door = make_app(houses.intake).test_client()
    tried = [door.post("/receipts/lost", json={"reference": new_reference()}).status_code for _ in range(12)]
    assert tried[:10] == [202] * 10 and tried[-1] == 429


def test_a_fresh_code_that_nobody_used_in_its_time_opens_nothing(houses: TwoHouses) -> None:
    report = houses.submit(complainant=REACHED)
    lose(houses, report["reference"])
    (fact,) = made(houses)
    houses.move(fresh_codes.GOOD_FOR)
    assert not opens(houses, report, code_in(houses, fact))
    assert opens(houses, report, report["receipt_code"])


def test_nothing_is_made_when_how_to_reach_them_was_erased(houses: TwoHouses) -> None:
    report = houses.submit(complainant=REACHED)
    with houses.intake.working() as work:
        houses.intake.vault.erase(work.conn, report["report_id"], work.now, ["contact"])
    lose(houses, report["reference"])
    assert made(houses) == []
