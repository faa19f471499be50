"""``python -m benchmarks.engine``: what the engine takes for a long case, a proclaimed holiday, many procedures."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

import click

from benchmarks.engine import holiday, long_cases, many_procedures
from heard.registry import load_procedures


@dataclass(frozen=True, slots=True)
class Figure:
    """One thing measured: how long it took, how long it may take, and what it was."""

    name: str
    seconds: float
    goal: float
    about: str

    @property
    def kept(self) -> bool:
        """Whether it was quick enough."""
        return self.seconds < self.goal


@click.command()
@click.option("--cases", default=100_000, show_default=True, type=click.IntRange(1), help="Open cases of the holiday.")
@click.option("--different", default=600, show_default=True, type=click.IntRange(1), help="Ledgers that they repeat.")
@click.option("--procedures", default=200, show_default=True, type=click.IntRange(1), help="How many are read.")
@click.option("--workers", default=os.cpu_count() or 1, show_default=True, type=click.IntRange(1), help="Processes.")
@click.option("--only", type=click.Choice(["case", "holiday", "procedures"]), help="Measure just this.")
@click.option("--json", "as_json", type=click.Path(path_type=Path), help="Write the figures to this file too.")
def engine(cases: int, different: int, procedures: int, workers: int, only: str | None, as_json: Path | None) -> None:
    """Measure the engine by itself. Exit code 1 if something took longer than it may."""
    installed = load_procedures()
    versions = [installed.get(key) for key in installed]
    found: list[Figure] = []
    if only in (None, "case"):
        for key, took in long_cases.measured(versions):
            found.append(Figure(f"a case of 200 rows, {key}", took.seconds, 0.001, took.about))
            _say(found[-1])
    if only in (None, "holiday"):
        outcome = holiday.proclaimed(versions, cases, different, workers)
        found.append(Figure(f"{cases:,} open cases, a holiday proclaimed", outcome.seconds, 60.0, outcome.about))
        _say(found[-1])
    if only in (None, "procedures"):
        read = many_procedures.read(installed, procedures)
        found.append(Figure(f"{procedures} procedures loaded", read.seconds, 2.0, read.about))
        _say(found[-1])
    if as_json:
        as_json.write_text(json.dumps([asdict(one) | {"kept": one.kept} for one in found], indent=2) + "\n")
    raise SystemExit(0 if all(one.kept for one in found) else 1)


def _say(one: Figure) -> None:
    unit, factor = ("ms", 1000) if one.goal < 1 else ("s", 1)
    verdict = "" if one.kept else "  TOO SLOW"
    click.echo(f"{one.name}: {one.seconds * factor:.2f} {unit} of {one.goal * factor:g} ({one.about}){verdict}")


if __name__ == "__main__":
    engine()
