"""Which report a reference stands for, for whoever erases what was said in it (`services/upkeep/erasing.py`)."""

from __future__ import annotations

from sqlalchemy import Connection, select

from services.intake.models import reports
from services.intake.receipts import tidy_reference


def report_of(conn: Connection, reference: str) -> str | None:
    """The report's id, however its reference was typed."""
    return conn.execute(select(reports.c.id).where(reports.c.reference == tidy_reference(reference))).scalar()
