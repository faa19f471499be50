"""Claiming rows: every replica runs every timer, and each due row is done by one of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, Select


def claim(conn: Connection, due: Select[Any], limit: int = 100, of: Any = None) -> Sequence[Row[Any]]:
    """At most ``limit`` rows of ``due`` that nobody else is working on, held until this transaction ends.

    ``of`` names the table to lock when ``due`` joins several. SQLite has one writer at a time, which is claim enough.
    """
    due = due.limit(limit)
    if conn.dialect.name == "postgresql":
        due = due.with_for_update(skip_locked=True, of=of)
    return conn.execute(due).all()
