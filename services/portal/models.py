"""The portal's own tables: who is signed in, reports half told, and files on their way to whoever asked for them.

None holds a secret that opens anything: of each browser's token only a digest is kept.
"""

from __future__ import annotations

from sqlalchemy import Column, Integer, MetaData, String, Table, text

from services.chassis.tables import Id, Moment, Sealed, house_tables

metadata = MetaData()
house = house_tables(metadata)

sign_ins = Table(
    "sign_ins",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("person_id", Id, nullable=False, index=True),
    Column("began_at", Moment, nullable=False),
    Column("proved_at", Moment),  # when they last showed here that it is they; null: another place vouched for it
    Column("seen_at", Moment, nullable=False),
    Column("over_at", Moment, nullable=False, index=True),
    Column("device", String(80), nullable=False, server_default=text("''")),  # in words, so that one knows one's own
    Column("waits_for", String(12)),  # code | set_up: the password was right, and this is still asked
)

drafts = Table(
    "drafts",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("sealed", Sealed, nullable=False),
    Column("over_at", Moment, nullable=False, index=True),
)

exports = Table(
    "exports",
    metadata,
    Column("id", Id, primary_key=True),
    Column("person_id", Id, nullable=False, index=True),
    Column("case_id", Id),  # of which case it is a copy
    Column("name", String(120), nullable=False),
    Column("kind", String(60), nullable=False),
    Column("back", String(500), nullable=False),  # the page on which it was asked for
    Column("step", Integer, nullable=False),
    Column("page", Integer, nullable=False),
    Column("failed", String(500)),  # why it could not be made
    Column("sealed", Sealed),
    Column("began_at", Moment, nullable=False),
    Column("over_at", Moment, nullable=False, index=True),
)
