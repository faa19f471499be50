"""The reference that a provider's own document writes: made once, told apart, sealed, and shown to staff alone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text

from heard.case import Command, decide
from services.chassis.work import Work
from services.workflow.casework import Desk
from tests.ground import world
from tests.ground.larkfield import LARKFIELD
from tests.workflow.case_room import CaseRoom, subject

DIRECTOR, MANAGER = "rufus-dunmallard", "petra-hollinshead"


@pytest.fixture(params=["sqlite", "postgresql"])
def room(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[CaseRoom]:
    """The case service of Larkfield Learning, on either database."""
    world.invented(LARKFIELD)
    url = request.getfixturevalue("database_url") if request.param == "postgresql" else ""
    case_room = CaseRoom(tmp_path, at="2026-11-24 10:15", database_url=url, group=LARKFIELD)
    yield case_room
    case_room.house.close()


def from_(room: CaseRoom, name: str | None, **changes: Any) -> str:
    """A complaint from somebody of that name is received; the case's id."""
    report_id = uuid4().hex
    more: dict[str, Any] = {"report_id": report_id, "complainant": "parent", "anonymous": name is None, **changes}
    if name:
        more["contact"] = room.intake.envelope(room.intake.new_key(report_id, "contact"), {"name": name})
    return room.receives(**more)


def own(room: CaseRoom, case_id: str, who: str = DIRECTOR) -> Any:
    return room.case(who, case_id)["own_reference"]


def test_it_is_written_when_the_formal_stage_has_its_handler_and_not_before_it_was_screened(room: CaseRoom) -> None:
    case_id = from_(room, "Robin Averill")
    assert room.rows(case_id, "reference_given") == []
    room.screened(case_id)
    assert own(room, case_id) == "24.11.26 / (RD) / Larkfield Barn / (RA)"


def test_an_informal_complaint_gets_it_when_it_becomes_formal_with_the_day_on_which_it_came(room: CaseRoom) -> None:
    case_id = from_(room, "Robin Averill", formality="informal")
    room.screened(case_id)
    assert own(room, case_id, "corin-wetherley") is None
    room.move_to("2026-11-26 09:00")
    knows = "the person who complained knows that it goes to the Director"
    room.act("corin-wetherley", case_id, "ask_to_go_on", to="stage_2", contents=[knows])
    assert own(room, case_id) == "24.11.26 / (RD) / Larkfield Barn / (RA)"


def test_those_that_would_be_the_same_are_told_apart_by_a_number(room: CaseRoom) -> None:
    cases = [from_(room, name) for name in ("Robin Averill", "Rita Ashby", "Sol Turner")]
    for case_id in cases:
        room.screened(case_id)
    first = "24.11.26 / (RD) / Larkfield Barn / (RA)"
    assert [own(room, one) for one in cases] == [first, f"{first} / 2", "24.11.26 / (RD) / Larkfield Barn / (ST)"]


def test_it_never_changes_whoever_handles_the_case_later(room: CaseRoom) -> None:
    case_id = from_(room, "Robin Averill")
    room.screened(case_id)
    room.act(DIRECTOR, case_id, "stand_down", part="handles", why="a conflict of interest")
    assert room.case(MANAGER, case_id)["own_reference"] == "24.11.26 / (RD) / Larkfield Barn / (RA)"
    assert len(room.rows(case_id, "reference_given")) == 1


def test_whoever_stays_unnamed_stays_unnamed_in_it(room: CaseRoom) -> None:
    case_id = from_(room, None, contactable=False)
    room.screened(case_id)
    assert own(room, case_id) == "24.11.26 / (RD) / Larkfield Barn / (ANON)"


def test_about_the_director_it_carries_the_initials_of_who_deals_with_it_then(room: CaseRoom) -> None:
    case_id = from_(room, "Robin Averill")
    room.screened(case_id, subjects=[subject(who=DIRECTOR)])
    assert own(room, case_id, MANAGER) == "24.11.26 / (PH) / Larkfield Barn / (RA)"


def test_a_fact_that_comes_twice_gives_it_once(room: CaseRoom) -> None:
    case_id = from_(room, "Robin Averill")
    room.screened(case_id)
    room.hears_again()
    assert len(room.rows(case_id, "reference_given")) == 1


def test_a_number_taken_for_a_row_that_was_never_written_goes_back(room: CaseRoom) -> None:
    lost, kept = (from_(room, name) for name in ("Robin Averill", "Rita Ashby"))

    def dies(work: Work) -> None:
        desk = Desk(room.house, work)
        file = desk.take_up([lost])[lost]
        asked = desk.asked(file, "screen")
        desk.write(file, decide(file.state, Command("screen", {}), actor=asked.actor, now=desk.now,
                                calendars=asked.calendars, roster=asked.roster))  # fmt: skip
        desk.put_away()
        raise ConnectionError

    with pytest.raises(ConnectionError), room.house.working() as work:
        dies(work)
    room.screened(kept)
    assert own(room, kept) == "24.11.26 / (RD) / Larkfield Barn / (RA)"


def test_neither_the_ledger_nor_any_fact_nor_a_table_holds_it_in_the_clear(room: CaseRoom) -> None:
    case_id = from_(room, "Robin Averill")
    room.screened(case_id)
    assert room.rows(case_id, "reference_given")[0].data["reference"] == "written down"
    with room.house.db.reading() as conn:
        every = ("ledger", "words", "reference_counts")
        tables = [str(conn.execute(text(f"SELECT * FROM {one}")).all()) for one in every]
    said = json.dumps(room.published()) + "".join(tables)
    assert "(RA)" not in said and "24.11.26" not in said


def test_it_stands_at_the_foot_of_a_letter_to_the_person_who_complained_and_of_no_other(room: CaseRoom) -> None:
    case_id = from_(room, "Robin Averill")
    room.screened(case_id)
    wanted = list(room.house.procedures.get("one_two_one_mentors").duty("give_reference", "stage_2").contains)
    room.act(DIRECTOR, case_id, "acknowledge", contents=wanted, words="I am looking into it.")
    record = {"legal basis": "consent"}
    room.act(DIRECTOR, case_id, "tell", duty="tell_referrer", whom="referrer", record=record, words="A complaint came.")
    letters = [letter for body in room.published() for letter in body["letters"]]
    opened = {one["to"]: room.house.vault.open_envelope(one["words"])["words"] for one in letters}
    assert opened["complainant"].endswith("\n\nOur reference: 24.11.26 / (RD) / Larkfield Barn / (RA)")
    assert "(RA)" not in opened["referrer"]
