"""An area's own contacts and when each was last verified; the day a home closed; up to when dates have been seen to."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from services.chassis.tables import Moment

revision = "0002_areas"
down_revision = "0001_directory"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Widen what stands: a contact without a provider belongs to its operator's area."""
    op.add_column("homes", sa.Column("closed_at", Moment, nullable=True))
    op.add_column("counter", sa.Column("turned_to", Moment, nullable=True))
    with op.batch_alter_table("contacts") as contacts:
        contacts.add_column(sa.Column("operator", sa.String(length=32), nullable=True))
        contacts.add_column(sa.Column("name", sa.Text(), nullable=True))
        contacts.add_column(sa.Column("verified_on", sa.Date(), nullable=True))
        contacts.alter_column("provider", existing_type=sa.String(length=32), nullable=True)
    op.execute("UPDATE contacts SET operator = (SELECT operator FROM providers WHERE providers.id = contacts.provider)")
    with op.batch_alter_table("contacts") as contacts:
        contacts.alter_column("operator", existing_type=sa.String(length=32), nullable=False)
        contacts.create_foreign_key("contacts_operator_fkey", "operators", ["operator"], ["id"])
        contacts.create_index("ix_contacts_operator", ["operator"], unique=False)
