"""What a home owes without any complaint: who sees it, who is reminded, and what is written down."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select, update

from services.chassis import ledger as chain
from services.chassis.errors import Invalid, KeyReused, NotAllowed, NotFound
from services.chassis.tables import HOUSE
from services.directory.demo import demo_id
from services.workflow import models, standing_books, standing_doing, standing_round, standing_shown, today
from tests.workflow.case_room import CaseRoom, person

HARBOUR, QUAY, WHOLE = "Harbour House", "Quay View", None
MANAGER, GROUP, WORKER, ELSEWHERE = "tobias-fennimore", "maren-oakshott", "noor-ellingham", "verity-larkhill"
TOLD = ["to:young_person"]


def goes_round(room: CaseRoom, at: str | None = None) -> None:
    """The clock is moved, and what happens by itself happens."""
    if at:
        room.move_to(at)
    while standing_round.go_round(room.house):
        pass


def places(room: CaseRoom, who: str) -> dict[str | None, dict[str, Any]]:
    """The places somebody may read, by the home's name (None: the provider)."""
    return {one["home_name"]: one for one in standing_shown.places(room.house, person(who))["places"]}


def place(room: CaseRoom, who: str, name: str | None = HARBOUR) -> dict[str, Any]:
    """One of them."""
    return standing_shown.place(room.house, person(who), places(room, who)[name]["book_id"])


def line(room: CaseRoom, duty: str, name: str | None = HARBOUR, who: str = MANAGER) -> dict[str, Any]:
    """The latest line of a duty."""
    return [one for one in place(room, who, name)["lines"] if one["duty"] == duty][-1]


def write(room: CaseRoom, who: str, command: str, name: str | None = HARBOUR, **data: Any) -> dict[str, Any]:
    """Somebody writes something down."""
    key = data.pop("key", None)
    book = places(room, who)[name]["book_id"]
    return standing_doing.act(room.house, person(who), book, command, data, key)


def arrives(room: CaseRoom, mark: str = "K.", **data: Any) -> str:
    """A young person comes to Harbour House; their id."""
    write(room, WORKER, "happened", event="admitted", mark=mark, **data)
    return str(place(room, WORKER)["young_people"][-1]["id"])


def reminders(room: CaseRoom) -> list[dict[str, Any]]:
    """The reminders that have been said to notifications."""
    with room.house.db.reading() as conn:
        rows = conn.execute(select(HOUSE.outbox.c.fact, HOUSE.outbox.c.body).order_by(HOUSE.outbox.c.id))
        return [row.body for row in rows if row.fact == "standing_duty_reminded"]


def test_each_home_and_its_provider_is_seen_by_those_who_work_there_and_by_the_group(room: CaseRoom) -> None:
    goes_round(room)
    assert set(places(room, MANAGER)) == set(places(room, WORKER)) == {HARBOUR, WHOLE}
    assert set(places(room, GROUP)) == {HARBOUR, QUAY, WHOLE}
    assert places(room, "beatrix-holloway-synge") == {}  # from outside
    quay = places(room, GROUP)[QUAY]["book_id"]
    with pytest.raises(NotFound):
        standing_shown.place(room.house, person(WORKER), quay)
    with pytest.raises(NotFound):
        standing_doing.act(room.house, person(WORKER), quay, "done", {"duty": "monthly_compliance"})


