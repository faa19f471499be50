"""Who has given a password and not yet the second thing that is asked of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("sign_ins", sa.Column("waits_for", sa.String(12)))
