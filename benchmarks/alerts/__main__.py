"""``python -m benchmarks.alerts``: from an accepted report to the call in the lead's post, alone and among many others.

A live installation on real parts, in real time, with a mail server of its own. Worrying reports are handed in one after
the other; each counts from the moment of its receipt until the mail server has the first call about it. Then the same
while ordinary reports come in at a steady rate.
"""

from __future__ import annotations

import json
import threading
import time
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import click

from benchmarks.ground import running_platform
from benchmarks.journey.flow import Flow, at
from tests.ground import world
from tests.ground.harness import Platform
from tests.ground.mail import MailServer, link_in, mail_server

WORRYING = {"what_happened": "somebody who works here punched me last night", "worries": ["physical_abuse"]}
_SETTLES = 30.0  # seconds in which a call must have come


class Arrivals:
    """When the first call about each alert was in the post."""

    def __init__(self, mail: MailServer) -> None:
        self.mail, self.seen = mail, dict[str, float]()
        mail.heard = self.note

    def note(self, message: Any) -> None:
        """The mail server has a message now."""
        if str(message["Subject"]).endswith("something needs you now"):
            self.seen.setdefault(link_in(message).split("/")[-2], time.monotonic())


def calls(
    platform: Platform, arrivals: Arrivals, number: int, pause: float
) -> tuple[list[float], int, dict[str, int]]:
    """Hand in so many worrying reports; seconds until each was called about, how many were not, and where it went."""
    accepted: dict[str, float] = {}
    for _ in range(number):
        receipt = platform.submit(world.a_report(**WORRYING))
        accepted[receipt.reference] = time.monotonic()
        time.sleep(pause)
    end = time.monotonic() + _SETTLES
    took: dict[str, float] = {}
    while len(took) < number and time.monotonic() < end:
        time.sleep(0.2)
        rows = platform.rows(
            "safeguarding",
            "SELECT alerts.id AS id, reference FROM alerts JOIN records ON records.report_id = alerts.report_id",
        )
        called = [(row["reference"], arrivals.seen[row["id"]]) for row in rows if row["id"] in arrivals.seen]
        came = {reference: when for reference, when in called if reference in accepted}
        took = {reference: max(0.0, when - accepted[reference]) for reference, when in came.items()}
    return list(took.values()), number - len(took), stages(platform, set(accepted))


def stages(platform: Platform, references: set[str]) -> dict[str, int]:
    """Milliseconds (p50) from receipt to record, to message, to hand-over, as the services wrote them down."""
    records = {
        row["report_id"]: row for row in platform.rows("safeguarding", "SELECT * FROM records")
        if row["reference"] in references
    }  # fmt: skip
    sent = [row for row in platform.rows("notifications", "SELECT * FROM messages WHERE template = 'staff/alert'")
            if row["case_id"] in records and row["done_at"]]  # fmt: skip
    if not sent:
        return {}
    steps: dict[str, list[float]] = {"until screened": [], "until a message": [], "until handed over": []}
    for row in sent:
        record = records[row["case_id"]]
        times = [record["received_at"], record["screened_at"], row["made_at"], row["done_at"]]
        moments = [one if isinstance(one, datetime) else datetime.fromisoformat(one) for one in times]
        for step, (before, after) in zip(steps, pairwise(moments), strict=True):
            steps[step].append((after - before).total_seconds())
    return {step: round(at(values, 0.5)) for step, values in steps.items()}


def measured(mode: str, number: int, rate: float, seconds: float) -> dict[str, Any]:
    """Alone first, then under load."""
    pause = seconds / number
    with mail_server() as mail:
        live = {"HEARD_INSTALLATION": "live", "HEARD_PUBLIC_URL": "https://complaints.example.org",
                "HEARD_SMTP_URL": mail.url}  # fmt: skip
        with running_platform(mode, real_time=True, settings=live) as platform:
            arrivals = Arrivals(mail)
            calls(platform, arrivals, 2, 0.5)
            idle, lost_idle, idle_steps = calls(platform, arrivals, number, pause)
            flow = Flow(platform, rate, seconds + 2)
            load = threading.Thread(target=flow.run, args=(lambda line: None,), daemon=True)
            load.start()
            time.sleep(1.0)
            busy, lost_busy, busy_steps = calls(platform, arrivals, number, pause)
            load.join()
    return {
        "mode": mode, "reports": number, "rate": rate, "answered": len(flow.answered), "refused": flow.refused,
        "idle_ms": {"p50": round(at(idle, 0.5)), "p99": round(at(idle, 0.99))}, "idle_lost": lost_idle,
        "busy_ms": {"p50": round(at(busy, 0.5)), "p99": round(at(busy, 0.99))}, "busy_lost": lost_busy,
        "idle_steps_ms": idle_steps, "busy_steps_ms": busy_steps,
        "ratio": round(at(busy, 0.99) / at(idle, 0.99), 2) if idle and busy else None,
    }  # fmt: skip


def _said(steps: dict[str, int]) -> str:
    return ", ".join(f"{step} {ms} ms" for step, ms in steps.items())


@click.command()
@click.option("--mode", type=click.Choice(["distributed", "embedded"]), default="distributed", show_default=True)
@click.option("--reports", "number", default=100, show_default=True, type=click.IntRange(2), help="Worrying ones.")
@click.option("--rate", default=50.0, show_default=True, help="Ordinary reports a second beside them.")
@click.option("--seconds", default=60.0, show_default=True, type=click.FloatRange(2), help="For each of the two.")
@click.option("--json", "as_json", type=click.Path(path_type=Path), help="Write the figures to this file too.")
def alerts(mode: str, number: int, rate: float, seconds: float, as_json: Path | None) -> None:
    """Measure how long it takes until somebody is called, alone and under load."""
    figures = measured(mode, number, rate, seconds)
    if as_json:
        as_json.write_text(json.dumps(figures, indent=2) + "\n")
    idle, busy = figures["idle_ms"], figures["busy_ms"]
    click.echo(
        f"{mode}: {number} worrying reports, from receipt to the mail server\n"
        f"  alone: {idle['p50']} ms (p50), {idle['p99']} ms (p99)\n"
        f"  beside {rate:g} ordinary reports a second ({figures['answered']} taken in): "
        f"{busy['p50']} ms (p50), {busy['p99']} ms (p99)\n"
        f"  p99 under load is {figures['ratio']} times that alone\n"
        f"  the middle ones, alone: {_said(figures['idle_steps_ms'])}; under load: {_said(figures['busy_steps_ms'])}"
    )
    if figures["refused"] or figures["idle_lost"] or figures["busy_lost"]:
        click.echo(f"  refused: {figures['refused']}; not called about: {figures['idle_lost'] + figures['busy_lost']}")
        raise SystemExit(1)


if __name__ == "__main__":
    alerts()