def test_a_month_goes_by_and_the_manager_is_reminded_once_before_and_once_when_it_is_late(room: CaseRoom) -> None:
    goes_round(room)
    due = line(room, "monthly_compliance")
    assert (due["due"], due["clause"], due["owed_by"], due["status"]) == (
        "2026-12-23", ["IOI-47"], ["Tobias Fennimore"], "running",
    )  # fmt: skip
    assert reminders(room) == []
    for at in ("2026-12-16 00:01", "2026-12-18 09:00", "2026-12-24 00:01", "2026-12-28 09:00"):
        goes_round(room, at)
    home = [(one["when"], one["whom"], one["due"]) for one in reminders(room) if one["duty"] == "monthly_compliance"]
    mine = [person(MANAGER)]
    here = [one for one in home if one[1] == mine]
    assert here == [("soon", mine, "2026-12-23"), ("late", mine, "2026-12-23")]
    assert [one["says"] for one in today.today(room.house, person(MANAGER))["standing"]][:1] == [due["says"]]
    assert today.today(room.house, person(WORKER))["standing"] == []
    write(room, WORKER, "done", duty="monthly_compliance", by=person(MANAGER), on="2026-12-27", note="Two were late.")
    lines = [one for one in place(room, MANAGER)["lines"] if one["duty"] == "monthly_compliance"]
    assert [(one["status"], one["days_late"], one["due"]) for one in lines] == [
        ("kept late", 4, "2026-12-23"), ("running", 0, "2027-01-27"),
    ]  # fmt: skip
    assert lines[0]["done"]["by"] == "Tobias Fennimore"
    assert lines[0]["done"]["written_by"] == "Noor Ellingham"
    assert lines[0]["done"]["note"] == "Two were late."
    other = [one for one in place(room, "gwendolen-tarrow")["lines"] if one["status"] == "kept late"]
    assert other[0]["done"]["note"] is None  # a note is for whoever wrote it and those who answer for the home


def test_a_report_that_comes_round_again_is_written_down_as_made_and_what_follows_it_begins(room: CaseRoom) -> None:
    goes_round(room)
    law = "supported_accommodation_2023.quality_review"
    assert (line(room, f"report.{law}", WHOLE)["due"], place(room, MANAGER, WHOLE)["events"]) == (
        "2027-05-23", ["adopted"],
    )  # fmt: skip
    sections = line(room, "report.annual", WHOLE)["items"]
    assert sections == ["Trends and issues for audit, for the registered manager"]
    goes_round(room, "2026-11-30 09:00")
    write(room, MANAGER, "done", WHOLE, duty="report.annual", ticked=sections)
    assert f"{law}_to_ofsted" not in {one["duty"] for one in place(room, MANAGER, WHOLE)["lines"]}
    write(room, MANAGER, "done", WHOLE, duty=f"report.{law}")
    assert line(room, f"report.{law}", WHOLE)["due"] == "2027-05-30"
    assert line(room, f"{law}_to_ofsted", WHOLE)["due"] == "2026-12-28"
    assert place(room, MANAGER, WHOLE)["written"][0]["says"].startswith("Make the report “")


def test_a_young_person_is_known_by_a_mark_that_can_be_erased(room: CaseRoom) -> None:
    goes_round(room)
    kit = arrives(room, "K.", on="2026-11-22")
    told = line(room, "tell_each_young_person")
    assert (told["whom_name"], told["due"], told["status"], told["items"]) == ("K.", "2026-11-22", "late", TOLD)
    with pytest.raises(Invalid) as fault:
        write(room, WORKER, "done", duty="tell_each_young_person", whom=kit)
    assert fault.value.fields == {"item.0": ["Tick it, or say why it was left out."]}
    why = {"to:young_person": "They were in hospital; told there on Sunday."}
    write(room, WORKER, "done", duty="tell_each_young_person", whom=kit, explained=why, on="2026-11-22")
    done = line(room, "tell_each_young_person")["done"]
    assert (done["left_out"], done["why"]) == (TOLD, {"0": why["to:young_person"]})
    with pytest.raises(Invalid):
        write(room, MANAGER, "forget", young_person=kit)  # still here
    write(room, WORKER, "left", young_person=kit)
    with pytest.raises(NotAllowed):
        write(room, WORKER, "forget", young_person=kit)
    write(room, MANAGER, "forget", young_person=kit)
    after = place(room, MANAGER)
    assert after["young_people"] == []
    gone = [one for one in after["lines"] if one["duty"] == "tell_each_young_person"]
    assert [(one["whom_name"], one["status"]) for one in gone] == [("erased", "kept")]
    with room.house.db.reading() as conn:
        assert chain.verify(conn, models.standing_ledger, after["book_id"]).whole
        assert b"hospital" not in repr(conn.execute(select(models.standing_words)).all()).encode()


