"""The lead's questions: each answered yes, no or not known, with a reason, at first and at each change of stage."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from services.chassis.errors import Invalid, NotFound, Refused
from services.chassis.work import Message
from tests.ground import world
from tests.safeguarding.two_houses import TwoHouses

LEAD, TOBIAS = world.person_id("imogen-ashdale"), world.person_id("tobias-fennimore")
LADO = "lado_threshold"
ASKED = (
    "immediate_danger", LADO, "abuse_or_exploitation", "risk_to_self_or_others", "missing", "radicalisation", "fgm",
    "forced_marriage_or_cutting", "child_sexual_abuse", "low_level_concern",
)  # fmt: skip


def reported(houses: TwoHouses, **changes: Any) -> str:
    """A report, screened."""
    report = houses.submit(**changes)
    houses.carry()
    return str(report["report_id"])


def record(houses: TwoHouses, report_id: str) -> dict[str, Any]:
    """What the lead reads."""
    shown: dict[str, Any] = houses.safe.record(person_id=LEAD, report_id=report_id)
    return shown


def answer(houses: TwoHouses, report_id: str, decision: str = "none", **answers: Any) -> Any:
    """The lead answers: no to all but these."""
    questions = record(houses, report_id)["triage"]["questions"]
    every = {one["concern"]: "no" for one in questions} | answers
    return houses.safe.triage(
        person_id=LEAD, report_id=report_id, answers=every, decision=decision, reason="I spoke with Jess."
    )


def next_stage(houses: TwoHouses, report_id: str, seq: int = 9) -> Message:
    """The case goes to the second stage."""
    tidewater = world.provider_id("tidewater-homes")
    place = {"operator": tidewater, "provider": tidewater, "home": world.home_id("harbour-house")}
    body = {**place, "report_id": report_id, "case_id": report_id, "stage": "stage_2", "seq": seq,
            "at": houses.now.isoformat()}  # fmt: skip
    message = Message(uuid4().hex, "stage_opened", body, "", houses.now)
    houses.hear(message)
    return message


def test_danger_now_is_asked_first_then_the_four_limbs_of_the_threshold_one_by_one(houses: TwoHouses) -> None:
    questions = record(houses, reported(houses))["triage"]["questions"]
    assert [one["concern"] for one in questions[:2]] == ["immediate_danger", LADO]
    assert len(questions[1]["asks"]) == 4 and questions[1]["one_is_enough"]
    assert {one["concern"] for one in questions} >= set(ASKED)
    assert {one["answer"] for one in questions} == {None}


def test_every_report_is_on_the_leads_list_until_it_is_answered(houses: TwoHouses) -> None:
    report_id = reported(houses)
    (line,) = houses.safe.to_triage(person_id=LEAD)
    assert (line["report_id"], line["late"]) == (report_id, False)
    assert houses.safe.to_triage(person_id=TOBIAS) == []
    houses.move(timedelta(days=2))
    assert houses.safe.to_triage(person_id=LEAD)[0]["late"]
    answer(houses, report_id)
    assert houses.safe.to_triage(person_id=LEAD) == []
    row = next(one for one in houses.ledger(report_id) if one.event == "triaged")
    assert (row.by, row.data["decision"], row.data["answers"][LADO]) == (LEAD, "none", "no")
    assert "Jess" not in str(row.data)
    shown = next(one for one in record(houses, report_id)["ledger"] if one["event"] == "triaged")
    assert "I spoke with Jess." in shown["words"]


def test_a_yes_raises_and_confirms_and_starts_the_clocks_from_the_first_knowledge(houses: TwoHouses) -> None:
    report_id = reported(houses, first_told_at=(houses.now - timedelta(hours=5)).isoformat())
    answer(houses, report_id, "safeguarding", lado_threshold=["no", "no", "yes", "not_known"])
    shown = record(houses, report_id)
    (concern,) = shown["concerns"]
    assert (concern["concern"], concern["status"], concern["by_screen"]) == (LADO, "confirmed", False)
    lado = next(one for one in shown["dues"] if one["duty"] == "working_together.lado")
    assert lado["status"] == "running"
    lead = next(one for one in shown["dues"] if one["duty"] == "safeguarding_lead")
    assert lead["status"] in ("met", "met late")  # nobody has to call whoever says so
    assert shown["triage"]["questions"][1]["each"] == ["no", "no", "yes", "not_known"]


def test_a_no_clears_what_the_screen_found_and_not_known_leaves_it(houses: TwoHouses) -> None:
    report_id = reported(houses, what_happened="He punched me and he ran off and is missing.")
    found = {one["concern"]: one["status"] for one in record(houses, report_id)["concerns"]}
    assert {"missing", "abuse_or_exploitation"} <= set(found)
    open_still = {key: "not_known" for key in found if key != "missing"} | {LADO: ["not_known"] * 4}
    answer(houses, report_id, "advice", **open_still)
    now = {one["concern"]: one["status"] for one in record(houses, report_id)["concerns"]}
    assert now == dict.fromkeys(found, "found") | {"missing": "cleared"}


def test_what_is_not_answered_or_does_not_fit_is_refused_and_nothing_is_written(houses: TwoHouses) -> None:
    report_id = reported(houses)
    every = {one["concern"]: "no" for one in record(houses, report_id)["triage"]["questions"]}
    for sent, decision, fault in (
        ({**every, LADO: "perhaps"}, "none", Invalid), ({**every, LADO: ["yes"]}, "safeguarding", Invalid),
        ({key: "no" for key in every if key != "fgm"}, "none", Invalid), (every, "whatever", Invalid),
        ({**every, "weather": "no"}, "none", Invalid),
        ({**every, "fgm": "yes"}, "none", Refused), (every, "safeguarding", Refused),
    ):  # fmt: skip
        with pytest.raises(fault):
            houses.safe.triage(person_id=LEAD, report_id=report_id, answers=sent, decision=decision, reason="So.")
    with pytest.raises(Invalid):
        houses.safe.triage(person_id=LEAD, report_id=report_id, answers=every, decision="none", reason=" ")
    with pytest.raises(NotFound):
        houses.safe.triage(person_id=TOBIAS, report_id=report_id, answers=every, decision="none", reason="So.")
    assert "triaged" not in houses.events(report_id)


def test_each_change_of_stage_asks_again_once_with_what_was_answered_before(houses: TwoHouses) -> None:
    report_id = reported(houses)
    answer(houses, report_id, missing="not_known")
    message = next_stage(houses, report_id)
    houses.hear(message)
    assert houses.events(report_id).count("triage_asked") == 1
    asked = record(houses, report_id)["triage"]
    assert (asked["stage"], asked["due_at"] is not None) == ("Stage 2: Investigation", True)
    assert {one["concern"]: one["answer"] for one in asked["questions"]}["missing"] == "not_known"
    answer(houses, report_id, "safeguarding", missing="yes")
    assert houses.safe.to_triage(person_id=LEAD) == []
    assert [one.data["stage"] for one in houses.ledger(report_id) if one.event == "triaged"] == [None, "stage_2"]
    next_stage(houses, report_id, seq=30)
    assert len(houses.safe.to_triage(person_id=LEAD)) == 1
