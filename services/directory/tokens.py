"""Tokens for the API: whose, what for, what they open, until when; made, used, listed and revoked here.

A token does what its person may do and no more, and of that only what its scopes name. Only its digest is kept; the
token itself is shown once.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, insert, or_, select, update

from services.chassis.errors import Invalid, NotFound, NotSignedIn
from services.chassis.house import House
from services.directory import noticed, register
from services.directory.models import tokens
from services.directory.sign_in import new_token, token_digest

SCOPES = ("cases:read", "cases:act", "reports", "directory", "safeguarding")
"""What a token can open, in the words of the API's description."""
LONGEST = timedelta(days=366)
"""A program that still needs it after a year is given another one: who it was made for may have left."""
_NOTED_EVERY = timedelta(minutes=2)
"""How exactly the last use is kept; not each request needs a write."""
_ID = 16
"""The first letters of the digest name a token to people; they open nothing."""


def make(house: House, person: str, says: str, days: int | None, scopes: Sequence[str] = SCOPES) -> str:
    """A token, to be shown this once; `says` is what it is for; over after `days` (None: never, for a console).

    Raises `NotFound`, `Invalid`.
    """
    token, digest = new_token()
    now, faults = house.clock.now(), _faults(says, days, scopes)
    if faults:
        raise Invalid(faults)
    with house.working() as work:
        conn = work.conn
        if register.find(conn, "person", person) is None:
            raise NotFound("There is no such person.")
        noticed.tell(work, person, "token")
        over = now + timedelta(days=days) if days else None
        named = [scope for scope in SCOPES if scope in scopes]
        conn.execute(insert(tokens).values(
            digest=digest, person=person, says=says.strip(), scopes=named, made_at=now, expires_at=over
        ))  # fmt: skip
    return token


def _faults(says: str, days: int | None, scopes: Sequence[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if not 0 < len(says.strip()) <= 200 or not says.isprintable():
        found["says"] = ["Say on one line what it is for."]
    if days is not None and not 0 < days <= LONGEST.days:
        found["days"] = [f"Between 1 and {LONGEST.days} days."]
    if not scopes or set(scopes) - {*SCOPES}:
        found["scopes"] = [f"Choose at least one of: {', '.join(SCOPES)}."]
    return found


def use(house: House, token: str) -> tuple[str, list[str]]:
    """Whose token this is, and what it opens; its use is noted. Raises `NotSignedIn`."""
    digest, now = token_digest(token), house.clock.now()
    good = (tokens.c.digest == digest, tokens.c.revoked_at.is_(None))
    with house.db.reading() as conn:
        row = conn.execute(select(tokens).where(*good)).first()
    if row is None or (row.expires_at and row.expires_at <= now):
        raise NotSignedIn("This token is unknown, over or revoked.")
    if row.last_used_at is None or row.last_used_at + _NOTED_EVERY <= now:
        with house.db.writing() as conn:
            conn.execute(update(tokens).where(*good).values(last_used_at=now))
    return str(row.person), list(row.scopes)


def of(conn: Connection, person: str, now: datetime) -> list[dict[str, Any]]:
    """A person's tokens that are still good, the newest first: ``{id, says, scopes, made_at, expires_at,
    last_used_at}``.
    """
    lasts = or_(tokens.c.expires_at.is_(None), tokens.c.expires_at > now)
    asked = select(tokens).where(tokens.c.person == person, tokens.c.revoked_at.is_(None), lasts)
    return [
        {"id": row.digest[:_ID], "says": row.says, "scopes": list(row.scopes), "made_at": row.made_at.isoformat(),
         "expires_at": row.expires_at.isoformat() if row.expires_at else None,
         "last_used_at": row.last_used_at.isoformat() if row.last_used_at else None}
        for row in conn.execute(asked.order_by(tokens.c.made_at.desc(), tokens.c.digest))
    ]  # fmt: skip


def revoke(house: House, person: str, token_id: str | None = None) -> int:
    """Revoke one of a person's tokens, or all; how many. Raises `NotFound` where there is none by that id."""
    mine = [tokens.c.person == person, tokens.c.revoked_at.is_(None)]
    with house.db.writing() as conn:
        held = conn.execute(select(tokens.c.digest).where(*mine)).scalars().all()
        gone = [one for one in held if token_id in (None, one[:_ID])]
        if token_id is not None and not gone:
            raise NotFound("There is no such token.")
        conn.execute(update(tokens).where(tokens.c.digest.in_(gone)).values(revoked_at=house.clock.now()))
    return len(gone)
