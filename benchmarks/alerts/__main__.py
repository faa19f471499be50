"""``python -m benchmarks.alerts``: from an accepted report to the call in the lead's post, alone and among many others.

A live installation on real parts, in real time, with a mail server of its own. Worrying reports are handed in one after
the other; each counts from the moment of its receipt until the mail server has the first call about it. Then the same
while ordinary reports come in at a steady rate.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from benchmarks.alerts import stages
from benchmarks.ground import running_platform
from benchmarks.journey.flow import Flow, at
from services.chassis.settings import SERVICES
from tests.ground import world
from tests.ground.harness import Platform
from tests.ground.mail import MailServer, link_in, mail_server

WORRYING = {"what_happened": "somebody who works here punched me last night", "worries": ["physical_abuse"]}
UNTICKED = WORRYING | {"worries": []}
_SETTLES = 30.0  # seconds in which a call must have come


class Arrivals:
    """When the first call about each alert was in the post."""

    def __init__(self, mail: MailServer) -> None:
        self.mail, self.seen = mail, dict[str, float]()
        mail.heard = self.note

    def note(self, message: Any) -> None:
        """The mail server has a message now."""
        if str(message["Subject"]).endswith("something needs you now"):
            self.seen.setdefault(link_in(message).split("/")[-2], time.time())


def calls(
    platform: Platform, arrivals: Arrivals, number: int, pause: float, telling: Mapping[str, Any] = WORRYING
) -> tuple[list[float], int, dict[str, int]]:
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
        called = [row for row in rows if row["id"] in arrivals.seen and row["reference"] in accepted]
        posted = {row["report"]: arrivals.seen[row["id"]] for row in called}
        took = [max(0.0, arrivals.seen[row["id"]] - accepted[row["reference"]]) for row in called]
    return took, number - len(took), middle(platform, posted)


def middle(platform: Platform, posted: Mapping[str, float]) -> dict[str, int]:
    """Milliseconds of each stage, the middle one of all reports; nothing where facts go over no broker."""
    if platform.mode == "embedded":
        return {}
    return {stage: round(at(values, 0.5)) for stage, values in stages.took(platform, posted).items() if values}


def measured(
    mode: str,
    number: int,
    rate: float,
    seconds: float,
    telling: Mapping[str, Any] = WORRYING,
    apart: Sequence[str] = (),
) -> dict[str, Any]:
    """Alone first, then under load. `apart`: whose alarms have a process of their own."""
    pause = seconds / number
    with mail_server() as mail:
        live = {"HEARD_INSTALLATION": "live", "HEARD_PUBLIC_URL": "https://complaints.example.org",
                "HEARD_SMTP_URL": mail.url}  # fmt: skip
        with running_platform(mode, real_time=True, settings=live, alarms_alone=apart) as platform:
            arrivals = Arrivals(mail)
            calls(platform, arrivals, 2, 0.5)
            idle, lost_idle, idle_steps = calls(platform, arrivals, number, pause, telling)
            flow = Flow(platform, rate, seconds + 2)
            load = threading.Thread(target=flow.run, args=(lambda line: None,), daemon=True)
            load.start()
            time.sleep(1.0)
            busy, lost_busy, busy_steps = calls(platform, arrivals, number, pause, telling)
            load.join()
    return {
        "mode": mode, "reports": number, "rate": rate, "answered": len(flow.answered), "refused": flow.refused,
        "idle_ms": {"p50": round(at(idle, 0.5)), "p99": round(at(idle, 0.99))}, "idle_lost": lost_idle,
        "busy_ms": {"p50": round(at(busy, 0.5)), "p99": round(at(busy, 0.99))}, "busy_lost": lost_busy,
        "idle_steps_ms": idle_steps, "busy_steps_ms": busy_steps,
        "ratio": round(at(busy, 0.99) / at(idle, 0.99), 2) if idle and busy else None,
    }  # fmt: skip


def _said(alone: Mapping[str, int], under_load: Mapping[str, int]) -> str:
    return "".join(f"\n  {stage}: {ms} ms, under load {under_load.get(stage, 0)} ms" for stage, ms in alone.items())


@click.command()
@click.option("--mode", type=click.Choice(["distributed", "embedded"]), default="distributed", show_default=True)
@click.option("--reports", "number", default=100, show_default=True, type=click.IntRange(2), help="Worrying ones.")
@click.option("--rate", default=50.0, show_default=True, help="Ordinary reports a second beside them.")
@click.option("--seconds", default=60.0, show_default=True, type=click.FloatRange(2), help="For each of the two.")
@click.option("--json", "as_json", type=click.Path(path_type=Path), help="Write the figures to this file too.")
@click.option("--unticked", is_flag=True, help="Nobody ticked a worry: only the words tell.")
@click.option("--apart", multiple=True, type=click.Choice(SERVICES), help="Whose alarms have a process of their own.")
def alerts(
    mode: str, number: int, rate: float, seconds: float, as_json: Path | None, apart: Sequence[str], *, unticked: bool
) -> None:
    """Measure how long it takes until somebody is called, alone and under load."""
    sys.setswitchinterval(0.0005)  # the mail server shares this process with whoever hands reports in
    figures = measured(mode, number, rate, seconds, UNTICKED if unticked else WORRYING, apart)
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
