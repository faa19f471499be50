"""How often a reference was given that would else be the same: one row for each, known by a keyed digest only."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from services.chassis.tables import Id

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "reference_counts",
        sa.Column("provider", Id, primary_key=True),
        sa.Column("mark", sa.String(64), primary_key=True),
        sa.Column("n", sa.Integer, nullable=False),
    )
