"""Facts are not counted in a table any more: each service's own measurements count what it handled."""

from __future__ import annotations

from alembic import op

revision = "0002_no_facts_seen"
down_revision = "0001_reporting"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Drop the table of counts."""
    op.drop_table("facts_seen")
