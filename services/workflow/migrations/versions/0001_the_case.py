"""The first tables of the case service, behind the wall from the start."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from services.chassis.migrations import behind_the_wall, create_house_tables, create_ledger, create_viewers
from services.chassis.tables import BigId, Id, Json, Moment

revision = "0001"
down_revision = None


def upgrade() -> None:
    create_house_tables()
    create_ledger()
    create_viewers()
    op.create_table(
        "cases",
        sa.Column("id", Id, primary_key=True),
        sa.Column("report_id", Id, nullable=False),
        sa.Column("reference", sa.String(20), nullable=False, unique=True),
        sa.Column("operator", Id, nullable=False),
        sa.Column("provider", Id, nullable=False),
        sa.Column("home", Id, nullable=False),
        sa.Column("procedure_version", sa.String(120), nullable=False),
        sa.Column("received_at", Moment, nullable=False),
        sa.Column("screened_at", Moment),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("heard_seq", sa.Integer, nullable=False),
        sa.Column("roster_version", sa.BigInteger, nullable=False),
        sa.Column("stage", sa.String(64)),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("handler", sa.String(64)),
        sa.Column("wakes_at", Moment),
    )
    op.create_index("cases_of_report", "cases", ["report_id"])
    op.create_index("cases_waking", "cases", ["wakes_at"])
    op.create_index("cases_unscreened", "cases", ["screened_at"])
    op.create_index("cases_to_route_again", "cases", ["state", "roster_version"])
    op.create_table(
        "words",
        sa.Column("id", Id, primary_key=True),
        sa.Column("case_id", Id, nullable=False),
        sa.Column("sort", sa.String(32), nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("screened", sa.Boolean, nullable=False),
        sa.Column("retention", sa.String(32), nullable=False),
        sa.Column("sealed_for", sa.String(80), nullable=False),
        sa.Column("fields", Json, nullable=False),
    )
    op.create_index("words_of_case", "words", ["case_id"])
    op.create_table(
        "due_lines",
        sa.Column("case_id", Id, primary_key=True),
        sa.Column("line", sa.String(200), primary_key=True),
        sa.Column("due_at", Moment),
        sa.Column("strength", sa.String(16), nullable=False),
        sa.Column("shown", Json, nullable=False),
    )
    op.create_index("due_lines_in_order", "due_lines", ["due_at"])
    op.create_table(
        "case_reads",
        sa.Column("id", BigId, primary_key=True, autoincrement=True),
        sa.Column("case_id", Id, nullable=False),
        sa.Column("person_id", Id, nullable=False),
        sa.Column("what", sa.String(16), nullable=False),
        sa.Column("at", Moment, nullable=False),
    )
    op.create_index("case_reads_of_person", "case_reads", ["case_id", "person_id"])
    op.create_table(
        "commands",
        sa.Column("person_id", Id, primary_key=True),
        sa.Column("key", sa.String(80), primary_key=True),
        sa.Column("case_id", Id, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("answer", Json, nullable=False),
        sa.Column("at", Moment, nullable=False),
    )
    op.create_table(
        "waiting",
        sa.Column("case_id", Id, primary_key=True),
        sa.Column("fact", sa.String(40), primary_key=True),
        sa.Column("place", sa.String(64), primary_key=True),
        sa.Column("body", Json, nullable=False),
        sa.Column("since", Moment, nullable=False),
    )
    behind_the_wall("case_viewers", "ledger", "words", "due_lines")
    behind_the_wall("cases", column="id")
