"""Databases by the migrations, made once in a run and copied for whatever test has one of its own.

An installation of one process is files; one of several is a database on a server, which is migrated each time.
"""

from __future__ import annotations

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

from services.chassis.keyring import make_keys
from services.chassis.migrations import migrate
from services.chassis.settings import SERVICES, Settings


def lay_out(settings: Settings, *services: str) -> None:
    """What `migrate` leaves behind: every key, and the databases of these services without a row of anybody's."""
    if not settings.embedded:
        migrate(settings, services)
        return
    settings.var.mkdir(parents=True, exist_ok=True, mode=0o700)
    shutil.copytree(_keys(), settings.keys_dir)
    for service in services:
        shutil.copy(_database(service), settings.var)


@cache
def _keys() -> Path:
    folder = _kept_for_this_run() / "keys"
    make_keys(folder, SERVICES)
    return folder


@cache
def _database(service: str) -> Path:
    folder = _kept_for_this_run()
    migrate(Settings(var=folder, keys_dir=_keys()), [service], keys=False)
    return folder / f"{service}.db"


@cache
def _kept_for_this_run() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="heard-migrated-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder
