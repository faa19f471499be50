"""An allegation: the meetings about it, whether anybody may look into it, how it ended, and the evidence of it all."""

from __future__ import annotations

import base64
import io
import json
from datetime import timedelta
from typing import Any

import pytest
from pypdf import PdfReader

from services.chassis.errors import Invalid, NotFound, Refused
from tests.ground import world
from tests.safeguarding.test_forms import LEAD, NOOR, SAID, reported, send, verify_the_lado
from tests.safeguarding.two_houses import TwoHouses

NEXT_DAY, DAY_AFTER = "2026-11-24T10:00:00+00:00", "2026-11-30T10:00:00+00:00"


def step(houses: TwoHouses, report_id: str, what: str, reason: str = "As agreed.", **said: Any) -> None:
    houses.safe.record_step(person_id=LEAD, report_id=report_id, step=what, said=said, reason=reason)


def shown(houses: TwoHouses, report_id: str) -> dict[str, Any]:
    return dict(houses.safe.record(person_id=LEAD, report_id=report_id)["allegation"])


def subject(houses: TwoHouses, report_id: str) -> str:
    return str(houses.safe.record(person_id=LEAD, report_id=report_id)["subjects"][0]["subject"])


def test_a_meeting_is_planned_once_held_with_what_was_decided_and_the_next_one_stands(houses: TwoHouses) -> None:
    report_id = reported(houses)
    for _ in range(2):
        step(houses, report_id, "meeting", at=NEXT_DAY, invited=["lado", "police"])
    assert [one["state"] for one in shown(houses, report_id)["meetings"]] == ["planned"]
    houses.move(to="2026-11-24 12:00")
    decided = "The police speak to the boy first; nobody else does."
    for _ in range(2):
        step(houses, report_id, "held", decided, meeting=1, at=NEXT_DAY, invited=["lado"], next_at=DAY_AFTER)
    stand = [(one["meeting"], one["state"], one["came"]) for one in shown(houses, report_id)["meetings"]]
    assert stand == [(1, "held", ["lado"]), (2, "planned", [])]
    rows = houses.safe.record(person_id=LEAD, report_id=report_id)["ledger"]
    assert [row["words"] for row in rows if row["event"] == "meeting_held"] == [decided]
    assert not [m for m in houses.said(houses.safeguarding) if "police speak" in str(m.body)]
    step(houses, report_id, "called_off", meeting=2)
    assert shown(houses, report_id)["meetings"][1]["state"] == "called off"
    with pytest.raises(Refused):
        step(houses, report_id, "called_off", meeting=2)


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("meeting", {"at": "2026-11-20T10:00:00+00:00", "invited": ["lado"]}),
        ("meeting", {"at": NEXT_DAY, "invited": ["the press"]}),
        ("held", {"at": NEXT_DAY, "invited": ["lado"]}),
        ("held", {"meeting": "9", "at": "2026-11-23T09:00:00+00:00", "invited": ["lado"]}),
        ("outcome", {"outcome": "guilty"}),
        ("outcome", {"outcome": "unfounded", "subject": "nobody"}),
        ("whatever", {}),
    ],
)
def test_a_step_that_cannot_be_is_refused_with_what_can(houses: TwoHouses, what: str, said: dict[str, Any]) -> None:
    report_id = reported(houses)
    houses.move(timedelta(minutes=1))
    with pytest.raises(Invalid):
        step(houses, report_id, what, **said)


def test_how_it_ended_is_recorded_for_each_person_and_apart_from_the_complaint(houses: TwoHouses) -> None:
    report_id = reported(houses)
    who = subject(houses, report_id)
    with pytest.raises(Refused, match="confirmed"):
        step(houses, report_id, "outcome", subject=who, outcome="unsubstantiated")
    houses.safe.confirm_concern(person_id=LEAD, report_id=report_id, concern="lado_threshold", reason="It was seen.")
    for outcome in ("unsubstantiated", "unsubstantiated", "substantiated"):
        step(houses, report_id, "outcome", subject=who, outcome=outcome)
    assert houses.events(report_id).count("allegation_ended") == 2
    assert shown(houses, report_id)["endings"][who]["outcome"] == "substantiated"
    assert houses.safe.record(person_id=LEAD, report_id=report_id)["closed_at"] is None
    form = houses.safe.form(person_id=LEAD, report_id=report_id, form="working_together.dbs")
    said = {one["key"]: one["answer"] for part in form["parts"] for one in part["answers"]}
    assert said["outcome"].startswith("Substantiated")


def test_nobody_looks_into_it_inside_until_the_lado_agrees(houses: TwoHouses) -> None:
    report_id = reported(houses)
    (gate,) = [one for one in shown(houses, report_id)["looking_into_it"] if "Nobody asks" in one["says"]]
    assert gate["held_back"]
    houses.move(timedelta(hours=1))
    houses.safe.record_referral(
        person_id=LEAD, report_id=report_id, rule="lado", whom="lado", channel="telephone", note="Go on.", agreed=True
    )
    (gate,) = [one for one in shown(houses, report_id)["looking_into_it"] if "Nobody asks" in one["says"]]
    assert not gate["held_back"] and gate["since"]


def test_the_evidence_has_every_call_form_and_digest_and_that_it_was_taken(houses: TwoHouses) -> None:
    report_id = reported(houses)
    verify_the_lado(houses)
    send(houses, report_id)
    asked = {"person_id": LEAD, "report_id": report_id, "whom": "The inspector who came today"}
    told = json.loads(base64.b64decode(houses.safe.evidence(**asked, kind="json")["content"]))
    record = told["record"]
    assert record["words"][0]["said"]["what_happened"] == SAID
    assert [call["person"] for call in record["alerts"][0]["calls"]][:1] == [LEAD]
    assert [one["name"] for one in told["forms_sent"]] == ["Referral to the Local Authority Designated Officer"]
    assert told["chain"]["whole"] and told["chain"]["rows"] == len(record["ledger"]) == len(told["chain"]["digests"])
    (taken,) = [one for one in record["ledger"] if one["event"] == "evidence_taken"]
    assert taken["words"] == "The inspector who came today"
    made = houses.safe.evidence(**asked, kind="pdf")
    assert "Noor" not in made["name"]
    read = PdfReader(io.BytesIO(base64.b64decode(made["content"])))
    printed = "\n".join(page.extract_text() for page in read.pages)
    assert SAID in printed and "The chain is whole" in printed and "As it was sent" in printed
    assert read.trailer["/Root"]["/Lang"] == "en-GB"
    for wrong in ({"kind": "exe"}, {"kind": "json", "whom": " "}):
        with pytest.raises(Invalid):
            houses.safe.evidence(**asked | wrong)
    for other in (NOOR, world.person_id("tobias-fennimore")):
        with pytest.raises(NotFound):
            houses.safe.evidence(**asked | {"person_id": other, "kind": "json"})
        with pytest.raises(NotFound):
            houses.safe.record_step(person_id=other, report_id=report_id, step="meeting", reason="x",
                                    said={"at": NEXT_DAY, "invited": ["lado"]})  # fmt: skip
