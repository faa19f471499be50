"""The forms of bodies outside: filled in from the record, completed by the lead, kept as they were sent."""

from __future__ import annotations

import base64
import io
from datetime import timedelta
from typing import Any

import docx
import pytest
from pypdf import PdfReader

from heard.ledger import Happening
from services.chassis import ledger
from services.chassis.errors import Invalid, NotFound, Refused
from services.chassis.work import Message
from services.safeguarding.models import ledger as ledger_rows
from tests.ground import world
from tests.safeguarding.two_houses import TwoHouses

LEAD, DEPUTY = world.person_id("imogen-ashdale"), world.person_id("callum-wrenfield")
NOOR = world.person_id("noor-ellingham")
LADO = "working_together.lado"
SAID = "noor ellingham punched me at tea time"


def reported(houses: TwoHouses) -> str:
    report = houses.submit(
        what_happened=SAID, wanted="To sleep somewhere else.", about=[{"name": "Noor Ellingham"}],
        child={"name": "Wren Halloway", "age": 15},
        complainant={"is": "young_person", "name": "Wren Halloway", "anonymous": False},
    )  # fmt: skip
    houses.carry()
    return str(report["report_id"])


def form(houses: TwoHouses, report_id: str, key: str = LADO) -> dict[str, Any]:
    return dict(houses.safe.form(person_id=LEAD, report_id=report_id, form=key))


def answers(shown: dict[str, Any]) -> dict[str, str]:
    return {one["key"]: one["answer"] for part in shown["parts"] for one in part["answers"]}


def verify_the_lado(houses: TwoHouses) -> None:
    home = houses.safeguarding.who.home("harbour-house") or {}
    there = {"operator": home["operator"], "provider": None, "area": "Hampshire", "name": None, "contact": "lado"}
    reach = {"email": "lado@hampshire.example", "phone": "01632 960100"}
    houses.change("contact", "c" * 32, there | reach | {"verified": True, "verified_on": "2026-11-20"})


def send(houses: TwoHouses, report_id: str, after: int = 0) -> int:
    sent = houses.safe.send_form(person_id=LEAD, report_id=report_id, form=LADO, whom="lado", after=after)
    return int(sent["seq"])


def told(houses: TwoHouses, report_id: str) -> list[Happening]:
    return [one for one in houses.ledger(report_id) if one.event == "told"]


def became(houses: TwoHouses, fact: str, report_id: str, seq: int, **more: object) -> None:
    place = {name: "x" for name in ("operator", "provider", "home")}
    body = {"message_id": "m" * 32, "report_id": report_id, "seq": seq, "at": houses.now.isoformat(), **place, **more}
    houses.hear(Message("n" * 32, fact, body, "c", houses.now))


def test_what_the_record_knows_is_filled_in_and_what_nobody_said_is_named(houses: TwoHouses) -> None:
    report_id = reported(houses)
    listed = houses.safe.record(person_id=LEAD, report_id=report_id)["forms"]
    assert LADO in {one["key"] for one in listed if one["wanted"]}
    assert "data_protection.breach" in {one["key"] for one in listed if not one["wanted"]}
    shown = form(houses, report_id)
    known = answers(shown)
    assert (known["said"], known["person"], known["child"]) == (SAID, "Noor Ellingham", "Wren Halloway")
    assert (known["child_age"], known["place"], known["sent_by"]) == ("15", "Harbour House", "Imogen Ashdale")
    assert known["child_wishes"] == "To sleep somewhere else."
    assert known["our_reference"] == shown["reference"]
    assert known["who_said"] == "Wren Halloway, young person"
    missing = {one["key"] for one in shown["missing"]}
    assert {"child_born", "person_born", "made_safe", "harmed"} <= missing
    assert missing == {key for key, answer in known.items() if not answer} - {"asked"}


def test_who_speaks_up_about_their_own_place_of_work_is_not_passed_on(houses: TwoHouses) -> None:
    worker = {"is": "staff", "name": "Saskia Thornbury", "anonymous": False}
    about = [{"name": "Noor Ellingham"}]
    report_id = houses.submit(
        kind="whistleblowing", complainant=worker, what_happened="noor ellingham punched a boy", about=about
    )["report_id"]
    houses.carry()
    assert "Saskia" not in str(form(houses, report_id)["parts"])


