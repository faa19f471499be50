"""The outbox: facts as rows in the transaction that they tell of, how many still wait, and which of them must not.

What carries them from here is `relay`, or within one process `handover`.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, delete, func, select

from heard.events import FACTS
from services.chassis import alarm_bell
from services.chassis.rows import add
from services.chassis.tables import HOUSE
from services.chassis.topology import first_key
from services.chassis.work import Work

_KEPT = timedelta(minutes=10)  # how long a sent row is kept


def write_outbox(work: Work) -> None:
    """Store what ``work`` published, in its own transaction."""
    if not work.messages:
        return
    rows = [
        {
            "message_id": message.message_id,
            "fact": first_key(message.name) if message.alarms and FACTS[message.name].first else message.name,
            "body": message.body,
            "correlation": message.correlation,
            "urgent": FACTS[message.name].urgent,
            "written_at": message.published_at,
        }
        for message in work.messages
    ]
    add(work.conn, HOUSE.outbox, rows)
    if any(message.alarms for message in work.messages):
        alarm_bell.say(work.conn, work.house.service)


def outbox_state(conn: Connection) -> tuple[int, float]:
    """How many messages are not delivered, and how old the oldest is (seconds)."""
    unsent = HOUSE.outbox.c.sent_at.is_(None)
    count, oldest = conn.execute(select(func.count(), func.min(HOUSE.outbox.c.written_at)).where(unsent)).one()
    if isinstance(oldest, str):  # SQLite's min() forgets the column's type
        oldest = datetime.fromisoformat(oldest)
    return count, (datetime.now(UTC) - oldest).total_seconds() if oldest else 0.0


def prune(conn: Connection) -> int:
    """Remove rows that were sent some time ago."""
    old = select(HOUSE.outbox.c.id).where(HOUSE.outbox.c.sent_at < datetime.now(UTC) - _KEPT).limit(5000)
    return len(conn.execute(delete(HOUSE.outbox).where(HOUSE.outbox.c.id.in_(old)).returning(HOUSE.outbox.c.id)).all())


def alarming(service: str) -> list[str]:
    """What the rows of a service's outbox that must not wait are said as."""
    kinds = [kind for kind in FACTS.values() if kind.publisher == service]
    return [first_key(kind.name) for kind in kinds if kind.first] + [kind.name for kind in kinds if kind.alarm]
