"""How far each person has been shown what was said in a case, so that what came since stands first."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from services.chassis.migrations import behind_the_wall
from services.chassis.tables import Id

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Nobody has been shown anything yet: the first look is like everybody's first."""
    op.create_table(
        "words_seen",
        sa.Column("case_id", Id, primary_key=True),
        sa.Column("person_id", Id, primary_key=True),
        sa.Column("seq", sa.Integer, nullable=False),
    )
    behind_the_wall("words_seen")
