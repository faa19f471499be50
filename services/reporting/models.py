"""The tables of reporting: ledger rows as they were heard, what was worked out of each case, and who may count it."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, MetaData, String, Table

from services.chassis.tables import Json, Moment, house_tables, visible_case_table

metadata = MetaData()
house = house_tables(metadata)

case_rows = Table(
    "case_rows",
    metadata,
    Column("ledger", String(12), primary_key=True),  # case | safeguarding
    Column("case_id", String(32), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("row", Json, nullable=False),
)

cases = Table(
    "cases",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("operator", String(32), nullable=False),
    Column("provider", String(32), nullable=False),
    Column("home", String(32), nullable=False),
    Column("reference", String(20), nullable=False),
    Column("procedure_version", String(120)),  # None until the case ledger was heard of
    Column("received_at", Moment),
    Column("seq", Integer, nullable=False),  # how far its ledger is whole
    Column("dirty", Boolean, nullable=False),
    Column("again_at", Moment),  # when time alone changes what it says
    Column("summary", Json),
)
Index("cases_dirty", cases.c.provider, postgresql_where=cases.c.dirty)
Index("cases_again", cases.c.again_at, postgresql_where=cases.c.again_at.is_not(None))
Index("cases_of_provider", cases.c.provider, cases.c.received_at)

case_viewers = visible_case_table(metadata)
