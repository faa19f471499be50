"""A carrier of texts that says what it took, and notifications on a live installation, by mail and by text."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.directory.neighbours import Neighbours
from tests.ground.carrier import SECRET, Carrier


@pytest.fixture
def carrier() -> Iterator[Carrier]:
    with Carrier() as made:
        yield made


@pytest.fixture
def live(tmp_path: Path, carrier: Carrier) -> Iterator[Neighbours]:
    made = Neighbours(
        tmp_path, "notifications", installation="live", smtp_url="smtp://mail.example", text_url=carrier.url,
        text_secret=SECRET,
    )  # fmt: skip
    yield made
    made.close()
