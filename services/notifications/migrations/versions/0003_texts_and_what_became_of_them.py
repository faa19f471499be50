"""Messages may go as a text, and what the other side said of them is kept."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from services.chassis.tables import Moment

revision = "0003_texts"
down_revision = "0002_messages_to_watch"


def upgrade() -> None:
    """Add which way a message must go, the other side's name for it, and when it arrived."""
    with op.batch_alter_table("messages") as table:
        table.add_column(sa.Column("way", sa.String(length=8), nullable=True))
        table.add_column(sa.Column("reference", sa.String(length=120), nullable=True))
        table.add_column(sa.Column("number", sa.String(length=64), nullable=True))
        table.add_column(sa.Column("delivered_at", Moment, nullable=True))
    op.create_index("messages_by_number", "messages", ["number"], postgresql_where=sa.text("number IS NOT NULL"))
