"""Whether somebody who only looks in also reads what was said where there is a safeguarding concern."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007_looking_in"
down_revision = "0006_links"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody looked in before this."""
    reads = sa.Column("reads_safeguarding", sa.Boolean(), nullable=False, server_default=sa.false())
    op.add_column("holdings", reads)
