"""Fresh receipt codes that are still to be sent."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from services.chassis.tables import Id, Json, Moment

revision = "0006_fresh_codes"
down_revision = "0005_links"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "fresh_codes",
        sa.Column("id", Id, primary_key=True),
        sa.Column("case_id", Id, nullable=False),
        sa.Column("code", Json, nullable=False),
        sa.Column("over_at", Moment, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", Moment, nullable=False),
    )
    op.create_index("ix_fresh_codes_next_at", "fresh_codes", ["next_at"])
