"""Whether somebody must still wait before they may try again. How long, `sign_in.py` says."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection

from services.chassis.errors import TooMany
from services.directory import accounts
from services.directory.sign_in import Waiting


def no_sooner(conn: Connection, counts: Mapping[str, Waiting], now: datetime) -> None:
    """Raise `TooMany` while anything that is counted must wait."""
    before = accounts.failures(conn, counts)
    waits = [end for who, said in before.items() if (end := counts[who].until(*said, now))]
    if waits:
        raise TooMany((max(waits) - now).total_seconds() + 1)
