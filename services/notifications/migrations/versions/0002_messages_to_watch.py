"""The messages that wait or did not get through are counted by an index, however many were sent."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002_messages_to_watch"
down_revision = "0001_notifications"


def upgrade() -> None:
    watched = sa.text("state IN ('waiting', 'failed')")
    op.create_index("messages_to_watch", "messages", ["state"], postgresql_where=watched)
