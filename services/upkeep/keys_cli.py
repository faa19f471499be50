"""`heard keys new`, `rewrap`, `forget`: the pairs of keys that open what people said, made anew in three steps."""

from __future__ import annotations

import click

from services.chassis.settings import Settings
from services.cli import NotDone, settings_with


@click.group()
def keys() -> None:
    """The keys that open what people said: make new ones, wrap everything anew for them, let the old ones go."""


@keys.command("new")
def make_new() -> None:
    """Make a new pair of keys for each service; the old ones still open. Stop Heard first, start it afterwards."""
    from services.chassis.keyring import NoKeys
    from services.upkeep import rewrapping

    try:
        made = rewrapping.make_new(settings_with())
    except (rewrapping.NotNow, NoKeys) as fault:
        raise NotDone(str(fault)) from None
    click.echo(f"New keys: {', '.join(made)}. Copy the folder of keys to where you keep it; then: heard keys rewrap")


@keys.command("rewrap")
def rewrap() -> None:
    """Wrap every key of words anew for the new keys. It may be broken off and begun again, and Heard may run."""
    settings = _ready()
    from services.upkeep import rewrapping

    done = rewrapping.rewrap(settings, lambda said: click.echo(said, err=True))
    click.echo(f"Wrapped anew: {done.anew}.")
    if done.lost:
        raise NotDone(f"{done.lost} keys open with none of the keys that are here: are they the keys of this data?")
    if rewrapping.with_two(settings):
        click.echo("The old keys still open. When nothing is on its way any more: heard keys forget")


@keys.command("forget")
@click.option("--yes", is_flag=True, help="Do not ask.")
def forget(yes: bool) -> None:
    """Let the old keys go, once nothing is wrapped for them. A backup from before opens with them alone."""
    settings = _ready()
    from services.upkeep import rewrapping

    asked = (
        "Is no queue waiting with messages from before the new keys, and are the old keys kept with the old backups?"
    )
    if not yes:
        click.confirm(asked, abort=True, err=True)
    try:
        gone = rewrapping.forget(settings, lambda said: click.echo(said, err=True))
    except rewrapping.NotNow as fault:
        raise NotDone(str(fault)) from None
    click.echo(f"Forgotten: the old keys of {', '.join(gone)}." if gone else "There are no old keys here.")


def _ready() -> Settings:
    settings = settings_with()
    from services.chassis import green

    green.patch()
    return settings
