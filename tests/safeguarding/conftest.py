"""Two houses for each test, copied from databases that are made once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.safeguarding.two_houses import TwoHouses, seeded, two_houses


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation with the invented world in it."""
    return seeded(tmp_path_factory.mktemp("seeded"))


@pytest.fixture
def houses(installation: Path, tmp_path: Path) -> Iterator[TwoHouses]:
    """Intake and safeguarding on databases of their own, on an ordinary Monday morning."""
    made = two_houses(installation, tmp_path)
    yield made
    made.intake.close()
    made.safeguarding.close()
