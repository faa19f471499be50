"""What is owed without any complaint: a ledger for each home and provider, behind a wall of its own."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from services.chassis.migrations import behind_the_wall, create_ledger, create_viewers
from services.chassis.tables import Id, Json, Moment

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "books",
        sa.Column("id", Id, primary_key=True),
        sa.Column("operator", Id, nullable=False),
        sa.Column("provider", Id, nullable=False),
        sa.Column("home", Id, nullable=False),
        sa.Column("procedure_version", sa.String(120), nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("roster_version", sa.BigInteger, nullable=False),
        sa.Column("wakes_at", Moment),
        sa.Column("ended_at", Moment),
        sa.Column("owed", Json, nullable=False),
    )
    in_use = sa.text("ended_at IS NULL")
    op.create_index(
        "books_in_use", "books", ["provider", "home"], unique=True, postgresql_where=in_use, sqlite_where=in_use
    )
    create_ledger("standing_ledger")
    op.create_table(
        "standing_words",
        sa.Column("id", Id, primary_key=True),
        sa.Column("book_id", Id, nullable=False),
        sa.Column("case_id", Id, nullable=False),
        sa.Column("retention", sa.String(32), nullable=False),
        sa.Column("sealed_for", sa.String(80), nullable=False),
        sa.Column("fields", Json, nullable=False),
    )
    op.create_index("standing_words_of_book", "standing_words", ["book_id"])
    create_viewers("book_viewers", "book_id")
    behind_the_wall("book_viewers", via="book_viewers", key="book_id")
    behind_the_wall("books", via="book_viewers", key="book_id", column="id")
    behind_the_wall("standing_ledger", via="book_viewers", key="book_id", column="case_id")
    behind_the_wall("standing_words", via="book_viewers", key="book_id")
