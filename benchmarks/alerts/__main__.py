"""``python -m benchmarks.alerts``: from an accepted report to the call in the lead's post, alone and among many others.

A live installation on real parts, in real time, with a mail server of its own. Worrying reports are handed in one after
the other; each counts from the moment of its receipt until the mail server has the first call about it. Then the same
while ordinary reports come in at a steady rate.
"""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Mapping
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import click

from benchmarks.alerts import stages
from benchmarks.alerts.post import Arrivals, arrivals
from benchmarks.ground import running_platform
from benchmarks.journey.flow import Flow, at
from benchmarks.shares import NoGroups, as_deployed
from tests.ground import world
from tests.ground.deployed import alarms_apart
from tests.ground.harness import Platform

WORRYING = {"what_happened": "somebody who works here punched me last night", "worries": ["physical_abuse"]}
UNTICKED = WORRYING | {"worries": []}
_SETTLES = 30.0  # seconds in which a call must have come
_CROWDED = 10.0  # seconds after which a crowd is no news: connections are open, nothing is done for the first time


def calls(
    platform: Platform, came: Arrivals, number: int, pause: float, telling: Mapping[str, Any] = WORRYING
) -> tuple[list[float], int, dict[str, str]]:
    """Hand in so many worrying reports; seconds until each was called about, how many were not, and where it went."""
    accepted: dict[str, float] = {}
    for _ in range(number):
        receipt = platform.submit(world.a_report(**telling))
        accepted[receipt.reference] = time.time()
        time.sleep(pause)
    end = time.monotonic() + _SETTLES
    posted: dict[str, float] = {}
    took: list[float] = []
    while len(took) < number and time.monotonic() < end:
        time.sleep(0.2)
        rows = platform.rows(
            "safeguarding",
            "SELECT alerts.id AS id, reference, records.report_id AS report FROM alerts "
            "JOIN records ON records.report_id = alerts.report_id",
        )
        called = [row for row in rows if row["id"] in came.seen and row["reference"] in accepted]
        posted = {row["report"]: came.seen[row["id"]] for row in called}
        took = [max(0.0, came.seen[row["id"]] - accepted[row["reference"]]) for row in called]
    return took, number - len(took), steps(platform, posted)


def steps(platform: Platform, posted: Mapping[str, float]) -> dict[str, str]:
    """Milliseconds of each stage, p50 / p99 of all reports; nothing where facts go over no broker."""
    if platform.mode == "embedded":
        return {}
    took = stages.took(platform, posted).items()
    return {stage: f"{round(at(values, 0.5))} / {round(at(values, 0.99))}" for stage, values in took if values}


def measured(
    mode: str,
    number: int,
    rate: float,
    seconds: float,
    telling: Mapping[str, Any] = WORRYING,
    *,
    deployed: bool = True,
) -> dict[str, Any]:
    """Alone first, then under load. ``deployed``: with alarms apart and everybody's share, as deploy/ lays it out."""
    pause = seconds / number
    with arrivals() as came:
        live = {"HEARD_INSTALLATION": "live", "HEARD_PUBLIC_URL": "https://complaints.example.org",
                "HEARD_SMTP_URL": came.url}  # fmt: skip
        apart = alarms_apart() if deployed else ()
        with (
            running_platform(mode, real_time=True, settings=live, alarms_alone=apart) as platform,
            as_deployed(platform, {"people": os.getpid(), "post": came.pid}) if deployed else nullcontext(),
        ):
            calls(platform, came, 2, 0.5, telling)
            idle, lost_idle, idle_steps = calls(platform, came, number, pause, telling)
            flow = Flow(platform, rate, _CROWDED + seconds + 1)
            load = threading.Thread(target=flow.run, args=(lambda line: None,), daemon=True)
            load.start()
            time.sleep(_CROWDED)
            busy, lost_busy, busy_steps = calls(platform, came, number, pause, telling)
            load.join()
    return {
        "mode": mode, "reports": number, "rate": rate, "answered": len(flow.answered), "refused": flow.refused,
        "idle_ms": {"p50": round(at(idle, 0.5)), "p99": round(at(idle, 0.99))}, "idle_lost": lost_idle,
        "busy_ms": {"p50": round(at(busy, 0.5)), "p99": round(at(busy, 0.99))}, "busy_lost": lost_busy,
        "idle_steps_ms": idle_steps, "busy_steps_ms": busy_steps,
        "ratio": round(at(busy, 0.99) / at(idle, 0.99), 2) if idle and busy else None,
    }  # fmt: skip


def _said(alone: Mapping[str, str], under_load: Mapping[str, str]) -> str:
    return "".join(f"\n  {stage}: {ms} ms, under load {under_load.get(stage, '-')} ms" for stage, ms in alone.items())


@click.command()
@click.option("--mode", type=click.Choice(["distributed", "embedded"]), default="distributed", show_default=True)
@click.option("--reports", "number", default=200, show_default=True, type=click.IntRange(2), help="Worrying ones.")
@click.option("--rate", default=50.0, show_default=True, help="Ordinary reports a second beside them.")
@click.option("--seconds", default=60.0, show_default=True, type=click.FloatRange(2), help="For each of the two.")
@click.option("--json", "as_json", type=click.Path(path_type=Path), help="Write the figures to this file too.")
@click.option("--unticked", is_flag=True, help="Nobody ticked a worry: only the words tell.")
@click.option("--plain", is_flag=True, help="No process for alarms alone, nobody goes before others.")
def alerts(
    mode: str, number: int, rate: float, seconds: float, as_json: Path | None, *, unticked: bool, plain: bool
) -> None:
    """Measure how long it takes until somebody is called, alone and under load."""
    telling, deployed = UNTICKED if unticked else WORRYING, mode == "distributed" and not plain
    try:
        figures = measured(mode, number, rate, seconds, telling, deployed=deployed)
    except NoGroups as fault:
        raise click.ClickException(f"No shares of the processor can be given here ({fault}); see --plain.") from fault
    if as_json:
        as_json.write_text(json.dumps(figures, indent=2) + "\n")
    idle, busy = figures["idle_ms"], figures["busy_ms"]
    click.echo(
        f"{mode}: {number} worrying reports, from receipt to the mail server\n"
        f"  alone: {idle['p50']} ms (p50), {idle['p99']} ms (p99)\n"
        f"  beside {rate:g} ordinary reports a second ({figures['answered']} taken in): "
        f"{busy['p50']} ms (p50), {busy['p99']} ms (p99)\n"
        f"  p99 under load is {figures['ratio']} times that alone"
        f"{_said(figures['idle_steps_ms'], figures['busy_steps_ms'])}"
    )
    if figures["refused"] or figures["idle_lost"] or figures["busy_lost"]:
        click.echo(f"  refused: {figures['refused']}; not called about: {figures['idle_lost'] + figures['busy_lost']}")
        raise SystemExit(1)


if __name__ == "__main__":
    alerts()
