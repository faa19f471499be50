"""A small dose of benchmarks/chaos: whatever is killed while reports flow, each of them is there afterwards, once."""

import pytest

from benchmarks import tellings
from benchmarks.chaos.run import run
from tests.ground.harness import Platform


@pytest.mark.timeout(420)
@pytest.mark.every_procedure_lives_here
def test_nothing_is_lost_and_nothing_is_doubled_whatever_is_killed(platform: Platform) -> None:
    """Each process in turn, the broker stopped, then killed, the database restarted, safeguarding dead for a while."""
    rate = 1.5 if platform.mode == "distributed" else 6  # so that reports flow for as long as there are mishaps
    outcome = run(platform, reports=120, rate=rate, seed=7, strikes=2, say=print)
    assert outcome.faults == []
    assert set(outcome.told) == {home.slug for home in tellings.homes()}
    while_safeguarding_was_dead = 1 if platform.mode == "distributed" else 0
    assert outcome.reports == 120 + while_safeguarding_was_dead
    assert outcome.worrying == 12 + while_safeguarding_was_dead


def test_a_process_that_is_asked_to_stop_finishes_and_leaves_in_order(platform: Platform) -> None:
    receipts = [platform.submit() for _ in range(5)]
    assert platform.stop() == [0] * len(platform.processes)
    assert len({receipt.reference for receipt in receipts}) == 5
