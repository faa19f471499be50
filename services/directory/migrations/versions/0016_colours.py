"""A provider's own colour, for the pages of its homes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016_colours"
down_revision = "0015_who_made_sure"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Whoever has said none keeps Heard's."""
    op.add_column("providers", sa.Column("colour", sa.String(length=7), nullable=True))
