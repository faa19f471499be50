"""Column types that every service uses, and the tables that every service has.

Times are aware UTC, ids are 32 hexadecimal characters, what is sealed is bytes. ``house_tables`` adds the outbox, the
inbox, what is owed, what is parked, the data keys and the copy of who is who to a service's own tables.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Dialect,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, TIMESTAMP
from sqlalchemy.types import JSON, TypeDecorator, TypeEngine

Sealed = LargeBinary
"""Ciphertext of the vault."""

Json = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
"""A JSON-able value; None is NULL."""

BigId = BigInteger().with_variant(Integer(), "sqlite")
"""A number that the database counts up by itself."""

Id = String(32)
"""``new_id()``: 32 hexadecimal characters."""


def new_id() -> str:
    """A fresh id."""
    return uuid4().hex


class Moment(TypeDecorator[datetime]):
    """An instant: timestamptz on PostgreSQL, ISO text of fixed width (it sorts) on SQLite. Needs a zone."""

    impl = String(32)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(TIMESTAMP(timezone=True))
        return dialect.type_descriptor(String(32))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone is not a moment")
        return value if dialect.name == "postgresql" else value.astimezone(UTC).isoformat(timespec="microseconds")

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        moment: datetime = value if isinstance(value, datetime) else datetime.fromisoformat(value)
        return moment.astimezone(UTC)


@dataclass(frozen=True)
class HouseTables:
    """The tables that the chassis keeps in every service's database."""

    outbox: Table
    inbox: Table
    deliveries: Table
    parked: Table
    keys: Table
    directory_copy: Table
    directory_state: Table
    procedures: Table


def house_tables(metadata: MetaData) -> HouseTables:
    """Add the chassis' tables to a service's metadata and return them. The same metadata gets them once."""
    if "outbox" in metadata.tables:
        return HouseTables(**{name: metadata.tables[name] for name in HouseTables.__dataclass_fields__})
    outbox = Table(
        "outbox",
        metadata,
        Column("id", BigId, primary_key=True, autoincrement=True),
        Column("message_id", Id, nullable=False, unique=True),
        Column("fact", String(64), nullable=False),
        Column("body", Json, nullable=False),
        Column("correlation", String(64), nullable=False),
        Column("urgent", Boolean, nullable=False),
        Column("written_at", Moment, nullable=False),
        Column("sent_at", Moment),
        sqlite_autoincrement=True,  # an id is never given twice: the hand-over goes by the last one seen
    )
    # Only what is unsent is ever searched; never "after the last id", because ids are committed out of order.
    Index(
        "outbox_unsent",
        outbox.c.urgent.desc(),
        outbox.c.id,
        postgresql_where=outbox.c.sent_at.is_(None),
        sqlite_where=outbox.c.sent_at.is_(None),
    )
    inbox = Table(
        "inbox",
        metadata,
        Column("message_id", Id, primary_key=True),
        Column("handler", String(64), primary_key=True),
        Column("heard_at", Moment, nullable=False, index=True),
    )
    deliveries = Table(
        "deliveries",
        metadata,
        Column("message_id", Id, primary_key=True),
        Column("listener", String(32), primary_key=True),
    )
    parked = Table(
        "parked",
        metadata,
        Column("id", Id, primary_key=True),
        Column("fact", String(64), nullable=False),
        Column("message_id", Id, nullable=False, unique=True),
        Column("body", Json, nullable=False),
        Column("correlation", String(64), nullable=False),
        Column("published_at", Moment),
        Column("why", Text, nullable=False),
        Column("attempts", Integer, nullable=False),
        Column("parked_at", Moment, nullable=False),
        Column("replayed_at", Moment),
    )
    keys = Table(
        "keys",
        metadata,
        Column("case_id", Id, primary_key=True),
        Column("retention", String(32), primary_key=True),
        Column("key_id", Id, nullable=False, unique=True),
        Column("wraps", Json, nullable=False),
        Column("destroyed_at", Moment),
    )
    directory_copy = Table(
        "directory_copy",
        metadata,
        Column("kind", String(16), primary_key=True),
        Column("id", String(64), primary_key=True),
        Column("data", Json, nullable=False),
        Column("version", BigInteger, nullable=False),
    )
    directory_state = Table(
        "directory_state",
        metadata,
        Column("id", Integer, primary_key=True, autoincrement=False),
        Column("version", BigInteger, nullable=False),
        Column("wanted", BigInteger, nullable=False),
        Column("confirmed_at", Moment),
    )
    procedures = Table(
        "procedures",
        metadata,
        Column("version", String(120), primary_key=True),
        Column("content", Text, nullable=False),
    )
    return HouseTables(outbox, inbox, deliveries, parked, keys, directory_copy, directory_state, procedures)


def visible_case_table(metadata: MetaData, name: str = "case_viewers", key: str = "case_id") -> Table:
    """The derived table behind the wall: who may see which case, and why. ``key`` names the column of what is seen."""
    table = Table(
        name,
        metadata,
        Column(key, Id, primary_key=True),
        Column("person_id", Id, primary_key=True),
        Column("why", String(64), nullable=False, server_default=text("''")),
    )
    Index(f"{name}_of_person", table.c.person_id, table.c[key])
    return table


HOUSE = house_tables(MetaData())
"""The chassis' own view of its tables."""
