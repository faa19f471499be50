"""`heard policy list | show | diagram`: what the installed procedures promise.

The other commands of `heard policy` stand in the modules that `elsewhere` names. Everything printed can be had as JSON
with `--json`.
"""

from __future__ import annotations

import dataclasses
import json
from datetime import date
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Column, Table

from heard.cli import Gathered
from heard.diagram import as_dot, as_list, as_svg
from heard.procedure import Duty, Procedure
from heard.procedure_file import ProcedureFaults
from heard.registry import PluginFaults, Registry, UnknownProcedure, holds_procedure, load_procedures, newest_in

as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group(
    cls=Gathered,
    entry_point_group="heard.policy",
    elsewhere={
        "check": "heard.check_cli:check",
        "compare": "heard.compare_cli:compare_",
        "coverage": "heard.coverage_cli:coverage_",
        "keys": "heard.authoring_cli:keys",
        "letters": "heard.letters_cli:letters",
        "new": "heard.authoring_cli:new",
        "replay": "heard.replay_cli:replay_",
        "schema": "heard.authoring_cli:schema",
        "timeline": "heard.timeline_cli:timeline",
    },
)
def policy() -> None:
    """What the procedures say, and what is wrong with one."""


def installed(unread: dict[str, ProcedureFaults] | None = None) -> Registry:
    """Every installed procedure; a plugin that cannot be loaded ends the command with its faults.

    Where `unread` is given, procedures whose files are at fault are put there instead.
    """
    try:
        return load_procedures(unread=unread)
    except PluginFaults as error:
        raise click.ClickException("; ".join(error.sentences)) from error


def found(place: str, registry: Registry) -> tuple[Path, Procedure]:
    """The newest version of the procedure in a folder or a file, or of an installed one, and the file it stands in.

    Bad input when it is neither. Raises ProcedureFaults.
    """
    here = Path(place)
    try:
        # What somebody works on goes before what of it is installed; a folder that only bears its name does not.
        if here.is_file() or (here.is_dir() and (place not in registry or holds_procedure(here))):
            return newest_in(here)
        plugin = registry.plugin(place)
    except UnknownProcedure as error:
        nothing = "" if here.exists() else ", and no folder or file of that name"
        raise click.UsageError(f"{error}{nothing}") from error
    return plugin.files[-1], plugin.versions[-1]


def chosen(place: str) -> Procedure:
    """The newest version of an installed procedure, or of one in a folder; a fault in it ends the command."""
    try:
        return found(place, installed())[1]
    except ProcedureFaults as error:
        raise click.ClickException("; ".join(str(fault) for fault in error.faults)) from error


def plain(value: Any) -> Any:
    """Dataclasses, dates and tuples as JSON knows them, with the file's words for keys; nothing empty."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        shown = {one.name.rstrip("_"): getattr(value, one.name) for one in dataclasses.fields(value)}
        shown.pop("content", None)  # the same again, as text
        return {key: plain(inner) for key, inner in shown.items() if inner not in (None, (), {}, "")}
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, tuple | list):
        return [plain(inner) for inner in value]
    return value.isoformat() if isinstance(value, date) else value


def print_json(value: Any) -> None:
    """One JSON document on standard output."""
    click.echo(json.dumps(plain(value), ensure_ascii=False, indent=2))


@policy.command("list")
@as_json
def list_(as_json: bool) -> None:
    """Every installed procedure."""
    registry = installed()
    rows = [
        {"key": key, "name": one.name, "kind": one.provider.kind, "in_force_from": one.document.in_force_from,
         "version": one.version, "distribution": registry.plugin(key).distribution,
         "stages": [stage.key for stage in one.stages]}
        for key in registry for one in [registry.get(key)]
    ]  # fmt: skip
    if as_json:
        print_json(rows)
        return
    table = Table(Column("key", no_wrap=True), "name", "in force from", "stages")  # a key is there to be copied
    for row in rows:
        table.add_row(str(row["key"]), str(row["name"]), str(row["in_force_from"]), ", ".join(map(str, row["stages"])))  # type: ignore[call-overload]
    Console().print(table)


@policy.command()
@click.argument("procedure", metavar="PROCEDURE|FOLDER")
@as_json
def show(procedure: str, as_json: bool) -> None:
    """What one procedure promises, stage by stage, each with its clause."""
    chosen_one = chosen(procedure)
    if as_json:
        print_json(chosen_one)
        return
    console = Console()
    console.print(f"[bold]{chosen_one.name}[/bold]: {chosen_one.document.title} ({chosen_one.version})")
    for stage in chosen_one.stages:
        _duties(console, stage.name, stage.duties)
    _duties(console, "The whole case", chosen_one.duties)
    table = Table("who is told of it", "of what", "when", "clause", title="Safeguarding")
    for rule in chosen_one.notification_rules:
        table.add_row(", ".join(rule.tell), rule.says or ", ".join(rule.concern), _when(rule), ", ".join(rule.clause))
    console.print(table)


def _duties(console: Console, title: str, duties: tuple[Duty, ...]) -> None:
    if not duties:
        return
    table = Table("what is owed", "when", "clause", "asked for by", title=title, title_justify="left")
    for duty in duties:
        table.add_row(duty.says or duty.key, _when(duty), ", ".join(duty.clause), duty.source)
    console.print(table)


def _when(rule: Any) -> str:
    clock = rule.clock
    every, least = (clock.every and f"every {clock.every}"), (clock.at_least and f"at least {clock.at_least}")
    said = str(clock.within or every or least or (clock.promptly or "").replace("_", " "))
    if clock.same_day_as:
        return f"the same day as {clock.same_day_as}"
    if clock.before:
        return f"{said} before {clock.before.replace('_', ' ')}".strip()
    start = " or ".join(clock.after.events).replace("_", " ") if clock.after else ""
    return f"{said} after {start}" if start else said


@policy.command()
@click.argument("procedure", metavar="PROCEDURE|FOLDER")
@click.option("--svg", is_flag=True, help="A picture, where graphviz is installed; otherwise the ordered list.")
@click.option("--list", "in_words", is_flag=True, help="The stages as an ordered list.")
@as_json
def diagram(procedure: str, svg: bool, in_words: bool, as_json: bool) -> None:
    """The stages and the ways between them: DOT text, a picture, or a list."""
    one = chosen(procedure)
    if as_json:
        print_json({"procedure": one.key, "dot": as_dot(one), "list": as_list(one)})
        return
    picture = as_svg(one) if svg else None
    if svg and picture is None:
        click.echo("graphviz is not installed here: the stages as a list instead", err=True)
        in_words = True
    click.echo(picture or ("\n".join(as_list(one)) if in_words else as_dot(one)))
