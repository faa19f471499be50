"""A case service for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.workflow.case_room import CaseRoom


@pytest.fixture
def room(tmp_path: Path) -> Iterator[CaseRoom]:
    """A case service on a Monday morning, with the invented people."""
    case_room = CaseRoom(tmp_path)
    yield case_room
    case_room.house.close()
