"""`heard policy replay P --cases DIR`: what would have been late last year, had this version been in force.

Reads the ledgers that `heard complaint ledgers --to DIR` wrote, one file a case. A file that cannot be read, or a case
that has no place in the new version, is named, and the exit code is then 1; the others are judged all the same.
"""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from heard.instants import LONDON, london_day
from heard.policy_cli import as_json, chosen, installed, print_json
from heard.procedure import Procedure
from heard.registry import Registry, UnknownProcedure
from heard.replaying import Judged, NotALedger, Replayed, by_duty, read_ledger, received_on, replayed
from heard.timeline import in_words
from heard.timeline_cli import Moment, proclaimed


@click.command("replay")
@click.argument("place", metavar="PROCEDURE|FOLDER")
@click.option("--cases", "folder", required=True, type=click.Path(exists=True, file_okay=False, path_type=Path),
              metavar="DIR", help="Ledgers, one JSON file a case.")  # fmt: skip
@click.option(
    "--before", metavar="PROCEDURE|FOLDER", help="What they were judged by; the installed version, if unsaid."
)
@click.option("--at", type=Moment(), help="As it stood then; now, if unsaid.")
@as_json
def replay_(place: str, folder: Path, before: str | None, at: datetime | None, as_json: bool) -> None:
    """Judge the cases in DIR by another version of their procedure: what would have been late, before and after."""
    new, registry = chosen(place), installed()
    old = chosen(before) if before else None
    moment = at or datetime.now(LONDON)
    cases: list[Replayed] = []
    problems: list[dict[str, str]] = []
    files = sorted(folder.glob("*.json"))
    if not files:
        raise click.UsageError(f"there is no *.json in {folder}; `heard complaint ledgers --to {folder}` writes them")
    for file in files:
        try:
            cases.append(_one(file, old, new, registry, moment))
        except NotALedger as error:
            problems.append({"file": file.name, "sentence": f"{file.name} {error}"})
    if as_json:
        print_json({"after": new.version, "at": moment, "cases": cases, "duties": by_duty(cases), "problems": problems})
    else:
        _print(new, cases, problems)
    if problems:
        raise click.exceptions.Exit(1)


def _one(file: Path, old: Procedure | None, new: Procedure, registry: Registry, at: datetime) -> Replayed:
    try:
        answer = json.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:
        raise NotALedger(f"is not JSON: {error}") from error
    ledger = read_ledger(answer)
    try:
        bound = old or registry.judging(new.key, london_day(received_on(ledger)))
    except UnknownProcedure as error:
        raise NotALedger(f"was judged by a version that is not installed ({error}); name one with --before") from error
    case = str(answer.get("reference") or answer.get("case_id") or "") if isinstance(answer, dict) else ""
    return replayed(case or file.stem, ledger, bound, new, at, proclaimed())


def _print(new: Procedure, cases: list[Replayed], problems: list[dict[str, str]]) -> None:
    console = Console(highlight=False)
    table = Table("what is owed", "clause", "late before", f"late under {new.version}", title=f"{len(cases)} cases")
    for row in by_duty(cases):
        table.add_row(
            row["says"] or row["duty"], ", ".join(row["clause"]), f"{row['late_before']}", f"{row['late_after']}"
        )
    console.print(table)
    for case in cases:
        for sign, these in (("would have been late", case.newly), ("would not have been late", case.no_longer)):
            for one in these:
                console.print(f"{case.case}: {sign}: {_said(one)}")
    for problem in problems:
        console.print(f"[bold]{problem['sentence']}[/bold]")


def _said(one: Judged) -> str:
    done = f"done {in_words(one.met_at)}" if one.met_at else "never done"
    stage = f" ({one.stage.replace('_', ' ')})" if one.stage else ""
    return f"{one.says}{stage}: due {in_words(one.due)}, {done}"
