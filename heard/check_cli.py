"""`heard policy check`: what is wrong with a procedure, each finding with its file, line, sentence and remedy.

Asks the reader for faults and `heard.lint` for the rest. Exit code 1 when something is broken or cannot be read; what
is merely longer or weaker than law is shown and passes.
"""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from heard.instants import LONDON
from heard.lint import lint
from heard.policy_cli import as_json, installed, print_json
from heard.procedure import Procedure
from heard.procedure_file import ProcedureFaults
from heard.registry import Registry, UnknownProcedure, newest_in

BASELINE = "children_act"
PROBLEMS = 1
GRAVE = ("fault", "broken")


@click.command()
@click.argument("place", required=False, metavar="[PROCEDURE|FOLDER]")
@as_json
def check(place: str | None, as_json: bool) -> None:
    """What is broken, weaker than law or missing: in one procedure, in a plugin's folder, or in all that are installed.

    Exit code 1 when something is broken or cannot be read.
    """
    registry = installed()
    found: list[dict[str, Any]] = []
    read: list[tuple[Path, Procedure]] = []
    try:
        read = to_check(place, registry)
    except ProcedureFaults as error:
        found = [{"severity": "fault", **dataclasses.asdict(fault), "remedy": fault.remedy} for fault in error.faults]
    for file, procedure in read:
        found += _remarks(file, procedure, registry, datetime.now(LONDON).date())
    if as_json:
        print_json(found)
    else:
        for row in found:
            click.echo("\n".join(_in_words(row)))
        for _, procedure in read:
            click.echo(f"{procedure.version}: {len([*procedure.rules()])} rules read")
    if any(row["severity"] in GRAVE for row in found):
        raise click.exceptions.Exit(PROBLEMS)


def to_check(place: str | None, registry: Registry) -> list[tuple[Path, Procedure]]:
    """The newest version of what is meant, with the file that it stands in: a key, a folder or file, or everything."""
    if place is not None and Path(place).exists():
        try:
            return [newest_in(place)]
        except UnknownProcedure as error:
            raise click.UsageError(str(error)) from error
    try:
        plugins = [registry.plugin(key) for key in ([place] if place else registry)]
    except UnknownProcedure as error:
        raise click.UsageError(f"{error}, and no folder or file of that name") from error
    return [(plugin.files[-1], plugin.versions[-1]) for plugin in plugins]


def _remarks(file: Path, procedure: Procedure, registry: Registry, today: date) -> Iterator[dict[str, Any]]:
    baseline = registry.get(BASELINE) if BASELINE in registry else None
    for remark in lint(procedure, today=today, baseline=baseline, installed=registry.keys()):
        row = {"procedure": procedure.key, "file": str(file), **dataclasses.asdict(remark)}
        yield row | {"line": remark.line or 1}  # what is said of the whole file stands at its head


def _in_words(row: dict[str, Any]) -> Iterator[str]:
    """The finding as people read it: how grave, where, what; then what to do, and by what it was measured."""
    key = f"`{row['key']}` " if "key" in row else ""
    allowed = f"; allowed: {', '.join(row['allowed'])}" if row.get("allowed") else ""
    yield f"{row['severity']:>7}  {_short(row['file'])}:{row['line']}: {key}{row['sentence']}{allowed}"
    yield f"         {row['remedy']}"
    if row.get("source"):
        yield f"         Held against: {row['source']}"


def _short(file: str) -> str:
    """A path from here, when that is shorter."""
    return min(file, os.path.relpath(file), key=len)
