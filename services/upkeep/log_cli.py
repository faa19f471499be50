"""`heard log template` and `heard log import`: the complaints of the last twelve months, with their own days."""

from __future__ import annotations

from pathlib import Path

import click

from services.cli import NotDone, Wrong, settings_with
from services.intake.log_columns import COLUMNS, MOST_BYTES, NEEDED, LogFaults, template

_SHOWN = 100  # faults on one screen
_EVERY = 100  # rows between two lines about how far it is


@click.group()
def log() -> None:
    """A complaint log that was kept elsewhere."""


@log.command(name="template")
@click.option("--explain", is_flag=True, help="What each column means, instead of the template.")
def print_template(explain: bool) -> None:
    """Print an empty log (CSV): the header, to be filled in with any spreadsheet."""
    if not explain:
        click.echo(template(), nl=False)
        return
    for name, says in COLUMNS.items():
        click.echo(f"{name}{' (needed)' if name in NEEDED else ''}: {says}")


def _progress(number: int, total: int) -> None:
    if number == total or number % _EVERY == 0:
        click.echo(f"{number} of {total} rows read", err=True)


@log.command(name="import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--home", help="The home of rows that name none.")
@click.option("--provider", help="Take homes of this provider only (its name or its procedure).")
@click.option("--dry-run", is_flag=True, help="Look at everything, change nothing.")
def import_file(file: Path, home: str | None, provider: str | None, dry_run: bool) -> None:
    """Bring the complaints in FILE (CSV) in, all or none. The same file again changes nothing.

    Nobody is written to, called or reminded because of them. What looks like safeguarding is listed for the
    safeguarding lead, under Alerts, Past complaints.
    """
    settings = settings_with("intake")
    from services.chassis import green

    green.patch()
    from services.chassis.house import House
    from services.intake.past import import_log

    house = House(settings, "intake")
    try:
        if not house.who.entries("home"):
            raise NotDone("Intake knows no home yet: enter homes in the directory, and start Heard once.")
        with file.open("rb") as opened:
            content = opened.read(MOST_BYTES + 1)  # of a larger one no more than shows that it is
        done = import_log(house, content, home=home, provider=provider, dry_run=dry_run, say=_progress)
    except LogFaults as found:
        for fault in found.faults[:_SHOWN]:
            click.echo(str(fault), err=True)
        more = f" The first {_SHOWN} are shown." if len(found.faults) > _SHOWN else ""
        raise Wrong(f"{len(found.faults)} faults in {file.name}; nothing was brought in.{more}") from None
    finally:
        house.close()
    what = "would be brought in" if dry_run else "brought in"
    click.echo(f"{done.new} complaints {what}; {done.known} were here already.")
    if done.before_the_procedure:
        click.echo(f"{done.before_the_procedure} are older than the procedure: its first version judges them.")
