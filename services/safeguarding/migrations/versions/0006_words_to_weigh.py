"""Which words it is still to be weighed what they mean, and who wrote them. What is here already was screened."""

import sqlalchemy as sa
from alembic import op

from services.chassis.tables import Moment

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column("words", sa.Column("weigh_at", Moment))
    op.add_column("words", sa.Column("written_by", sa.String(64)))
    op.create_index("words_to_weigh", "words", ["weigh_at"], postgresql_where=sa.text("weigh_at IS NOT NULL"))
