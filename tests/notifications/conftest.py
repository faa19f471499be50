"""A carrier of texts that says what it took, and notifications: in a trial, live by mail, live by text too."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.directory.neighbours import Neighbours
from tests.ground.carrier import SECRET, Carrier


@pytest.fixture
def carrier() -> Iterator[Carrier]:
    with Carrier() as made:
        yield made


@pytest.fixture
def trial(tmp_path: Path) -> Iterator[Neighbours]:
    """It keeps everything and sends nothing."""
    yield from notifications(tmp_path)


@pytest.fixture
def live(tmp_path: Path) -> Iterator[Neighbours]:
    """It sends by mail."""
    yield from notifications(tmp_path, installation="live", smtp_url="smtp://mail.example")


@pytest.fixture
def by_text(tmp_path: Path, carrier: Carrier) -> Iterator[Neighbours]:
    """It sends by mail and by text."""
    yield from notifications(
        tmp_path, installation="live", smtp_url="smtp://mail.example", text_url=carrier.url, text_secret=SECRET
    )


def notifications(folder: Path, **settings: Any) -> Iterator[Neighbours]:
    made = Neighbours(folder, "notifications", **settings)
    yield made
    made.close()
