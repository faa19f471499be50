"""Bank holidays that are proclaimed after the published days."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from services.chassis.tables import Moment

revision = "0003_bank_holidays"
down_revision = "0002_areas"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A table of their own; none stands in it yet."""
    op.create_table(
        "bank_holidays",
        sa.Column("id", sa.String(length=32), primary_key=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("since", Moment, nullable=False),
        sa.Column("until", Moment, nullable=True),
        sa.Column("because", sa.Text(), nullable=True),
    )
    op.create_index("ix_bank_holidays_day", "bank_holidays", ["day"])
