"""Two houses to attack: intake and safeguarding, each at its own door."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.safeguarding.two_houses import TwoHouses, seeded, two_houses


@pytest.fixture(scope="session")
def attacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation with the invented world in it, to copy."""
    return seeded(tmp_path_factory.mktemp("attacked"))


@pytest.fixture
def houses(attacked: Path, tmp_path: Path) -> Iterator[TwoHouses]:
    """Both houses on an ordinary Monday morning."""
    made = two_houses(attacked, tmp_path)
    yield made
    made.intake.close()
    made.safeguarding.close()
