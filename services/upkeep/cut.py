"""Copies of several SQLite files as they all stood at one instant, while a platform goes on writing to them.

Copied one after the other, the files would not fit. Publisher after listener: a fact that was handed over in between is
owed by nobody and known to nobody, so it is lost. Listener after publisher: the listener knows of rows that their owner
will write again, differently. As facts go round in circles, no order is right.

So there is one cut through all of them: every file is held against writers for some milliseconds, a read of each begins
(in SQLite's write-ahead mode it stays at that instant), and then everybody goes on. The copies are what a power cut at
that instant would have left, and from that every delivery begins again where it is still owed (`handover`), once in
effect (the inbox).
"""

from __future__ import annotations

import os
import random
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

_HELD = 0.12  # seconds at most for which writers wait: their own patience ends after 0.2
_PATIENCE = 60.0  # seconds to find a moment in which no file is being written to


class NoQuietMoment(RuntimeError):
    """Somebody was writing to one of the files all the time."""


def copy_at_one_instant(files: Sequence[Path], folder: Path) -> None:
    """Copies of ``files`` in ``folder``, under their names, all as of one instant. Raises ``NoQuietMoment``."""
    with _cut(files) as readers:
        for path, reader in zip(files, readers, strict=True):
            target = folder / path.name
            os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
            with closing(sqlite3.connect(target)) as copy:
                reader.backup(copy)
                copy.execute("PRAGMA journal_mode=DELETE")  # one file, nothing beside it


@contextmanager
def _cut(files: Sequence[Path]) -> Iterator[list[sqlite3.Connection]]:
    deadline = time.monotonic() + _PATIENCE
    while True:
        with ExitStack() as opened:
            readers = _try(files, opened)
            if readers is not None:
                yield readers
                return
        if time.monotonic() > deadline:
            raise NoQuietMoment("the files are being written to all the time; try again when less goes on")
        time.sleep(random.uniform(0.01, 0.1))  # noqa: S311  (not to meet the same writer again)


def _try(files: Sequence[Path], opened: ExitStack) -> list[sqlite3.Connection] | None:
    """Hold all files, begin to read each, let go; None when a writer was in the way for too long."""
    holders = [opened.enter_context(closing(_connect(path))) for path in files]
    readers = [opened.enter_context(closing(_connect(path))) for path in files]
    began = time.monotonic()
    try:
        for holder in holders:
            left = _HELD - (time.monotonic() - began)
            if left <= 0:
                return None
            holder.execute(f"PRAGMA busy_timeout={int(left * 1000)}")
            holder.execute("BEGIN IMMEDIATE")
        for reader in readers:
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM sqlite_master").fetchone()  # the read begins here
    except sqlite3.OperationalError as fault:
        if fault.sqlite_errorname.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
            return None
        raise
    finally:
        for holder in holders:
            if holder.in_transaction:
                holder.execute("ROLLBACK")
    return readers


def _connect(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, isolation_level=None, timeout=1)
