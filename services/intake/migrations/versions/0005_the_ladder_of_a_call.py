"""Whom safeguarding would call about a report, as it said with its last call: for when nobody hands that call on."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from services.chassis.tables import Json

revision = "0005_ladder"
down_revision = "0004_fresh_codes"


def upgrade() -> None:
    """Make the column."""
    op.add_column("reports", sa.Column("ladder", Json))
