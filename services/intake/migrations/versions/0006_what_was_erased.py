"""Which reports were erased, by whom and why."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from services.chassis.tables import Id, Moment

revision = "0006_erased"
down_revision = "0005_ladder"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "erasures",
        sa.Column("report_id", Id, primary_key=True),
        sa.Column("at", Moment, nullable=False),
        sa.Column("by", sa.String(80), nullable=False),
        sa.Column("because", sa.String(200), nullable=False),
    )
