"""Answering a call: by link, page, text or telephone, and saying that one cannot; what a stranger learns is nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.chassis import answering
from services.chassis.errors import NotFound, TooMany
from services.chassis.settings import TOKEN_HEADER
from tests.ground import world
from tests.safeguarding.test_calling import DEPUTY, LEAD, TEN, alarmed, ring
from tests.safeguarding.two_houses import TwoHouses

NOOR = world.person_id("noor-ellingham")
ON_DUTY = world.person_id("saskia-thornbury")


def token_of(houses: TwoHouses, alert_id: str, person: str = LEAD, good_for: timedelta = timedelta(hours=1)) -> str:
    return answering.link_token(houses.safeguarding.vault, alert_id, person, houses.now + good_for)


def code_of(houses: TwoHouses, alert_id: str, person: str = LEAD) -> str:
    return answering.code(houses.safeguarding.vault, alert_id, person)


def row(houses: TwoHouses, alert_id: str, event: str) -> dict[str, object]:
    report_id = houses.safe.alert(person_id=LEAD, alert_id=alert_id)["report_id"]
    return dict(next(one for one in houses.ledger(report_id) if one.event == event).data)


def test_the_link_answers_without_signing_in_and_shows_the_home_and_nothing_else(houses: TwoHouses) -> None:
    alert_id = alarmed(houses)
    token = token_of(houses, alert_id)
    seen = houses.knocks.get(f"/alerts/{alert_id}/acknowledge", query_string={"token": token})
    assert seen.get_json() | {"raised_at": ""} == {
        "alert_id": alert_id, "priority": "urgent", "raised_at": "", "answered_at": None, "answered": False,
        "home_name": "Harbour House",
    }  # fmt: skip
    assert houses.safe.alerts(person_id=LEAD)[0]["answered_at"] is None, "looking at a link answers nothing"
    assert houses.knocks.post(f"/alerts/{alert_id}/acknowledge", json={"token": token}).get_json()["answered"] is True
    (alert,) = houses.safe.alerts(person_id=LEAD)
    assert (alert["answered_by"], alert["how"]) == (LEAD, "link")


def test_a_link_that_is_wrong_anothers_too_old_or_made_to_last_longer_opens_nothing(houses: TwoHouses) -> None:
    alert_id = alarmed(houses)
    end, _, digest = token_of(houses, alert_id, good_for=timedelta(minutes=1)).partition(".")
    longer = f"{int(end, 16) + 9999:x}.{digest}"
    over = token_of(houses, alert_id, good_for=timedelta(seconds=-1))
    for token in ("", ".", "guessed", "zz.zz", digest, longer, over, token_of(houses, alert_id, DEPUTY)):
        assert houses.knocks.post(f"/alerts/{alert_id}/acknowledge", json={"token": token}).status_code == 404
    assert houses.knocks.post("/alerts/nothing/acknowledge", json={"token": "x"}).status_code == 404
    assert houses.safe.alerts(person_id=LEAD)[0]["answered_at"] is None


def test_whoever_guesses_links_has_to_wait(houses: TwoHouses) -> None:
    alert_id = alarmed(houses)
    wrong = [houses.knocks.get(f"/alerts/{alert_id}/acknowledge?token={n}").status_code for n in range(21)]
    assert wrong == [404] * 20 + [429]


def test_who_cannot_is_passed_over_at_once_and_not_called_again_while_there_is_somebody_else(houses: TwoHouses) -> None:
    alert_id = alarmed(houses)
    token = token_of(houses, alert_id)
    said = houses.knocks.post(f"/alerts/{alert_id}/acknowledge", json={"token": token, "answer": "cannot"})
    assert said.get_json()["answered"] is False
    assert houses.called() == [LEAD, DEPUTY]
    houses.safe.acknowledge(person_id=LEAD, alert_id=alert_id, can=False)
    assert houses.called() == [LEAD, DEPUTY], "saying it twice is saying it once"
    for _ in range(12):
        ring(houses, TEN)
    assert houses.called().count(LEAD) == 1
    assert "safeguarding_partnership" in houses.called()
    assert row(houses, alert_id, "declined")["how"] == "link"
    assert houses.safe.acknowledge(person_id=LEAD, alert_id=alert_id)["answered_by"] == LEAD, "they can after all"


@pytest.mark.parametrize(
    ("text", "said"),
    [("{}", "have"), ("Yes I have it. {}", "have"), ("NO {}", "cannot"), ("{} I can’t", "cannot"), ("ok", "unclear"),
     ("12345{}", "unclear")],
)  # fmt: skip
def test_a_text_with_the_digits_answers(houses: TwoHouses, text: str, said: str) -> None:
    alert_id = alarmed(houses)
    told = text.format(code_of(houses, alert_id))
    assert houses.safe.answer_by_text(people=[DEPUTY, LEAD], text=told) == said
    (alert,) = houses.safe.alerts(person_id=LEAD)
    assert (alert["how"], alert["answered_by"]) == (("sms_reply", LEAD) if said == "have" else (None, None))
    assert houses.called() == ([LEAD, DEPUTY] if said == "cannot" else [LEAD])


def test_the_digits_of_one_person_are_no_use_to_another(houses: TwoHouses) -> None:
    alert_id = alarmed(houses)
    assert houses.safe.answer_by_text(people=[NOOR], text=code_of(houses, alert_id)) == "unclear"
    assert houses.safe.answer_by_text(people=[DEPUTY], text=code_of(houses, alert_id, DEPUTY)) == "unclear"
    ring(houses, TEN)
    assert houses.safe.answer_by_text(people=[DEPUTY], text=code_of(houses, alert_id, DEPUTY)) == "have"


def test_nobody_can_try_all_the_digits_and_others_are_not_kept_from_answering(houses: TwoHouses) -> None:
    alert_id = alarmed(houses)
    right = code_of(houses, alert_id)
    wrong = [f"{(int(right) + n) % 10_000:04d}" for n in range(1, 7)]
    for code in wrong[:5]:
        with pytest.raises(NotFound):
            houses.safe.answer_by_phone(taken_by=ON_DUTY, person_id=LEAD, code=code)
    for code in (wrong[5], right):
        with pytest.raises(TooMany):
            houses.safe.answer_by_phone(taken_by=ON_DUTY, person_id=LEAD, code=code)
    houses.move(timedelta(minutes=59))
    with pytest.raises(TooMany):
        houses.safe.answer_by_phone(taken_by=ON_DUTY, person_id=LEAD, code=right)
    assert houses.safe.answer_by_text(people=[LEAD], text=right) == "have"


def test_whoever_took_the_call_is_on_record_and_sees_nothing(houses: TwoHouses) -> None:
    alert_id = alarmed(houses)
    assert {"Imogen Ashdale", "Callum Wrenfield"} <= {
        one["name"] for one in houses.safe.who_may_ring(person_id=ON_DUTY)
    }  # fmt: skip
    said = houses.safe.answer_by_phone(taken_by=ON_DUTY, person_id=LEAD, code=code_of(houses, alert_id))
    assert said == {"can": True}
    data = row(houses, alert_id, "answered")
    assert (data["by"], data["how"], data["taken_by"]) == (LEAD, "pin", ON_DUTY)
    assert houses.safe.alerts(person_id=ON_DUTY) == []


def test_the_one_it_is_about_learns_nothing_by_taking_the_call(houses: TwoHouses) -> None:
    alert_id = alarmed(houses)
    told = []
    for code in (code_of(houses, alert_id), "0000" if code_of(houses, alert_id) != "0000" else "1111"):
        with pytest.raises(NotFound) as refused:
            houses.safe.answer_by_phone(taken_by=NOOR, person_id=LEAD, code=code)
        told.append(str(refused.value))
    assert told[0] == told[1]
    assert houses.safe.alerts(person_id=LEAD)[0]["answered_at"] is None


def test_a_text_that_notifications_was_told_of_answers_at_the_door_and_a_strangers_does_not(houses: TwoHouses) -> None:
    alert_id = alarmed(houses)
    said = {"people": [LEAD], "text": f"{code_of(houses, alert_id)} yes"}
    ours = {TOKEN_HEADER: houses.safeguarding.settings.internal_token}
    assert houses.knocks.post("/replies", json=said).status_code == 404
    assert houses.knocks.post("/replies", json={"people": LEAD}, headers=ours).status_code == 422
    unclear = houses.knocks.post("/replies", json={**said, "text": "hello"}, headers=ours)
    assert unclear.get_json() == {"answer": "unclear"}
    assert houses.safe.alerts(person_id=LEAD)[0]["answered_at"] is None
    assert houses.knocks.post("/replies", json=said, headers=ours).get_json() == {"answer": "have"}
    (alert,) = houses.safe.alerts(person_id=LEAD)
    assert (alert["answered_by"], alert["how"]) == (LEAD, "sms_reply")
