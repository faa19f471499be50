"""What a keeper reads of who is who stands behind the wall round their own group: roles, absences, contacts, all."""

from __future__ import annotations

from alembic import op

from services.chassis.migrations import behind_the_wall

revision = "0012_a_wall_round_each_group"
down_revision = "0011_elsewhere"
branch_labels = None
depends_on = None

_ME = "current_setting('heard.person', true)"


def upgrade() -> None:
    """Each row belongs to one group, by itself or by the person in it; `members` says which group is whose."""
    own = f"operator IN (SELECT operator FROM members WHERE person = {_ME})"  # noqa: S608
    behind_the_wall("operators", using=own.replace("operator IN", "id IN"))
    behind_the_wall("providers", "homes", "contacts", using=own)
    for table, who in (("absences", "person"), ("on_call", "person"), ("relations", "a")):
        behind_the_wall(table, using=_of_own_people(table, who))
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"ALTER POLICY staff ON holdings USING ({_of_own_people('holdings', 'person')})")


def _of_own_people(table: str, who: str) -> str:
    """Of this group's people (which `people` shows by a wall of its own), each row is one look into an index."""
    return f"EXISTS (SELECT 1 FROM people WHERE people.id = {table}.{who})"  # noqa: S608
