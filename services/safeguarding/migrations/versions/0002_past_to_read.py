"""Complaints of an earlier log that the lead must read."""

import sqlalchemy as sa
from alembic import op

from services.chassis.migrations import behind_the_wall
from services.chassis.tables import Json, Moment

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "past_to_read",
        sa.Column("report_id", sa.String(32), primary_key=True),
        sa.Column("priority", sa.String(8), nullable=False),
        sa.Column("concerns", Json, nullable=False),
        sa.Column("listed_at", Moment, nullable=False),
        sa.Column("read_at", Moment),
        sa.Column("read_by", sa.String(64)),
    )
    behind_the_wall("past_to_read", via="record_viewers", key="report_id")
