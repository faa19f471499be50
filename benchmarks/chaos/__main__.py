"""``python -m benchmarks.chaos``: lose nothing, double nothing, whatever befalls. Exit code 1 when something did."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

from benchmarks.chaos.run import run
from benchmarks.ground import running_platform


@click.command()
@click.option("--reports", default=1000, show_default=True, type=click.IntRange(20))
@click.option("--rate", default=6.0, show_default=True, help="Reports a second.")
@click.option("--seed", default=1, show_default=True, help="For the mishaps that come at random.")
@click.option("--strikes", default=10, show_default=True, help="How many mishaps come at random.")
@click.option("--mode", type=click.Choice(["distributed", "embedded"]), default="distributed", show_default=True)
@click.option("--json", "as_json", type=click.Path(path_type=Path), help="Write the outcome to this file too.")
def chaos(reports: int, rate: float, seed: int, strikes: int, mode: str, as_json: Path | None) -> None:
    """Kill each process in turn, the broker, the database, and whoever the dice choose, while reports flow."""
    with running_platform(mode) as platform:
        outcome = run(platform, reports, rate, seed, strikes, lambda line: click.echo(f"  {line}"))
    click.echo(
        f"{outcome.reports} reports ({outcome.worrying} worrying) about {len(outcome.told)} homes, "
        f"in {outcome.tries} tries, {len(outcome.mishaps)} mishaps, {outcome.seconds:.0f} s; "
        f"at rest {outcome.seconds_to_rest:.1f} s after the last receipt"
    )
    for fault in outcome.faults:
        click.echo(f"  NOT SO: {fault}")
    if as_json:
        as_json.write_text(json.dumps(asdict(outcome), indent=2) + "\n")
    if outcome.faults:
        raise SystemExit(1)
    click.echo("Nothing lost, nothing doubled.")


if __name__ == "__main__":
    chaos()
