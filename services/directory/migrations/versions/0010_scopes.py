"""What each token opens, and when it was last used."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from services.chassis.tables import Json, Moment

revision = "0010_scopes"
down_revision = "0009_passkeys"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A token that was made before opened everything that its person may do, and goes on doing so."""
    everything = sa.text("""'["cases:read", "cases:act", "reports", "directory", "safeguarding"]'""")
    op.add_column("tokens", sa.Column("scopes", Json, nullable=False, server_default=everything))
    op.add_column("tokens", sa.Column("last_used_at", Moment, nullable=True))
