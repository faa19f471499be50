"""At which sort of device somebody signed in, in words, so that they know their own again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("sign_ins", sa.Column("device", sa.String(80), nullable=False, server_default=sa.text("''")))
