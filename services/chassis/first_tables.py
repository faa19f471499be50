"""The chassis' tables as they were when a service's first migration made them. This never changes any more.

A later change of ``tables`` comes with a function of its own here, called by each service's next migration; a test
holds the migrated databases against ``tables``.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from services.chassis.ledger_rows import CurrentTransaction
from services.chassis.tables import BigId, Id, Json, Moment


def outbox_and_inbox() -> None:
    """Facts on their way out, to whom they are owed, what was heard, and what is parked."""
    op.create_table(
        "outbox",
        sa.Column("id", BigId, primary_key=True, autoincrement=True),
        sa.Column("message_id", Id, nullable=False, unique=True),
        sa.Column("fact", sa.String(64), nullable=False),
        sa.Column("body", Json, nullable=False),
        sa.Column("correlation", sa.String(64), nullable=False),
        sa.Column("urgent", sa.Boolean, nullable=False),
        sa.Column("written_at", Moment, nullable=False),
        sa.Column("sent_at", Moment),
        sqlite_autoincrement=True,
    )
    unsent = sa.text("sent_at IS NULL")
    op.create_index(
        "outbox_unsent", "outbox", [sa.text("urgent DESC"), "id"], postgresql_where=unsent, sqlite_where=unsent
    )
    op.create_table(
        "deliveries",
        sa.Column("message_id", Id, primary_key=True),
        sa.Column("listener", sa.String(32), primary_key=True),
    )
    op.create_table(
        "inbox",
        sa.Column("message_id", Id, primary_key=True),
        sa.Column("handler", sa.String(64), primary_key=True),
        sa.Column("heard_at", Moment, nullable=False, index=True),
    )
    op.create_table(
        "parked",
        sa.Column("id", Id, primary_key=True),
        sa.Column("fact", sa.String(64), nullable=False),
        sa.Column("message_id", Id, nullable=False, unique=True),
        sa.Column("body", Json, nullable=False),
        sa.Column("correlation", sa.String(64), nullable=False),
        sa.Column("published_at", Moment),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("parked_at", Moment, nullable=False),
        sa.Column("replayed_at", Moment),
    )


def keys_and_people() -> None:
    """The wrapped data keys, the copy of who is who, and the text of each procedure version."""
    op.create_table(
        "keys",
        sa.Column("case_id", Id, primary_key=True),
        sa.Column("retention", sa.String(32), primary_key=True),
        sa.Column("key_id", Id, nullable=False, unique=True),
        sa.Column("wraps", Json, nullable=False),
        sa.Column("destroyed_at", Moment),
    )
    op.create_table(
        "directory_copy",
        sa.Column("kind", sa.String(16), primary_key=True),
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("data", Json, nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "directory_state",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("wanted", sa.BigInteger, nullable=False),
        sa.Column("confirmed_at", Moment),
    )
    op.create_table(
        "procedures",
        sa.Column("version", sa.String(120), primary_key=True),
        sa.Column("content", sa.Text, nullable=False),
    )


def ledger(name: str) -> None:
    """A ledger; who calls this makes it append-only."""
    op.create_table(
        name,
        sa.Column("position", BigId, primary_key=True, autoincrement=True),
        sa.Column("tx", sa.BigInteger, nullable=False, server_default=CurrentTransaction()),  # type: ignore[arg-type]
        sa.Column("case_id", Id, nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("event", sa.String(64), nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("written_at", Moment, nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("stage", sa.String(64)),
        sa.Column("data", Json, nullable=False),
        sa.Column("sealed", sa.LargeBinary),
        sa.Column("commitment", sa.String(64)),
        sa.Column("digest", sa.String(64), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index(f"{name}_case_seq", name, ["case_id", "seq"], unique=True)
    op.create_index(f"{name}_paging", name, ["tx", "position"])


def viewers(name: str, key: str) -> None:
    """Who may see what, and why."""
    op.create_table(
        name,
        sa.Column(key, Id, primary_key=True),
        sa.Column("person_id", Id, primary_key=True),
        sa.Column("why", sa.String(64), nullable=False, server_default=sa.text("''")),
    )
    op.create_index(f"{name}_of_person", name, ["person_id", key])
