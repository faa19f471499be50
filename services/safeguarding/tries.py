"""How often somebody may give wrong digits before nobody looks at them for a while: kept in the database, so that a
restart or another replica forgives nothing.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, func, select

from services.chassis.errors import TooMany
from services.chassis.rows import add
from services.chassis.tables import new_id
from services.safeguarding.models import wrong_codes

MOST, WITHIN = 5, timedelta(hours=1)


def check(conn: Connection, who: str, now: datetime) -> None:
    """Raises `TooMany` when this one has been wrong too often lately."""
    kept = wrong_codes.c
    lately = (kept.who == who) & (kept.at > now - WITHIN)
    number, first = conn.execute(select(func.count(), func.min(kept.at)).where(lately)).one()
    if number >= MOST:
        raise TooMany((first + WITHIN - now).total_seconds())


def was_wrong(conn: Connection, who: str, now: datetime) -> None:
    """Count a wrong try, and forget those that count no more."""
    conn.execute(delete(wrong_codes).where(wrong_codes.c.at <= now - WITHIN))
    add(conn, wrong_codes, [{"id": new_id(), "who": who, "at": now}])
