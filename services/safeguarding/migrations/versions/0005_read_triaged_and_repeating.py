"""Who opened a record and by when somebody must, the lead's questions, and concerns that repeat about one person."""

import sqlalchemy as sa
from alembic import op

from services.chassis.migrations import behind_the_wall
from services.chassis.tables import BigId, Json, Moment

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column("records", sa.Column("read_due_at", Moment))
    op.add_column("records", sa.Column("triage_due_at", Moment))
    op.add_column("words", sa.Column("not_words", Json))
    for name, column in (("records_to_be_read", "read_due_at"), ("records_to_triage", "triage_due_at")):
        op.create_index(name, "records", [column], postgresql_where=sa.text(f"{column} IS NOT NULL"))
    op.create_table(
        "record_reads",
        sa.Column("id", BigId, primary_key=True, autoincrement=True),
        sa.Column("report_id", sa.String(32), nullable=False, index=True),
        sa.Column("person_id", sa.String(32), nullable=False),
        sa.Column("at", Moment, nullable=False),
    )
    op.create_table(
        "repeating",
        sa.Column("provider", sa.String(32), primary_key=True),
        sa.Column("person_id", sa.String(32), primary_key=True),
        sa.Column("concern", sa.String(64), primary_key=True),
        sa.Column("report_id", sa.String(32), primary_key=True),
        sa.Column("known_at", Moment, nullable=False),
    )
    op.create_index("repeating_of_report", "repeating", ["report_id"])
    behind_the_wall("record_reads", "repeating", via="record_viewers", key="report_id")
