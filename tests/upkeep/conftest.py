"""Installations for whoever looks after them: migrated, with the invented world in them, one for each test."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.chassis.house import House
from services.chassis.migrations import migrate
from services.chassis.settings import Settings
from services.directory.seed import make_world


def embedded(folder: Path) -> Settings:
    """The settings of an installation of one process in that folder."""
    return Settings(var=folder / "var", keys_dir=folder / "var" / "keys")


@pytest.fixture(scope="session")
def laid_out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One installation, migrated and seeded, to copy from."""
    folder = tmp_path_factory.mktemp("laid-out")
    settings = embedded(folder)
    migrate(settings)
    house = House(settings, "directory")
    make_world(house)
    house.close()
    return folder


@pytest.fixture
def installation(laid_out: Path, tmp_path: Path) -> Iterator[Settings]:
    """An installation of its own, with nothing running on it."""
    shutil.copytree(laid_out, tmp_path / "heard")
    yield embedded(tmp_path / "heard")
