"""A decision touches somebody who did not complain: they appeal, a panel of people who did not decide it hears them.

On the procedure of 1-2-1 Mentors, with invented people: a mother's complaint is upheld and another boy loses his place
in a group. His father appeals; nothing tells him who complained, and the first case does not stand in the second.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from services.chassis.errors import NotFound, Refused
from tests.ground import world
from tests.ground.larkfield import LARKFIELD
from tests.workflow.case_room import CaseRoom, person, subject

DIRECTOR, MANAGER, MENTOR, OUTSIDE = "rufus-dunmallard", "petra-hollinshead", "corin-wetherley", "ottoline-speake"
INDEPENDENT = "lucian-farthingale"
PANEL = ("jago-penhallow", "winnie-askrigg", INDEPENDENT)
MOTHER = {"complainant": "parent", "categories": ["a decision about a place"], "on_behalf": True}
UNSAID = ["who complained", "what anybody said in confidence"]
WHY = "His father says that he was never asked and loses his only group."

world.invented(LARKFIELD)
pytestmark = pytest.mark.clause("MEN-16")


@pytest.fixture
def barn(tmp_path: Path) -> Iterator[CaseRoom]:
    """A case service of a group that goes by the procedure of 1-2-1 Mentors; it is a Monday morning."""
    room = CaseRoom(tmp_path, group=LARKFIELD)
    yield room
    room.house.close()


def says(room: CaseRoom, duty: str, stage: str) -> list[str]:
    """Everything that the act which meets a duty must say."""
    return list(room.house.procedures.get("one_two_one_mentors").duty(duty, stage).contains)


def decided(room: CaseRoom) -> str:
    """The mother's complaint, upheld by the Director."""
    first = room.opens(**MOTHER)
    with pytest.raises(Refused, match="does not give rise"):
        room.act(DIRECTOR, first, "open_linked", linked="third_party_appeal", reason=WHY)
    room.act(DIRECTOR, first, "record", event="investigation_recorded", contents=says(room, "investigate", "stage_2"))
    answer = {"findings": {"complaint": "upheld"}, "contents": says(room, "respond", "stage_2"), "words": "So it is."}
    room.act(DIRECTOR, first, "respond", **answer)
    return first


def appealed(room: CaseRoom, first: str) -> str:
    room.act(DIRECTOR, first, "open_linked", linked="third_party_appeal", reason=WHY)
    return str(room.rows(first, "linked_case_opened")[-1].data["case"])


def due(room: CaseRoom, case_id: str, duty: str) -> Any:
    return next(one for one in room.case(DIRECTOR, case_id)["dues"] if one["duty"] == duty)


def ids(*people: str) -> list[str]:
    return [person(one) for one in people]


def test_the_appeal_opens_once_something_was_decided_and_says_nothing_of_who_complained(barn: CaseRoom) -> None:
    first = decided(barn)
    second = appealed(barn, first)
    received = barn.rows(second, "received")[0].data
    assert (received["complainant"], received["kind"]) == ("affected_person", "linked_case")
    seen = json.dumps(barn.case(DIRECTOR, second)) + json.dumps([dict(row.data) for row in barn.rows(second)])
    for secret in ("parent", "on_behalf", "Dear", "So it is", WHY):
        assert secret not in seen, secret
    assert barn.case(DIRECTOR, second)["words"] == []
    assert barn.case(DIRECTOR, second)["stage"]["key"] == "stage_3"


def test_it_is_acknowledged_in_a_day_heard_in_fifteen_and_answered_in_five(barn: CaseRoom) -> None:
    second = appealed(barn, decided(barn))
    assert due(barn, second, "acknowledge_appeal")["due"] == "2026-11-24T09:00:00+00:00"
    assert due(barn, second, "panel_meets")["due"] == "2026-12-14"
    with pytest.raises(Refused, match="bring a friend"):
        barn.act(DIRECTOR, second, "acknowledge", contents=[])
    barn.act(DIRECTOR, second, "acknowledge", words="We have it.", leaves_out=UNSAID,
             contents=says(barn, "acknowledge_appeal", "stage_3"))  # fmt: skip
    assert due(barn, second, "acknowledge_appeal")["status"] == "met"


