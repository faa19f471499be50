"""Passkeys: what a telephone or a computer keeps for its owner, and shows instead of a password."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from services.chassis.tables import Moment

revision = "0009_passkeys"
down_revision = "0008_second_factors"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Two tables; nothing stands in them yet."""
    op.create_table(
        "passkeys",
        sa.Column("digest", sa.String(length=64), primary_key=True),
        sa.Column("person", sa.String(length=32), sa.ForeignKey("people.id"), nullable=False),
        sa.Column("credential", sa.Text(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("times", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("made_at", Moment, nullable=False),
        sa.Column("used_at", Moment, nullable=True),
    )
    op.create_index("ix_passkeys_person", "passkeys", ["person"])
    op.create_table(
        "challenges",
        sa.Column("id", sa.String(length=32), primary_key=True),
        sa.Column("person", sa.String(length=32), nullable=False),
        sa.Column("challenge", sa.LargeBinary(), nullable=False),
        sa.Column("over_at", Moment, nullable=False),
    )
    op.create_index("ix_challenges_over_at", "challenges", ["over_at"])
