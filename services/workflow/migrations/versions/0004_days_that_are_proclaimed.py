"""By which calendar each case was last reckoned, and up to when another one would make a difference in it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from services.chassis.tables import Moment

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """No day was proclaimed before this: every case was reckoned by the days that were published.

    Until a case is looked at again it counts as having something to come, if it has anything to come at all.
    """
    op.add_column("cases", sa.Column("days_version", sa.Integer, nullable=False, server_default=sa.text("0")))
    op.add_column("cases", sa.Column("counts_until", Moment))
    op.execute("UPDATE cases SET counts_until = '2099-12-31T00:00:00.000000+00:00' WHERE state = 'open'")
    something = sa.text("counts_until IS NOT NULL")
    op.create_index(
        "cases_by_older_days", "cases", ["days_version", "counts_until"], postgresql_where=something,
        sqlite_where=something,
    )  # fmt: skip
