"""Handing in a report: stored and announced at once or not at all, answered with a receipt, whoever tries it twice."""

from __future__ import annotations

import re
from functools import partial

import pytest
from sqlalchemy import func, select

from services.chassis.errors import TooMany
from services.chassis.patience import Patience
from services.chassis.tables import new_id
from services.chassis.work import Fact
from services.intake.doors import make_app
from services.intake.models import equality, reports
from services.intake.receipts import new_reference, receipt_code, tidy_reference
from tests.ground import world
from tests.safeguarding.two_houses import TwoHouses


def stored(houses: TwoHouses) -> int:
    with houses.intake.db.reading() as conn:
        return conn.execute(select(func.count()).select_from(reports)).scalar() or 0


def test_a_report_gets_a_reference_and_a_receipt_and_is_announced(houses: TwoHouses) -> None:
    report = houses.submit()
    assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){2}", report["reference"])
    assert re.fullmatch(r"\d{4}( \d{4}){3}", report["receipt_code"])
    (fact,) = houses.said(houses.intake)
    assert fact.name == "complaint_received"
    assert fact.body["report_id"] == report["report_id"]
    assert "washing machine" not in str(fact.body)
    assert houses.safeguarding.vault.open_envelope(fact.body["words"])["what_happened"].startswith(
        "The washing machine"
    )


def test_the_same_key_and_contents_are_the_same_report_with_the_same_receipt(houses: TwoHouses) -> None:
    key = {"Idempotency-Key": "a phone that lost its signal"}
    answers = [houses.reports.post("/reports", json=world.a_report(), headers=key) for _ in range(3)]
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.text for answer in answers}) == 1
    assert stored(houses) == 1
    assert len(houses.said(houses.intake)) == 1


def test_the_same_key_with_other_contents_is_refused_and_nothing_is_stored(houses: TwoHouses) -> None:
    key = {"Idempotency-Key": "the same"}
    houses.reports.post("/reports", json=world.a_report(), headers=key)
    answer = houses.reports.post("/reports", json=world.a_report(wanted="Something else."), headers=key)
    assert answer.status_code == 422
    assert stored(houses) == 1


def test_an_unknown_home_is_not_found(houses: TwoHouses) -> None:
    answer = houses.reports.post("/reports", json=world.a_report(home="no-such-home"))
    assert answer.status_code == 404
    assert stored(houses) == 0


def test_a_home_that_may_only_not_be_known_here_yet_is_to_be_tried_again(houses: TwoHouses) -> None:
    further = {"version": houses.intake.who.version() + 1}
    with houses.intake.working() as work:
        said = Fact("directory_confirmed", further, new_id(), "", houses.now)
        houses.intake.who.take_confirmations(work, [said])
    answer = houses.reports.post("/reports", json=world.a_report(home="no-such-home"))
    assert answer.status_code == 503
    assert houses.reports.post("/reports", json=world.a_report()).status_code == 201


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"what_happened": ""}, "what_happened"),
        ({"what_happened": "   "}, "what_happened"),
        ({"what_happened": "x" * 20_001}, "what_happened"),
        ({"kind": "rant"}, "kind"),
        ({"child": {"age": 240}}, "child"),
        ({"complainant": {"is": "parent", "email": "not an address"}}, "complainant"),
        ({"first_told_at": "2026-11-20 10:00"}, "first_told_at"),
        ({"nobody_asked": 1}, "nobody_asked"),
        ({"about": [{"names": "x"}]}, "about"),
    ],
)
def test_each_fault_is_named_and_nothing_is_stored(houses: TwoHouses, changes: dict[str, object], field: str) -> None:
    answer = houses.reports.post("/reports", json=world.a_report(**changes))
    assert answer.status_code == 422
    assert field in answer.get_json()["fields"]
    assert stored(houses) == 0


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'"words"', b"\xff\xfe"])
def test_what_is_no_report_at_all_is_told_so(houses: TwoHouses, body: bytes) -> None:
    assert houses.reports.post("/reports", data=body, content_type="application/json").status_code == 422


def test_a_book_is_too_long(houses: TwoHouses) -> None:
    assert houses.reports.post("/reports", json=world.a_report(wanted="x" * 300_000)).status_code == 413


def test_the_words_may_be_in_any_script_and_hold_a_nul(houses: TwoHouses) -> None:
    houses.submit(what_happened="Moje łóżko \x00 złamane 🛏️", complainant={"is": "young_person", "anonymous": True})
    houses.carry()


def test_equality_answers_stand_apart_under_a_key_that_safeguarding_cannot_open(houses: TwoHouses) -> None:
    report = houses.submit(equality={"ethnicity": "asked and answered"})
    with houses.intake.db.reading() as conn:
        row = conn.execute(select(equality)).one()
    assert row.report_id == report["report_id"]
    assert "asked" not in str(row.answers)
    (fact,) = houses.said(houses.intake)
    assert "equality" not in fact.body


def test_somebody_who_wants_no_name_is_taken_at_their_word(houses: TwoHouses) -> None:
    houses.submit(complainant={"is": "young_person", "name": "Typed By Habit", "anonymous": True}, child=None)
    (fact,) = houses.said(houses.intake)
    assert fact.body["anonymous"] is True
    assert fact.body["contact"] is None
    assert fact.body["about_a_child"] is True


def test_a_receipt_opens_its_report_however_it_is_typed(houses: TwoHouses) -> None:
    report = houses.submit()
    typed = {
        "reference": report["reference"].lower().replace("-", " "),
        "code": report["receipt_code"].replace(" ", ""),
    }
    opened = houses.reports.post("/receipts", json=typed)
    assert opened.status_code == 200
    assert opened.get_json()["report_id"] == report["report_id"]
    assert opened.get_json()["screened"] is False
    houses.carry()
    assert houses.reports.post("/receipts", json=typed).get_json()["screened"] is True