def test_whoever_decided_it_does_not_sit_on_the_panel_that_hears_the_appeal(barn: CaseRoom) -> None:
    second = appealed(barn, decided(barn))
    with pytest.raises(Refused, match="may not sit: judged an earlier stage"):
        barn.act(DIRECTOR, second, "form_panel", members=ids(*PANEL, DIRECTOR), chair=ids(INDEPENDENT)[0])
    barn.act(DIRECTOR, second, "form_panel", members=ids(*PANEL), chair=ids(INDEPENDENT)[0])


def test_it_goes_to_its_end_and_what_it_changes_is_told_where_it_belongs(barn: CaseRoom) -> None:
    first = decided(barn)
    second = appealed(barn, first)
    barn.act(DIRECTOR, second, "acknowledge", words="We have it.", leaves_out=UNSAID,
             contents=says(barn, "acknowledge_appeal", "stage_3"))  # fmt: skip
    barn.act(DIRECTOR, second, "form_panel", members=ids(*PANEL), chair=ids(INDEPENDENT)[0])
    barn.act(DIRECTOR, second, "arrange_panel", date="2026-12-04", place="the library")
    for whom in ("complainant", "panel", "attendees"):
        contents = says(barn, "invite", "stage_3")
        barn.act(DIRECTOR, second, "tell", duty="invite", whom=whom, contents=contents, words="You are invited.")
    barn.move_to("2026-12-04 16:00")
    barn.act(DIRECTOR, second, "panel_met")
    assert due(barn, second, "findings")["due"] == "2026-12-11"
    found = {"findings": {"third_party_appeal": "upheld"}, "contents": says(barn, "findings", "stage_3")}
    barn.act(DIRECTOR, second, "respond", **found, words="The panel finds for you.")
    for whom in ("director", "operational_manager"):
        barn.act(DIRECTOR, second, "tell", duty=f"findings_to_{whom}", whom=whom)
    changes = {"decision": "changes_what_was_decided", "answer": "yes", "record": {"reason": "He keeps his place."}}
    barn.act(DIRECTOR, second, "decide", **changes)
    (row,) = [one for one in barn.rows(second, "decided")]
    assert [one["key"] for one in row.data["to"]] == ids(DIRECTOR, MANAGER)
    with pytest.raises(Refused, match="record lacks"):
        barn.act(DIRECTOR, second, "close", outcome="answered")
    offered = barn.case(DIRECTOR, second)["actions"]
    (record,) = [one for one in offered if one["label"].startswith("Complete the record")]
    barn.act(DIRECTOR, second, "record", **record["example"])
    barn.act(DIRECTOR, second, "close", outcome="answered")
    assert barn.case(DIRECTOR, second)["state"] == "closed" and barn.case(DIRECTOR, first)["state"] == "open"
    assert "closed" not in barn.events(first) and "panel" not in json.dumps(barn.follow(first)).lower()


def test_whom_the_first_complaint_is_about_knows_nothing_of_the_appeal_and_hears_nothing_in_it(barn: CaseRoom) -> None:
    first = barn.receives(**MOTHER)
    barn.screened(first, subjects=[subject(who=MANAGER)])
    barn.act(DIRECTOR, first, "record", event="investigation_recorded", contents=says(barn, "investigate", "stage_2"))
    answer = {"findings": {"complaint": "upheld"}, "contents": says(barn, "respond", "stage_2"), "words": "So it is."}
    barn.act(DIRECTOR, first, "respond", **answer)
    second = appealed(barn, first)
    with pytest.raises(NotFound):
        barn.case(MANAGER, second)
    with pytest.raises(Refused, match="may not sit"):
        barn.act(DIRECTOR, second, "form_panel", members=ids(*PANEL, MANAGER), chair=ids(INDEPENDENT)[0])
