"""Reports as they come in, later words, equality answers, pages sent."""

import sqlalchemy as sa
from alembic import op

from services.chassis.migrations import create_house_tables
from services.chassis.tables import Json, Moment

revision = "0001"
down_revision = None


def upgrade() -> None:
    """From nothing."""
    create_house_tables()
    op.create_table(
        "reports",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("reference", sa.String(14), nullable=False, unique=True),
        sa.Column("receipt_digest", sa.String(64), nullable=False),
        sa.Column("received_at", Moment, nullable=False),
        sa.Column("operator", sa.String(32), nullable=False),
        sa.Column("provider", sa.String(32), nullable=False),
        sa.Column("home", sa.String(32), nullable=False),
        sa.Column("words", Json, nullable=False),
        sa.Column("contact", Json),
        sa.Column("retry_key", sa.String(64), unique=True),
        sa.Column("retry_digest", sa.String(64)),
        sa.Column("fact", Json, nullable=False),
        sa.Column("screened_at", Moment),
        sa.Column("look_at", Moment),
        sa.Column("knocked_at", Moment),
        sa.Column("paged", sa.Boolean, nullable=False),
    )
    op.create_index("reports_without_proof", "reports", ["look_at"], postgresql_where=sa.text("look_at IS NOT NULL"))
    op.create_table(
        "words",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("report_id", sa.String(32), nullable=False, index=True),
        sa.Column("sort", sa.String(32), nullable=False),
        sa.Column("received_at", Moment, nullable=False),
        sa.Column("words", Json, nullable=False),
        sa.Column("retry_key", sa.String(64), unique=True),
    )
    op.create_table(
        "equality",
        sa.Column("report_id", sa.String(32), primary_key=True),
        sa.Column("answers", Json, nullable=False),
    )
    op.create_table(
        "pages_sent",
        sa.Column("report_id", sa.String(32), primary_key=True),
        sa.Column("at", Moment, primary_key=True),
        sa.Column("person", sa.String(64), primary_key=True),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("outcome", sa.String(32), nullable=False),
    )