def test_nobody_is_reminded_between_writing_down_that_somebody_came_and_that_they_were_told(room: CaseRoom) -> None:
    goes_round(room)
    ada, kit = arrives(room, "A.", on="2026-11-22"), arrives(room, "K.", on="2026-11-22")
    write(room, WORKER, "done", duty="tell_each_young_person", whom=ada, ticked=TOLD, on="2026-11-22")
    goes_round(room, "2026-11-23 09:30")
    assert reminders(room) == []
    goes_round(room, "2026-11-23 10:01")
    said = [(one["duty"], one["when"], one["many"]) for one in reminders(room)]
    assert said == [("tell_each_young_person", "late", 1)]
    assert kit not in repr(reminders(room))


def test_a_click_twice_is_one_act_and_a_mistake_is_struck_out_by_whoever_made_it(room: CaseRoom) -> None:
    goes_round(room)
    first = write(room, WORKER, "done", duty="monthly_compliance", key="k")
    assert write(room, WORKER, "done", duty="monthly_compliance", key="k") == first
    with pytest.raises(KeyReused):
        write(room, WORKER, "done", duty="monthly_compliance", on="2026-11-22", key="k")
    (entry,) = place(room, WORKER)["written"]
    with pytest.raises(NotAllowed):
        write(room, "gwendolen-tarrow", "strike_out", row=entry["seq"], why="It was not done.")
    write(room, WORKER, "strike_out", row=entry["seq"], why="It was not done.")
    assert line(room, "monthly_compliance")["due"] == "2026-12-23"
    assert [one["struck_out"] for one in place(room, WORKER)["written"]] == [True]
    with pytest.raises(NotFound):
        write(room, WORKER, "strike_out", row=entry["seq"], why="Again.")


def test_nothing_is_written_down_for_a_day_to_come_for_nobody_or_where_it_is_not_owed(room: CaseRoom) -> None:
    goes_round(room)
    for command, data, field in (
        ("done", {"duty": "monthly_compliance", "on": "2026-11-24"}, "on"),
        ("done", {"duty": "training"}, "duty"),  # the provider's
        ("done", {"duty": "tell_each_young_person", "whom": "nobody", "ticked": TOLD}, "whom"),
        ("happened", {"event": "admitted"}, "mark"),
        ("happened", {"event": "adopted"}, "event"),
        ("left", {"young_person": "nobody"}, "young_person"),
    ):
        with pytest.raises(Invalid) as fault:
            write(room, WORKER, command, **data)
        assert field in fault.value.fields


def test_whoever_leaves_loses_sight_and_whoever_comes_gains_it(room: CaseRoom) -> None:
    goes_round(room)
    held = {"person": person(WORKER), "role": "staff", "provider": demo_id("provider.tidewater-homes"),
            "home": demo_id("harbour-house"), "since": "2024-01-01T00:00:00+00:00"}  # fmt: skip
    with room.house.db.reading() as conn:
        copy = HOUSE.directory_copy
        rows = conn.execute(select(copy.c.id, copy.c.data).where(copy.c.kind == "holding"))
        (holding,) = [row.id for row in rows if row.data["person"] == person(WORKER)]
    gone = held | {"until": room.house.clock.now().isoformat()}
    room.directory({"kind": "holding", "id": holding, "data": gone})
    goes_round(room)
    assert places(room, WORKER) == {}
    room.directory({"kind": "holding", "id": holding, "data": held | {"home": demo_id("quay-view"), "until": None}})
    goes_round(room)
    assert set(places(room, WORKER)) == {QUAY, WHOLE}


