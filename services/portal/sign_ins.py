"""Who is signed in at which browser: begun at sign-in, looked up at each page, ended by the person or by time.

The browser holds a random token, the table its digest and the person's id; deleting a row signs that browser out.
Whether the person's password and roles still let them in is the directory's to say (`doorkeeper.me`).
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, delete, insert, or_, select, update

from services.portal.models import sign_ins

if TYPE_CHECKING:
    from services.chassis.database import Database

LONGEST = timedelta(hours=12)
"""After this a person signs in again, whatever they did: a shift and its handover."""
IDLE = timedelta(hours=1)
"""A browser left alone this long is signed out."""
HALF_WAY = timedelta(minutes=10)
"""So long may somebody look for their telephone after the password."""
PROVEN_FOR = timedelta(minutes=10)
"""So long after somebody showed that it is they, how they sign in can be changed at that browser."""
NOTED_EVERY = timedelta(minutes=2)
"""How exactly the last look is kept; not each page needs a write."""
_SHOWN = 16  # of a digest's 64 digits: enough to tell one's own sign-ins apart, and it opens nothing


@dataclass(frozen=True, slots=True)
class SignIn:
    """One browser at which somebody is signed in. `id` names it on a page and opens nothing."""

    id: str
    person_id: str
    began_at: datetime
    seen_at: datetime
    device: str
    proved_at: datetime | None
    waits_for: str | None
    """What is still asked before this counts: "code", "set_up", or nothing."""


def digest(token: str) -> str:
    """What the table keeps of a browser's token."""
    return hashlib.sha256(token.encode()).hexdigest()


def begin(
    db: Database, person_id: str, now: datetime, device: str, before: str | None = None, waits_for: str | None = None,
    *, shown: bool = True,
) -> str:  # fmt: skip
    """Sign a person in; answers a new token for the browser's cookie. `before` is the one it had: that one ends.

    `shown`: they showed just now that it is they, and were not only still signed in elsewhere. While it `waits_for`
    something it opens no page but the one that asks for that.
    """
    token = secrets.token_urlsafe(32)
    with db.writing() as conn:
        if before:
            conn.execute(delete(sign_ins).where(sign_ins.c.digest == digest(before)))
        conn.execute(
            insert(sign_ins).values(
                digest=digest(token),
                person_id=person_id,
                began_at=now,
                proved_at=now if shown else None,
                seen_at=now,
                over_at=now + (HALF_WAY if waits_for else LONGEST),
                device=device[:80],
                waits_for=waits_for,
            )
        )
    return token


def find(db: Database, token: str, now: datetime) -> SignIn | None:
    """Whose browser this is, or None: unknown, ended, or left alone too long."""
    mine = sign_ins.c.digest == digest(token)
    with db.reading() as conn:
        row = conn.execute(select(sign_ins).where(mine)).first()
    if row is None or row.over_at <= now or row.seen_at + IDLE <= now:
        return None
    if row.seen_at + NOTED_EVERY <= now:
        with db.writing() as conn:
            conn.execute(update(sign_ins).where(mine).values(seen_at=now))
    return _sign_in(row)


def of_person(db: Database, person_id: str, now: datetime) -> list[SignIn]:
    """Everywhere a person is signed in now, the browser used last before the others."""
    theirs = select(sign_ins).where(
        sign_ins.c.person_id == person_id,
        sign_ins.c.over_at > now,
        sign_ins.c.seen_at > now - IDLE,
        sign_ins.c.waits_for.is_(None),
    )
    with db.reading() as conn:
        rows = conn.execute(theirs.order_by(sign_ins.c.seen_at.desc(), sign_ins.c.digest)).all()
    return [_sign_in(row) for row in rows]


def _sign_in(row: Row[Any]) -> SignIn:
    known = row._mapping
    names = ("person_id", "began_at", "seen_at", "device", "proved_at", "waits_for")
    return SignIn(known["digest"][:_SHOWN], *(known[name] for name in names))


def prove(db: Database, token: str, now: datetime) -> None:
    """Whoever sits at this browser showed just now that it is they."""
    with db.writing() as conn:
        conn.execute(update(sign_ins).where(sign_ins.c.digest == digest(token)).values(proved_at=now))


def end(db: Database, token: str) -> None:
    """Sign this browser out."""
    with db.writing() as conn:
        conn.execute(delete(sign_ins).where(sign_ins.c.digest == digest(token)))


def end_one(db: Database, person_id: str, sign_in_id: str) -> None:
    """Sign a person out at one browser; another person's is left as it is."""
    if len(sign_in_id) == _SHOWN and sign_in_id.isalnum():
        theirs = (sign_ins.c.person_id == person_id) & sign_ins.c.digest.startswith(sign_in_id)
        with db.writing() as conn:
            conn.execute(delete(sign_ins).where(theirs))


def end_all(db: Database, person_id: str, but: str | None = None) -> None:
    """Sign a person out everywhere, `but` for the browser with this token."""
    theirs = sign_ins.c.person_id == person_id
    if but:
        theirs &= sign_ins.c.digest != digest(but)
    with db.writing() as conn:
        conn.execute(delete(sign_ins).where(theirs))


def sweep(db: Database, now: datetime) -> int:
    """Remove what is over; how many."""
    over = or_(sign_ins.c.over_at <= now, sign_ins.c.seen_at <= now - IDLE)
    with db.writing() as conn:
        return len(conn.execute(delete(sign_ins).where(over).returning(sign_ins.c.digest)).all())
