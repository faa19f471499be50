"""`heard policy timeline --standing`: what a home would owe without any complaint, by when, and why.

Imagines a home that comes under the procedure at that moment, in which a young person arrives and somebody starts work
on that day. The real reckoning says what is due; nothing of it is kept.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from heard.instants import LONDON
from heard.procedure import Procedure
from heard.standing_duties import Line
from heard.standing_trial import Round
from heard.timeline import in_words

_EACH = {"staff": "each of the staff", "young_person": "each young person", "home": "each home", "case": "the provider"}


def show_standing(procedure: Procedure, since: datetime, *, as_json: bool) -> None:
    """Print what is owed without any complaint. Raises PastKnownYears."""
    lines = imagined_lines(procedure, since)
    if as_json:
        click.echo(json.dumps([_as_json(line) for line in lines], indent=2, ensure_ascii=False))
        return
    table = Table(title=f"{procedure.name}: without any complaint, from {in_words(since)}")
    for column in ("due", "what", "for", "why"):
        table.add_column(column)
    for line in lines:
        why = f"{line.derivation.within} ({', '.join(line.rule.clause) or line.rule.source})"
        table.add_row(in_words(line.due), line.rule.says, _EACH[line.rule.per], why)
    Console().print(table)


def imagined_lines(procedure: Procedure, since: datetime) -> list[Line]:
    """The first time that each standing duty is owed, the earliest first."""
    start = since.astimezone(LONDON)
    later = (start + timedelta(minutes=1)).isoformat()
    home = Round(procedure, start.isoformat()).works("somebody", later)
    for event in ("admitted", "home_visited"):
        home.happened(event, later, young_person="somebody")
    home.happened("report_made", later)
    return sorted(home.lines((start + timedelta(minutes=2)).isoformat()), key=lambda line: line.due_at)


def _as_json(line: Line) -> dict[str, Any]:
    rule = line.rule
    return {
        "duty": rule.key, "says": rule.says, "clause": list(rule.clause), "source": rule.source, "per": rule.per,
        "by": list(rule.by), "to": list(rule.to), "due": line.due.isoformat(), "missed": line.missed,
        "within": line.derivation.within, "derivation": line.derivation.as_json(),
    }  # fmt: skip
