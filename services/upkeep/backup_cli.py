"""`heard backup FILE` and `heard restore FILE`: an installation of one process, kept safe and brought back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from services.cli import NotDone, Wrong, settings_with
from services.upkeep.sealed_file import SHORTEST


def _passphrase(command: Callable[..., Any]) -> Callable[..., Any]:
    """Where the passphrase comes from: a file (also HEARD_PASSPHRASE_FILE), or whoever sits at the keyboard."""
    return click.option(
        "--passphrase-file", type=click.File("r", encoding="utf-8"), envvar="HEARD_PASSPHRASE_FILE",
        help=f"A file with the passphrase ({SHORTEST} characters or more) in its first line; asked for otherwise.",
    )(command)  # fmt: skip


def _read(file: Any, *, twice: bool) -> str:
    if file is not None:
        said: str = file.readline().rstrip("\r\n")
        return said
    asked: str = click.prompt("Passphrase", hide_input=True, confirmation_prompt=twice, err=True)
    return asked


_file = click.argument("file", type=click.Path(dir_okay=False, path_type=Path))


@click.command()
@_file
@_passphrase
def backup(file: Path, passphrase_file: Any) -> None:
    """Write everything of this installation into FILE: data as of one instant, and keys, under a passphrase.

    Heard may go on running. Keep the passphrase elsewhere: without it nothing can be brought back.
    """
    settings = settings_with()
    from services.upkeep.backup import CannotBackUp, back_up
    from services.upkeep.cut import NoQuietMoment

    passphrase = _read(passphrase_file, twice=True)
    try:
        back_up(settings, file, passphrase, datetime.now(UTC), lambda said: click.echo(said, err=True))
    except (CannotBackUp, NoQuietMoment) as fault:
        raise NotDone(str(fault)) from None
    click.echo(f"Written: {file} ({file.stat().st_size / 1024**2:.1f} MB). Try now and then whether it comes back.")


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_passphrase
def restore(file: Path, passphrase_file: Any) -> None:
    """Bring back the installation in FILE, to an empty place (HEARD_VAR, HEARD_KEYS_DIR).

    Never start it while the one it was copied from still runs: both would call and write to the same people.
    """
    settings = settings_with()
    from services.chassis import green

    green.patch()
    from services.upkeep.restore import CannotRestore
    from services.upkeep.restore import restore as bring_back

    passphrase = _read(passphrase_file, twice=False)
    try:
        manifest = bring_back(settings, file, passphrase, lambda said: click.echo(said, err=True))
    except CannotRestore as fault:
        raise (Wrong if "passphrase" in str(fault) else NotDone)(str(fault)) from None
    click.echo(f"Restored to {settings.var}, as it stood on {manifest.made_at}. Start it with: heard up")
