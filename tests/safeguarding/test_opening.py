"""A report becomes a record: screened, kept behind the wall, called about, whatever way and however often it comes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from services.chassis import ledger
from services.chassis.errors import Invalid, NotFound, Refused
from services.safeguarding.models import ledger as ledger_rows
from tests.ground import world
from tests.safeguarding.two_houses import TwoHouses

LEAD, DEPUTY = world.person_id("imogen-ashdale"), world.person_id("callum-wrenfield")
NOOR, VERITY = world.person_id("noor-ellingham"), world.person_id("verity-larkhill")
HURT = "noor ellingham squeezed my neck when i wudnt go to bed, its prob nothing"


def hurt(houses: TwoHouses, **changes: object) -> str:
    """A report of harm by somebody named in full; its id, screened."""
    about = [{"name": "Noor Ellingham"}]
    report = houses.submit(**({"what_happened": HURT, "about": about} | changes))
    houses.carry()
    return str(report["report_id"])


def test_an_ordinary_complaint_opens_a_record_and_calls_nobody(houses: TwoHouses) -> None:
    report = houses.submit()
    houses.carry()
    assert houses.events(report["report_id"]) == ["received", "screened"]
    assert houses.called() == []
    (proof,) = houses.said(houses.safeguarding, "report_screened")
    assert (proof.body["priority"], proof.body["alert_id"]) == ("routine", None)


def test_harm_told_in_a_childs_words_calls_the_lead_in_the_same_transaction(houses: TwoHouses) -> None:
    report_id = hurt(houses)
    assert houses.called() == [LEAD]
    (proof,) = houses.said(houses.safeguarding, "report_screened")
    assert proof.body["priority"] == "urgent"
    assert {one["concern"] for one in proof.body["concerns"]} >= {"abuse_or_exploitation", "lado_threshold"}
    assert proof.body["subjects"][0] | {"might_be": []} == {
        "subject": "s1", "person": NOOR, "role": None, "identified": True, "might_be": [],
    }  # fmt: skip
    assert houses.events(report_id)[0] == "received"
    assert houses.events(report_id)[-2:] == ["screened", "called"]


def test_no_fact_of_safeguarding_carries_a_word_of_what_was_said(houses: TwoHouses) -> None:
    hurt(houses)
    for message in houses.said(houses.safeguarding):
        said = str(message.body).lower()
        assert "squeezed" not in said
        assert "noor ellingham" not in said


def test_the_words_stand_sealed_in_both_databases(houses: TwoHouses, tmp_path: object) -> None:
    hurt(houses)
    for house in (houses.intake, houses.safeguarding):
        files = list(house.settings.var.glob(f"{house.service}.db*"))
        assert files
        for file in files:
            content = file.read_bytes()
            assert b"squeezed" not in content
            assert b"Averill" not in content


def test_the_same_report_five_times_by_broker_and_door_is_one_record(houses: TwoHouses) -> None:
    report_id = hurt(houses)
    houses.carry(again=True)
    fact = houses.said(houses.intake, "complaint_received")[0].body
    token = {"X-Heard-Internal": houses.intake.settings.internal_token}
    for _ in range(3):
        assert houses.knocks.post("/reports", json=fact, headers=token).status_code == 200
    assert houses.events(report_id).count("received") == 1
    assert len(houses.said(houses.safeguarding, "report_screened")) == 1
    assert houses.called() == [LEAD]


def test_a_stranger_at_the_internal_door_learns_nothing(houses: TwoHouses) -> None:
    houses.submit()
    fact = houses.said(houses.intake, "complaint_received")[0].body
    assert houses.knocks.post("/reports", json=fact).status_code == 404
    assert houses.knocks.post("/reports", json=fact, headers={"X-Heard-Internal": "guessed"}).status_code == 404


def test_a_knock_first_and_the_broker_later_is_one_record(houses: TwoHouses) -> None:
    report = houses.submit(what_happened=HURT)
    fact = houses.said(houses.intake, "complaint_received")[0].body
    token = {"X-Heard-Internal": houses.intake.settings.internal_token}
    assert houses.knocks.post("/reports", json=fact, headers=token).status_code == 201
    houses.carry()
    assert houses.events(report["report_id"]).count("screened") == 1


def test_only_the_cleared_lead_sees_it_and_for_all_others_it_is_not_there(houses: TwoHouses) -> None:
    report_id = hurt(houses)
    assert [one["report_id"] for one in houses.safe.alerts(person_id=LEAD)] == [report_id]
    for person in (NOOR, DEPUTY, world.person_id("tobias-fennimore"), world.person_id("hollis-underbridge")):
        assert houses.safe.alerts(person_id=person) == []
        with pytest.raises(NotFound):
            houses.safe.record(person_id=person, report_id=report_id)
        with pytest.raises(NotFound):
            houses.safe.confirm_concern(
                person_id=person, report_id=report_id, concern="lado_threshold", reason="I say so"
            )


def test_the_lead_reads_the_words_the_marks_and_the_clocks(houses: TwoHouses) -> None:
    report_id = hurt(houses)
    record = houses.safe.record(person_id=LEAD, report_id=report_id)
    assert record["words"][0]["said"]["what_happened"] == HURT
    assert any("squeezed" in mark for mark in record["words"][0]["marked"])
    assert record["contact"]["name"] == "Robin Averill"
    assert record["subjects"][0]["person"] == {"id": NOOR, "name": "Noor Ellingham"}
    lado = next(due for due in record["dues"] if due["to"] == ["lado"] and due["within"] == "1 working day")
    assert lado["due"] == "2026-11-24"
    assert lado["status"] == "running"
    assert any("LADO" in one["name"] or one["is"] == "lado" for one in record["contacts"])


def test_a_call_that_was_logged_late_opens_overdue_and_says_so(houses: TwoHouses) -> None:
    report_id = hurt(houses, first_told_at="2026-11-18T10:00:00+00:00")
    record = houses.safe.record(person_id=LEAD, report_id=report_id)
    lado = next(due for due in record["dues"] if due["to"] == ["lado"] and due["within"] == "1 working day")
    assert (lado["due"], lado["status"]) == ("2026-11-19", "late")


def test_a_subject_known_by_a_few_words_leaves_everybody_they_could_mean_outside(houses: TwoHouses) -> None:
    report = houses.submit(
        what_happened="The woman on nights grabs my arm and it leaves marks.", about=[{"words": "the woman on nights"}]
    )
    houses.carry()
    (proof,) = houses.said(houses.safeguarding, "report_screened")
    (subject,) = proof.body["subjects"]
    assert subject["identified"] is False
    assert {NOOR, world.person_id("gwendolen-tarrow"), world.person_id("tobias-fennimore")} <= set(subject["might_be"])
    assert LEAD not in subject["might_be"]
    assert houses.safe.record(person_id=LEAD, report_id=report["report_id"])["subjects"][0]["said"]["words"]
    with pytest.raises(NotFound):
        houses.safe.record(person_id=NOOR, report_id=report["report_id"])


def test_identifying_the_lead_herself_shuts_her_out_and_the_deputy_is_called(houses: TwoHouses) -> None:
    report = houses.submit(
        what_happened="someone on nights grabbed my arm hard", about=[{"words": "somebody on nights"}]
    )
    houses.carry()
    report_id = report["report_id"]
    subject = houses.safe.record(person_id=LEAD, report_id=report_id)["subjects"][0]["subject"]
    houses.safe.identify(person_id=LEAD, report_id=report_id, subject=subject, person=LEAD, reason="She told me.")
    with pytest.raises(NotFound):
        houses.safe.record(person_id=LEAD, report_id=report_id)
    assert houses.safe.record(person_id=DEPUTY, report_id=report_id)["subjects"][0]["person"]["id"] == LEAD
    houses.move(timedelta(minutes=11))
    houses.safe.call_the_ladder()
    assert DEPUTY in houses.called()


def test_the_one_person_who_holds_four_roles_is_never_called_about_herself(houses: TwoHouses) -> None:
    houses.submit(
        home="quay-view", what_happened="Verity Larkhill slapped me in the kitchen", about=[{"name": "Verity Larkhill"}]
    )
    houses.carry()
    for _ in range(40):
        houses.move(timedelta(minutes=10))
        while houses.safe.call_the_ladder():
            pass
    assert VERITY not in houses.called()
    assert houses.called()[0] == DEPUTY
    assert "safeguarding_partnership" in houses.called()


def test_what_cannot_be_read_goes_to_a_person(houses: TwoHouses) -> None:
    houses.submit(what_happened="他每天晚上都打我，我很害怕")
    houses.carry()
    (proof,) = houses.said(houses.safeguarding, "report_screened")
    assert proof.body["priority"] == "soon"
    assert houses.called() == [LEAD]


def test_words_that_come_later_are_screened_like_the_first(houses: TwoHouses) -> None:
    report = houses.submit()
    houses.carry()
    said = {"code": report["receipt_code"], "words": "he also hit me last week and nobody knows"}
    assert houses.reports.post(f"/reports/{report['reference']}/words", json=said).status_code == 201
    houses.carry()
    proof = houses.said(houses.safeguarding, "report_screened")[-1]
    assert proof.body["words_id"]
    assert proof.body["alert_id"]
    assert houses.called() == [LEAD]
    record = houses.safe.record(person_id=LEAD, report_id=report["report_id"])
    assert [one["sort"] for one in record["words"]] == ["report", "message"]


def test_words_that_overtake_their_report_wait_for_it(houses: TwoHouses) -> None:
    report = houses.submit()
    said = {"code": report["receipt_code"], "words": "i want to kill myself"}
    houses.reports.post(f"/reports/{report['reference']}/words", json=said)
    first, later = houses.said(houses.intake)
    houses.hear(later)
    assert houses.said(houses.safeguarding) == []
    houses.hear(first)
    assert [m.body["priority"] for m in houses.said(houses.safeguarding, "report_screened")] == ["routine", "now"]


def test_reasons_stand_sealed_beside_the_ledger_and_the_chain_holds(houses: TwoHouses) -> None:
    report_id = hurt(houses)
    houses.safe.confirm_concern(
        person_id=LEAD, report_id=report_id, concern="lado_threshold", reason="The mark on the neck was seen."
    )
    row = houses.ledger(report_id)[-1]
    assert (row.event, dict(row.data)) == ("concern_confirmed", {"concern": "lado_threshold"})
    shown = houses.safe.record(person_id=LEAD, report_id=report_id)["ledger"][-2]  # the last: the lead read it
    assert shown["words"] == "The mark on the neck was seen."
    with houses.safeguarding.db.reading() as conn:
        assert ledger.verify(conn, ledger_rows, report_id, houses.safeguarding.vault).whole
    with houses.safeguarding.working() as work:
        houses.safeguarding.vault.erase(work.conn, report_id, work.now)
    with houses.safeguarding.db.reading() as conn:
        assert ledger.verify(conn, ledger_rows, report_id).whole
    assert houses.safe.record(person_id=LEAD, report_id=report_id)["words"][0]["erased"] is True


def test_a_record_closes_only_when_everything_is_decided_and_told(houses: TwoHouses) -> None:
    report_id = hurt(houses)
    safe = houses.safe

    def closing(outcome: str = "unsubstantiated") -> dict[str, object]:
        closed: dict[str, object] = safe.close(person_id=LEAD, report_id=report_id, reason="Done.", outcome=outcome)
        return closed

    with pytest.raises(Refused, match="answered"):
        closing()
    (alert,) = safe.alerts(person_id=LEAD)
    safe.acknowledge(person_id=LEAD, alert_id=alert["alert_id"])
    with pytest.raises(Refused, match="Not decided yet"):
        closing()
    for concern in safe.record(person_id=LEAD, report_id=report_id)["concerns"]:
        safe.confirm_concern(person_id=LEAD, report_id=report_id, concern=concern["concern"], reason="It is so.")
    with pytest.raises(Refused, match="not recorded yet that this was done"):
        closing()
    houses.move(timedelta(hours=1))
    for rule in safe.record(person_id=LEAD, report_id=report_id)["rules"]:
        for whom in rule["tell"]:
            for channel in rule["channels"] or ["telephone"]:
                safe.record_referral(
                    person_id=LEAD, report_id=report_id, rule=rule["key"], whom=whom, channel=channel, note="Spoke."
                )
    with pytest.raises(Invalid):
        closing("whatever")
    closing()
    assert houses.events(report_id)[-1] == "safeguarding_closed"


def test_one_decision_with_one_reason_clears_what_was_shown_and_nothing_that_came_since(houses: TwoHouses) -> None:
    report_id = hurt(houses)
    *shown, since = [one["concern"] for one in houses.safe.record(person_id=LEAD, report_id=report_id)["concerns"]]
    assert shown
    clearing = {"person_id": LEAD, "report_id": report_id, "concerns": shown, "reason": "It was a play at school."}
    houses.safe.clear_concerns(**clearing)
    record = houses.safe.record(person_id=LEAD, report_id=report_id)
    status = {one["concern"]: one["status"] for one in record["concerns"]}
    assert status == {**dict.fromkeys(shown, "cleared"), since: "found"}
    with pytest.raises(Refused, match="no such open concern"):
        houses.safe.clear_concerns(**clearing)
    houses.safe.confirm_concern(person_id=LEAD, report_id=report_id, concern=since, reason="It is so.")
    with pytest.raises(Refused):
        houses.safe.clear_concerns(**clearing | {"concerns": [since]})


def test_the_end_of_another_procedure_is_written_down_without_how_it_ended(houses: TwoHouses) -> None:
    quiet = houses.submit()["report_id"]
    report_id = hurt(houses)
    ending = {"person_id": LEAD, "event": "disciplinary_closed", "reason": "The manager told me on the telephone."}
    with pytest.raises(Refused, match="Nothing was found"):
        houses.safe.ended(report_id=quiet, **ending)
    with pytest.raises(Invalid):
        houses.safe.ended(report_id=report_id, **ending | {"event": "safeguarding_closed"})
    houses.safe.ended(report_id=report_id, **ending)
    row = houses.ledger(report_id)[-1]
    assert (row.event, dict(row.data)) == ("disciplinary_closed", {"go_on": True})
    assert houses.safe.record(person_id=LEAD, report_id=report_id)["closed_at"] is None


def test_a_referral_that_has_not_happened_yet_is_refused(houses: TwoHouses) -> None:
    report_id = hurt(houses)
    with pytest.raises(Invalid):
        houses.safe.record_referral(
            person_id=LEAD, report_id=report_id, rule="lado", whom="lado", channel="telephone",
            at="2027-01-01T10:00:00+00:00",
        )  # fmt: skip


def test_a_lead_who_leaves_stops_seeing_and_the_next_one_sees(houses: TwoHouses) -> None:
    report_id = hurt(houses)
    holding = next(
        (entry_id, dict(data)) for entry_id, data in houses.safeguarding.who.entries("holding").items()
        if data["person"] == LEAD
    )  # fmt: skip
    data = {name: value for name, value in holding[1].items() if name != "id"}
    houses.change("holding", holding[0], data | {"person": world.person_id("saskia-thornbury")})
    while houses.safe.look_again_at_people():
        pass
    with pytest.raises(NotFound):
        houses.safe.alert(person_id=NOOR, alert_id="0" * 32)
    assert houses.safe.record(person_id=world.person_id("saskia-thornbury"), report_id=report_id)["report_id"]
    with pytest.raises(NotFound):
        houses.safe.record(person_id=LEAD, report_id=report_id)


def test_the_lado_of_the_homes_own_area_goes_before_the_one_that_the_document_prints(houses: TwoHouses) -> None:
    home = houses.safeguarding.who.home("harbour-house") or {}
    area = {"operator": home["operator"], "provider": None, "area": "hampshire ", "name": None, "email": None}
    for contact, phone in (("lado", "01632 960100"), ("out_of_hours", "01632 960199")):
        entry = area | {"contact": contact, "phone": phone, "verified": True, "verified_on": "2026-11-02"}
        houses.change("contact", f"{contact}-of-hampshire", entry)
    houses.submit(about=[{"name": "Noor Ellingham"}], what_happened="Noor Ellingham hit me, on the arm.")
    houses.carry()
    (alert,) = houses.safe.alerts(person_id=world.person_id("imogen-ashdale"))
    numbers = {one["is"]: [phone["number"] for phone in one["phones"]] for one in alert["contacts"]}
    assert numbers["lado"] == ["01632 960100"] and numbers["out_of_hours"] == ["01632 960199"]
    assert next(one for one in alert["contacts"] if one["is"] == "lado")["verified_on"] == "2026-11-02"
    elsewhere = {**area, "contact": "lado", "phone": "01632 960111", "area": "Devon", "verified": True}
    houses.change("contact", "lado-of-hampshire", elsewhere)
    (alert,) = houses.safe.alerts(person_id=world.person_id("imogen-ashdale"))
    document = next(one for one in alert["contacts"] if one["is"] == "lado")
    assert document["phones"] and document["phones"][0]["number"] not in ("01632 960100", "01632 960111")


def test_while_offices_are_shut_the_number_that_is_answered_then_goes_first_and_each_says_when_it_was_verified(
    houses: TwoHouses,
) -> None:
    home = houses.safeguarding.who.home("harbour-house") or {}
    area = {"operator": home["operator"], "provider": None, "area": "Hampshire", "name": None, "email": None}
    lado = area | {"contact": "lado", "phone": "01632 960100", "out_of_hours": "01632 960188"}
    houses.change("contact", "lado-of-hampshire", lado | {"verified": True, "verified_on": "2025-06-02"})
    team = area | {"contact": "out_of_hours", "phone": "01632 960199", "verified": True, "verified_on": "2026-11-02"}
    houses.change("contact", "team-of-hampshire", team)
    houses.submit(about=[{"name": "Noor Ellingham"}], what_happened="Noor Ellingham hit me, on the arm.")
    houses.carry()

    def shown() -> list[dict[str, Any]]:
        (alert,) = houses.safe.alerts(person_id=world.person_id("imogen-ashdale"))
        contacts: list[dict[str, Any]] = alert["contacts"]
        return contacts

    def numbers(contacts: list[dict[str, Any]]) -> list[tuple[str, bool]]:
        (lado,) = [one for one in contacts if one["is"] == "lado"]
        return [(phone["number"], phone["now"]) for phone in lado["phones"]]

    by_day = shown()
    assert numbers(by_day) == [("01632 960100", True), ("01632 960188", False)]
    assert by_day[0]["is"] != "out_of_hours" and by_day[-1]["is"] == "out_of_hours"
    houses.move(to="2026-11-23 21:00")
    at_night = shown()
    assert numbers(at_night) == [("01632 960188", True), ("01632 960100", False)]
    assert at_night[0]["is"] == "out_of_hours"
    unsure = {one["is"]: (one["verified_on"], one["unsure"]) for one in at_night}
    assert unsure["lado"] == ("2025-06-02", True) and unsure["out_of_hours"] == ("2026-11-02", False)
