"""`heard screen FILE|-`: both halves of the screen on a file of texts, one a line, exactly as the service runs it.

For whoever tunes the lexicon or wants to see why a text was flagged. Nothing is stored.
"""

from __future__ import annotations

import json
from typing import TextIO

import click
from rich.console import Console

from heard.procedure import Procedure
from heard.registry import UnknownProcedure, load_procedures
from services.screening.screen import Screened, both, weigh
from services.screening.screen import screen as screened


@click.command("screen")
@click.argument("file", type=click.File("r", encoding="utf-8"))
@click.option("--procedure", "key", help="Name the concerns as this provider's procedure does.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.option("--words-only", is_flag=True, help="Go by the words alone, without the model.")
def screen(file: TextIO, key: str | None, as_json: bool, words_only: bool) -> None:
    """Screen the texts in FILE (or - for standard input), one a line."""
    try:
        procedure = load_procedures().get(key) if key else None
    except UnknownProcedure as fault:
        raise click.UsageError(str(fault)) from None
    words_only = words_only or not _can_weigh()
    out = Console(highlight=False, soft_wrap=True)
    try:
        for line in file:
            found, because = read(line.rstrip("\n"), procedure, words_only=words_only)
            if as_json:
                click.echo(json.dumps(as_data(found, because), ensure_ascii=False))
            else:
                mark = f"{found.priority.upper():8}" if found.flagged else f"{'-':8}"
                out.print(f"{mark} {', '.join(found.concerns) or '-'}", markup=False)
                for reason in because:
                    out.print(f"         because: {reason}", markup=False)
    except UnicodeDecodeError:
        raise click.UsageError("the file is not UTF-8 text: one text a line, saved as UTF-8") from None


def read(text: str, procedure: Procedure | None = None, *, words_only: bool = False) -> tuple[Screened, list[str]]:
    """What the screen makes of a text, and why, as sentences."""
    found = screened(text, procedure=procedure)
    because = [f"{mark}: {word}" for mark, words in found.words.items() for word in words]
    if not found.readable:
        because.append("unreadable: a person reads it")
    from services.safeguarding.meaning import meant

    weighed = weigh(text, meant(text, not words_only), procedure=procedure)
    for mark, sentences in weighed.words.items():
        because += [f"{mark}, by what it seems to mean: {sentence}" for sentence in sentences]
    return both(found, weighed), because


def _can_weigh() -> bool:
    from services.safeguarding import minilm

    if (fault := minilm.fault()) is not None:
        click.echo(f"{fault} The texts are screened by their words alone.", err=True)
    return fault is None


def as_data(found: Screened, because: list[str]) -> dict[str, object]:
    """What the screen made of a text, as `--json` prints it."""
    return {"flagged": found.flagged, "concerns": list(found.concerns), "because": because, "priority": found.priority}
