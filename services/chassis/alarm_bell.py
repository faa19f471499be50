"""How one process hears at once that another has written something alarming: PostgreSQL says so when it is committed.

Only a process for alarms alone needs it. What it does not hear it finds a moment later, because its relay also looks.
"""

from __future__ import annotations

import time
from typing import Any

from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from services.chassis.database import Database
from services.chassis.logs import logger
from services.chassis.waking import Bell

_AGAIN = 2.0  # seconds between two tries to listen


def hear(db: Database, bell: Bell) -> None:
    """For ever: ring the bell when any process of this service has written something alarming."""
    import psycopg  # here: a command that reads this module is not green yet (`green.patch`)

    while True:
        try:
            with _of_its_own(db) as connection:
                connection.execute(f"LISTEN {channel(db.service)}")
                bell.ring()  # for what was written while nobody listened
                for _ in connection.notifies():
                    bell.ring()
        except (psycopg.Error, SQLAlchemyError) as fault:
            logger(db.service).warning("alarms_not_heard", error=type(fault).__name__, again_in=_AGAIN)
        time.sleep(_AGAIN)


def say(conn: Connection, service: str) -> None:
    """Have them hear it, once this transaction is committed. With SQLite there is one process, which knows."""
    if conn.dialect.name == "postgresql":
        conn.execute(text("SELECT pg_notify(:channel, '')"), {"channel": channel(service)})


def _of_its_own(db: Database) -> Any:
    """A connection that listens until it is closed, and that nobody else is given."""
    lent = db.engine.raw_connection()
    connection: Any = lent.driver_connection
    lent.detach()
    connection.autocommit = True
    return connection


def channel(service: str) -> str:
    """What the alarms of a service are said on."""
    return f"heard_{service}_alarms"
