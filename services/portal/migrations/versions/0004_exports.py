"""Files that take their time, for an hour: each sealed with what only the browser holds that asked for it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from services.chassis.tables import Id, Moment, Sealed

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "exports",
        sa.Column("id", Id, primary_key=True),
        sa.Column("person_id", Id, nullable=False),
        sa.Column("case_id", Id),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("kind", sa.String(60), nullable=False),
        sa.Column("back", sa.String(500), nullable=False),
        sa.Column("step", sa.Integer, nullable=False),
        sa.Column("page", sa.Integer, nullable=False),
        sa.Column("failed", sa.String(500)),
        sa.Column("sealed", Sealed),
        sa.Column("began_at", Moment, nullable=False),
        sa.Column("over_at", Moment, nullable=False),
    )
    op.create_index("ix_exports_person_id", "exports", ["person_id"])
    op.create_index("ix_exports_over_at", "exports", ["over_at"])
