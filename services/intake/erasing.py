"""Which report a reference stands for, and what was erased, for whoever erases what was said (`upkeep/erasing.py`)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from services.chassis import rows
from services.intake.models import erasures, reports
from services.intake.receipts import tidy_reference


def report_of(conn: Connection, reference: str) -> str | None:
    """The report's id, however its reference was typed."""
    return conn.execute(select(reports.c.id).where(reports.c.reference == tidy_reference(reference))).scalar()


def every_report(conn: Connection) -> Iterator[Any]:
    """Every report, the oldest first: ``id, reference, received_at, home, words, contact, fact``."""
    asked = select(
        reports.c.id, reports.c.reference, reports.c.received_at, reports.c.home, reports.c.words, reports.c.contact,
        reports.c.fact,
    )  # fmt: skip
    after: Any = None
    while True:
        further = asked if after is None else asked.where(
            (reports.c.received_at > after.received_at)
            | ((reports.c.received_at == after.received_at) & (reports.c.id > after.id))
        )  # fmt: skip
        page = conn.execute(further.order_by(reports.c.received_at, reports.c.id).limit(_AT_ONCE)).all()
        yield from page
        if not page:
            return
        after = page[-1]


_AT_ONCE = 500


def write_down(conn: Connection, report_id: str, at: datetime, by: str, because: str) -> None:
    """That a report is erased, before anything of it goes; what was written first stays."""
    row = {"report_id": report_id, "at": at, "by": by[:80], "because": because[:200]}
    rows.add_new(conn, erasures, [row], erasures.c.report_id)


def written_down(conn: Connection) -> list[Mapping[str, Any]]:
    """What was erased, the oldest first: ``{reference, at, by, because}``."""
    asked = select(reports.c.reference, erasures.c.at, erasures.c.by, erasures.c.because)
    found = asked.join_from(erasures, reports, reports.c.id == erasures.c.report_id).order_by(erasures.c.at)
    return [dict(row) for row in conn.execute(found).mappings()]
