"""`heard screen FILE|-`: the screen on a file of texts, one a line, exactly as the service runs it.

For whoever tunes the lexicon or wants to see why a text was flagged. Nothing is stored.
"""

from __future__ import annotations

import json
from typing import TextIO

import click
from rich.console import Console

from heard.registry import UnknownProcedure, load_procedures
from services.safeguarding.screen import Screened
from services.safeguarding.screen import screen as screened


@click.command("screen")
@click.argument("file", type=click.File("r", encoding="utf-8"))
@click.option("--procedure", "key", help="Name the concerns as this provider's procedure does.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def screen(file: TextIO, key: str | None, as_json: bool) -> None:
    """Screen the texts in FILE (or - for standard input), one a line."""
    try:
        procedure = load_procedures().get(key) if key else None
    except UnknownProcedure as fault:
        raise click.UsageError(str(fault)) from None
    out = Console(highlight=False, soft_wrap=True)
    try:
        for line in file:
            text = line.rstrip("\n")
            found = screened(text, procedure=procedure)
            if as_json:
                click.echo(json.dumps(as_data(found), ensure_ascii=False))
            else:
                mark = f"{found.priority.upper():8}" if found.flagged else f"{'-':8}"
                out.print(f"{mark} {', '.join(found.concerns) or '-'}", markup=False)
                for reasons in found.words.values():
                    out.print(f"         because: {', '.join(reasons)}", markup=False)
    except UnicodeDecodeError:
        raise click.UsageError("the file is not UTF-8 text: one text a line, saved as UTF-8") from None


def as_data(found: Screened) -> dict[str, object]:
    """What the screen made of a text, as `--json` prints it."""
    because = [f"{mark}: {word}" for mark, words in found.words.items() for word in words]
    if not found.readable:
        because.append("unreadable: a person reads it")
    return {"flagged": found.flagged, "concerns": list(found.concerns), "because": because, "priority": found.priority}
