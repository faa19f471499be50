"""The first tables of the directory."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from services.chassis.migrations import behind_the_wall, create_house_tables
from services.chassis.tables import Json, Moment

revision = "0001_directory"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the first tables."""
    create_house_tables()
    op.create_table(
        "changes",
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.Column("entries", Json, nullable=False),
        sa.PrimaryKeyConstraint("version"),
    )
    op.create_table(
        "counter",
        sa.Column("one", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("one"),
    )
    op.create_table(
        "failed_sign_ins",
        sa.Column("who", sa.String(length=64), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("who"),
    )
    op.create_index("ix_failed_sign_ins_last_at", "failed_sign_ins", ["last_at"], unique=False)
    op.create_table(
        "members",
        sa.Column("person", sa.String(length=32), nullable=False),
        sa.Column("operator", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("person"),
    )
    op.create_table(
        "operators",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("slug"),
    )
    op.create_table(
        "people",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("operator", sa.String(length=32), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("phone", sa.String(length=40), nullable=True),
        sa.Column("verified", sa.Boolean(), nullable=False),
        sa.Column("works_for", Json, nullable=False),
        sa.Column("outside", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["operator"],
            ["operators.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_people_operator", "people", ["operator"], unique=False)
    op.create_table(
        "providers",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("operator", sa.String(length=32), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("procedure", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["operator"],
            ["operators.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_providers_operator", "providers", ["operator"], unique=False)
    op.create_table(
        "absences",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("person", sa.String(length=32), nullable=False),
        sa.Column("since", Moment, nullable=False),
        sa.Column("until", Moment, nullable=True),
        sa.ForeignKeyConstraint(
            ["person"],
            ["people.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_absences_person", "absences", ["person"], unique=False)
    op.create_table(
        "accounts",
        sa.Column("person", sa.String(length=32), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("password", sa.Text(), nullable=False),
        sa.Column("changed_at", Moment, nullable=False),
        sa.ForeignKeyConstraint(
            ["person"],
            ["people.id"],
        ),
        sa.PrimaryKeyConstraint("person"),
        sa.UniqueConstraint("email"),
    )
    op.create_table(
        "contacts",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("provider", sa.String(length=32), nullable=False),
        sa.Column("contact", sa.String(length=80), nullable=False),
        sa.Column("area", sa.Text(), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("phone", sa.String(length=40), nullable=True),
        sa.Column("verified", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["provider"],
            ["providers.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_contacts_provider", "contacts", ["provider"], unique=False)
    op.create_table(
        "homes",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("operator", sa.String(length=32), nullable=False),
        sa.Column("provider", sa.String(length=32), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("area", sa.Text(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["operator"],
            ["operators.id"],
        ),
        sa.ForeignKeyConstraint(
            ["provider"],
            ["providers.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("slug"),
    )
    op.create_index("ix_homes_operator", "homes", ["operator"], unique=False)
    op.create_index("ix_homes_provider", "homes", ["provider"], unique=False)
    op.create_table(
        "relations",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("a", sa.String(length=32), nullable=False),
        sa.Column("b", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["a"],
            ["people.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_relations_a", "relations", ["a"], unique=False)
    op.create_table(
        "tokens",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(length=32), nullable=False),
        sa.Column("says", sa.Text(), nullable=False),
        sa.Column("made_at", Moment, nullable=False),
        sa.Column("expires_at", Moment, nullable=True),
        sa.Column("revoked_at", Moment, nullable=True),
        sa.ForeignKeyConstraint(
            ["person"],
            ["people.id"],
        ),
        sa.PrimaryKeyConstraint("digest"),
    )
    op.create_index("ix_tokens_person", "tokens", ["person"], unique=False)
    op.create_table(
        "holdings",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("person", sa.String(length=32), nullable=False),
        sa.Column("role", sa.String(length=80), nullable=False),
        sa.Column("provider", sa.String(length=32), nullable=True),
        sa.Column("home", sa.String(length=32), nullable=True),
        sa.Column("since", Moment, nullable=False),
        sa.Column("until", Moment, nullable=True),
        sa.ForeignKeyConstraint(
            ["home"],
            ["homes.id"],
        ),
        sa.ForeignKeyConstraint(
            ["person"],
            ["people.id"],
        ),
        sa.ForeignKeyConstraint(
            ["provider"],
            ["providers.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_holdings_home", "holdings", ["home"], unique=False)
    op.create_index("ix_holdings_person", "holdings", ["person"], unique=False)
    op.create_index("ix_holdings_provider", "holdings", ["provider"], unique=False)
    op.create_table(
        "on_call",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("person", sa.String(length=32), nullable=False),
        sa.Column("role", sa.String(length=80), nullable=False),
        sa.Column("provider", sa.String(length=32), nullable=True),
        sa.Column("home", sa.String(length=32), nullable=True),
        sa.Column("since", Moment, nullable=False),
        sa.Column("until", Moment, nullable=True),
        sa.ForeignKeyConstraint(
            ["home"],
            ["homes.id"],
        ),
        sa.ForeignKeyConstraint(
            ["person"],
            ["people.id"],
        ),
        sa.ForeignKeyConstraint(
            ["provider"],
            ["providers.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_on_call_home", "on_call", ["home"], unique=False)
    op.create_index("ix_on_call_person", "on_call", ["person"], unique=False)
    op.create_index("ix_on_call_provider", "on_call", ["provider"], unique=False)
    op.execute("INSERT INTO counter (one, version) VALUES (1, 0)")
    mine = "(SELECT operator FROM members WHERE person = current_setting('heard.person', true))"
    behind_the_wall("members", using="person = current_setting('heard.person', true)")
    behind_the_wall("people", using=f"operator IN {mine}")
    behind_the_wall("holdings", using="person IN (SELECT id FROM people)")
