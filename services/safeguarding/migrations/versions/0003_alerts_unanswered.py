"""The alerts that nobody has answered are found by an index, however many were answered before."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_index("alerts_unanswered", "alerts", ["report_id"], postgresql_where=sa.text("answered_at IS NULL"))
