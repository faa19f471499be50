"""A concern that somebody at work raises, and the words they write, take the way of the first report."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from services.chassis.errors import NotFound, Unavailable
from services.chassis.hearing import hear
from services.chassis.work import Message
from services.safeguarding.service import SafeguardingService
from tests.ground import world
from tests.safeguarding.two_houses import TwoHouses, as_another, service

LEAD, DEPUTY = world.person_id("imogen-ashdale"), world.person_id("callum-wrenfield")
NOOR, TOBIAS = world.person_id("noor-ellingham"), world.person_id("tobias-fennimore")
SASKIA = world.person_id("saskia-thornbury")
ABUSE, WORKER = "abuse_or_exploitation", "lado_threshold"


def from_the_case(houses: TwoHouses, fact: str, report_id: str, said: str | None, **more: Any) -> Message:
    """What the case publishes about a report; `said` travels sealed."""
    own = uuid4().hex
    envelope = None
    if said is not None:
        with houses.intake.db.writing() as conn:
            key = houses.intake.vault.key_for(conn, report_id, "words")
        envelope = houses.intake.vault.envelope(key, {f"words.{own}": said})
    at = houses.now.isoformat()
    mine: dict[str, Any] = (
        {"raised_id": own, "at": at, "known_at": at, "because": ["person"]}
        if fact == "concern_raised"
        else {"words_id": own, "written_at": at, "sort": "staff_note"}
    )
    place = {"operator": world.provider_id("tidewater-homes"), "provider": world.provider_id("tidewater-homes")}
    place |= {"home": world.home_id("harbour-house"), "report_id": report_id, "case_id": report_id}
    body = {**place, "by": TOBIAS, "words": envelope, **mine, **more}
    return Message(uuid4().hex, fact, body, "", houses.now)


def raised(houses: TwoHouses, report_id: str, concern: str = ABUSE, said: str | None = None, **more: Any) -> Message:
    """Somebody raises a concern; the message, to hand over again."""
    message = from_the_case(houses, "concern_raised", report_id, said, concern=concern, **more)
    houses.hear(message)
    return message


def written(houses: TwoHouses, report_id: str, said: str, **more: Any) -> None:
    """Somebody writes something on the case."""
    houses.hear(from_the_case(houses, "words_written", report_id, said, **more))


def ordinary(houses: TwoHouses, **changes: Any) -> str:
    """A report that worries nobody, screened."""
    report = houses.submit(**changes)
    houses.carry()
    return str(report["report_id"])


def found(houses: TwoHouses, report_id: str) -> list[tuple[str, str]]:
    """The concerns found so far, and by whom."""
    return [(row.data["concern"], row.by) for row in houses.ledger(report_id) if row.event == "concern_found"]


def might_be(houses: TwoHouses, report_id: str, who: str = LEAD) -> set[str]:
    """Everybody who may be meant, as somebody cleared reads it."""
    record = houses.safe.record(person_id=who, report_id=report_id)
    return {one["id"] for subject in record["subjects"] for one in subject["might_be"]}


def test_a_concern_raised_at_work_is_found_by_that_person_and_calls_the_lead(houses: TwoHouses) -> None:
    report_id = ordinary(houses)
    assert houses.called() == []
    known = (houses.now - timedelta(hours=3)).isoformat()
    raised(houses, report_id, said="Kit told me something at breakfast.", known_at=known)
    assert found(houses, report_id) == [(ABUSE, TOBIAS)]
    assert houses.called() == [LEAD]
    record = houses.safe.record(person_id=LEAD, report_id=report_id)
    (concern,) = record["concerns"]
    assert (concern["by_screen"], concern["known_at"]) == (False, known)
    assert [(one["sort"], one["said"]) for one in record["words"]][-1] == (
        "concern", {"words": "Kit told me something at breakfast."},
    )  # fmt: skip
    said = str([one.body for one in houses.said(houses.safeguarding, "safeguarding_advanced")])
    assert "concern_found" in said and "breakfast" not in said


def test_the_same_concern_comes_twice_and_is_found_and_called_about_once(houses: TwoHouses) -> None:
    report_id = ordinary(houses)
    message = raised(houses, report_id)
    houses.hear(message)
    raised(houses, report_id, by=SASKIA)
    assert found(houses, report_id) == [(ABUSE, TOBIAS)]
    assert houses.called() == [LEAD]


def test_a_concern_raised_after_the_call_was_answered_calls_again(houses: TwoHouses) -> None:
    report_id = ordinary(houses)
    raised(houses, report_id)
    (alert,) = houses.safe.alerts(person_id=LEAD)
    houses.safe.acknowledge(person_id=LEAD, alert_id=alert["alert_id"])
    again = raised(houses, report_id, by=SASKIA)
    assert houses.called() == [LEAD, LEAD]
    (alert,) = [one for one in houses.safe.alerts(person_id=LEAD) if one["answered_at"] is None]
    houses.safe.acknowledge(person_id=LEAD, alert_id=alert["alert_id"])
    rows = houses.events(report_id)
    houses.hear(as_another(again))
    assert (houses.events(report_id), houses.called()) == (rows, [LEAD, LEAD])


def test_a_concern_raised_after_safeguarding_was_closed_opens_the_record_again(houses: TwoHouses) -> None:
    report_id = ordinary(houses)
    raised(houses, report_id)
    (alert,) = houses.safe.alerts(person_id=LEAD)
    houses.safe.acknowledge(person_id=LEAD, alert_id=alert["alert_id"])
    houses.safe.confirm_concern(person_id=LEAD, report_id=report_id, concern=ABUSE, reason="It is so.")
    houses.move(timedelta(hours=1))
    for rule in houses.safe.record(person_id=LEAD, report_id=report_id)["rules"]:
        for whom in rule["tell"]:
            for channel in rule["channels"] or ["telephone"]:
                houses.safe.record_referral(
                    person_id=LEAD, report_id=report_id, rule=rule["key"], whom=whom, channel=channel
                )
    houses.safe.close(person_id=LEAD, report_id=report_id, reason="Done.", outcome="unfounded")
    raised(houses, report_id)
    record = houses.safe.record(person_id=LEAD, report_id=report_id)
    assert record["closed_at"] is None
    assert [one["status"] for one in record["concerns"]] == ["found"]
    assert houses.called() == [LEAD, LEAD]


def test_whoever_is_named_as_a_concern_is_raised_is_kept_away_and_never_called(houses: TwoHouses) -> None:
    report_id = ordinary(houses)
    raised(houses, report_id, WORKER, "Imogen Ashdale was on her own with him. I am Tobias Fennimore.")
    assert houses.called() == [DEPUTY, "safeguarding_partnership"]  # the lead may be meant: somebody outside as well
    with pytest.raises(NotFound):
        houses.safe.record(person_id=LEAD, report_id=report_id)
    assert might_be(houses, report_id, DEPUTY) == {LEAD}  # whoever raises it is not meant by their own name


def test_a_concern_about_somebody_at_work_whom_nobody_names_leaves_only_the_lead(houses: TwoHouses) -> None:
    report_id = ordinary(houses)
    raised(houses, report_id, WORKER)
    meant = might_be(houses, report_id)
    assert {NOOR, SASKIA} <= meant
    assert TOBIAS not in meant and LEAD not in meant


def test_what_is_said_of_a_concern_is_screened_too(houses: TwoHouses) -> None:
    report_id = ordinary(houses)
    raised(houses, report_id, "missing", "Before he ran off he said that Noor Ellingham punched him.")
    assert {concern for concern, _ in found(houses, report_id)} >= {"missing", ABUSE, WORKER}
    assert might_be(houses, report_id) == {NOOR}


def test_a_note_that_tells_of_harm_is_found_by_the_screen_and_calls_the_lead(houses: TwoHouses) -> None:
    report_id = ordinary(houses)
    written(houses, report_id, "Talk with Kit on Monday. He says Noor Ellingham punched him and grabbed his neck.")
    assert {by for _, by in found(houses, report_id)} == {"screen"}
    assert houses.called() == [LEAD]
    assert might_be(houses, report_id) == {NOOR}
    assert len(houses.said(houses.safeguarding, "report_screened")) == 1  # the report's own


def test_ordinary_letters_and_notes_call_nobody_and_leave_no_row(houses: TwoHouses) -> None:
    report_id = ordinary(houses)
    before = houses.events(report_id)
    written(houses, report_id, "Dear Robin, I am dealing with what you told us. Tobias Fennimore", sort="letter")
    written(houses, report_id, "Parts are on order.")
    written(houses, report_id, "ok")
    assert houses.events(report_id) == before
    assert houses.called() == []


def test_a_letter_that_says_again_what_was_reported_calls_nobody_again(houses: TwoHouses) -> None:
    report_id = ordinary(
        houses, what_happened="noor ellingham punched me and grabbed my neck", about=[{"name": "Noor Ellingham"}]
    )
    (alert,) = houses.safe.alerts(person_id=LEAD)
    houses.safe.acknowledge(person_id=LEAD, alert_id=alert["alert_id"])
    before = houses.events(report_id)
    again = "Dear Kit, you told us that Noor punched you and grabbed your neck. Saskia Thornbury will ring you."
    written(houses, report_id, again, sort="letter")
    assert houses.events(report_id) == before
    assert houses.called() == [LEAD]
    written(houses, report_id, "He told me tonight that he wants to kill himself.")  # that is new, and cannot wait
    assert houses.called() == [LEAD, LEAD]


def test_somebody_named_later_does_not_take_the_place_of_somebody_named_first(houses: TwoHouses) -> None:
    report = houses.submit(what_happened="Noor punched me in the face")
    houses.carry()
    assert might_be(houses, report["report_id"]) == {NOOR}
    said = {"code": report["receipt_code"], "words": "and Saskia grabbed my arm and hit me too"}
    houses.reports.post(f"/reports/{report['reference']}/words", json=said)
    houses.carry()
    assert might_be(houses, report["report_id"]) == {NOOR, SASKIA}


def test_what_overtakes_its_report_is_left_to_come_again(houses: TwoHouses) -> None:
    report_id = str(houses.submit()["report_id"])
    listener: Any = service(SafeguardingService, houses.safeguarding)
    for fact in ("concern_raised", "words_written"):
        more = {"concern": ABUSE} if fact == "concern_raised" else {}
        message = from_the_case(houses, fact, report_id, "He was hit.", **more)
        assert isinstance(hear(houses.safeguarding, getattr(listener, fact), [message]), Unavailable)
    houses.carry()
    raised(houses, report_id)
    assert found(houses, report_id) == [(ABUSE, TOBIAS)]
