"""What changed in how somebody signs in, until they are told."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from services.chassis.tables import Moment

revision = "0008_sign_in_changes"
down_revision = "0007_asked_row_by_row"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "sign_in_changes",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("person", sa.String(32), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("verified", sa.Boolean(), nullable=False),
        sa.Column("what", sa.String(20), nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("over_at", Moment, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", Moment, nullable=False),
    )
    op.create_index("ix_sign_in_changes_next_at", "sign_in_changes", ["next_at"])
