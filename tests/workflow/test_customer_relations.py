"""A council's Customer Relations Team: what it hears of, what it may do in a case, and what is for others to do.

It is told of each complaint, comment and compliment and is asked for advice. It sees the case and helps to keep its
record; whoever handles it acknowledges it, hands it over, answers it, decides in it and closes it. Of a complaint about
one of them it knows nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from services.chassis.errors import NotFound, Refused
from services.workflow import today
from tests.ground.southmere import SOUTHMERE
from tests.workflow.case_room import CaseRoom, person, subject

RELATIONS, MANAGER, HEAD_OF_SERVICE = "lionel-garrowby", "perpetua-winslade", "ambrose-tillingbourne"


@pytest.fixture
def room(tmp_path: Path) -> Iterator[CaseRoom]:
    room = CaseRoom(tmp_path, group=SOUTHMERE)
    yield room
    room.house.close()


@pytest.mark.parametrize("kind", ["complaint", "comment", "compliment"])
def test_they_see_each_thing_that_is_said_and_are_asked_for_advice(room: CaseRoom, kind: str) -> None:
    case_id = room.opens(kind=kind, formality="formal" if kind == "complaint" else None)
    page = room.case(RELATIONS, case_id)
    assert room.cases(RELATIONS) == [case_id] and page["words"]
    assert ("consults", "Lionel Garrowby") in {(one["part"], one["name"]) for one in page["people"]}


def test_they_write_to_whoever_complained_and_neither_answer_nor_decide_nor_close(room: CaseRoom) -> None:
    case_id = room.opens(formality="formal")
    actions = room.case(RELATIONS, case_id)["actions"]
    may = {one["name"] for one in actions if one["allowed"]}
    assert {"write", "raise_concern", "categorise"} <= may
    assert may.isdisjoint({
        "acknowledge", "hand_over", "extend", "reclassify", "respond", "decide", "close", "excuse", "agree_action",
        "ask_to_go_on",
    })  # fmt: skip
    (own,) = [one["data"] for one in actions if one["allowed"] and one["name"] == "stand_down"]
    assert own["part"] == "consults"
    room.act(RELATIONS, case_id, "write", words="We have told the manager. You hear from her.")
    for command, data in (("respond", {"findings": {}}), ("close", {"outcome": "answered"})):
        with pytest.raises(Refused):
            room.act(RELATIONS, case_id, command, **data)
    assert "Lionel Garrowby" in str(room.case(MANAGER, case_id)["ledger"])


def test_of_a_complaint_about_one_of_them_they_know_nothing_and_the_head_of_service_is_asked(room: CaseRoom) -> None:
    case_id = room.receives()
    room.screened(case_id, subjects=[subject(who=RELATIONS)])
    assert room.cases(RELATIONS) == [] and room.cases(HEAD_OF_SERVICE) == [case_id]
    with pytest.raises(NotFound):
        room.case(RELATIONS, case_id)
    with pytest.raises(NotFound):
        room.act(RELATIONS, case_id, "write", words="What is this?")


def test_consent_taken_back_takes_what_was_owed_for_it_off_the_list_and_its_reason_stays_sealed(room: CaseRoom) -> None:
    case_id = room.opens(formality="formal", complainant="parent", about_a_child=True)

    def owed() -> set[str]:
        return {one["duty"] for one in today.today(room.house, person(MANAGER))["waiting_for_me"]}

    room.act(MANAGER, case_id, "answer_fact", fact="speaks_for", value="in the child's name")
    room.act(MANAGER, case_id, "answer_consent", answer="given")
    before, said = owed(), "She says that her father twists her words."
    assert "record_representative" in before
    room.act(MANAGER, case_id, "answer_consent", of="young_person", anew=True, answer="refused", reason=said)
    assert owed() == before - {"record_representative"}
    page = room.case(MANAGER, case_id)
    assert said in str(page["ledger"]) and said not in str(room.rows(case_id))
    assert next(one["status"] for one in page["dues"] if one["duty"] == "record_representative") == "lapsed"
