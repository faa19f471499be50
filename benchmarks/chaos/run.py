"""One run: reports flow, mishaps befall, everything comes to rest, and is counted."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import chain

import requests

from benchmarks.chaos import mishaps, tally
from benchmarks.chaos.reporters import Reporters
from tests.ground.harness import Platform
from tests.ground.ports import NeverHappened


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run came to. It is good when ``faults`` is empty."""

    reports: int
    told: dict[str, int]  # of them, about each home
    worrying: int
    tries: int
    mishaps: list[str]
    seconds: float
    seconds_to_rest: float
    faults: list[str] = field(default_factory=list)


def run(
    platform: Platform, reports: int, rate: float, seed: int, strikes: int, say: Callable[[str], None]
) -> Outcome:
    """Run ``reports`` through a started platform while everything befalls it that ``mishaps`` knows."""
    begun = time.monotonic()
    reporters = Reporters(platform, reports, rate)
    reporters.start()
    platform.wait_until(lambda: reporters.done > 3, 60, what="reports flow")
    dice = random.Random(seed)
    befell = []
    for mishap in chain(
        mishaps.in_turn(platform),
        mishaps.of_the_parts(platform),
        mishaps.safeguarding_dead(
            platform, lambda: reporters.hand_in(requests.Session(), reports, worries=True)
        ),
        mishaps.at_random(platform, dice, strikes),
    ):
        say(f"{reporters.done:5d} receipts  {mishap.says}")
        mishap.does()
        befell.append(mishap.says)
        time.sleep(dice.uniform(0.3, 1.5))  # let work pile up between two mishaps
    reporters.join()
    say(f"{reporters.done:5d} receipts  everybody has one; waiting until all is at rest")
    handed_in = time.monotonic()
    found = [f"a reporter gave up: {why}" for why in reporters.gave_up]
    try:
        platform.wait_until(lambda: not tally.in_flight(platform), 180, what="everything is at rest")
    except NeverHappened:
        found.append(f"not at rest: {tally.in_flight(platform)}")
    rested = time.monotonic()
    found += tally.faults(platform, reporters.told, len(reporters.worried))
    return Outcome(
        reports=reporters.done,
        told=dict(reporters.told),
        worrying=len(reporters.worried),
        tries=reporters.tries,
        mishaps=befell,
        seconds=rested - begun,
        seconds_to_rest=rested - handed_in,
        faults=found,
    )
