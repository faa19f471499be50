"""Fresh codes for reports whose code was lost: who asked for one, and the digest of one that was not used yet."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from services.chassis.tables import Id, Moment

revision = "0004_fresh_codes"
down_revision = "0003_files"


def upgrade() -> None:
    """Make the table and the columns."""
    op.add_column("reports", sa.Column("fresh_digest", sa.String(64)))
    op.add_column("reports", sa.Column("fresh_at", Moment))
    op.add_column("reports", sa.Column("codes_made", sa.Integer, nullable=False, server_default="0"))
    op.create_table(
        "codes_asked",
        sa.Column("id", Id, primary_key=True),
        sa.Column("reference", sa.String(14), nullable=False),
        sa.Column("asked_at", Moment, nullable=False),
    )
