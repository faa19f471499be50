"""The wall asks of each message whether the person may see it: one look into an index, however many they see."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from services.chassis.migrations import asked_row_by_row

revision = "0007_asked_row_by_row"
down_revision = "0006_fresh_codes"


def upgrade() -> None:
    """The same people see the same messages, and the newest are found without sorting all of them."""
    asked_row_by_row("messages", via="message_viewers", key="message_id", column="id")
    op.drop_index("messages_in_order", "messages")
    op.create_index("messages_newest", "messages", [sa.text("made_at DESC"), "id"])
