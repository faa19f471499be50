"""Where sign-ins are kept: accounts, failures and tokens. The rules stand in `sign_in.py`."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from services.directory.models import accounts, failed_sign_ins, tokens


def account(conn: Connection, email: str) -> dict[str, Any] | None:
    """``{person, password}`` of the account with this address, or None."""
    row = (
        conn.execute(select(accounts.c.person, accounts.c.password).where(accounts.c.email == email)).mappings().first()
    )
    return dict(row) if row else None


def keep_account(conn: Connection, person: str, email: str, password: str, now: datetime) -> None:
    """Give a person an address and a password hash to sign in with, or new ones."""
    values = {"email": email, "password": password, "changed_at": now}
    put = update(accounts).where(accounts.c.person == person).values(**values).returning(accounts.c.person)
    if conn.execute(put).first() is None:
        conn.execute(insert(accounts).values(person=person, **values))


def failures(conn: Connection, who: str) -> tuple[int, datetime] | None:
    """How often this address failed in a row, and when last."""
    row = conn.execute(
        select(failed_sign_ins.c.failures, failed_sign_ins.c.last_at).where(failed_sign_ins.c.who == who)
    ).first()
    return (row[0], row[1]) if row else None


def failed(conn: Connection, who: str, now: datetime, afresh: bool) -> None:
    """Count one more failure; `afresh` begins again at one, when an earlier lock is over."""
    count = 1 if afresh else failed_sign_ins.c.failures + 1
    put = update(failed_sign_ins).where(failed_sign_ins.c.who == who).values(failures=count, last_at=now)
    if conn.execute(put.returning(failed_sign_ins.c.who)).first() is None:
        conn.execute(insert(failed_sign_ins).values(who=who, failures=1, last_at=now))


def forgive(conn: Connection, who: str, older_than: datetime) -> None:
    """A right password clears its failures; so do those of others that no longer count."""
    conn.execute(
        delete(failed_sign_ins).where((failed_sign_ins.c.who == who) | (failed_sign_ins.c.last_at < older_than))
    )


def keep_token(
    conn: Connection, digest: str, person: str, says: str, now: datetime, expires_at: datetime | None
) -> None:
    """Keep a token's digest; `says` is what it is for, in its maker's words."""
    conn.execute(insert(tokens).values(digest=digest, person=person, says=says, made_at=now, expires_at=expires_at))


def revoke_tokens(conn: Connection, person: str, now: datetime) -> int:
    """Revoke every token of a person; how many there were."""
    gone = update(tokens).where(tokens.c.person == person, tokens.c.revoked_at.is_(None)).values(revoked_at=now)
    return len(conn.execute(gone.returning(tokens.c.digest)).all())


def holder(conn: Connection, digest: str, now: datetime) -> str | None:
    """Whose token this is, if it is good now."""
    row = conn.execute(
        select(tokens.c.person, tokens.c.expires_at).where(tokens.c.digest == digest, tokens.c.revoked_at.is_(None))
    ).first()
    return None if row is None or (row[1] and row[1] <= now) else str(row[0])