def test_what_the_lead_types_is_kept_sealed_once_and_can_be_taken_back(houses: TwoHouses) -> None:
    report_id = reported(houses)
    typed = {"made_safe": "Noor Ellingham went home at once.", "harmed": "yes", "person": "Noor Ellingham"}
    for _ in range(2):
        houses.safe.fill_form(person_id=LEAD, report_id=report_id, form=LADO, answers=typed)
    (row,) = [one for one in houses.ledger(report_id) if one.event == "form_filled"]
    assert dict(row.data) == {"form": LADO, "fields": ["harmed", "made_safe"]}
    assert answers(form(houses, report_id))["made_safe"] == "Noor Ellingham went home at once."
    written = houses.safe.record(person_id=LEAD, report_id=report_id)["ledger"]
    (shown,) = [one["words"] for one in written if one["event"] == "form_filled"]
    assert "What was done to keep children safe: Noor Ellingham went home at once." in shown
    assert not [m for m in houses.said(houses.safeguarding) if "went home" in str(m.body)]
    houses.safe.fill_form(person_id=LEAD, report_id=report_id, form=LADO,
                             answers={"made_safe": "", "person": "Noor E."})  # fmt: skip
    later = answers(form(houses, report_id))
    assert (later["made_safe"], later["person"], later["harmed"]) == ("", "Noor E.", "yes")
    with houses.safeguarding.db.reading() as conn:
        assert ledger.verify(conn, ledger_rows, report_id, houses.safeguarding.vault).whole
    for wrong in ({"harmed": "perhaps"}, {"made_safe": "x" * 5_001}, {"no_such_question": "x"}):
        with pytest.raises(Invalid):
            houses.safe.fill_form(person_id=LEAD, report_id=report_id, form=LADO, answers=wrong)


def test_to_whoever_may_not_see_the_record_there_is_no_form(houses: TwoHouses) -> None:
    report_id = reported(houses)
    verify_the_lado(houses)
    seq, safe = send(houses, report_id), houses.safe
    for person in (NOOR, DEPUTY, world.person_id("tobias-fennimore")):
        asked = {"person_id": person, "report_id": report_id, "form": LADO}
        for ask in (
            lambda asked=asked: safe.form(**asked),
            lambda asked=asked: safe.fill_form(**asked, answers={"made_safe": "x"}),
            lambda asked=asked: safe.form_document(**asked, kind="docx", sent=seq),
            lambda asked=asked: safe.send_form(**asked, whom="lado", after=0),
        ):
            with pytest.raises(NotFound):
                ask()
    with pytest.raises(NotFound):
        form(houses, report_id, "nobodys.form")


def test_both_documents_say_the_same_and_mark_what_is_missing(houses: TwoHouses) -> None:
    report_id = reported(houses)
    asked = {"person_id": LEAD, "report_id": report_id, "form": LADO}
    made = houses.safe.form_document(**asked, kind="pdf")
    assert "Noor" not in made["name"]
    read = PdfReader(io.BytesIO(base64.b64decode(made["content"])))
    printed = "\n".join(page.extract_text() for page in read.pages)
    catalogue = read.trailer["/Root"]
    assert catalogue["/Lang"] == "en-GB" and catalogue["/MarkInfo"]["/Marked"]
    assert read.metadata is not None and read.metadata.title == "Referral to the Local Authority Designated Officer"
    editable = docx.Document(io.BytesIO(base64.b64decode(houses.safe.form_document(**asked, kind="docx")["content"])))
    written = "\n".join(one.text for one in editable.paragraphs)
    assert {one.style.name for one in editable.paragraphs} >= {"Title", "Heading 1", "Heading 2"}
    lacks = [one.text for one in editable.paragraphs if one.style.name == "List Bullet 2"]
    asked_for = [one["asks"] for one in houses.safe.form(**asked)["missing"]]
    assert len(lacks) > 3 and sorted(lacks) == sorted(asked_for)  # each on a line of its own
    assert all(one in " ".join(printed.split()) for one in lacks)
    for text in (printed, written):
        assert SAID in text and "Noor Ellingham" in text and "still missing" in text.lower()
        assert "has not been sent" in text
    with pytest.raises(Invalid):
        houses.safe.form_document(**asked, kind="exe")


def test_nothing_is_sent_to_an_address_that_nobody_verified(houses: TwoHouses) -> None:
    report_id = reported(houses)
    with pytest.raises(Refused, match="verified"):
        send(houses, report_id)
    assert "form_sent" not in houses.events(report_id)
    (contact,) = form(houses, report_id)["contacts"]
    assert contact["email"] is None and contact["printed"]


def test_pressing_twice_sends_once_and_what_was_sent_stays_as_it_was(houses: TwoHouses) -> None:
    report_id = reported(houses)
    verify_the_lado(houses)
    first = send(houses, report_id)
    assert send(houses, report_id) == first
    (fact,) = houses.said(houses.safeguarding, "form_handed_over")
    assert (fact.body["contact"], fact.body["seq"]) == ("lado", first)
    assert set(fact.body["document"]["wraps"]) == {"safeguarding", "notifications"}
    opened = houses.safeguarding.vault.open_envelope(fact.body["document"])
    assert base64.b64decode(opened["content"]).startswith(b"%PDF")
    houses.safe.fill_form(person_id=LEAD, report_id=report_id, form=LADO, answers={"made_safe": "Said afterwards."})
    asked = {"person_id": LEAD, "report_id": report_id, "form": LADO, "kind": "docx"}
    kept = houses.safe.form_document(**asked, sent=first)
    text = "\n".join(one.text for one in docx.Document(io.BytesIO(base64.b64decode(kept["content"]))).paragraphs)
    assert "As it was sent on" in text and "Said afterwards." not in text
    assert send(houses, report_id, first) > first


