"""What the operator's own system is still to be told."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from services.chassis.tables import Moment

revision = "0004_told_systems"
down_revision = "0003_texts"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "tellings",
        sa.Column("case_id", sa.String(32), primary_key=True),
        sa.Column("seq", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("operator", sa.String(32), nullable=False),
        sa.Column("home", sa.String(32), nullable=False),
        sa.Column("made_at", Moment, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", Moment, nullable=False),
    )
    op.create_index("tellings_due", "tellings", ["next_at"])
