"""The directory: changes count up by one, tell everybody, and are refused as a whole; people come in, or do not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from services.chassis.clock import set_clock
from services.chassis.errors import Invalid, NotFound, NotSignedIn, Refused
from services.chassis.house import House
from services.chassis.migrations import differences
from services.chassis.settings import Settings
from services.chassis.tables import HOUSE
from services.directory import desk, people, register
from services.directory.demo import GROUPS, NORTHGATE, TIDEWATER, demo_id
from services.directory.models import accounts, metadata, tokens
from services.directory.seed import SIGN_INS, make_world, seed_demo
from services.directory.service import DirectoryService
from services.directory.tokens import SCOPES
from tests.ground.migrated import lay_out

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
NOOR = demo_id("noor-ellingham.tidewater-homes")
TIDEWATER_CARE = demo_id("provider.tidewater-homes")
A_ROLE = {"do": "hold_role", "person": NOOR, "provider": TIDEWATER_CARE}
A_PROVIDER = {"do": "add_provider", "operator": demo_id("tidewater-homes"), "name": "B", "procedure": "ioi_support"}
PASSWORD = "correct horse battery"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """A directory with nobody in it, at a quarter to nowhere: its time stands in a file."""
    clock = tmp_path / "clock"
    set_clock(clock, NOW)
    settings = Settings(var=tmp_path, keys_dir=tmp_path / "keys", clock_file=clock)
    lay_out(settings, "directory")
    made = House(settings, "directory")
    yield made
    made.close()


@pytest.fixture
def service(house: House) -> DirectoryService:
    """The service on that house, called as its callers call it."""
    answering = DirectoryService()
    answering.house = house
    return answering


def held_by(house: House, who: str) -> list[dict[str, Any]]:
    with house.db.reading() as conn:
        held: list[dict[str, Any]] = people.person(conn, who, house.clock.now())["holdings"]
    return held


def published(house: House) -> list[dict[str, Any]]:
    """The facts that wait in the outbox, in order."""
    with house.db.reading() as conn:
        outbox = HOUSE.outbox
        return [row.body for row in conn.execute(select(outbox.c.body).order_by(outbox.c.id))]


def person(someone: str, group: str = "tidewater-homes") -> str:
    return demo_id(f"{someone}.{group}")


def test_the_migration_makes_what_the_models_say(house: House) -> None:
    with house.db.reading() as conn:
        assert differences(conn, metadata) == []


def test_each_change_counts_up_by_one_and_is_told_in_the_same_transaction(house: House) -> None:
    make_world(house)
    facts = published(house)
    assert [fact["version"] for fact in facts] == [1, 2]
    kinds = {entry["kind"] for entry in facts[0]["entries"]}
    assert {"operator", "provider", "home", "person", "holding", "relation"} <= kinds


def test_a_change_with_one_fault_changes_nothing_and_says_where_it_is(house: House) -> None:
    make_world(house, [TIDEWATER])
    before = published(house)
    commands = [
        {"do": "add_person", "operator": demo_id("tidewater-homes"), "name": "Ottilie Brackenridge"},
        {"do": "add_home", "provider": demo_id("provider.tidewater-homes"), "name": "Another", "slug": "quay-view"},
    ]
    with pytest.raises(Invalid) as refused:
        desk.change(house, commands, by="test")
    assert list(refused.value.fields) == ["commands[1].slug"]
    assert published(house) == before
    with house.db.reading() as conn:
        assert register.version(conn) == 1


@pytest.mark.parametrize(
    ("command", "field"),
    [
        ({"do": "add_moon"}, "do"),
        ({"do": "add_person", "operator": "f" * 32, "name": "Ottilie"}, "operator"),
        ({"do": "add_person", "operator": demo_id("tidewater-homes"), "name": "Ottilie", "shoe": 3}, "shoe"),
        ({"do": "away", "person": NOOR, "since": "2026-12-02T00:00Z", "until": "2026-12-01T00:00Z"}, "until"),
        (A_ROLE | {"role": "wizard"}, "role"),
        (A_ROLE | {"role": "staff", "provider": None}, "provider"),
        (A_ROLE | {"role": "staff", "home": demo_id("linden-lodge")}, "home"),
        ({"do": "add_provider", "operator": demo_id("tidewater-homes"), "name": "B", "procedure": "x"}, "procedure"),
        (A_PROVIDER | {"colour": "teal"}, "colour"),
        (A_PROVIDER | {"colour": "#ffd500"}, "colour"),
    ],
)  # fmt: skip
def test_a_fault_names_its_field(house: House, command: dict[str, Any], field: str) -> None:
    make_world(house)
    with pytest.raises(Invalid) as refused:
        desk.change(house, [command], by="test")
    assert list(refused.value.fields) == [f"commands[0].{field}"]


def test_a_providers_colour_is_known_wherever_its_homes_are(house: House, service: DirectoryService) -> None:
    make_world(house)
    own = {"id": TIDEWATER_CARE, "name": "Tidewater Support", "colour": "#5A2A6E"}
    desk.change(house, [A_PROVIDER | own], by="test")
    assert service.home_by_slug(slug="harbour-house")["colour"] == "#5A2A6E"
    desk.change(house, [A_PROVIDER | own | {"colour": None}], by="test")
    assert service.home_by_slug(slug="harbour-house")["colour"] is None


def test_a_role_that_ended_is_not_shown_and_stays_in_the_record(house: House, service: DirectoryService) -> None:
    make_world(house)
    holding = demo_id("team_manager.saskia-thornbury.tidewater-homes")
    assert [one["role"] for one in held_by(house, person("saskia-thornbury"))] == ["team_manager"]
    desk.change(house, [{"do": "end_role", "id": holding}], by="test")
    assert held_by(house, person("saskia-thornbury")) == []
    ended = published(house)[-1]["entries"][0]
    assert ended["id"] == holding
    assert ended["data"]["until"] == NOW.isoformat()


def test_a_snapshot_gives_the_whole_or_what_is_new(house: House, service: DirectoryService) -> None:
    make_world(house)
    whole = service.snapshot()
    assert (whole["version"], whole["whole"]) == (2, True)
    desk.change(house, [{"do": "away", "person": person("noor-ellingham"), "until": "2026-12-01T00:00Z"}], by="test")
    new = service.snapshot(since=2)
    assert (new["version"], new["whole"]) == (3, False)
    assert [entry["kind"] for entry in new["entries"]] == ["absence"]
    assert len(service.snapshot()["entries"]) == len(whole["entries"]) + 1


def test_nobody_sees_the_people_of_another_operator(house: House, service: DirectoryService) -> None:
    make_world(house)
    names = {one["name"] for one in service.people(person_id=person("maren-oakshott"))}
    assert names == {someone.name for someone in TIDEWATER.people}
    assert service.people(person_id="0" * 32) == []
    others = {one["name"] for one in service.people(person_id=person("hollis-underbridge", "northgate-council-care"))}
    assert others == {someone.name for someone in NORTHGATE.people}


def test_the_public_finds_a_home_by_its_slug_or_id_and_one_that_has_closed_too(
    house: House, service: DirectoryService
) -> None:
    make_world(house)
    assert {home["slug"] for home in service.homes_public()} == {"harbour-house", "quay-view", "linden-lodge"}
    home = service.home_by_slug(slug="quay-view")
    assert service.home_by_slug(slug=home["id"]) == home
    assert home["procedure"] == "ioi_support"
    closing = {"do": "close_home", "id": home["id"], "passes_to": person("lavinia-courtenshaw")}
    desk.change(house, [closing], by="test")
    closed = service.home_by_slug(slug="quay-view")
    assert (closed["active"], closed["closed_at"]) == (False, NOW.isoformat())
    assert service.homes_public()[-1]["slug"] == "quay-view"
    with pytest.raises(NotFound):
        service.home_by_slug(slug="nowhere")


def test_a_sign_in_is_refused_in_the_same_words_for_a_stranger_and_for_a_wrong_password(
    house: House, service: DirectoryService
) -> None:
    make_world(house)
    who = person("tobias-fennimore")
    desk.set_password(house, who, "Tobias@Tidewater.example ", PASSWORD)
    assert service.sign_in(email=" tobias@tidewater.EXAMPLE", password=PASSWORD)["id"] == who
    with pytest.raises(Refused) as wrong:
        service.sign_in(email="tobias@tidewater.example", password="wrong")
    with pytest.raises(Refused) as unknown:
        service.sign_in(email="nobody@tidewater.example", password="wrong")
    assert wrong.value.as_json() == unknown.value.as_json()


def test_a_token_is_kept_as_a_digest_and_is_good_until_it_is_over_or_revoked(
    house: House, service: DirectoryService
) -> None:
    make_world(house)
    who = person("tobias-fennimore")
    token = service.make_token(person=who, says="the rota program", days=1)["token"]
    assert service.token(token=token)["id"] == who
    assert service.token(token=token)["scopes"] == list(SCOPES)
    narrow = service.make_token(person=who, says="the wall display", scopes=["cases:read"])["token"]
    assert service.token(token=narrow)["scopes"] == ["cases:read"]
    (held,) = [one for one in service.tokens(person=who) if one["says"] == "the wall display"]
    assert held["last_used_at"] and held["expires_at"] and narrow not in str(held)
    assert service.revoke_token(person=who, token_id=held["id"]) == {"revoked": 1}
    with pytest.raises(NotSignedIn):
        service.token(token=narrow)
    with pytest.raises(NotFound):
        service.revoke_token(person=person("noor-ellingham"), token_id=held["id"])
    for wrong in ({"scopes": []}, {"scopes": ["everything"]}, {"days": 4000}, {"says": " "}):
        with pytest.raises(Invalid):
            service.make_token(**{"person": who, "says": "the rota program", "days": 1} | wrong)
    with house.db.reading() as conn:
        assert token not in str(conn.execute(select(tokens)).all())
    with pytest.raises(NotSignedIn):
        service.token(token=token + "x")
    assert house.settings.clock_file is not None
    set_clock(house.settings.clock_file, NOW + timedelta(days=2))
    with pytest.raises(NotSignedIn):
        service.token(token=token)
    fresh = service.make_token(person=who, says="the rota program")["token"]
    assert service.revoke_tokens(person=who) == {"revoked": 2}
    with pytest.raises(NotSignedIn):
        service.token(token=fresh)


def test_a_token_opens_nothing_once_its_persons_last_role_has_ended(house: House, service: DirectoryService) -> None:
    make_world(house)
    who = person("tobias-fennimore")
    token = service.make_token(person=who, says="the rota program", days=1)["token"]
    with house.db.reading() as conn:
        held = [one.id for one in register.whole(conn) if one.kind == "holding" and (one.data or {})["person"] == who]
    assert service.token(token=token)["id"] == who
    desk.change(house, [{"do": "end_role", "id": one} for one in held], by="t")
    with pytest.raises(NotSignedIn):
        service.token(token=token)


def test_seeding_twice_changes_nothing_and_the_passwords_are_its_owners_alone(house: House, tmp_path: Path) -> None:
    made = seed_demo(house, tmp_path)
    facts = published(house)
    assert {one.operator for one in made} == {group.name for group in GROUPS}
    assert seed_demo(house, tmp_path) == []
    assert published(house) == facts
    file = tmp_path / SIGN_INS
    assert "priyanka-dellamore@tidewater-homes.example" in file.read_text(), "whoever keeps the log looks around too"
    assert file.stat().st_mode & 0o777 == 0o600
    assert all(one.password in file.read_text() for one in made)
    with house.db.reading() as conn:
        kept = str(conn.execute(select(accounts)).all())
    assert not any(one.password in kept for one in made)


def test_an_installation_with_people_of_its_own_is_not_seeded(house: House, tmp_path: Path) -> None:
    make_world(house, [replace(TIDEWATER, slug="somebodys-own")])
    assert seed_demo(house, tmp_path) == []


def test_every_role_of_a_procedure_is_held_in_the_demonstration_by_somebody(house: House) -> None:
    for group in GROUPS:
        held = {role for someone in group.people for role in someone.roles}
        wanted = {role.key for role in house.procedures.get(group.procedure).roles}
        assert wanted <= held, group.name


def test_health_finds_the_person_with_four_roles_and_the_role_that_nobody_holds(
    house: House, service: DirectoryService
) -> None:
    make_world(house)
    asking = person("maren-oakshott")
    faults = service.health(person_id=asking)
    quay = [one for one in faults if one["home"] == demo_id("quay-view")]
    assert [one["what"] for one in quay] == ["no_deputy", "several_roles"]
    assert "Verity Larkhill holds 4 roles at Quay View" in quay[1]["sentence"]
    assert not [one for one in faults if one["what"] in ("empty_role", "dead_end")]
    desk.change(
        house,
        [{"do": "end_role", "id": demo_id("external_investigator.beatrix-holloway-synge.tidewater-homes")}],
        by="t",
    )
    found = {one["what"] for one in service.health(person_id=asking)}
    assert "empty_role" in found


def test_health_names_a_role_that_nobody_covers_and_an_absence_that_nobody_does(
    house: House, service: DirectoryService
) -> None:
    make_world(house)

    def said(what: str) -> list[str]:
        return [one["sentence"] for one in service.health(person_id=person("maren-oakshott")) if one["what"] == what]

    (alone,) = said("no_deputy")
    assert "nobody stands in at Quay View when Verity Larkhill cannot be reached" in alone
    then = datetime(2026, 12, 24, 9, tzinfo=UTC).isoformat()
    desk.change(house, [{"do": "away", "person": person("imogen-ashdale"), "since": then}], by="t")
    assert said("uncovered_absence") == []  # her deputy is there
    desk.change(house, [{"do": "away", "person": person("callum-wrenfield"), "since": then}], by="t")
    (left,) = [one for one in said("uncovered_absence") if "Harbour House" in one and "Designated" in one]
    assert "from Thursday 24 December 2026 nobody is there" in left
    assert left.endswith("Away, with nobody to stand in: Callum Wrenfield, Imogen Ashdale.")
