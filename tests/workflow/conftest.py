"""A case service for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from services.chassis import logs
from tests.workflow.case_room import CaseRoom


@pytest.fixture(autouse=True, scope="session")
def logs_as_the_services_write_them() -> None:
    """Without it, each fault that a test wants logged is drawn with every variable of every frame: a minute's work."""
    logs.set_up()


@pytest.fixture
def room(tmp_path: Path) -> Iterator[CaseRoom]:
    """A case service on a Monday morning, with the invented people."""
    case_room = CaseRoom(tmp_path)
    yield case_room
    case_room.house.close()


@pytest.fixture
def room_on_postgres(tmp_path: Path, database_url: str) -> Iterator[CaseRoom]:
    """A case service on PostgreSQL, built by its migrations."""
    case_room = CaseRoom(tmp_path, database_url=database_url)
    yield case_room
    case_room.house.close()
