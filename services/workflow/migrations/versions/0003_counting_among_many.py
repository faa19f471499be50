"""What is measured at each scrape is found by an index, however many cases there are."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    unassigned = sa.text("state = 'open' AND screened_at IS NOT NULL AND handler IS NULL")
    op.create_index("cases_unassigned", "cases", ["id"], postgresql_where=unassigned)
    op.drop_index("due_lines_in_order", "due_lines")
    op.create_index("due_lines_in_order", "due_lines", ["strength", "due_at"])
