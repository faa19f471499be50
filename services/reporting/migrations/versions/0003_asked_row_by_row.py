"""The wall asks of each case whether the person may count it: one look into an index, however many they see."""

from __future__ import annotations

from services.chassis.migrations import asked_row_by_row

revision = "0003_asked_row_by_row"
down_revision = "0002_no_facts_seen"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The same people count the same cases."""
    asked_row_by_row("cases", column="id")
