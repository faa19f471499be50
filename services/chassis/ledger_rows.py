"""How a ledger stands in the database: one row for each happening, unique on (case, seq), paged by (tx, position)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, String, Table
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.expression import ClauseElement

from services.chassis.tables import BigId, Id, Json, Moment, Sealed


class CurrentTransaction(ClauseElement):
    """The number of the writing transaction: the order in which rows may safely be paged through."""

    inherit_cache = True


@compiles(CurrentTransaction)  # type: ignore[no-untyped-call,untyped-decorator,unused-ignore]
def _no_transactions(element: Any, compiler: Any, **kwargs: Any) -> str:
    return "0"  # SQLite has one writer at a time: positions alone are in order of commit


@compiles(CurrentTransaction, "postgresql")  # type: ignore[no-untyped-call,untyped-decorator,unused-ignore]
def _postgres_transaction(element: Any, compiler: Any, **kwargs: Any) -> str:
    return "((pg_current_xact_id())::text)::bigint"


def ledger_table(metadata: MetaData, name: str = "ledger") -> Table:
    """A service's ledger: unique on (case, seq)."""
    table = Table(
        name,
        metadata,
        Column("position", BigId, primary_key=True, autoincrement=True),
        Column("tx", BigInteger, nullable=False, server_default=CurrentTransaction()),  # type: ignore[arg-type]
        Column("case_id", Id, nullable=False),
        Column("seq", Integer, nullable=False),
        Column("event", String(64), nullable=False),
        Column("at", Moment, nullable=False),
        Column("written_at", Moment, nullable=False),
        Column("by", String(64), nullable=False),
        Column("stage", String(64)),
        Column("data", Json, nullable=False),
        Column("sealed", Sealed),
        Column("commitment", String(64)),
        Column("digest", String(64), nullable=False),
        sqlite_autoincrement=True,
    )
    Index(f"{name}_case_seq", table.c.case_id, table.c.seq, unique=True)
    Index(f"{name}_paging", table.c.tx, table.c.position)
    return table
