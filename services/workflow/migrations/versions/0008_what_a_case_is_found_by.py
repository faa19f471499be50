"""What staff find a case by: its kind, its categories and, sealed, the names in it; behind the wall of the case."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from services.chassis.migrations import asked_row_by_row, behind_the_wall
from services.chassis.tables import Id

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.add_column("cases", sa.Column("terms_version", sa.Integer, nullable=False, server_default=sa.text("0")))
    op.create_index("cases_by_older_terms", "cases", ["terms_version"])
    op.create_index("cases_newest", "cases", ["received_at", "id"])
    op.create_table(
        "case_terms",
        sa.Column("case_id", Id, primary_key=True),
        sa.Column("sort", sa.String(16), primary_key=True),
        sa.Column("term", sa.String(80), primary_key=True),
    )
    op.create_index("case_terms_to_find", "case_terms", ["sort", "term", "case_id"])
    behind_the_wall("case_terms")
    asked_row_by_row("cases", column="id")
    asked_row_by_row("case_terms", "ledger", "words", "due_lines")
