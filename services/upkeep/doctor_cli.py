"""`heard doctor`: is this installation well, and what is to be done."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime

import click

from services.chassis.settings import Settings


@click.command()
@click.option("--json", "json_wanted", is_flag=True, help="Print the findings as JSON.")
def doctor(json_wanted: bool) -> None:
    """Look at this installation: what is wrong, how bad it is, what to do. Exit code 1 when something must be mended.

    Reads and changes nothing. Works with everything stopped, and with much of it broken.
    """
    from services.chassis import green

    green.patch()
    from services.upkeep.doctor import as_json, as_text, examine, is_well

    findings = examine(Settings.from_env, lambda: datetime.now(UTC))
    if json_wanted:
        click.echo(json.dumps(as_json(findings), indent=2, ensure_ascii=False))
    else:
        from rich.console import Console

        Console(highlight=False, soft_wrap=True).print(as_text(findings))
    if not is_well(findings):
        sys.exit(1)
