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

from heard.checks.packaging import packaging
from heard.instants import LONDON
from heard.lint import lint
from heard.policy_cli import as_json, found, installed, print_json
from heard.procedure import Procedure
from heard.procedure_file import ProcedureFaults
from heard.registry import Registry
from heard.wording import wording_beside
from heard.wording_faults import too_hard, wording_faults

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
    unread: dict[str, ProcedureFaults] = {}
    registry = installed(unread)
    findings: list[dict[str, Any]] = []
    read: list[tuple[Path, Procedure]] = []
    for one in [place] if place else [*registry, *unread]:
        try:
            if one in unread and not Path(one).exists():
                raise unread[one]
            read.append(found(one, registry))
        except ProcedureFaults as error:
            findings += _faults(error)
    for file, procedure in read:
        findings += _remarks(file, procedure, registry, datetime.now(LONDON).date())
    if as_json:
        print_json(findings)
    else:
        for row in findings:
            click.echo("\n".join(_in_words(row)))
        for _, procedure in read:
            click.echo(f"{procedure.version}: {len([*procedure.rules()])} rules read")
    if any(row["severity"] in GRAVE for row in findings):
        raise click.exceptions.Exit(PROBLEMS)


def _faults(error: ProcedureFaults) -> Iterator[dict[str, Any]]:
    for fault in error.faults:
        yield {"severity": "fault", **dataclasses.asdict(fault), "remedy": fault.remedy}


def _remarks(file: Path, procedure: Procedure, registry: Registry, today: date) -> Iterator[dict[str, Any]]:
    baseline = registry.get(BASELINE) if BASELINE in registry else None
    for project, remark in packaging(file, procedure):
        yield {"procedure": procedure.key, "file": str(project), **dataclasses.asdict(remark), "line": 1}
    wording = wording_beside(file)
    for name, remark in (*wording_faults(wording), *too_hard(wording)):
        letter = file.parent / "letters" / f"{name}.txt"
        yield {"procedure": procedure.key, "file": str(letter), **dataclasses.asdict(remark), "line": 1}
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