def test_a_home_that_closes_owes_nothing_more_and_its_numbers_stay(room: CaseRoom) -> None:
    goes_round(room)
    arrives(room, on="2026-11-22")
    home = room.house.who.entry("home", demo_id("harbour-house"))
    assert home is not None
    data = {name: value for name, value in home.items() if name != "id"}
    closed = data | {"active": False, "closed_at": "2026-11-25T09:00:00+00:00"}
    room.directory({"kind": "home", "id": home["id"], "data": closed})
    room.move_to("2026-11-26 09:00")
    goes_round(room)
    assert set(places(room, GROUP)) == {QUAY, WHOLE}
    provider = demo_id("provider.tidewater-homes")
    counted = standing_shown.counted(room.house, person(GROUP), provider, "2025-11-27", "2026-11-26")
    duties = {one["duty"]: one for one in counted["duties"]}
    assert duties["tell_each_young_person"]["never_done"] == 1
    assert counted["never_done"] == 1


def test_the_numbers_of_twelve_months_are_of_the_places_that_somebody_may_read(room: CaseRoom) -> None:
    goes_round(room)
    goes_round(room, "2027-01-04 09:00")
    write(room, MANAGER, "done", duty="monthly_compliance", on="2026-12-20")
    provider = demo_id("provider.tidewater-homes")
    counted = {
        who: {one["duty"]: one for one in
              standing_shown.counted(room.house, person(who), provider, "2026-01-05", "2027-01-04")["duties"]}
        for who in (MANAGER, GROUP)
    }  # fmt: skip
    of_mine, of_all = counted[MANAGER]["monthly_compliance"], counted[GROUP]["monthly_compliance"]
    assert (of_mine["on_time"], of_mine["late"]) == (1, 0)
    assert (of_all["on_time"], of_all["late"]) == (1, 1)  # Quay View's is still to be done
    assert counted[GROUP]["review_policy"]["late"] == 1


def test_another_version_of_the_procedure_is_gone_by_from_the_day_it_is_installed(room: CaseRoom) -> None:
    goes_round(room)
    version = place(room, MANAGER)["book_id"]
    with room.house.db.writing() as conn:  # as if an older one had been installed before
        conn.execute(update(models.books).values(procedure_version="ioi_support@2026-01-01#older"))
    goes_round(room)
    with room.house.db.reading() as conn:
        events = [one.event for one in standing_books.ledger_of(conn, version)]
    assert events == ["came_under", "version_changed"]


def test_the_database_itself_shows_staff_only_their_places(room_on_postgres: CaseRoom) -> None:
    room = room_on_postgres
    goes_round(room)
    arrives(room)
    mine = {one["book_id"] for one in places(room, WORKER).values()}
    with room.house.db.seen_by(person(WORKER)) as conn:
        for name in models.BOOKS_WALLED:
            table = models.metadata.tables[name]
            column = {"books": "id", "standing_ledger": "case_id"}.get(name, "book_id")
            assert set(conn.execute(select(table.c[column])).scalars()) <= mine, name
        assert len(conn.execute(select(models.books.c.id)).all()) == 2
    with room.house.db.seen_by("nobody-at-all") as conn:
        assert conn.execute(select(models.books.c.id)).all() == []
    assert line(room, "tell_each_young_person")["status"] == "running"


def test_what_somebody_writes_beside_it_is_handed_to_safeguarding_sealed_and_a_mark_is_not(room: CaseRoom) -> None:
    goes_round(room)
    kit = arrives(room, "K.", on="2026-11-22")
    said = {"explained": {TOLD[0]: "Asleep."}, "note": "Later."}
    done = write(room, WORKER, "done", duty="tell_each_young_person", whom=kit, **said)
    (note,) = room.published("standing_note_written")
    assert (note["home"], note["by"]) == (room.home, person(WORKER))
    opened = room.safeguarding_vault.open_envelope(note["words"])
    assert sorted(opened.values()) == ["Asleep.", "Later."] and "Later." not in str(note)
    write(room, WORKER, "strike_out", row=done["seq"], why="The wrong day.")
    assert len(room.published("standing_note_written")) == 2
