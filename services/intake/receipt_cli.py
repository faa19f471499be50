"""`heard receipt verify`: whether a signed receipt is genuine, on any machine, without a network or an account."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TextIO

import click

from services.intake.signed_receipts import Checked, NotAReceipt, check

_VERDICTS = {
    "genuine": ("It is as it was signed.", "It was changed after it was signed, or never signed.", ""),
    "by_this_key": (
        "It was signed with the key you gave.",
        "It was signed with another key than the one you gave.",
        "No key was given: compare the Key line with the one that the installation publishes, or give it with --key.",
    ),
    "these_words": (
        "The words you gave are the words that were received.",
        "The words you gave are not the words that were received.",
        "",
    ),
}


@click.group()
def receipt() -> None:
    """Signed receipts: proof that a report was received, without a word of it."""


@receipt.command()
@click.argument("file", type=click.File("r", encoding="utf-8"))
@click.option("--key", help="The installation's public key: a file, or the text itself.")
@click.option("--words", type=click.File("r", encoding="utf-8"), help="What was said, to see whether it is the same.")
@click.option("--json", "as_json", is_flag=True, help="Print the answer as JSON.")
def verify(file: TextIO, key: str | None, words: TextIO | None, as_json: bool) -> None:
    """Check the signed receipt in FILE (- reads standard input). Ends with 1 when something speaks against it."""
    given = Path(key).read_text(encoding="utf-8") if key and Path(key).is_file() else key
    try:
        found = check(file.read(), given, words.read() if words else None)
    except NotAReceipt as fault:
        raise click.UsageError(str(fault)) from None
    except UnicodeDecodeError:
        raise click.UsageError("a receipt is UTF-8 text, and so are the words") from None
    click.echo(json.dumps(_as_data(found), indent=2, ensure_ascii=False) if as_json else _as_text(found))
    raise SystemExit(0 if found.good else 1)


def _as_data(found: Checked) -> dict[str, object]:
    verdicts = {name: getattr(found, name) for name in _VERDICTS}
    return {"good": found.good, **verdicts, "says": dict(found.lines)}


def _as_text(found: Checked) -> str:
    lines = [f"{name}: {text}" for name, text in found.lines.items()]
    for name, (yes, no, unasked) in _VERDICTS.items():
        answer = getattr(found, name)
        lines.append(unasked if answer is None else yes if answer else no)
    return "\n".join(line for line in lines if line)
