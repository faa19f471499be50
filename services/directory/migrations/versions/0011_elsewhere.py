"""As whom somebody signs in elsewhere."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011_elsewhere"
down_revision = "0010_scopes"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody does yet."""
    op.add_column("accounts", sa.Column("issuer", sa.Text(), nullable=True))
    op.add_column("accounts", sa.Column("subject", sa.String(length=255), nullable=True))
    op.create_index("ix_accounts_elsewhere", "accounts", ["issuer", "subject"], unique=True)
