"""``INSERT ... ON CONFLICT DO NOTHING`` on both databases.

Whether a row was new is told by ``.returning(...)`` alone: psycopg reports a row count of -1 for a duplicate.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite


def insert_new(conn: Connection, table: Table) -> Any:
    """An insert that passes over rows that exist. Add ``.returning(column)`` and look at what comes back."""
    return _insert(conn, table).on_conflict_do_nothing()


def insert_or_replace(conn: Connection, table: Table, only: Sequence[str] = ()) -> Any:
    """An insert that overwrites the other columns (or ``only`` some) of a row with the same primary key."""
    statement = _insert(conn, table)
    keys = [column.name for column in table.primary_key]
    names = only or [column.name for column in table.columns if column.name not in keys]
    changes = {name: statement.excluded[name] for name in names}
    return statement.on_conflict_do_update(index_elements=keys, set_=changes)


def _insert(conn: Connection, table: Table) -> Any:
    return (postgresql if conn.dialect.name == "postgresql" else sqlite).insert(table)
