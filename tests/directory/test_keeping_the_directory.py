"""Who keeps the directory and what they may do to it: their own group's, recorded; closings, hand-overs, days ahead."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from services.chassis.errors import Invalid, NotFound
from services.directory import desk
from services.directory.changes import SYSTEM_ADMINISTRATOR
from services.directory.demo import demo_id
from tests.directory.at_the_desk import HARBOUR, HOLLIS, MAREN, NORTHGATE, OTHERS, PROVIDER, QUAY, TIDEWATER, Desk
from tests.directory.neighbours import NOW, person

WEST_SUSSEX = "west_sussex_home"
LADO = {"do": "set_contact", "operator": TIDEWATER, "area": "Hampshire", "contact": "lado", "phone": "01632 960100"}


@pytest.fixture
def at_desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    yield made
    made.house.close()


@pytest.mark.parametrize("who", [person("tobias-fennimore"), person("imogen-ashdale"), "0" * 32])
def test_for_whoever_does_not_keep_the_directory_there_is_none(at_desk: Desk, who: str) -> None:
    for ask in (at_desk.service.book, at_desk.service.health, at_desk.service.changed):
        with pytest.raises(NotFound):
            ask(person_id=who)
    with pytest.raises(NotFound):
        at_desk.keep(who, LADO)


def test_a_group_operator_looks_after_their_own_group_and_another_does_not_exist(at_desk: Desk) -> None:
    book = at_desk.service.book(person_id=MAREN)
    assert [one["id"] for one in book["operators"]] == [TIDEWATER]
    assert {one["operator"] for kind in ("providers", "homes", "people") for one in book[kind]} == {TIDEWATER}
    theirs = [
        {"do": "add_home", "provider": OTHERS, "name": "Mine Now", "slug": "mine-now"},
        {"do": "hold_role", "person": MAREN, "role": "group_operator", "provider": OTHERS},
        {"do": "add_person", "id": HOLLIS, "operator": TIDEWATER, "name": "Renamed"},
        {"do": "hand_over_home", "id": demo_id("linden-lodge"), "provider": PROVIDER},
        {"do": "hand_over_home", "id": QUAY, "provider": OTHERS},
        {"do": "away", "person": HOLLIS},
        {"do": "relate", "kind": "manages", "a": MAREN, "b": HOLLIS},
    ]
    for command in theirs:
        with pytest.raises(NotFound):
            at_desk.keep(MAREN, command)
    assert at_desk.keep(MAREN, LADO)["version"] == 3


def test_only_a_system_administrator_adds_operators_and_appoints_another(at_desk: Desk) -> None:
    group = {"do": "add_operator", "name": "Third Group", "slug": "third-group"}
    appointing = {"do": "hold_role", "role": SYSTEM_ADMINISTRATOR}
    for command in (group, appointing | {"person": person("imogen-ashdale")}):
        with pytest.raises(Invalid):
            at_desk.keep(MAREN, command)
    desk.change(at_desk.house, [appointing | {"person": MAREN}], by="console")
    at_desk.keep(MAREN, group)
    names = [one["name"] for one in at_desk.service.book(person_id=MAREN)["operators"]]
    assert names == ["Northgate Council Care", "Third Group", "Tidewater Homes"]


def test_who_only_reads_is_let_in_to_a_home_and_until_a_day(at_desk: Desk) -> None:
    lets_in = {"do": "hold_role", "person": person("piers-hallowmere"), "role": "inspector", "provider": PROVIDER}
    until = (NOW + timedelta(days=30)).isoformat()
    for fault, field in (({"until": until}, "home"), ({"home": QUAY}, "until")):
        with pytest.raises(Invalid) as refused:
            at_desk.keep(MAREN, lets_in | fault)
        assert list(refused.value.fields) == [f"commands[0].{field}"]
    with pytest.raises(Invalid):
        at_desk.keep(MAREN, lets_in | {"role": "director", "home": QUAY, "reads_safeguarding": True})
    (made,) = at_desk.keep(MAREN, lets_in | {"home": QUAY, "until": until, "reads_safeguarding": True})["ids"]
    assert at_desk.entry("holding", made)["reads_safeguarding"] is True
    at_desk.keep(MAREN, {"do": "close_home", "id": HARBOUR, "passes_to": person("lavinia-courtenshaw")})
    assert not {"inspector", "regulation_44_visitor"} & at_desk.roles_at(HARBOUR)[person("lavinia-courtenshaw")]


def test_each_change_is_recorded_with_who_made_it_and_shown_to_those_whose_it_is(at_desk: Desk) -> None:
    at_desk.keep(MAREN, LADO)
    newest = at_desk.service.changed(person_id=MAREN)[0]
    assert (newest["by_name"], newest["entries"][0]["kind"]) == ("Maren Oakshott", "contact")
    assert not [one for one in at_desk.service.changed(person_id=HOLLIS) if one["by"] == MAREN]


def test_a_contact_of_an_area_says_where_it_belongs_and_how_it_is_reached(at_desk: Desk) -> None:
    for fault, field in (
        ({"area": None}, "area"),
        ({"phone": None}, "phone"),
        ({"verified_on": "soon"}, "verified_on"),
    ):
        with pytest.raises(Invalid) as refused:
            at_desk.keep(MAREN, LADO | fault)
        assert list(refused.value.fields) == [f"commands[0].{field}"]
    (contact,) = at_desk.keep(MAREN, LADO)["ids"]
    assert at_desk.entry("contact", contact)["verified"] is False
    at_desk.keep(MAREN, {"do": "verify_contact", "id": contact})
    kept = at_desk.entry("contact", contact)
    assert (kept["verified"], kept["verified_on"]) == (True, NOW.date())


def test_a_home_closes_only_when_somebody_sees_to_what_is_still_open(at_desk: Desk) -> None:
    with pytest.raises(Invalid) as refused:
        at_desk.keep(MAREN, {"do": "close_home", "id": QUAY})
    assert "registered service manager" in str(refused.value.fields["commands[0].passes_to"])
    senior = person("lavinia-courtenshaw")
    at_desk.keep(MAREN, {"do": "close_home", "id": QUAY, "passes_to": senior})
    assert at_desk.roles_at(QUAY) == {
        senior: {"registered_service_manager", "designated_safeguarding_lead", "director", "team_manager"}
    }
    assert at_desk.entry("home", QUAY)["active"] is False


def test_a_home_that_closes_on_a_day_ahead_is_open_until_then(at_desk: Desk) -> None:
    at_desk.it_is(NOW)
    day = NOW + timedelta(days=10)
    senior = person("lavinia-courtenshaw")
    at_desk.keep(MAREN, {"do": "close_home", "id": QUAY, "until": day.isoformat(), "passes_to": senior})
    assert at_desk.entry("home", QUAY)["active"] is True
    assert person("verity-larkhill") in at_desk.roles_at(QUAY)
    assert at_desk.it_is(day + timedelta(minutes=1)) > 0
    assert at_desk.entry("home", QUAY)["active"] is False
    assert set(at_desk.roles_at(QUAY)) == {senior}


def test_a_home_that_is_handed_over_keeps_its_address_and_its_old_people_keep_their_roles(at_desk: Desk) -> None:
    before = at_desk.entry("home", HARBOUR)
    desk.change(at_desk.house, [{"do": "hand_over_home", "id": HARBOUR, "provider": OTHERS}], by="console")
    after = at_desk.entry("home", HARBOUR)
    assert (after["provider"], after["operator"], after["slug"]) == (OTHERS, NORTHGATE, before["slug"])
    held = at_desk.held_by(person("tobias-fennimore"))
    assert [(one["role"], one["provider"]) for one in held] == [("registered_service_manager", PROVIDER)]
    assert at_desk.service.home_by_slug(slug="harbour-house")["procedure"] == "children_act"
    back = {"do": "add_home", "id": HARBOUR, "provider": PROVIDER, "name": "Ours Again", "slug": "harbour-house"}
    with pytest.raises(NotFound):
        at_desk.keep(HOLLIS, back)
    with pytest.raises(Invalid):
        desk.change(at_desk.house, [back], by="console")


def test_what_was_dated_ahead_is_told_on_its_day_once_and_costs_nothing_before(at_desk: Desk) -> None:
    assert at_desk.it_is(NOW) == 0
    begins, ends = NOW + timedelta(days=3), NOW + timedelta(days=5)
    at_desk.keep(
        MAREN,
        {"do": "away", "person": person("tobias-fennimore"), "since": begins.isoformat(), "until": ends.isoformat()},
    )
    told = len(at_desk.told())
    assert at_desk.it_is(begins - timedelta(minutes=1)) == 0 and len(at_desk.told()) == told
    assert at_desk.it_is(begins + timedelta(minutes=1)) == 1
    again = at_desk.told()[-1]
    assert again["version"] == 4 and again["entries"][0]["data"]["since"] == begins.isoformat()
    assert at_desk.it_is(begins + timedelta(hours=1)) == 0
    assert at_desk.it_is(ends + timedelta(minutes=1)) == 1


def test_health_names_who_gets_it_and_the_area_whose_lado_is_not_known(at_desk: Desk) -> None:
    faults = at_desk.service.health(person_id=MAREN)
    said = next(one["sentence"] for one in faults if one["what"] == "several_roles")
    assert "Beatrix Holloway-Synge" in said
    assert not [one for one in faults if one["what"] == "another_areas_contact"]
    at_desk.keep(
        MAREN, {"do": "add_home", "provider": PROVIDER, "name": "Moor End", "slug": "moor-end", "area": "Devon"}
    )
    wrong = [one for one in at_desk.service.health(person_id=MAREN) if one["what"] == "another_areas_contact"]
    assert wrong and "Enter the one of Devon." in wrong[0]["sentence"]
    at_desk.keep(MAREN, *(
        {**LADO, "area": "devon", "contact": kind, "verified_on": "2026-11-02"}
        for kind in ("lado", "safeguarding_partnership")
    ))  # fmt: skip
    after = [one["sentence"] for one in at_desk.service.health(person_id=MAREN)]
    assert not [one for one in after if "Enter the one of Devon" in one]


def test_health_names_the_area_in_which_nobody_outside_can_be_rung_at_night(at_desk: Desk) -> None:
    def missing() -> list[str]:
        faults = at_desk.service.health(person_id=MAREN)
        return [one["sentence"] for one in faults if one["what"] == "nobody_at_night" and "Devon" in one["sentence"]]

    at_desk.keep(
        MAREN, {"do": "add_home", "provider": PROVIDER, "name": "Moor End", "slug": "moor-end", "area": "Devon"}
    )
    (said,) = missing()
    assert said.startswith("Nobody outside can be rung for Devon at night and at weekends")
    team = LADO | {"area": "Devon", "contact": "out_of_hours", "phone": None, "email": "edt@devon.example"}
    (entered,) = at_desk.keep(MAREN, team)["ids"]
    assert missing(), "nobody rings an e-mail address"
    at_desk.keep(MAREN, team | {"id": entered, "phone": "01632 960180"})
    assert not missing()
    own = LADO | {"area": "Devon", "out_of_hours": "01632 960181"}
    at_desk.keep(MAREN, {"do": "remove_contact", "id": entered}, own)
    assert not missing()


def test_health_names_a_role_that_several_hold_where_each_home_has_one(at_desk: Desk) -> None:
    def shared() -> list[str]:
        faults = at_desk.service.health(person_id=HOLLIS)
        return [one["sentence"] for one in faults if one["what"] == "shared_role"]

    assert not shared()
    second = {"person": person("dimity-saltmarsh", "northgate-council-care"), "home": demo_id("linden-lodge")}
    at_desk.keep(HOLLIS, {"do": "hold_role", "role": "registered_manager", "provider": OTHERS, **second})
    assert shared() == ["Registered Manager of the home: Linden Lodge has one, and 2 people hold it: "
                        "Dimity Saltmarsh, Marguerite Dunhollow."]  # fmt: skip


def test_health_asks_for_a_body_of_which_each_home_has_its_own(at_desk: Desk) -> None:
    """The advocacy service of a home is told by no rule of safeguarding, and stands in no document."""
    provider, home = demo_id("provider.saltings"), demo_id("saltings")
    at_desk.keep(
        MAREN,
        {"do": "add_provider", "id": provider, "operator": TIDEWATER, "name": "Saltings", "procedure": WEST_SUSSEX},
        {"do": "add_home", "id": home, "provider": provider, "name": "Saltings", "slug": "saltings", "area": "Kent"},
    )

    def missing() -> list[str]:
        faults = at_desk.service.health(person_id=MAREN)
        return [one["sentence"] for one in faults if one["what"] == "own_contact_missing"]

    assert len(missing()) == 1 and "Nobody has entered for Kent: " in missing()[0]
    own = {**LADO, "provider": provider, "area": "Kent", "contact": "advocacy", "verified_on": "2026-11-02"}
    at_desk.keep(MAREN, own)
    assert not missing()


def test_many_changes_hold_together_or_not_at_all(at_desk: Desk) -> None:
    many = [{"do": "add_person", "operator": TIDEWATER, "name": f"Invented {n}"} for n in range(250)]
    before = len(at_desk.told())
    with pytest.raises(Invalid) as refused:
        desk.change_all(at_desk.house, [*many, {"do": "add_person", "operator": TIDEWATER, "name": ""}], by="test")
    assert list(refused.value.fields) == ["commands[250].name"]
    assert desk.change_all(at_desk.house, many, by="test", rehearse=True)["version"] == 0
    assert len(at_desk.told()) == before
    assert desk.change_all(at_desk.house, many, by="test")["version"] == 4


def test_no_keeper_gives_themselves_a_role_or_changes_what_stands_about_them(at_desk: Desk) -> None:
    spouse = {"do": "relate", "kind": "spouse_or_partner", "a": person("imogen-ashdale"), "b": MAREN}
    lead = {"do": "hold_role", "person": MAREN, "role": "designated_safeguarding_lead", "provider": PROVIDER}
    own = desk.change(at_desk.house, [spouse, lead | {"role": "director"}], by="console")["ids"]
    attempts = (
        lead,
        lead | {"id": own[1], "person": person("imogen-ashdale")},
        {"do": "end_role", "id": own[1], "until": "2026-01-01T00:00:00+00:00"},
        {"do": "end_relation", "id": own[0]},
        {"do": "close_home", "id": QUAY, "passes_to": MAREN},
        {"do": "add_person", "id": MAREN, "operator": TIDEWATER, "name": "Somebody Else"},
    )
    for command in attempts:
        with pytest.raises(Invalid) as refused:
            at_desk.keep(MAREN, command)
        assert list(refused.value.fields) == ["commands[0].person"]
    at_desk.keep(MAREN, {"do": "away", "person": MAREN})


def test_the_administrator_who_sees_no_case_cannot_let_themselves_in(at_desk: Desk) -> None:
    desk.change(at_desk.house, [{"do": "hold_role", "person": HOLLIS, "role": SYSTEM_ADMINISTRATOR}], by="console")
    for role in ({"role": "designated_safeguarding_lead", "provider": PROVIDER}, {"role": "group_operator"}):
        with pytest.raises(Invalid):
            at_desk.keep(HOLLIS, {"do": "hold_role", "person": HOLLIS, **role})
    at_desk.keep(HOLLIS, {"do": "hold_role", "person": MAREN, "role": "director", "provider": PROVIDER})


def test_a_role_that_was_held_is_never_given_to_somebody_else_afterwards(at_desk: Desk) -> None:
    manager = person("tobias-fennimore")
    held = next(one for one in at_desk.service.book(person_id=MAREN)["holdings"] if one["person"] == manager)
    same = {name: held[name] for name in ("id", "person", "role", "provider", "home")}
    for other in ({"person": person("imogen-ashdale")}, {"role": "director"}, {"home": None}):
        with pytest.raises(Invalid) as refused:
            at_desk.keep(MAREN, {"do": "hold_role", **same, **other})
        assert list(refused.value.fields) == [f"commands[0].{next(iter(other))}"]
    at_desk.keep(MAREN, {"do": "hold_role", **same, "until": (NOW + timedelta(days=9)).isoformat()})


def test_whoever_took_a_home_over_closes_it_without_ending_the_roles_of_those_before(at_desk: Desk) -> None:
    """They still owe answers to those who complained to them."""
    desk.change(at_desk.house, [{"do": "hand_over_home", "id": HARBOUR, "provider": OTHERS}], by="console")
    before = at_desk.held_by(person("tobias-fennimore"))
    at_desk.keep(HOLLIS, {"do": "close_home", "id": HARBOUR})
    assert at_desk.entry("home", HARBOUR)["active"] is False
    assert at_desk.held_by(person("tobias-fennimore")) == before


def test_what_somebody_removed_is_told_to_those_whose_it_was(at_desk: Desk) -> None:
    """A tie that is taken away lets somebody handle what they may not handle with it."""
    pair = {"a": person("imogen-ashdale"), "b": person("tobias-fennimore")}
    (tie,) = at_desk.keep(MAREN, {"do": "relate", "kind": "spouse_or_partner", **pair})["ids"]
    ties = {one["id"]: one for one in at_desk.service.book(person_id=MAREN)["relations"]}
    assert (ties[tie]["kind"], ties[tie]["b"]) == ("spouse_or_partner", pair["b"])
    at_desk.keep(MAREN, {"do": "end_relation", "id": tie})
    newest = at_desk.service.changed(person_id=MAREN)[0]
    (entry,) = newest["entries"]
    assert (newest["by"], entry["id"], entry["data"], entry["was"]["b"]) == (MAREN, tie, None, pair["b"])
    assert "was" not in at_desk.told()[-1]["entries"][0]
    assert not [one for one in at_desk.service.changed(person_id=HOLLIS) if one["by"] == MAREN]


@pytest.mark.parametrize("text", ["Two\nLines", "Nul\x00", "Bell\x07"])
def test_a_name_is_one_line_that_every_database_and_letter_can_take(at_desk: Desk, text: str) -> None:
    for command in (
        {"do": "add_person", "operator": TIDEWATER, "name": text},
        {**LADO, "name": text},
        {**LADO, "phone": text},
    ):
        with pytest.raises(Invalid):
            at_desk.keep(MAREN, command)
    at_desk.keep(MAREN, {"do": "add_person", "operator": TIDEWATER, "name": "Siân O’Łęcka-Nnamdi"})


def test_how_somebody_is_reached_is_said_by_them_and_by_the_keeper_and_kept_when_their_entry_changes(
    at_desk: Desk,
) -> None:
    tobias = person("tobias-fennimore")
    at_desk.service.reach_me(person_id=tobias, routine_way="text", alert_way="call")
    said = at_desk.service.how_i_am_reached(person_id=tobias)
    assert (said["routine_way"], said["alert_way"]) == ("text", "call")
    at_desk.keep(MAREN, {"do": "add_person", "id": tobias, "operator": TIDEWATER, "name": "Tobias Fennimore"})
    assert at_desk.entry("person", tobias)["alert_way"] == "call"
    at_desk.keep(MAREN, {"do": "reach", "id": tobias, "routine_way": "email"})
    assert (at_desk.entry("person", tobias)["routine_way"], at_desk.entry("person", tobias)["alert_way"]) == (
        "email", None,
    )  # fmt: skip
    at_desk.keep(MAREN, {"do": "reach", "id": MAREN, "alert_way": "text"})
    newest = at_desk.service.changed(person_id=MAREN)[0]
    assert newest["by_name"] == "Maren Oakshott" and newest["entries"][0]["kind"] == "person"


def test_nobody_is_told_only_here_who_cannot_sign_in_and_no_other_way_is_known(at_desk: Desk) -> None:
    tobias = person("tobias-fennimore")
    for wrong in ({"routine_way": "portal"}, {"routine_way": "pigeon"}, {"alert_way": "portal"}):
        with pytest.raises(Invalid) as refused:
            at_desk.keep(MAREN, {"do": "reach", "id": tobias, **wrong})
        assert list(refused.value.fields) == [f"commands[0].{next(iter(wrong))}"]
    desk.set_password(at_desk.house, tobias, "tobias@tidewater.example", "a long enough password")
    at_desk.keep(MAREN, {"do": "reach", "id": tobias, "routine_way": "portal"})
    assert at_desk.entry("person", tobias)["routine_way"] == "portal"
