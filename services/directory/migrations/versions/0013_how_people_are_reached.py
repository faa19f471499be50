"""Somebody may say in which way they are reached."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013_how_people_are_reached"
down_revision = "0012_a_wall_round_each_group"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody has said so yet: whatever reaches them."""
    op.add_column("people", sa.Column("routine_way", sa.String(length=8), nullable=True))
    op.add_column("people", sa.Column("alert_way", sa.String(length=8), nullable=True))
