"""`heard policy new`, `keys` and `schema`: what somebody needs before the first line of a provider's procedure."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import click

from heard.editor_schema import procedure_json_schema
from heard.instants import LONDON
from heard.keys import as_markdown, meaning, meanings, tables
from heard.new_provider import NotMade, make_provider
from heard.policy_cli import installed

NEXT = """Made {folder}. What to do next:

  heard policy check {folder}
  pip install -e {path}
  heard policy timeline {key} --received {day}T10:00
  pytest {folder}

Then open {folder}/heard_{key}/procedure.toml beside your document, and take that paragraph by paragraph.
The guide (heard/README.md) explains each key."""


@click.command()
@click.argument("key")
@click.option("--dir", "into", type=click.Path(file_okay=False, path_type=Path), default=Path(), metavar="DIR",
              help="Where the folder is made; here, if unsaid.")  # fmt: skip
@click.option("--name", help="The provider's name as people know it; made from the key, if unsaid.")
def new(key: str, into: Path, name: str | None) -> None:
    """Make the folder of a new provider KEY: a small whole procedure that passes every check, to be changed."""
    if key in (there := installed()):
        raise click.UsageError(f"a procedure {key!r} is installed already; there are: {', '.join(there)}")
    today = datetime.now(LONDON).date()
    try:
        folder = make_provider(key, name, into, today)
    except NotMade as error:
        raise click.UsageError(str(error)) from error
    except OSError as error:
        raise click.ClickException(f"the folder cannot be made: {error}") from error
    click.echo(NEXT.format(folder=folder, path=folder if folder.is_absolute() else f"./{folder}", key=key, day=today))


@click.command()
@click.argument("words", nargs=-1, metavar="[WORD...]")
def keys(words: tuple[str, ...]) -> None:
    """What each key of a procedure.toml means: all of them as the guide's tables, or those that WORDS speak of."""
    if not words:
        click.echo(as_markdown())
        return
    found = [
        f"{meanings()['where'].get(table, table)}  {key}: {meaning(table, key)}"
        for table, its in tables().items() for key in its if all(word in (key, table.lower()) for word in words)
    ]  # fmt: skip
    if not found:
        raise click.UsageError(f"no key is called {' '.join(words)!r}; without a word, every key is printed")
    click.echo("\n".join(found))


@click.command()
def schema() -> None:
    """Print the JSON Schema of a procedure.toml, for editors."""
    click.echo(json.dumps(procedure_json_schema(), indent=1))
