"""``python -m benchmarks.many --cases 10000 --cases 200000``: what a case costs among many others."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from itertools import chain
from pathlib import Path
from typing import Any

import click

from benchmarks.ground import running_platform
from benchmarks.many import looks, real, rounds
from benchmarks.many.copies import Copies
from benchmarks.many.looks import Figures


@click.command()
@click.option("--cases", multiple=True, type=click.IntRange(1), help="How many; may be given again, smallest first.")
@click.option("--real", "number", default=240, show_default=True, type=click.IntRange(24), help="Made one by one.")
@click.option("--json", "as_json", type=click.Path(path_type=Path), help="Write the figures to this file too.")
def many(cases: tuple[int, ...], number: int, as_json: Path | None) -> None:
    """Make real cases of all providers, multiply them on PostgreSQL, and measure the same looks at each size."""
    measured: dict[int, dict[str, Figures]] = {}
    sizes: dict[int, dict[str, int]] = {}
    with running_platform("distributed") as platform:
        receipts = real.make(platform, number, _say)
        copies = Copies(platform, _say)
        version = platform.rows("workflow", "SELECT max(roster_version) AS v FROM cases")[0]["v"]
        for wanted in sorted(cases or (10_000, 200_000)):
            there = copies.until(wanted)
            sizes[there] = copies.bytes_by_service()
            real.settle(platform)
            _say(f"{there} cases: looking (load {os.getloadavg()[0]:.1f})")
            measured[there] = {}
            for name, one in chain(looks.all_looks(platform, receipts), rounds.all_rounds(platform, version)):
                measured[there][name] = one
                _say(f"{name}: {one}")
            real.settle(platform)
    if as_json:
        as_json.write_text(json.dumps(_plain(measured, sizes), indent=2) + "\n")
    click.echo("\n".join(_table(measured)))
    click.echo("\n".join(_on_disk(sizes)))


def _say(line: str) -> None:
    click.echo(f"  {line}")


def _plain(measured: dict[int, dict[str, Figures]], sizes: dict[int, dict[str, int]]) -> dict[str, Any]:
    looked = {there: {name: asdict(one) for name, one in found.items()} for there, found in measured.items()}
    return {"milliseconds": looked, "bytes": sizes}


def _table(measured: dict[int, dict[str, Figures]]) -> list[str]:
    """A row for each look, a column for each size; the last compares the quickest times."""
    first, last = min(measured), max(measured)
    head = [f"{there:,} cases" for there in measured]
    columns = ["least / p50 / p99 ms (PostgreSQL's own)", *head, "ratio"]
    lines = [f"| {' | '.join(columns)} |", "|---" * len(columns) + "|"]
    for name, least in measured[first].items():
        most = measured[last][name]
        cells = " | ".join(str(measured[there][name]) for there in measured)
        shown = f", shows {most.shows}" if most.shows is not None and most.shows == least.shows else ""
        if most.shows != least.shows:
            shown = f", shows {least.shows} and {most.shows}"
        lines.append(f"| {name}{shown} | {cells} | {most.least / max(least.least, 0.01):.1f} |")
    return lines


def _on_disk(sizes: dict[int, dict[str, int]]) -> list[str]:
    lines = []
    for there, found in sizes.items():
        parts = ", ".join(f"{service} {size / there / 1024:.1f}" for service, size in found.items())
        total = sum(found.values())
        each = f"{total / there / 1024:.1f} KiB each ({parts})"
        lines.append(f"{there:,} cases: {total / 2**20:,.0f} MiB on disk, {each}")
    return lines


if __name__ == "__main__":
    many()
