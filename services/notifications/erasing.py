"""Whether anything is still to be written to somebody about a report that is to be erased."""

from __future__ import annotations

from sqlalchemy import Connection, func, select

from services.chassis.rows import among
from services.notifications.models import held, messages


def in_the_way(conn: Connection, case_ids: list[str]) -> str | None:
    """Why its letters must not be erased yet, as a sentence, or None."""
    unsent = among(messages.c.case_id, case_ids) & (messages.c.state == "waiting")
    if conn.execute(select(func.count()).select_from(messages).where(unsent)).scalar_one():
        return "A message about it is still to be sent."
    early = select(func.count()).select_from(held).where(among(held.c.case_id, case_ids))
    return "Something about it is still on its way." if conn.execute(early).scalar_one() else None
