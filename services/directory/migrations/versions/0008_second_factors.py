"""The second thing by which somebody shows who they are: an app's secret, sealed, and codes for when it is lost."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from services.chassis.tables import Moment, Sealed

revision = "0008_second_factors"
down_revision = "0007_looking_in"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Two tables; nothing stands in them yet."""
    op.create_table(
        "second_factors",
        sa.Column("person", sa.String(length=32), sa.ForeignKey("people.id"), primary_key=True),
        sa.Column("sealed", Sealed, nullable=False),
        sa.Column("confirmed_at", Moment, nullable=True),
        sa.Column("last_step", sa.Integer(), nullable=False),
    )
    op.create_table(
        "recovery_codes",
        sa.Column("person", sa.String(length=32), sa.ForeignKey("people.id"), primary_key=True),
        sa.Column("n", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("used_at", Moment, nullable=True),
    )
