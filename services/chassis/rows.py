"""Many rows in one statement whose text does not depend on how many they are.

A statement with a place for each value grows with its rows: each number of rows makes another text, which SQLAlchemy,
the driver and the server must each read anew. So PostgreSQL gets all rows as one JSON value and a list of ids as one
array, and its statements stay prepared. SQLite, which answers within the process, gets them row by row.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Connection,
    Dialect,
    String,
    Table,
    Text,
    bindparam,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine

from services.chassis.database import compact

Rows = Sequence[Mapping[Any, Any]]
"""Rows by column name, all with the same columns."""


def add(conn: Connection, table: Table, rows: Rows) -> None:
    """Add rows; one that exists is an ``IntegrityError``."""
    if rows and _on_postgres(conn):
        _send(conn, _inserting(table, tuple(rows[0])), rows)
    elif rows:
        conn.execute(table.insert(), _plain(rows))


def add_new(conn: Connection, table: Table, rows: Rows, told: Column[Any]) -> set[Any]:
    """Add the rows that do not exist; returns the values of the column ``told`` in those that were new."""
    if not rows:
        return set()
    if _on_postgres(conn):
        rest = f' ON CONFLICT DO NOTHING RETURNING "{told.name}"'
        return set(_send(conn, _inserting(table, tuple(rows[0]), rest), rows).scalars())
    return set(conn.execute(insert(table).on_conflict_do_nothing().returning(told), _plain(rows)).scalars())


def put(conn: Connection, table: Table, rows: Rows, only: Sequence[str] = ()) -> None:
    """Add rows; of those that exist (by primary key), overwrite the other columns, or ``only`` some."""
    if not rows:
        return
    keys = [column.name for column in table.primary_key]
    changed = [name for name in rows[0] if name not in keys and (not only or name in only)]
    if _on_postgres(conn):
        new = ", ".join(f'"{name}" = excluded."{name}"' for name in changed)
        same = ", ".join(f'"{key}"' for key in keys)
        rest = f" ON CONFLICT ({same}) DO UPDATE SET {new}"
        _send(conn, _inserting(table, tuple(rows[0]), rest), rows)
        return
    statement = insert(table)
    new_values = {name: statement.excluded[name] for name in changed}
    conn.execute(statement.on_conflict_do_update(index_elements=keys, set_=new_values), _plain(rows))


def change(conn: Connection, table: Table, rows: Rows) -> None:
    """Change rows, found by their primary key, to what these say."""
    if not rows:
        return
    keys = [column.name for column in table.primary_key]
    names = [name for name in rows[0] if name not in keys]
    if _on_postgres(conn):
        _send(conn, _updating(table, tuple(keys), tuple(names)), rows)
        return
    statement = update(table).values({name: bindparam(f"new_{name}") for name in names})
    for key in keys:
        statement = statement.where(table.c[key] == bindparam(f"new_{key}"))
    conn.execute(statement, [{f"new_{name}": value for name, value in row.items()} for row in rows])


def among(column: ColumnElement[Any], values: Iterable[str]) -> ColumnElement[bool]:
    """The condition that a column is one of these, however many they are."""
    return _Among(column, bindparam(None, list(values), type_=_List(), unique=True))


class _List(TypeDecorator[list[str]]):
    """A list of texts as one value: an array on PostgreSQL, JSON on SQLite."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(ARRAY(String()))
        return dialect.type_descriptor(Text())

    def process_bind_param(self, value: list[str] | None, dialect: Dialect) -> Any:
        return value if dialect.name == "postgresql" else compact(value)


class _Among(FunctionElement[bool]):
    type = Boolean()
    inherit_cache = True


@compiles(_Among)  # type: ignore[no-untyped-call,untyped-decorator,unused-ignore]
def _among_json(element: Any, compiler: Any, **kwargs: Any) -> str:
    column, values = (compiler.process(part, **kwargs) for part in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({values}))"  # noqa: S608 (compiled parts)


@compiles(_Among, "postgresql")  # type: ignore[no-untyped-call,untyped-decorator,unused-ignore]
def _among_array(element: Any, compiler: Any, **kwargs: Any) -> str:
    column, values = (compiler.process(part, **kwargs) for part in element.clauses)
    return f"{column} = ANY({values})"


def _on_postgres(conn: Connection) -> bool:
    return conn.dialect.name == "postgresql"


def _plain(rows: Rows) -> list[dict[str, Any]]:
    return [dict(row) for row in rows]


def _send(conn: Connection, statement: str, rows: Rows) -> Any:
    return conn.exec_driver_sql(statement, (compact(list(rows), _as_text),))


@lru_cache(maxsize=256)
def _inserting(table: Table, names: tuple[str, ...], rest: str = "") -> str:
    columns = ", ".join(f'"{name}"' for name in names)
    rows = f"jsonb_populate_recordset(NULL::{table.name}, %s::jsonb)"
    return f"INSERT INTO {table.name} ({columns}) SELECT {columns} FROM {rows}{rest}"  # noqa: S608 (our own names)


@lru_cache(maxsize=256)
def _updating(table: Table, keys: tuple[str, ...], names: tuple[str, ...]) -> str:
    new = ", ".join(f'"{name}" = new."{name}"' for name in names)
    same = " AND ".join(f'{table.name}."{key}" = new."{key}"' for key in keys)
    rows = f"jsonb_populate_recordset(NULL::{table.name}, %s::jsonb)"
    return f"UPDATE {table.name} SET {new} FROM {rows} AS new WHERE {same}"  # noqa: S608 (our own names)


def _as_text(value: Any) -> str:
    """What JSON has no form for, as PostgreSQL reads it into a column of its type."""
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError("a time without a zone is not a moment")
        return value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes):
        return f"\\x{value.hex()}"
    raise TypeError(f"{type(value).__name__} has no form in a row")
