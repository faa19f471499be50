"""Digits that did not fit an alert are counted, so that nobody can try them all."""

import sqlalchemy as sa
from alembic import op

from services.chassis.tables import Moment

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "wrong_codes",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("who", sa.String(80), nullable=False, index=True),
        sa.Column("at", Moment(), nullable=False),
    )
