"""The procedure that every test of this folder takes, and that a proof replaces by a broken one."""

from __future__ import annotations

import pytest

from heard.procedure import Procedure
from heard.registry import load_procedures


@pytest.fixture(scope="session")
def procedure() -> Procedure:
    """Infinity Alliance's procedure, as the platform gets it."""
    return load_procedures().get("infinity_alliance")
