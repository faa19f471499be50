"""1-2-1 Mentors' procedure, as the platform gets it: through its entry point."""

from __future__ import annotations

import pytest

from heard.procedure import Procedure
from heard.registry import load_procedures


@pytest.fixture(scope="session")
def procedure() -> Procedure:
    """The procedure that each test of this folder asks."""
    return load_procedures().get("one_two_one_mentors")
