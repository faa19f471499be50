"""What holds in every case under every procedure, held against procedures and ledgers that nobody thought of.

A walk is made by asking what is allowed and doing it (`walking.py`), under the installed procedures and under invented
ones (`invented_procedures.py`); `held.py` says what must hold. With HEARD_WALKS=500 it goes more ways, and new ones.
"""

from __future__ import annotations

import os
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from heard.registry import load_procedures
from tests.heard.held import HELD
from tests.heard.invented_procedures import invented
from tests.heard.walking import Walk

WALKS = int(os.environ.get("HEARD_WALKS", "6"))
INSTALLED = load_procedures()

seeds, lengths = st.integers(0, 2**32), st.integers(0, 24)


def by_chance(times: int) -> settings:
    slow = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
    the_same = "HEARD_WALKS" not in os.environ  # bin/test walks the same ways each time; a long walk goes new ones
    return settings(max_examples=times, deadline=None, suppress_health_check=slow, derandomize=the_same)


def holds(walk: Walk, steps: int) -> None:
    list(walk.steps(steps))
    for held in HELD:
        held(walk)


@pytest.mark.parametrize("key", INSTALLED.keys())
@by_chance(WALKS)
@given(seed=seeds, steps=lengths)
def test_what_must_hold_holds_under_an_installed_procedure(key: str, seed: int, steps: int) -> None:
    holds(Walk(INSTALLED.get(key), Random(seed)), steps)


@by_chance(WALKS * 6)
@given(seed=seeds, steps=lengths)
def test_what_must_hold_holds_under_an_invented_procedure(tmp_path: Path, seed: int, steps: int) -> None:
    chance = Random(seed)
    procedure = invented(chance, tmp_path)
    if procedure is not None:
        holds(Walk(procedure, chance), steps)
