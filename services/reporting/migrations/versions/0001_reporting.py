"""The first tables of reporting."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from services.chassis.migrations import behind_the_wall, create_house_tables, create_viewers
from services.chassis.tables import Json, Moment

revision = "0001_reporting"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the first tables."""
    create_house_tables()
    op.create_table(
        "case_rows",
        sa.Column("ledger", sa.String(length=12), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("row", Json, nullable=False),
        sa.PrimaryKeyConstraint("ledger", "case_id", "seq"),
    )
    op.create_table(
        "cases",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("operator", sa.String(length=32), nullable=False),
        sa.Column("provider", sa.String(length=32), nullable=False),
        sa.Column("home", sa.String(length=32), nullable=False),
        sa.Column("reference", sa.String(length=20), nullable=False),
        sa.Column("procedure_version", sa.String(length=120), nullable=True),
        sa.Column("received_at", Moment, nullable=True),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("dirty", sa.Boolean(), nullable=False),
        sa.Column("again_at", Moment, nullable=True),
        sa.Column("summary", Json, nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "cases_again", "cases", ["again_at"], unique=False, postgresql_where=sa.text("again_at IS NOT NULL")
    )
    op.create_index("cases_dirty", "cases", ["provider"], unique=False, postgresql_where="dirty")
    op.create_index("cases_of_provider", "cases", ["provider", "received_at"], unique=False)
    op.create_table(
        "facts_seen",
        sa.Column("fact", sa.String(length=40), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("fact", "day"),
    )
    create_viewers()
    behind_the_wall("case_viewers")
    behind_the_wall("cases", column="id")
