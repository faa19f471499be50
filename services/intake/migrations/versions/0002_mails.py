"""The mailbox that people write to: which mails were taken, and what came with them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from services.chassis.tables import Moment, Sealed

revision = "0002_mails"
down_revision = "0001"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "mails",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("sort", sa.String(12), nullable=False),
        sa.Column("report_id", sa.String(32)),
        sa.Column("taken_at", Moment, nullable=False),
    )
    op.create_table(
        "attachments",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("report_id", sa.String(32), nullable=False, index=True),
        sa.Column("received_at", Moment, nullable=False),
        sa.Column("kind", sa.String(100), nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("name", Sealed, nullable=False),
        sa.Column("content", Sealed, nullable=False),
    )
