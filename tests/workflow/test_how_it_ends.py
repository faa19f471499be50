"""How a complaint ends, as staff do it and the person who complained reads it."""

from __future__ import annotations

import json

import pytest

from services.chassis.errors import Refused
from services.workflow import acting
from tests.workflow.case_room import CaseRoom, person

HANDLER = "tobias-fennimore"
ANSWER = ["findings explained", "action taken", "what was learned", "support with the effects", "how to go to Stage 2"]


def wanted(room: CaseRoom, case_id: str, **data: str) -> list[str]:
    """What a telling must say, as the page asks for it."""
    actions = room.case(HANDLER, case_id)["actions"]
    return next(one["needs"]["contents"] for one in actions if data.items() <= one["data"].items())


@pytest.mark.clause("IOI-39")
def test_what_was_found_stands_on_the_page_for_each_thing_complained_of(room: CaseRoom) -> None:
    case_id = room.opens()
    acting.act(room.house, person(HANDLER), case_id, "add_head", {"key": "delay"}, None, None)
    assert [one["finding"] for one in room.case(HANDLER, case_id)["found"]] == [None, None]
    found = {"complaint": "upheld", "delay": "not_determined"}
    room.act(HANDLER, case_id, "respond", findings=found, reasons_for=["delay"], contents=ANSWER, words="Our answer.")
    shown = {one["head"]: one for one in room.case(HANDLER, case_id)["found"]}
    assert (shown["complaint"]["finding"], shown["delay"]["finding"]) == ("upheld", "not_determined")
    assert shown["delay"]["stages"] == [
        {"stage": "Stage 1: Local Resolution", "finding": "not_determined", "reasons_given": True}
    ]


def test_taken_back_reviewed_and_closed_as_the_complainant_reads_it(room: CaseRoom) -> None:
    case_id = room.opens()
    room.move_to("2026-11-24 10:00")
    room.act(HANDLER, case_id, "withdraw", reason="Kit says that it is all right now.")
    assert "Kit says" not in json.dumps([dict(row.data) for row in room.rows(case_id)])
    assert [one["finding"] for one in room.case(HANDLER, case_id)["found"]] == ["withdrawn"]
    assert room.follow(case_id)["status"].startswith("You took your complaint back.")
    assert room.promise(case_id, "taken_back.confirm", None) == ("2026-12-01", "to come")
    owed = {one["duty"] for one in room.today(HANDLER)["due"]}
    assert "taken_back.confirm" in owed and not owed & {"acknowledge", "respond", "contact"}

    room.move_to("2026-11-24 12:00")
    why = {"reason": "It may happen again."}
    room.act(HANDLER, case_id, "decide", decision="taken_back.management_review", answer="yes", record=why)
    contents = wanted(room, case_id, duty="taken_back.confirm", whom="complainant")
    room.act(HANDLER, case_id, "tell", duty="taken_back.confirm", whom="complainant", contents=contents, words="So.")
    assert any("ourselves, so that we do better" in one for one in room.follow(case_id)["next"])
    said = [row["sentence"] for row in room.case(HANDLER, case_id)["ledger"] if row["event"] == "decided"]
    assert said == ["Decided: They took it back. Does the management look into what it was about all the same? Yes."]
    room.act(HANDLER, case_id, "record", event="recorded", record="file",
             fields=list(room.house.procedures.get("ioi_support").records[0].fields))  # fmt: skip
    with pytest.raises(Refused, match="own review"):
        room.act(HANDLER, case_id, "close", outcome="withdrawn")
    found = wanted(room, case_id, milestone="management_review_done")
    room.act(HANDLER, case_id, "reach", milestone="management_review_done", contents=found, words="The lock is broken.",
             leaves_out=["what would trouble whoever took the complaint back"])  # fmt: skip
    room.act(HANDLER, case_id, "close", outcome="withdrawn")
    assert room.case(HANDLER, case_id)["outcome"] == "withdrawn"
    assert room.follow(case_id)["status"] == "You took your complaint back. It is closed."


def test_made_again_it_is_answered_like_any_other(room: CaseRoom) -> None:
    case_id = room.opens()
    room.move_to("2026-11-24 10:00")
    room.act(HANDLER, case_id, "withdraw")
    room.move_to("2026-12-01 10:00")
    room.act(HANDLER, case_id, "reopen", reason="It happened again.")
    assert room.promise(case_id, "respond") == ("2026-12-14", "to come")  # one day was used before it was taken back
    room.act(HANDLER, case_id, "respond", findings={"complaint": "upheld"}, contents=ANSWER, words="Our answer.")
    assert [one["finding"] for one in room.case(HANDLER, case_id)["found"]] == ["upheld"]
