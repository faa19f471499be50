"""The first tables of notifications."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from services.chassis.migrations import behind_the_wall, create_house_tables, create_viewers
from services.chassis.tables import Json, Moment

revision = "0001_notifications"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the first tables."""
    create_house_tables()
    op.create_table(
        "cases",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("operator", sa.String(length=32), nullable=False),
        sa.Column("provider", sa.String(length=32), nullable=False),
        sa.Column("home", sa.String(length=32), nullable=False),
        sa.Column("reference", sa.String(length=20), nullable=False),
        sa.Column("complainant", sa.String(length=40), nullable=True),
        sa.Column("contact", Json, nullable=True),
        sa.Column("procedure_version", sa.String(length=120), nullable=True),
        sa.Column("stage", sa.String(length=64), nullable=True),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("parts", Json, nullable=False),
        sa.Column("subjects", Json, nullable=False),
        sa.Column("screened", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "held",
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("body", Json, nullable=False),
        sa.PrimaryKeyConstraint("case_id", "seq"),
    )
    op.create_table(
        "messages",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("operator", sa.String(length=32), nullable=False),
        sa.Column("provider", sa.String(length=32), nullable=False),
        sa.Column("home", sa.String(length=32), nullable=False),
        sa.Column("about", Json, nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("whom", sa.String(length=80), nullable=False),
        sa.Column("template", sa.String(length=80), nullable=False),
        sa.Column("facts", Json, nullable=False),
        sa.Column("words", Json, nullable=True),
        sa.Column("channel", sa.String(length=20), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("made_at", Moment, nullable=False),
        sa.Column("next_at", Moment, nullable=True),
        sa.Column("done_at", Moment, nullable=True),
        sa.Column("why", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key"),
    )
    op.create_index("ix_messages_case_id", "messages", ["case_id"], unique=False)
    op.create_index("messages_in_order", "messages", ["operator", "made_at"], unique=False)
    op.create_index(
        "messages_waiting", "messages", ["next_at"], unique=False, postgresql_where=sa.text("next_at IS NOT NULL")
    )
    create_viewers("message_viewers", "message_id")
    behind_the_wall("message_viewers", via="message_viewers", key="message_id")
    behind_the_wall("messages", via="message_viewers", key="message_id", column="id")
