"""A body outside may have another number for nights, weekends and bank holidays."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005_numbers_at_night"
down_revision = "0004_known_devices"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """None is known until somebody enters it."""
    with op.batch_alter_table("contacts") as contacts:
        contacts.add_column(sa.Column("out_of_hours", sa.String(length=40), nullable=True))