def test_an_unknown_reference_and_a_wrong_code_are_the_same_answer(houses: TwoHouses) -> None:
    report = houses.submit()
    wrong = houses.reports.post("/receipts", json={"reference": report["reference"], "code": "1234 5678 9012 3456"})
    unknown = houses.reports.post("/receipts", json={"reference": new_reference(), "code": report["receipt_code"]})
    assert (wrong.status_code, wrong.text) == (unknown.status_code, unknown.text) == (404, wrong.text)


def test_guessing_codes_is_stopped_and_the_right_one_waits_too(houses: TwoHouses) -> None:
    report = houses.submit()
    guess = {"reference": report["reference"], "code": "0000 0000 0000 0000"}
    answers = [houses.reports.post("/receipts", json=guess).status_code for _ in range(12)]
    assert answers[:10] == [404] * 10
    assert answers[-1] == 429
    late = houses.reports.post("/receipts", json=guess | {"code": report["receipt_code"]})
    assert late.status_code == 429
    assert int(late.headers["Retry-After"]) > 0


def test_words_added_twice_with_one_key_are_said_once(houses: TwoHouses) -> None:
    report = houses.submit()
    said = {"code": report["receipt_code"], "words": "And it leaks."}
    first, second = (
        houses.reports.post(f"/reports/{report['reference']}/words", json=said, headers={"Idempotency-Key": "w"})
        for _ in range(2)
    )
    assert first.status_code == second.status_code == 201
    assert first.get_json()["words_id"] == second.get_json()["words_id"]
    assert len(houses.said(houses.intake, "words_received")) == 1
    opened = houses.reports.post("/receipts", json={"reference": report["reference"], "code": report["receipt_code"]})
    assert [one["sort"] for one in opened.get_json()["sent"]] == ["message"] and "leaks" not in opened.text


def test_a_whole_home_may_report_at_once_and_a_machine_may_not() -> None:
    now = 0.0
    patience = Patience(burst=5, refill=10.0, clock=lambda: now)
    for _ in range(5):
        patience.take("198.51.100.7", "harbour-house")
    with pytest.raises(TooMany) as refused:
        patience.take("198.51.100.7", "harbour-house")
    assert refused.value.after == 10
    patience.take("198.51.100.7", "quay-view")
    now = 11.0
    patience.take("198.51.100.7", "harbour-house")


def test_the_portal_is_believed_about_who_asks_and_a_stranger_is_not(
    houses: TwoHouses, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Time stands still: on a slow machine the bucket would fill as fast as it is emptied.
    monkeypatch.setattr("services.intake.doors.Patience", partial(Patience, clock=lambda: 0.0))
    door = make_app(houses.intake).test_client()

    def ask(**headers: str) -> int:
        return door.post("/reports", json=world.a_report(), headers=headers).status_code

    far = {"X-Forwarded-For": "203.0.113.9", "X-Heard-Internal": houses.intake.settings.internal_token}
    statuses = {ask(**far) for _ in range(50)}
    assert statuses == {201, 429}
    assert ask() == 201
    assert ask(**{"X-Forwarded-For": "203.0.113.9"}) == 201


def test_a_code_follows_from_the_report_and_the_secret_alone() -> None:
    assert receipt_code(b"s" * 32, "a" * 32) == receipt_code(b"s" * 32, "a" * 32)
    assert receipt_code(b"s" * 32, "a" * 32) != receipt_code(b"s" * 32, "b" * 32)
    assert tidy_reference(" h7k2 9qxm 4tbd ") == "H7K2-9QXM-4TBD"
    assert tidy_reference("O0Il-0000-0000") == "0011-0000-0000"


def test_a_home_that_has_closed_still_takes_reports_about_the_past(houses: TwoHouses) -> None:
    home = houses.intake.who.home("harbour-house")
    assert home is not None
    data = {name: value for name, value in home.items() if name != "id"}
    houses.change("home", str(home["id"]), data | {"active": False, "closed_at": "2026-11-01T00:00:00+00:00"})
    assert houses.submit()["reference"]
    assert stored(houses) == 1


def test_an_answer_that_the_provider_s_questions_do_not_offer_is_kept_nowhere_unsealed(houses: TwoHouses) -> None:
    for each in houses.intake.who.entries("provider"):
        houses.change("provider", each, {**houses.intake.who.entry("provider", each), "procedure": "stepping_stones"})
    question = next(one for one in houses.intake.procedures.get("stepping_stones").facts if one.one_of)
    houses.submit(facts={question.key: question.one_of[0], "mine": "Mrs Averill did it", "other": question.one_of[0]})
    (fact,) = houses.said(houses.intake, "complaint_received")
    assert fact.body["facts"] == {question.key: question.one_of[0]}


def test_a_day_that_the_teller_does_not_remember_stands_in_the_record_for_the_lead(houses: TwoHouses) -> None:
    forgotten = houses.submit(told_day_unknown=True)
    known = houses.submit(told_day_unknown=True, first_told_at="2026-11-02T00:00:00+00:00")
    houses.carry()
    received = {
        one["report_id"]: next(row.data for row in houses.ledger(one["report_id"]) if row.event == "received")
        for one in (forgotten, known)
    }
    assert received[forgotten["report_id"]]["told_day_unknown"] is True
    assert "told_day_unknown" not in received[known["report_id"]]
