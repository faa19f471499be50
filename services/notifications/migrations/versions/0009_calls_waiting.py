"""The calls of the ladder that wait are found at once, however much else waits or has just gone."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009_calls_waiting"
down_revision = "0008_sign_in_changes"

_A_CALL = sa.text("next_at IS NOT NULL AND template IN ('staff/alert', 'outside/alert', 'text/alert')")


def upgrade() -> None:
    """An index of nothing else."""
    op.create_index("calls_waiting", "messages", ["next_at"], postgresql_where=_A_CALL)
