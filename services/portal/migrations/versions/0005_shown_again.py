"""When somebody last showed at a browser that it is they; of those signed in now nobody knows."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from services.chassis.tables import Moment

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column("sign_ins", sa.Column("proved_at", Moment))
