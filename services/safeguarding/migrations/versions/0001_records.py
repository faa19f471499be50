"""Records with their ledger, words, alerts, calls, and the wall round them."""

import sqlalchemy as sa
from alembic import op

from services.chassis.migrations import behind_the_wall, create_house_tables, create_ledger, create_viewers
from services.chassis.tables import Json, Moment

revision = "0001"
down_revision = None


def upgrade() -> None:
    """From nothing."""
    create_house_tables()
    op.create_table(
        "records",
        sa.Column("report_id", sa.String(32), primary_key=True),
        sa.Column("reference", sa.String(20), nullable=False),
        sa.Column("operator", sa.String(32), nullable=False),
        sa.Column("provider", sa.String(32), nullable=False),
        sa.Column("home", sa.String(32), nullable=False),
        sa.Column("procedure_version", sa.String(120), nullable=False),
        sa.Column("received_at", Moment, nullable=False),
        sa.Column("screened_at", Moment, nullable=False),
        sa.Column("priority", sa.String(8), nullable=False),
        sa.Column("readable", sa.Boolean, nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("roster_version", sa.Integer, nullable=False),
        sa.Column("identified", sa.Boolean, nullable=False),
        sa.Column("closed_at", Moment),
        sa.Column("contact", Json),
    )
    op.create_index(
        "records_to_look_at_again", "records", ["roster_version"], postgresql_where=sa.text("closed_at IS NULL")
    )
    create_ledger()
    create_viewers("record_viewers", "report_id")
    op.create_table(
        "words",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("report_id", sa.String(32), nullable=False, index=True),
        sa.Column("sort", sa.String(32), nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("envelope", Json, nullable=False),
        sa.Column("held", sa.Boolean, nullable=False),
    )
    op.create_index("words_held", "words", ["report_id"], postgresql_where=sa.text("held"))
    op.create_table(
        "alerts",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("report_id", sa.String(32), nullable=False, index=True),
        sa.Column("priority", sa.String(8), nullable=False),
        sa.Column("rule", sa.String(64), nullable=False),
        sa.Column("raised_at", Moment, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("next_call_at", Moment),
        sa.Column("answered_at", Moment),
        sa.Column("answered_by", sa.String(64)),
        sa.Column("how", sa.String(32)),
    )
    op.create_index("alerts_to_call", "alerts", ["next_call_at"], postgresql_where=sa.text("next_call_at IS NOT NULL"))
    op.create_table(
        "calls_made",
        sa.Column("alert_id", sa.String(32), primary_key=True),
        sa.Column("attempt", sa.Integer, primary_key=True),
        sa.Column("report_id", sa.String(32), nullable=False, index=True),
        sa.Column("person", sa.String(64)),
        sa.Column("contact", sa.String(64)),
        sa.Column("at", Moment, nullable=False),
        sa.Column("sent_at", Moment),
        sa.Column("failed_at", Moment),
        sa.Column("channel", sa.String(32)),
        sa.Column("why", sa.String(200)),
    )
    behind_the_wall("record_viewers", via="record_viewers", key="report_id")
    behind_the_wall("records", "words", "alerts", "calls_made", via="record_viewers", key="report_id")
    behind_the_wall("ledger", via="record_viewers", key="report_id", column="case_id")
