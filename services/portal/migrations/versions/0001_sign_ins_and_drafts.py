"""The first tables of the portal: who is signed in, and reports half told."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from services.chassis.migrations import create_house_tables
from services.chassis.tables import Id, Moment, Sealed

revision = "0001"
down_revision = None


def upgrade() -> None:
    create_house_tables()
    op.create_table(
        "sign_ins",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("person_id", Id, nullable=False),
        sa.Column("began_at", Moment, nullable=False),
        sa.Column("seen_at", Moment, nullable=False),
        sa.Column("over_at", Moment, nullable=False),
    )
    op.create_index("ix_sign_ins_person_id", "sign_ins", ["person_id"])
    op.create_index("ix_sign_ins_over_at", "sign_ins", ["over_at"])
    op.create_table(
        "drafts",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("sealed", Sealed, nullable=False),
        sa.Column("over_at", Moment, nullable=False),
    )
    op.create_index("ix_drafts_over_at", "drafts", ["over_at"])
