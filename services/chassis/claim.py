"""Claiming rows: every replica runs every timer, and each due row is done by one of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Row, Select, text

_TURN = text(
    "SELECT pg_advisory_xact_lock(hashtextextended(current_schema() || '/' || id, 0)) "
    "FROM unnest(CAST(:ids AS text[])) AS id"
)


def claim(conn: Connection, due: Select[Any], limit: int = 100, of: Any = None) -> Sequence[Row[Any]]:
    """At most ``limit`` rows of ``due`` that nobody else is working on, held until this transaction ends.

    ``of`` names the table to lock when ``due`` joins several. SQLite has one writer at a time, which is claim enough.
    """
    due = due.limit(limit)
    if conn.dialect.name == "postgresql":
        due = due.with_for_update(skip_locked=True, of=of)
    return conn.execute(due).all()


def in_turn(conn: Connection, ids: Iterable[str]) -> None:
    """Wait until nobody else in this service is in turn with these ids; they are ours until this transaction ends.

    For what may come in either order: a row lock cannot hold back somebody who finds that there is no row yet.
    Whoever makes the row takes a turn before; whoever finds none takes a turn and looks again. SQLite's one writer is
    turn enough.
    """
    if conn.dialect.name == "postgresql" and (ordered := sorted(set(ids))):
        conn.execute(_TURN, {"ids": ordered}).all()