def test_the_referral_is_made_once_the_form_is_out_and_not_before(houses: TwoHouses) -> None:
    report_id = reported(houses)
    verify_the_lado(houses)
    seq = send(houses, report_id)
    assert told(houses, report_id) == []
    houses.move(timedelta(minutes=2))
    became(houses, "form_delivered", report_id, seq, channel="email")
    (row,) = told(houses, report_id)
    assert (row.data["whom"], row.data["channel"], row.by) == ("lado", "email", LEAD)
    record = houses.safe.record(person_id=LEAD, report_id=report_id)
    lado = {due["duty"]: due["status"] for due in record["dues"] if "lado" in due["duty"]}
    assert lado["working_together.lado"] == "met"
    assert lado["lado"] == "running"  # the provider's own rule asks for a telephone call as well
    houses.safe.record_referral(
        person_id=LEAD, report_id=report_id, rule="lado", whom="lado", channel="telephone", note="Spoke to the desk."
    )
    record = houses.safe.record(person_id=LEAD, report_id=report_id)
    assert {due["duty"]: due["status"] for due in record["dues"]}["lado"] == "met"
    assert form(houses, report_id)["sent"][0]["state"] == "email"


def test_a_form_that_could_not_be_delivered_says_so_and_nobody_counts_as_told(houses: TwoHouses) -> None:
    report_id = reported(houses)
    verify_the_lado(houses)
    seq = send(houses, report_id)
    became(houses, "form_failed", report_id, seq, channel="none", why="address_refused")
    assert told(houses, report_id) == []
    (sent,) = form(houses, report_id)["sent"]
    assert (sent["state"], sent["why"]) == ("failed", "address_refused")


def test_a_form_that_comes_back_after_it_went_out_has_told_nobody_and_the_clock_runs_again(houses: TwoHouses) -> None:
    report_id = reported(houses)
    verify_the_lado(houses)
    seq = send(houses, report_id)
    became(houses, "form_delivered", report_id, seq, channel="email")
    (went,) = told(houses, report_id)

    def status() -> str:
        record = houses.safe.record(person_id=LEAD, report_id=report_id)
        return next(str(due["status"]) for due in record["dues"] if due["duty"] == "working_together.lado")

    assert went.data["sent"] == seq and status() == "met"
    became(houses, "form_failed", report_id, seq, channel="none", why="came_back")
    assert status() == "running" and form(houses, report_id)["sent"][0]["state"] == "failed"
    assert "lado@" not in str(houses.ledger(report_id)[-1].data)
    told_so_far = answers(form(houses, report_id)).get("told", "")
    assert "e-mail" not in told_so_far and "email" not in told_so_far


def test_that_it_came_back_may_be_heard_before_that_it_went(houses: TwoHouses) -> None:
    report_id = reported(houses)
    verify_the_lado(houses)
    seq = send(houses, report_id)
    became(houses, "form_failed", report_id, seq, channel="none", why="came_back")
    became(houses, "form_delivered", report_id, seq, channel="email")
    assert told(houses, report_id) == [] and form(houses, report_id)["sent"][0]["state"] == "failed"


def test_what_was_sent_in_another_way_is_recorded_with_what_it_said(houses: TwoHouses) -> None:
    report_id = reported(houses)
    houses.move(timedelta(hours=1))
    key = "supported_accommodation_2023.serious_event"
    asked = {"person_id": LEAD, "report_id": report_id, "form": key, "whom": "ofsted", "note": "Their number is 4711."}
    for _ in range(2):
        houses.safe.form_sent_otherwise(**asked, channel="form", at=houses.now.isoformat(), after=0)
    (row,) = told(houses, report_id)
    assert (row.data["whom"], row.data["channel"]) == ("ofsted", "form")
    record = houses.safe.record(person_id=LEAD, report_id=report_id)
    met = {due["duty"]: due["status"] for due in record["dues"]}
    assert met["supported_accommodation_2023.serious_event"] == "met"
    for wrong in ({"channel": "pigeon"}, {"whom": "the_press"}, {"at": (houses.now + timedelta(days=1)).isoformat()}):
        with pytest.raises(Invalid):
            told_so = {"channel": "form", "at": houses.now.isoformat(), "after": row.seq - 1} | asked | wrong
            houses.safe.form_sent_otherwise(**told_so)
