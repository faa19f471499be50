"""Somebody may say in which way they are reached."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012_how_people_are_reached"
down_revision = "0011_elsewhere"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody has said so yet: whatever reaches them."""
    op.add_column("people", sa.Column("routine_way", sa.String(length=8), nullable=True))
    op.add_column("people", sa.Column("alert_way", sa.String(length=8), nullable=True))
