"""`heard policy coverage`: each clause of each provider's document, what keeps it, and which test would notice if not.

Exit code 1 when a clause is kept by nothing, or (with `--prove`) when a rule can be broken unnoticed.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import Progress
from rich.table import Column, Table

from heard.check_cli import PROBLEMS
from heard.coverage import Clause, ClausesFault, coverage, read_clauses
from heard.policy_cli import as_json, installed, print_json
from heard.procedure import Procedure
from heard.registry import Registry, UnknownProcedure


@click.command("coverage")
@click.argument("procedures", nargs=-1, metavar="[PROCEDURE...]")
@click.option("--prove", "proving", is_flag=True, help="Break each rule in turn and see whether a test notices.")
@click.option("--clause", "only", multiple=True, help="Prove this clause alone; may be given again.")
@click.option("--tests", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Where its tests are.")
@click.option("--document", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="The provider's text.")
@click.option(
    "--html", type=click.Path(dir_okay=False, path_type=Path), help="Write the document, coloured, to a page."
)
@as_json
def coverage_(
    procedures: tuple[str, ...], proving: bool, only: tuple[str, ...], tests: Path | None, document: Path | None,
    html: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """Each clause of a provider's document: what keeps it, and which test would notice if that broke."""
    registry = installed()
    keys = procedures or tuple(key for key in registry if registry.get(key).document.clauses)
    if (tests or document or html) and len(keys) != 1:
        raise click.UsageError("--tests, --document and --html go with one procedure; name it")
    if html and not document:
        raise click.UsageError("--html colours the provider's own text: name it with --document FILE")
    shown: dict[str, tuple[Clause, ...]] = {}
    for key in keys:
        try:
            procedure = registry.get(key)
        except UnknownProcedure as error:
            raise click.UsageError(str(error)) from error
        shown[key] = _covered(registry, procedure, tests, proving or bool(only), only)
        if html and document:
            from heard.coverage_page import page

            html.write_text(page(procedure, shown[key], document.read_text(encoding="utf-8")), encoding="utf-8")
        if not as_json:
            _table(procedure, shown[key], document)
    if as_json:
        print_json({key: [dataclasses.asdict(clause) for clause in clauses] for key, clauses in shown.items()})
    every = [clause for clauses in shown.values() for clause in clauses]
    if any(clause.standing == "not kept" or clause.unnoticed for clause in every):
        raise click.exceptions.Exit(PROBLEMS)


def _covered(
    registry: Registry, procedure: Procedure, tests: Path | None, proving: bool, only: Sequence[str]
) -> tuple[Clause, ...]:
    try:
        from heard.proving import FailingTests, cited_tests, prove
    except ModuleNotFoundError as error:
        raise click.ClickException(f"{error.name} is not installed: pip install 'heard[testing]'") from error
    package = registry.plugin(procedure.key).files[0].parent
    folder = tests or package.parent / "tests"
    try:
        document = read_clauses(package)
        by_clause: dict[str, Any] = cited_tests(folder) if folder.is_dir() else {}
        proof = None
        if proving:
            if not folder.is_dir():
                raise click.UsageError(f"there are no tests in {folder}; say where they are with --tests")
            with Progress(console=Console(stderr=True), transient=True) as bar:
                task = bar.add_task(procedure.key, total=None)
                proof = prove(procedure, folder, only=only,
                              progress=lambda done, of: bar.update(task, completed=done, total=of))  # fmt: skip
    except ClausesFault as error:
        raise click.ClickException(str(error)) from error
    except FailingTests as error:
        raise click.ClickException(f"the tests in {folder} do not pass as they are:\n{error}") from error
    found = coverage(procedure, document, by_clause, proof)
    return tuple(clause for clause in found if not only or clause.id in only)


def _table(procedure: Procedure, clauses: Sequence[Clause], document: Path | None) -> None:
    console = Console()
    table = Table(
        Column("clause", no_wrap=True), "asks", "kept by", "tests", title=procedure.name, title_justify="left"
    )
    if any(clause.broken is not None for clause in clauses):
        table.add_column("noticed", no_wrap=True)
    for clause in (one for one in clauses if one.standing != "silent"):
        table.add_row(clause.id, clause.asks, _keepers(clause), str(len(clause.tests)), *_noticed(clause))
    console.print(table)
    for clause in (one for one in clauses if one.standing == "silent"):
        console.print(f"[bold]{clause.id}[/bold], what the document is silent on: {clause.how}", highlight=False)
        for keeper in clause.keepers:
            console.print(f"    {keeper.shown_as}: {keeper.says or keeper.rule} ({keeper.source})", highlight=False)
    for clause in clauses:
        for way in clause.unnoticed:
            console.print(f"[red]can be broken unnoticed[/red] {clause.id}: {way}", highlight=False)
    if document:
        from heard.coverage_page import unclaimed

        for number, sentence in unclaimed(clauses, document.read_text(encoding="utf-8")):
            console.print(f"[red]no clause claims line {number}:[/red] {sentence}", highlight=False)
    counts = {
        one: sum(clause.standing == one for clause in clauses) for one in ("kept", "guidance", "silent", "not kept")
    }
    said = ", ".join(f"{count} {one}" for one, count in counts.items())
    proven = [clause for clause in clauses if clause.standing == "kept" and clause.broken is not None]
    proof = f"; {sum(clause.proven for clause in proven)} of {len(proven)} proven" if proven else ""
    console.print(f"{procedure.key}: {len(clauses)} clauses: {said}{proof}", highlight=False)


def _keepers(clause: Clause) -> str:
    if clause.standing == "guidance":
        return f"people: {clause.how}"
    return "\n".join(f"{one.shown_as}: {one.rule}" for one in clause.keepers) or "nothing"


def _noticed(clause: Clause) -> tuple[str, ...]:
    return (f"{clause.noticed} of {clause.broken}",) if clause.broken is not None else ()
