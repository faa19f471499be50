"""``python -m benchmarks.journey``: reports a second from HTTP to "screened and case open", and the same work bare."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from benchmarks.ground import running_platform
from benchmarks.journey import bare, effort
from benchmarks.journey.flow import Flow, at
from tests.ground.harness import Platform

_STEPS = (50, 80, 110, 150, 190, 240, 300, 400)


def say(line: str) -> None:
    """One line of progress."""
    click.echo(f"  {line}")


def highest_sustained(platform: Platform, through: str) -> float:
    """The highest of some rates that the platform bears for a few seconds."""
    best = 30.0
    for rate in _STEPS:
        flow = Flow(platform, rate, 8, through)
        flow.run(lambda line: None)
        verdict = "borne" if flow.sustained else "not borne"
        middle, worst = at(flow.opened, 0.5), at(flow.opened, 0.99)
        say(f"{rate}/s: {verdict}; open after {middle:.0f} ms (p50), {worst:.0f} ms (p99)")
        if not flow.sustained:
            break
        best = rate
    return best


def measured(platform: Platform, rate: float | None, seconds: float, through: str) -> dict[str, Any]:
    """Warm up, find a rate if none was given, hold it for ``seconds``, then spend the same cost bare."""
    Flow(platform, 20, 3, through).run(lambda line: None)
    if rate is None:
        say("looking for the rate that it bears")
        rate = highest_sustained(platform, through)
    say(f"{rate:g} reports a second for {seconds:g} s")
    before, spent_before = bare.mark(platform), effort.spent(platform)
    flow = Flow(platform, rate, seconds, through)
    flow.run(say)
    cost = before.cost_until(bare.mark(platform), max(1, len(flow.opened)))
    spent = effort.each(spent_before, effort.spent(platform), len(flow.opened))
    open_a_second = len(flow.opened) / max(flow.sent_in, seconds)
    say("the same commits and confirmed messages, bare")
    alone = bare.reports_a_second(platform, cost, min(10.0, seconds))
    return {
        "mode": platform.mode,
        "through": through,
        "offered_a_second": rate,
        "seconds": seconds,
        "open_a_second": round(open_a_second, 1),
        "sustained": flow.sustained,
        "refused": flow.refused,
        "answered_ms": {"p50": round(at(flow.answered, 0.5), 1), "p99": round(at(flow.answered, 0.99), 1)},
        "open_ms": {"p50": round(at(flow.opened, 0.5), 1), "p99": round(at(flow.opened, 0.99), 1)},
        "cost_of_a_report": {name: round(value, 2) for name, value in asdict(cost).items()},
        "processor_ms_a_report": spent,
        "bare_a_second": round(alone, 1),
        "ratio": round(open_a_second / alone, 2) if alone else None,
    }


@click.command()
@click.option("--mode", type=click.Choice(["distributed", "embedded"]), default="distributed", show_default=True)
@click.option("--seconds", default=60.0, show_default=True, type=click.FloatRange(2))
@click.option("--rate", type=float, help="Reports a second; found by trying when not given.")
@click.option("--through", type=click.Choice(["intake", "portal"]), default="intake", show_default=True)
@click.option("--json", "as_json", type=click.Path(path_type=Path), help="Write the figures to this file too.")
def journey(mode: str, seconds: float, rate: float | None, through: str, as_json: Path | None) -> None:
    """Measure the whole journey under a steady load, and the bare commits and messages that it is made of."""
    with running_platform(mode, real_time=True) as platform:
        figures = measured(platform, rate, seconds, through)
    if as_json:
        as_json.write_text(json.dumps(figures, indent=2) + "\n")
    spent = figures["processor_ms_a_report"]
    cost, verdict = figures["cost_of_a_report"], "sustained" if figures["sustained"] else "NOT sustained"
    click.echo(
        f"{figures['open_a_second']}/s screened with the case open\n"
        f"  {mode}: offered {figures['offered_a_second']:g}/s for {seconds:g} s, {verdict}\n"
        f"  answered in {figures['answered_ms']['p50']} ms (p50), {figures['answered_ms']['p99']} ms (p99)\n"
        f"  open in {figures['open_ms']['p50']} ms (p50), {figures['open_ms']['p99']} ms (p99)\n"
        f"  a report costs {cost['commits']} commits, {cost['messages']} messages in {cost['copies']} copies each\n"
        f"  processor time of a report: {', '.join(f'{part} {ms} ms' for part, ms in spent.items())}\n"
        f"  the same bare: {figures['bare_a_second']}/s; ratio {figures['ratio']}"
    )
    if figures["refused"]:
        click.echo(f"  refused: {figures['refused']}")


if __name__ == "__main__":
    journey()
