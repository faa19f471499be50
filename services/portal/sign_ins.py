"""Who is signed in at which browser: begun at sign-in, looked up at each page, ended by the person or by time.

The browser holds a random token, the table its digest and the person's id; deleting a row signs that browser out.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, or_, select, update

from services.portal.models import sign_ins

if TYPE_CHECKING:
    from services.chassis.database import Database

LONGEST = timedelta(hours=12)
"""After this a person signs in again, whatever they did: a shift and its handover."""
IDLE = timedelta(hours=1)
"""A browser left alone this long is signed out."""
NOTED_EVERY = timedelta(minutes=2)
"""How exactly the last look is kept; not each page needs a write."""


def digest(token: str) -> str:
    """What the table keeps of a browser's token."""
    return hashlib.sha256(token.encode()).hexdigest()


def begin(db: Database, person_id: str, now: datetime) -> str:
    """Sign a person in; answers the token for the browser's cookie."""
    token = secrets.token_urlsafe(32)
    with db.writing() as conn:
        conn.execute(
            insert(sign_ins).values(
                digest=digest(token), person_id=person_id, began_at=now, seen_at=now, over_at=now + LONGEST
            )
        )
    return token


def person_of(db: Database, token: str, now: datetime) -> str | None:
    """Whose browser this is, or None: unknown, ended, or left alone too long."""
    mine = sign_ins.c.digest == digest(token)
    with db.reading() as conn:
        row = conn.execute(select(sign_ins.c.person_id, sign_ins.c.seen_at, sign_ins.c.over_at).where(mine)).first()
    if row is None or row.over_at <= now or row.seen_at + IDLE <= now:
        return None
    if row.seen_at + NOTED_EVERY <= now:
        with db.writing() as conn:
            conn.execute(update(sign_ins).where(mine).values(seen_at=now))
    return str(row.person_id)


def end(db: Database, token: str) -> None:
    """Sign this browser out."""
    with db.writing() as conn:
        conn.execute(delete(sign_ins).where(sign_ins.c.digest == digest(token)))


def end_all(db: Database, person_id: str) -> None:
    """Sign a person out everywhere."""
    with db.writing() as conn:
        conn.execute(delete(sign_ins).where(sign_ins.c.person_id == person_id))


def sweep(db: Database, now: datetime) -> int:
    """Remove what is over; how many."""
    over = or_(sign_ins.c.over_at <= now, sign_ins.c.seen_at <= now - IDLE)
    with db.writing() as conn:
        return len(conn.execute(delete(sign_ins).where(over).returning(sign_ins.c.digest)).all())
