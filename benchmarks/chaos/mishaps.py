"""What may befall a platform, and in which order it does: each process killed in turn, then worse, then at random."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from services.chassis.settings import SERVICES
from tests.ground.harness import Platform


@dataclass(frozen=True, slots=True)
class Mishap:
    """One thing that goes wrong and is mended again; ``does`` returns when it is mended."""

    says: str
    does: Callable[[], None]


def in_turn(platform: Platform) -> Iterator[Mishap]:
    """SIGKILL of each process, one after the other."""
    for service in SERVICES if platform.mode == "distributed" else ("heard",):
        yield Mishap(f"kill {service}", lambda service=service: platform.restart(service))  # type: ignore[misc]


def of_the_parts(platform: Platform) -> Iterator[Mishap]:
    """The broker stopped, then killed; the database restarted. In the embedded mode there are none."""
    if platform.mode == "embedded":
        return

    def broker(*, kill: bool) -> None:
        platform.stop_broker(kill=kill)
        platform.start_broker()

    yield Mishap("stop the broker", lambda: broker(kill=False))
    yield Mishap("kill the broker", lambda: broker(kill=True))
    yield Mishap("restart the database", platform.restart_database)


def at_random(platform: Platform, dice: random.Random, times: int) -> Iterator[Mishap]:
    """SIGKILL of whoever the dice choose, sometimes of two at once."""
    names = SERVICES if platform.mode == "distributed" else ("heard",)
    for _ in range(times):
        chosen = sorted(dice.sample(names, k=min(len(names), dice.choice((1, 1, 2)))))

        def strike(chosen: list[str] = chosen) -> None:
            for service in chosen:
                platform.kill(service)
            for service in chosen:
                platform.restart(service, until_well=False)
            platform.wait_until(platform.is_well, 90, what=f"{' and '.join(chosen)} are well again")

        yield Mishap(f"kill {' and '.join(chosen)}", strike)


def safeguarding_dead(platform: Platform, somebody_reports: Callable[[], object]) -> Iterator[Mishap]:
    """Safeguarding dies for five minutes of the platform's clock: intake must page the ladder itself."""
    if platform.mode == "embedded":
        return

    def five_minutes() -> None:
        before = platform.count("intake", "pages_sent")
        platform.kill("safeguarding")
        somebody_reports()
        platform.pass_time(seconds=31)  # intake knocks at a door that nobody opens
        platform.pass_time(seconds=31)
        platform.wait_until(
            lambda: platform.count("intake", "pages_sent") > before, 60, what="intake pages the ladder itself"
        )
        platform.pass_time(seconds=238)
        platform.restart("safeguarding")

    yield Mishap("safeguarding is dead for five minutes", five_minutes)
