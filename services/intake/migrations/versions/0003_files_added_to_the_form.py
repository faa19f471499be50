"""Files that are added to a form before it is sent, and whether a file was scanned."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from services.chassis.tables import Moment, Sealed

revision = "0003_files"
down_revision = "0002_mails"


def upgrade() -> None:
    """Make the table and the column."""
    op.add_column("attachments", sa.Column("scanned", sa.Boolean, nullable=False, server_default=sa.false()))
    op.create_table(
        "uploads",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("kind", sa.String(100), nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("scanned", sa.Boolean, nullable=False),
        sa.Column("name", Sealed, nullable=False),
        sa.Column("content", Sealed, nullable=False),
        sa.Column("over_at", Moment, nullable=False, index=True),
    )
