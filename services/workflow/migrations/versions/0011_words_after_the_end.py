"""Whom it concerns when whoever complained writes, and by which row they wrote last in a case that is over."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from services.chassis.tables import Id

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Whoever handles a case hears of it; what was written in cases that were over was read, or is looked for."""
    op.add_column("cases", sa.Column("hears", Id))
    op.add_column("cases", sa.Column("last_said", sa.Integer))
    something = sa.text("last_said IS NOT NULL")
    op.create_index(
        "cases_written_to_when_over", "cases", ["hears"], postgresql_where=something, sqlite_where=something
    )
    op.execute("UPDATE cases SET hears = handler WHERE length(handler) = 32")
