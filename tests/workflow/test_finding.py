"""Looking for a case: by what is known of it, within what one may see, and never by what is sealed."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from services.chassis.errors import Invalid
from services.workflow import finding, looking_for
from services.workflow.models import case_terms, cases
from tests.workflow.case_room import CaseRoom, person, subject

MANAGER, GROUP = "tobias-fennimore", "maren-oakshott"


def told_by(room: CaseRoom, name: str, child: str = "", **changes: Any) -> str:
    """A screened case of somebody with a name."""
    report_id, reference = uuid4().hex, f"{len(room.heard):04}-9QXM-4TBD"
    key = room.intake.new_key(report_id, "contact")
    contact = {"name": name, "child_name": child} if child else {"name": name}
    sealed = room.intake.envelope(key, contact)
    return room.opens(report_id=report_id, reference=reference, contact=sealed, **changes)


def find(room: CaseRoom, who: str = MANAGER, **wanted: Any) -> list[str]:
    """The cases found, once the tick has come round."""
    while finding.write_some(room.house):
        continue
    return [one["case_id"] for one in looking_for.find(room.house, person(who), wanted)["cases"]]


def test_a_name_is_cut_and_compared_as_people_type_it() -> None:
    assert finding.parts_of("Siobhán O'Brien-Łukasz") == ["siobhan", "obrien", "lukasz"]
    assert finding.parts_of("SIOBHAN o’brien lukasz jr.") == ["siobhan", "obrien", "lukasz", "jr"]
    assert finding.parts_of("Straße") == finding.parts_of("STRASSE")
    assert finding.parts_of("J. 42 -") == []


def test_a_case_is_found_by_the_name_of_whoever_told_it_or_of_the_young_person(room: CaseRoom) -> None:
    first, second = told_by(room, "Siobhán O'Brien", child="Kit Marlowe-Ash"), told_by(room, "Idris Vane")
    for name in ("siobhan", "OBRIEN Siobhan", "kit", "Marlowe", "Siobhan Ash"):
        assert find(room, name=name) == [first], name
    assert find(room, name="vane") == [second]
    assert find(room, name="Siobhan Vane") == find(room, name="nobody at all") == find(room, name="sio") == []
    with pytest.raises(Invalid):
        find(room, name="?")


def test_no_name_stands_in_the_table_and_no_group_has_anothers_digest(room: CaseRoom) -> None:
    told_by(room, "Siobhán O'Brien")
    find(room, name="siobhan")
    with room.house.db.reading() as conn:
        kept = [str(row.term) for row in conn.execute(select(case_terms).where(case_terms.c.sort == "name"))]
    assert len(kept) == 2 and all(len(one) == 32 and "brien" not in one for one in kept)
    here, there = (finding.sealed_parts(room.house.vault, one, "Siobhan") for one in ("one group", "another"))
    assert here != there


def test_whoever_may_not_see_a_case_finds_nothing_by_any_of_it(room: CaseRoom) -> None:
    mine, about_me = told_by(room, "Idris Vane"), room.receives(reference="H7K2-9QXM-4TBD")
    room.screened(about_me, subjects=[subject(who=MANAGER)])
    with room.house.db.reading() as conn:
        row = conn.execute(select(cases).where(cases.c.id == about_me)).one()
    everything = [
        {}, {"reference": row.reference}, {"home": row.home}, {"kind": "complaint"}, {"state": "open"},
        {"since": "2026-11-23", "until": "2026-11-23"}, {"stage": row.stage or "stage_1"},
        {"handler": row.handler or "nobody"},
    ]  # fmt: skip
    for wanted in everything:
        assert about_me not in find(room, MANAGER, **wanted), wanted
        assert about_me in find(room, GROUP, **wanted), wanted
    assert find(room, MANAGER) == [mine]
    assert "total" not in looking_for.find(room.house, person(MANAGER), {})


def test_it_is_found_by_where_when_what_and_who_has_it(room: CaseRoom) -> None:
    first = told_by(room, "Idris Vane", category=["delay"], categories=["delay"])
    room.move_to("2026-11-25 09:00")
    second = told_by(room, "Idris Vane")
    with room.house.db.reading() as conn:
        row = conn.execute(select(cases).where(cases.c.id == first)).one()
    assert find(room, reference=row.reference.lower().replace("-", " ")) == [first]
    assert find(room, name="Vane") == [second, first]
    assert find(room, name="Vane", until="2026-11-24") == [first] and find(room, since="2026-11-24") == [second]
    assert find(room, category="delay") == [first]
    assert find(room, handler=str(row.handler), home=row.home, stage=str(row.stage), state="open") == [second, first]
    assert find(room, state="closed") == find(room, home="elsewhere") == []
    with pytest.raises(Invalid):
        find(room, since="yesterday")


def test_who_a_worker_is_who_speaks_up_is_found_by_nobody(room: CaseRoom) -> None:
    case_id = told_by(room, "Wren Ashcombe", kind="whistleblowing", complainant="staff")
    assert case_id in find(room, room.lead)
    assert find(room, room.lead, name="Ashcombe") == find(room, GROUP, name="Wren") == []


def test_a_case_from_before_and_one_whose_words_were_erased_are_gone_through_again(room: CaseRoom) -> None:
    case_id = told_by(room, "Idris Vane")
    assert find(room, name="Vane") == [case_id]
    with room.house.db.writing() as conn:
        conn.execute(case_terms.delete())
        conn.execute(cases.update().values(terms_version=0))
    assert find(room, name="Vane") == [case_id]
    with room.house.working() as work:
        room.house.vault.erase(work.conn, case_id, work.now, ["contact"])
        work.conn.execute(cases.update().values(terms_version=0))
    assert find(room, name="Vane") == [] and find(room, kind="complaint") == [case_id]


def test_what_may_be_chosen_comes_from_the_group_and_its_procedures(room: CaseRoom) -> None:
    offered = looking_for.choices(room.house, person(MANAGER))
    assert {one["id"] for one in offered["homes"]} >= {room.home} and "complaint" in offered["kinds"]
    assert person(MANAGER) in {one["id"] for one in offered["handlers"]} and offered["stages"]
    assert looking_for.choices(room.house, "f" * 32) == {
        "homes": [], "kinds": [], "categories": [], "stages": [], "handlers": []
    }  # fmt: skip


def test_the_database_itself_finds_no_name_in_a_case_that_is_closed_to_one(room_on_postgres: CaseRoom) -> None:
    room = room_on_postgres
    case_id = told_by(room, "Idris Vane")
    hidden = room.receives(contact=None)
    room.screened(hidden, subjects=[subject(who=MANAGER)])
    assert find(room, name="vane") == [case_id] and find(room, kind="complaint") == [case_id]
    with room.house.db.seen_by(person(MANAGER)) as conn:  # a question that forgets the wall
        assert set(conn.execute(select(case_terms.c.case_id)).scalars()) == {case_id}
