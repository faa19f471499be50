"""Links to sign in that are still to be sent."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from services.chassis.tables import Moment

revision = "0005_links"
down_revision = "0004_told_systems"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "sign_in_links",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("person", sa.String(32), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("verified", sa.Boolean(), nullable=False),
        sa.Column("why", sa.String(12), nullable=False),
        sa.Column("over_at", Moment, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", Moment, nullable=False),
    )
    op.create_index("ix_sign_in_links_next_at", "sign_in_links", ["next_at"])
