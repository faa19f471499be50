"""Who looks in for a time, who only works at the home, who looks after the installation: what they see of a case."""

from __future__ import annotations

from typing import Any

import pytest

from services.chassis.errors import NotFound, Refused
from services.workflow import page as case_page
from services.workflow.casework import Desk
from tests.workflow.case_room import CaseRoom, holding, person, subject

INSPECTOR, VISITOR, MANAGER = "crispin-oakhanger", "rowena-silverdale", "tobias-fennimore"


def looks_in(who: str, until: str | None, **more: Any) -> dict[str, Any]:
    """They look in at Harbour House until then."""
    entry = holding(who, "inspector" if who == INSPECTOR else "regulation_44_visitor", "harbour-house")
    return {**entry, "data": {**entry["data"], "until": until, **more}}


@pytest.mark.parametrize("who", [INSPECTOR, VISITOR])
def test_who_looks_in_reads_the_case_and_can_do_nothing_in_it(room: CaseRoom, who: str) -> None:
    case_id = room.opens()
    page = room.case(who, case_id)
    assert page["words"][0]["fields"]["what_happened"] == "My door does not lock."
    assert page["actions"] == [] and not page["withheld"]
    with pytest.raises(Refused, match="do nothing in it"):
        room.act(who, case_id, "raise_concern", concern="neglect", reason="To see.")


def test_what_is_over_is_read_by_who_is_let_in_later_and_by_nobody_whose_time_is_up(room: CaseRoom) -> None:
    room.directory(looks_in(INSPECTOR, "2026-11-23T08:00:00+00:00"))  # over before anything came in
    closed, about_them = room.opens(), room.receives()
    room.screened(about_them, subjects=[subject(who=INSPECTOR)])
    for case_id in (closed, about_them):
        end(room, case_id)
    assert room.cases(INSPECTOR) == []
    moved(room, looks_in(INSPECTOR, "2026-12-23T08:00:00+00:00"))
    assert room.cases(INSPECTOR) == [closed]
    assert room.case(INSPECTOR, closed)["state"] == "closed"
    room.move_to("2026-12-23 09:00")
    moved(room, looks_in(INSPECTOR, "2026-12-23T08:00:00+00:00"))  # said again on the day, as what ends is
    assert room.cases(INSPECTOR) == []


def end(room: CaseRoom, case_id: str) -> None:
    """The case is closed."""
    with room.working() as work:
        desk = Desk(room.house, work)
        file = desk.take_up([case_id])[case_id]
        desk.write(file, [desk.asked(file, "close").event("closed", outcome="answered")])
        file.touched = True
        desk.put_away()


def moved(room: CaseRoom, *entries: dict[str, Any]) -> None:
    """Who is who changes, and what follows happens."""
    room.directory(*entries)
    room.ring()


def test_what_was_said_about_safeguarding_is_shown_only_to_whoever_was_let_read_that_too(room: CaseRoom) -> None:
    case_id = room.receives()
    room.screened(case_id, concerns=[{"concern": "gross_misconduct", "because": ["tick"]}])
    for reads in (False, True):
        room.directory(looks_in(VISITOR, None, reads_safeguarding=reads))
        page = room.case(VISITOR, case_id)
        assert bool(page["words"]) is reads and page["withheld"] is not reads
        assert ("My door" in str(page)) is reads


def test_the_lead_sees_who_has_read_a_case_which_page_and_when_and_nobody_else_does(room: CaseRoom) -> None:
    case_id = room.opens()
    assert room.cases(MANAGER) == [case_id]
    room.case(MANAGER, case_id)
    room.move_to("2026-11-23 10:30")
    assert room.case(MANAGER, case_id)["read_by"] is None
    seen = {(one["name"], one["what"]): one for one in room.case("imogen-ashdale", case_id)["read_by"]}
    assert set(seen) == {
        ("Tobias Fennimore", "case"), ("Tobias Fennimore", "list"), ("Imogen Ashdale", "case")
    }  # fmt: skip
    twice = seen["Tobias Fennimore", "case"]
    assert (twice["times"], twice["first"][:16], twice["last"][:16]) == (2, "2026-11-23T09:00", "2026-11-23T10:30")


def test_letters_read_elsewhere_stand_in_the_case_and_nothing_is_recorded_of_a_case_that_is_closed_to_them(
    room: CaseRoom,
) -> None:
    case_id = room.opens()
    for who in (MANAGER, "noor-ellingham"):
        case_page.letters_read(room.house, person(who), [case_id, "0" * 32])
    seen = {(one["name"], one["what"]) for one in room.case("imogen-ashdale", case_id)["read_by"]}
    assert seen == {("Tobias Fennimore", "letters"), ("Imogen Ashdale", "case")}


UNINVOLVED = (
    "noor-ellingham",  # works there
    "anselm-quillfeather",  # the Independent Person
    "leocadia-marsh-ender",  # the chair of the panel
    "winifred-osterley",  # one of its members
    "elspeth-wickham-dray",  # looks after the installation
)


@pytest.mark.parametrize("who", UNINVOLVED)
def test_staff_panel_independent_person_and_administrator_see_no_case_they_have_no_part_in(
    room: CaseRoom, who: str
) -> None:
    case_id = room.opens()
    assert room.cases(who) == [] and room.today(who)["late"] == []
    with pytest.raises(NotFound):
        room.case(who, case_id)
