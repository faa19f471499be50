"""The second wall: where a query forgets `visible_to`, PostgreSQL's row-level security answers all the same."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.exc import DBAPIError

from services.chassis.errors import NotFound
from services.chassis.house import House
from services.chassis.migrations import differences, migrate
from services.chassis.settings import Settings
from services.directory import keeping, register
from services.directory.changes import GROUP_OPERATOR
from services.directory.demo import NORTHGATE, TIDEWATER, demo_id
from services.directory.models import accounts, holdings, metadata, people
from services.directory.seed import make_world
from services.directory.service import DirectoryService
from services.notifications import models as notifications
from services.reporting import models as reporting
from tests.directory.neighbours import NOW, PLACE, person

SEES, SEES_NOT = person("maren-oakshott"), person("noor-ellingham")


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    return Settings(mode="distributed", database_url=database_url, var=tmp_path, keys_dir=tmp_path / "keys", pool=2)


def open_house(settings: Settings, service: str) -> Iterator[House]:
    migrate(settings, [service])
    made = House(settings, service)
    yield made
    made.close()


@pytest.fixture
def directory(settings: Settings) -> Iterator[House]:
    yield from open_house(settings, "directory")


@pytest.fixture
def post(settings: Settings) -> Iterator[House]:
    yield from open_house(settings, "notifications")


@pytest.fixture
def reports(settings: Settings) -> Iterator[House]:
    yield from open_house(settings, "reporting")


def test_the_directory_shows_a_person_their_own_operator_only(directory: House) -> None:
    make_world(directory)
    with directory.db.reading() as conn:
        assert differences(conn, metadata) == []
    for group, who in ((TIDEWATER, "maren-oakshott"), (NORTHGATE, "hollis-underbridge")):
        with directory.db.seen_by(person(who, group.slug)) as conn:
            assert set(conn.execute(select(people.c.operator)).scalars()) == {demo_id(group.slug)}
            assert conn.execute(select(func.count()).select_from(holdings)).scalar_one() > 0
    with directory.db.seen_by("f" * 32) as conn:
        assert conn.execute(select(people)).all() == []
    with directory.db.seen_by(SEES) as conn, pytest.raises(DBAPIError):
        conn.execute(select(accounts))
    answering = DirectoryService()
    answering.house = directory
    names = {one["name"] for one in answering.people(person_id=SEES)}
    assert names == {someone.name for someone in TIDEWATER.people}


def test_a_keeper_reads_of_their_own_group_only_though_the_question_forgets_whose_it_is(directory: House) -> None:
    make_world(directory)
    now = directory.clock.now()
    with directory.db.reading() as conn:
        everything = {(one.kind, one.id) for one in register.of_groups(conn)}
        operators = {
            group.slug: next(p.name for p in group.people if GROUP_OPERATOR in p.roles)
            for group in (TIDEWATER, NORTHGATE)
        }
        ids = {row.name: row.id for row in conn.execute(select(people.c.name, people.c.id))}
    seen = {}
    for slug, name in operators.items():
        with keeping.looking(directory, ids[name], now) as (conn, who):
            assert not who.everywhere
            seen[slug] = {(one.kind, one.id) for one in register.of_groups(conn)}
            # What the page is made of is all that is there: nothing is left for the question to sort out.
            kept = keeping.book(conn, who, now)
            assert seen[slug] == {
                (kind, one["id"])
                for kind, name in {
                    "operator": "operators", "provider": "providers", "home": "homes", "person": "people",
                    "contact": "contacts", "holding": "holdings", "absence": "absences", "on_call": "on_call",
                    "relation": "relations",
                }.items()
                for one in kept[name]
            }  # fmt: skip
    mine, theirs = seen.values()
    assert mine and theirs and not mine & theirs
    assert {kind for kind, _ in mine} >= {"operator", "provider", "home", "person", "holding", "contact"}
    assert mine | theirs <= everything
    with pytest.raises(NotFound), keeping.looking(directory, SEES_NOT, now):
        pass


def test_a_message_is_seen_by_its_viewers_only(post: House) -> None:
    message = {
        **PLACE, "id": "m" * 32, "key": "k", "case_id": "c" * 32, "about": {}, "kind": "person", "whom": SEES,
        "template": "staff/assigned", "facts": {}, "state": "held_trial", "urgent": False, "attempts": 0,
        "made_at": NOW,
    }  # fmt: skip
    with post.db.writing() as conn:
        conn.execute(insert(notifications.messages), message)
        conn.execute(insert(notifications.message_viewers), {"message_id": "m" * 32, "person_id": SEES, "why": "own"})
    for who, number in ((SEES, 1), (SEES_NOT, 0)):
        with post.db.seen_by(who) as conn:
            assert len(conn.execute(select(notifications.messages)).all()) == number
            assert len(conn.execute(select(notifications.message_viewers)).all()) == number
    with post.db.reading() as conn:
        assert differences(conn, notifications.metadata) == []


def test_a_case_is_counted_by_its_viewers_only(reports: House) -> None:
    case = {**PLACE, "id": "c" * 32, "reference": "R", "seq": 0, "dirty": False}
    with reports.db.writing() as conn:
        conn.execute(insert(reporting.cases), case)
        conn.execute(insert(reporting.case_viewers), {"case_id": "c" * 32, "person_id": SEES, "why": "viewer"})
    for who, number in ((SEES, 1), (SEES_NOT, 0)):
        with reports.db.seen_by(who) as conn:
            assert len(conn.execute(select(reporting.cases)).all()) == number
    with reports.db.seen_by(SEES) as conn, pytest.raises(DBAPIError):
        conn.execute(select(reporting.case_rows))
    with reports.db.reading() as conn:
        assert differences(conn, reporting.metadata) == []
