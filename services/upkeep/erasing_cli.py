"""`heard erase REFERENCE`: for whoever runs the installation, once it was decided that somebody's words go."""

from __future__ import annotations

import getpass

import click

from services.cli import NotDone, settings_with

_ASKED = (
    "What was said, who said it, what came along and every letter about it is gone for good, for everybody. "
    "That it was received and what was done by which day stays. Erase it?"
)


@click.command()
@click.argument("reference")
@click.option("--yes", is_flag=True, help="Do not ask.")
def erase(reference: str, yes: bool) -> None:
    """Erase what was said in the report with this REFERENCE, in every service, for good.

    Only of a case that is closed, and of which safeguarding needs nothing any more. Copies that were made of the
    data before still hold it: the run book (Erase what somebody said) says for how long to keep those.
    """
    settings = settings_with()
    from services.chassis import green

    green.patch()
    from services.upkeep.erasing import CannotErase
    from services.upkeep.erasing import erase as let_go

    if not yes:
        click.confirm(_ASKED, abort=True, err=True)
    try:
        done = let_go(settings, reference, f"console:{getpass.getuser()}")
    except CannotErase as fault:
        raise NotDone(str(fault)) from None
    click.echo(f"Erased: {done.keys} keys destroyed." if done.keys else "It was erased before; nothing is left of it.")
