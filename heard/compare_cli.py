"""`heard policy compare A B`: two procedures side by side, as a table or as JSON."""

from __future__ import annotations

from datetime import datetime

import click
from rich.console import Console
from rich.table import Column, Table

from heard.comparing import NOTHING, Section, compare
from heard.policy_cli import as_json, chosen, print_json
from heard.procedure import Procedure
from heard.timeline_cli import Moment


@click.command("compare")
@click.argument("first", metavar="PROCEDURE|FOLDER")
@click.argument("second", metavar="PROCEDURE|FOLDER")
@click.option("--received", type=Moment(), help="Work each time out for a stage that begins then, in London time.")
@as_json
def compare_(first: str, second: str, received: datetime | None, as_json: bool) -> None:
    """Two procedures side by side: stages, times, windows, who decides, safeguarding, and what one of them lacks."""
    one, other = chosen(first), chosen(second)
    sections = compare(one, other, received)
    if as_json:
        rows = [{"title": section.title, "rows": [
            {"what": row.what, "first": row.first, "second": row.second, "only_in": row.only_in} for row in section.rows
        ]} for section in sections]  # fmt: skip
        print_json({"first": one.version, "second": other.version, "sections": rows})
        return
    console = Console()
    for section in sections:
        if section.rows:
            console.print(_table(section, one, other))
    lacking = [(row.what, section.title, row.only_in) for section in sections for row in section.rows if row.only_in]
    for name, side in ((one.name, "first"), (other.name, "second")):
        only = [f"{what} ({title})" for what, title, only_in in lacking if only_in == side]
        console.print(f"[bold]Only {name} has:[/bold] {'; '.join(only) or NOTHING}", highlight=False)


def _table(section: Section, one: Procedure, other: Procedure) -> Table:
    table = Table(
        Column("", ratio=2), Column(one.name, ratio=4), Column(other.name, ratio=4), title=section.title,
        title_justify="left", expand=True, show_lines=True,
    )  # fmt: skip
    for row in section.rows:
        table.add_row(row.what, *("\n".join(side) or f"[dim]{NOTHING}[/dim]" for side in (row.first, row.second)))
    return table
