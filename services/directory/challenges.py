"""What somebody was asked while they come in, until they answer: once, and soon.

A device is asked to show a passkey (`passkeys.py`), another place to say who somebody is (`elsewhere.py`).
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Connection, delete, insert

from services.chassis.errors import Refused
from services.chassis.house import House
from services.chassis.tables import new_id
from services.directory.models import challenges


def keep(house: House, of: str, challenge: bytes, good_for: timedelta) -> str:
    """Remember what was asked, for one answer; its id. What nobody answered is forgotten.

    `of` is the person who was asked, or which question it was of somebody who is not known yet.
    """
    ask, now = new_id(), house.clock.now()
    with house.db.writing() as conn:
        conn.execute(delete(challenges).where(challenges.c.over_at <= now))
        conn.execute(insert(challenges).values(id=ask, person=of, challenge=challenge, over_at=now + good_for))
    return ask


def take(house: House, conn: Connection, ask: str, of: str, wrong: Refused) -> bytes:
    """What was asked. It can be answered once. Raises `wrong` otherwise."""
    mine = (challenges.c.id == ask[:32]) & (challenges.c.person == of) & (challenges.c.over_at > house.clock.now())
    found = conn.execute(delete(challenges).where(mine).returning(challenges.c.challenge)).scalar()
    if found is None:
        raise wrong
    return bytes(found)
