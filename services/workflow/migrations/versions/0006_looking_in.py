"""Cases that are over, and of which it is to be seen anew who sees them: somebody looks in there, or no longer."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """None waits for that yet."""
    op.add_column("cases", sa.Column("shown_from", sa.BigInteger))
    something = sa.text("shown_from IS NOT NULL")
    op.create_index(
        "cases_to_show_again", "cases", ["shown_from"], postgresql_where=something, sqlite_where=something
    )
