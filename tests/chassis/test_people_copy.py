"""A service's copy of who is who: kept in order, closed over gaps, and not decided with once it is stale."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from services.chassis.database import Database
from services.chassis.errors import Stale
from services.chassis.people_copy import PeopleCopy
from services.chassis.settings import Settings
from services.chassis.tables import HOUSE, new_id
from services.chassis.work import Fact, Work

NOON = datetime(2026, 12, 18, 12, 0, tzinfo=UTC)


def person(name: str) -> dict[str, Any]:
    return {"kind": "person", "id": name, "data": {"operator": "o", "name": name.title(), "works_for": ["o"]}}


def holds(who: str, role: str, until: str | None = None) -> dict[str, Any]:
    data = {
        "person": who,
        "role": role,
        "provider": "p",
        "home": None,
        "since": "2026-01-01T00:00:00+00:00",
        "until": until,
    }
    return {"kind": "holding", "id": f"{who}-{role}", "data": data}


def changed(version: int, *entries: dict[str, Any], ago: float = 0) -> Fact:
    said = datetime.now(UTC) - timedelta(seconds=ago)
    return Fact("directory_changed", {"version": version, "entries": list(entries)}, new_id(), "", said)


def confirmed(version: int, ago: float = 0) -> Fact:
    said = datetime.now(UTC) - timedelta(seconds=ago)
    return Fact("directory_confirmed", {"version": version}, new_id(), "", said)


class Keeper:
    """A copy on a database of its own."""

    def __init__(self, folder: Path) -> None:
        settings = Settings(var=folder, stale_after=60)
        self.db = Database(settings, "workflow")
        self.copy = PeopleCopy(cast("Any", SimpleNamespace(db=self.db, settings=settings)))
        with self.db.writing() as conn:
            HOUSE.keys.metadata.create_all(conn)

    @contextmanager
    def working(self) -> Iterator[Work]:
        with self.db.writing() as conn:
            yield Work(cast("Any", SimpleNamespace(service="workflow")), conn, NOON)

    def hear(self, *facts: Fact) -> list[dict[str, Any]]:
        with self.working() as work:
            if facts[0].name == "directory_changed":
                return self.copy.take_changes(work, facts)
            self.copy.take_confirmations(work, facts)
            return []


@pytest.fixture
def keeper(tmp_path: Path) -> Iterator[Keeper]:
    keeper = Keeper(tmp_path)
    yield keeper
    keeper.db.close()


def test_nobody_is_known_until_the_directory_spoke(keeper: Keeper) -> None:
    with pytest.raises(Stale):
        keeper.copy.roster()
    assert keeper.copy.roster(even_if_stale=True).people == {}


def test_changes_are_applied_in_their_order(keeper: Keeper) -> None:
    keeper.hear(changed(2, person("bo")), changed(1, person("ada"), holds("ada", "manager")))
    roster = keeper.copy.roster()
    assert set(roster.people) == {"ada", "bo"}
    assert roster.version == 2
    assert roster.holders("manager", "p", None, NOON) == ("ada",)


def test_what_is_gone_is_gone(keeper: Keeper) -> None:
    keeper.hear(changed(1, person("ada"), holds("ada", "manager")))
    keeper.hear(changed(2, {"kind": "holding", "id": "ada-manager", "data": None}))
    assert keeper.copy.roster().holders("manager", "p", None, NOON) == ()


def test_a_change_that_comes_twice_counts_once(keeper: Keeper) -> None:
    first = changed(1, person("ada"))
    assert keeper.hear(first) == first.body["entries"]
    assert keeper.hear(first) == []
    assert keeper.copy.version() == 1


def test_a_gap_is_not_jumped_over_but_closed_with_a_snapshot(keeper: Keeper) -> None:
    keeper.hear(changed(1, person("ada")))
    assert keeper.hear(changed(4, person("dee"))) == []
    assert keeper.copy.behind()
    assert set(keeper.copy.roster().people) == {"ada"}
    with keeper.working() as work:
        keeper.copy.take_snapshot(work, {"version": 4, "entries": [person("bo"), person("dee")], "whole": True})
    assert not keeper.copy.behind()
    assert set(keeper.copy.roster().people) == {"bo", "dee"}


def test_an_answer_that_facts_overtook_changes_nothing(keeper: Keeper) -> None:
    keeper.hear(changed(1, person("ada")), changed(2, person("bo")))
    with keeper.working() as work:
        assert keeper.copy.take_snapshot(work, {"version": 1, "entries": [], "whole": True}) == []
    assert set(keeper.copy.roster().people) == {"ada", "bo"}


def test_a_copy_that_nobody_confirms_goes_stale(keeper: Keeper) -> None:
    keeper.hear(changed(1, person("ada"), ago=120))
    with pytest.raises(Stale):
        keeper.copy.roster()
    keeper.hear(confirmed(1))
    assert keeper.copy.roster().version == 1


def test_an_old_confirmation_from_the_queue_makes_nothing_fresh(keeper: Keeper) -> None:
    keeper.hear(changed(1, person("ada"), ago=3000))
    keeper.hear(confirmed(1, ago=2000))
    with pytest.raises(Stale):
        keeper.copy.roster()


def test_a_confirmation_of_what_the_copy_lacks_shows_that_it_is_behind(keeper: Keeper) -> None:
    keeper.hear(changed(1, person("ada"), ago=120))
    keeper.hear(confirmed(7))
    assert keeper.copy.behind()
    with pytest.raises(Stale):
        keeper.copy.roster()


def test_a_home_is_found_by_its_slug_and_by_its_id(keeper: Keeper) -> None:
    keeper.hear(changed(1, {"kind": "home", "id": "h1", "data": {"slug": "quay-view", "provider": "p"}}))
    assert keeper.copy.home("quay-view") == keeper.copy.home("h1")
    assert (keeper.copy.home("h1") or {})["id"] == "h1"
    assert keeper.copy.home("nowhere") is None


def test_a_home_that_another_process_has_heard_of_just_now_is_found(keeper: Keeper) -> None:
    """Two processes of a service share a copy, and each looks at it now and then: a report waits for no look."""
    keeper.hear(changed(1, person("ada")))
    another = PeopleCopy(keeper.copy.house)
    assert another.version() == 1
    keeper.hear(changed(2, {"kind": "home", "id": "h1", "data": {"slug": "quay-view", "provider": "p"}}))
    assert (another.home("quay-view") or {})["id"] == "h1"
