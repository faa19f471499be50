"""The procedure that every test of this provider is about, as the platform gets it.

A test that keeps a clause takes the fixture `procedure`: `heard policy coverage --prove` gives it broken ones.
"""

from __future__ import annotations

import pytest

from heard.procedure import Procedure
from heard.registry import load_procedures


@pytest.fixture(scope="session")
def procedure() -> Procedure:
    """Ioi Support's procedure."""
    return load_procedures().get("ioi_support")
