"""Browsers at which somebody has signed in before: a stranger's guesses do not slow those down."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from services.chassis.tables import Moment

revision = "0004_known_devices"
down_revision = "0003_bank_holidays"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A table of their own; none stands in it yet. Failures were counted otherwise before and begin anew."""
    op.create_table(
        "known_devices",
        sa.Column("digest", sa.String(length=64), primary_key=True),
        sa.Column("person", sa.String(length=32), sa.ForeignKey("people.id"), nullable=False),
        sa.Column("used_at", Moment, nullable=False),
    )
    op.create_index("ix_known_devices_person", "known_devices", ["person"])
    op.create_index("ix_known_devices_used_at", "known_devices", ["used_at"])
    op.execute("DELETE FROM failed_sign_ins")
