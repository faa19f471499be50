"""Of each number outside, who made sure of it last."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015_who_made_sure"
down_revision = "0014_apps_once_they_are_set_up"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Of the days that stand nobody wrote down who it was."""
    op.add_column("contacts", sa.Column("verified_by", sa.String(length=40), nullable=True))
