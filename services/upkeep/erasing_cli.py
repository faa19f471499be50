"""`heard erase`, `heard erase-person`, `heard erased`: for whoever runs the installation, once it was decided that

somebody's words go. Each erasure is written down with its reason, by whom and when, and that stays.
"""

from __future__ import annotations

import getpass
from datetime import UTC, datetime

import click

from services.chassis.settings import Settings
from services.cli import NotDone, settings_with

_ASKED = (
    "What was said, who said it, what came along and every letter about it is gone for good, for everybody. "
    "That it was received and what was done by which day stays. Erase it?"
)
_because = click.option(
    "--because", default="", help="Why it was decided, in a few words without a name: it is written down and stays."
)
_yes = click.option("--yes", is_flag=True, help="Do not ask.")


@click.command()
@click.argument("reference")
@_because
@_yes
def erase(reference: str, because: str, yes: bool) -> None:
    """Erase what was said in the report with this REFERENCE, in every service, for good.

    Only of a case that is closed, and of which safeguarding needs nothing any more. Copies that were made of the
    data before still hold it: the run book (Erase what somebody said) says for how long to keep those.
    """
    settings = _ready()
    from services.upkeep.erasing import CannotErase
    from services.upkeep.erasing import erase as let_go

    if not yes:
        click.confirm(_ASKED, abort=True, err=True)
    try:
        done = let_go(settings, reference, _by(), because)
    except CannotErase as fault:
        raise NotDone(str(fault)) from None
    click.echo(f"Erased: {done.keys} keys destroyed." if done.keys else "It was erased before; nothing is left of it.")


@click.command("erase-person")
@click.argument("name")
@click.option("--email", "emails", multiple=True, help="An address of theirs; again for another.")
@click.option("--phone", "phones", multiple=True, help="A number of theirs; again for another.")
@click.option("--words", is_flag=True, help="Also list where they are named in what was written.")
@click.option("--erase", "do", is_flag=True, help="Erase what can go. Without it, it is only listed.")
@_because
@_yes
def erase_person(
    name: str, emails: tuple[str, ...], phones: tuple[str, ...], words: bool, do: bool, because: str, yes: bool
) -> None:
    """List every report in which the person called NAME stands, with what stays and why; with --erase the rest goes.

    Found by who told it and whom it is said to be about. With --words, also reports in which the whole name, or an
    address or number, stands within what was written there: for a person to read and decide; these never go by
    themselves, and not a word of them is shown here.
    """
    if do and not because:
        raise NotDone("Say with --because why it was decided, in a few words without a name.")
    settings = _ready()
    from services.upkeep import tracing
    from services.upkeep.erasing import CannotErase
    from services.upkeep.erasing import erase as let_go

    person = tracing.Person(name, frozenset(one.strip().casefold() for one in emails), frozenset(phones))
    found = tracing.traces(settings, person, datetime.now(UTC), words=words)
    for one in found:
        click.echo(f"{one.reference}  {one.received:%Y-%m-%d}  {one.home}: {one.part}. " + (
            " ".join(("Stays.", *one.stays)) if one.stays else "Can go."
        ))  # fmt: skip
    going = [one for one in found if not one.stays]
    click.echo(f"{len(found)} found, {len(going)} can go." if found else "No report tells of them.")
    click.echo(tracing.LOOKED_AT_WORDS_TOO if words else tracing.LOOKED_AT)
    if not do or not going:
        return
    if not yes:
        click.confirm(f"{len(going)} reports. {_ASKED}", abort=True, err=True)
    for one in going:
        try:
            let_go(settings, one.reference, _by(), because)
        except CannotErase as fault:  # it moved since it was looked at: the others go all the same
            raise NotDone(f"{one.reference}: {fault} What was erased before it stays erased; begin again.") from None
        click.echo(f"Erased: {one.reference}")


@click.command()
def erased() -> None:
    """What was erased, when, by whom and why. Keep a copy apart from the backups, to do it again after one."""
    settings = _ready()
    from services.upkeep.erasing import written_down

    for one in written_down(settings):
        click.echo(f"{one['reference']}  {one['at']:%Y-%m-%d}  {one['by']}: {one['because'] or '-'}")


def _by() -> str:
    return f"console:{getpass.getuser()}"


def _ready() -> Settings:
    settings = settings_with()
    from services.chassis import green

    green.patch()
    return settings
