"""Who read a case is shown to the safeguarding lead: the table stands behind the wall like the case itself."""

from __future__ import annotations

from services.chassis.migrations import behind_the_wall

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Nobody reads of a case that they may not see who read it."""
    behind_the_wall("case_reads")
