"""Links by which somebody chooses a password, used once; and who asked for one because the password was forgotten."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from services.chassis.tables import Moment

revision = "0006_links"
down_revision = "0005_numbers_at_night"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Two tables; nothing stands in them yet."""
    op.create_table(
        "sign_in_links",
        sa.Column("id", sa.String(length=32), primary_key=True),
        sa.Column("person", sa.String(length=32), sa.ForeignKey("people.id"), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("why", sa.String(length=12), nullable=False),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.Column("made_at", Moment, nullable=False),
        sa.Column("over_at", Moment, nullable=False),
        sa.Column("used_at", Moment, nullable=True),
    )
    op.create_index("ix_sign_in_links_person", "sign_in_links", ["person"])
    op.create_table(
        "forgotten",
        sa.Column("id", sa.String(length=32), primary_key=True),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("asked_at", Moment, nullable=False),
    )
