"""Whoever looks around sees a home of every provider that is installed, with somebody in each role, and is not kept
waiting for it.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest

from heard.registry import load_procedures
from services.chassis.clock import set_clock
from services.chassis.house import House
from services.chassis.settings import Settings
from services.directory.demo import GROUPS
from services.directory.demo_more import more_for, names
from services.directory.seed import seed_demo
from services.directory.service import DirectoryService
from tests.agreement.test_names_in_policies import NAMES
from tests.directory.neighbours import NOW, person
from tests.ground.migrated import lay_out


@pytest.fixture
def service(tmp_path: Path) -> Iterator[DirectoryService]:
    set_clock(tmp_path / "clock", NOW)
    settings = Settings(var=tmp_path, keys_dir=tmp_path / "keys", clock_file=tmp_path / "clock")
    lay_out(settings, "directory")
    made = DirectoryService()
    made.house = House(settings, "directory")
    yield made
    made.house.close()


def test_every_installed_procedure_has_homes_and_somebody_in_each_role(
    service: DirectoryService, tmp_path: Path
) -> None:
    assert seed_demo(service.house, tmp_path)
    homes = service.homes_public()
    installed = {key for key in load_procedures().keys() if not key.startswith("example")}  # noqa: SIM118
    assert {home["procedure"] for home in homes} == installed
    assert len({home["slug"] for home in homes}) == len(homes)
    for who, group in (("maren-oakshott", GROUPS[0]), ("hollis-underbridge", GROUPS[1])):
        faults = service.health(person_id=person(who, group.slug))
        assert not [one for one in faults if one["what"] in ("empty_role", "dead_end")], group.name
    before = service.snapshot()["version"]
    assert seed_demo(service.house, tmp_path) == [] and service.snapshot()["version"] == before


def test_the_names_are_invented_never_given_twice_and_nobodys_in_a_policy() -> None:
    made = list(islice(names(), 500))
    assert len(set(made)) == 500
    theirs = {someone.name for group in GROUPS for someone in group.people} | {name for name, _ in NAMES}
    assert not {one.lower() for one in made} & {one.lower() for one in theirs}


def test_the_changes_are_worked_out_in_no_time() -> None:
    registry = load_procedures()
    procedures = [registry.get(key) for key in registry.keys()]  # noqa: SIM118
    began = time.process_time()
    assert all(commands for commands in more_for(procedures, set()))
    assert time.process_time() - began < 1
