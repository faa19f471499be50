"""Where sign-ins are kept: accounts, failures, known devices. The rules stand in `sign_in.py`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, or_, select, update

from services.chassis import rows
from services.directory.models import accounts, failed_sign_ins, known_devices, sign_in_links, tokens
from services.directory.sign_in import DEVICE_KNOWN_FOR, FORGOTTEN_AFTER, FROM_THIS_PLACE, NO_PASSWORD, Waiting


def account(conn: Connection, email: str) -> dict[str, Any] | None:
    """``{person, password}`` of the account with this address, or None."""
    row = (
        conn.execute(select(accounts.c.person, accounts.c.password).where(accounts.c.email == email)).mappings().first()
    )
    return dict(row) if row else None


def keep_account(conn: Connection, person: str, email: str, password: str, now: datetime) -> None:
    """Give a person an address and a password hash to sign in with, or new ones: then tokens from before end, too."""
    values = {"email": email, "password": password, "changed_at": now}
    put = update(accounts).where(accounts.c.person == person).values(**values).returning(accounts.c.person)
    if conn.execute(put).first() is None:
        conn.execute(insert(accounts).values(person=person, **values))
    else:
        end_tokens(conn, person, now)


def end_tokens(conn: Connection, person: str, now: datetime) -> None:
    """Whoever came to a token while a password was known to them asks nothing with it any more."""
    good = (tokens.c.person == person) & tokens.c.revoked_at.is_(None)
    conn.execute(update(tokens).where(good).values(revoked_at=now))


def end_links(conn: Connection, person: str, now: datetime) -> None:
    """No link that was made for this person before lets anybody choose their password."""
    standing = (sign_in_links.c.person == person) & sign_in_links.c.used_at.is_(None) & (sign_in_links.c.over_at > now)
    conn.execute(update(sign_in_links).where(standing).values(over_at=now))


def of_person(conn: Connection, person: str) -> dict[str, Any] | None:
    """``{email, password, changed_at}`` of a person's account, or None for somebody who has none."""
    found = select(accounts.c.email, accounts.c.password, accounts.c.changed_at).where(accounts.c.person == person)
    row = conn.execute(found).mappings().first()
    return dict(row) if row else None


def who_is(conn: Connection, issuer: str, subject: str) -> str | None:
    """Whose account here was joined to this one elsewhere."""
    found = select(accounts.c.person).where(accounts.c.issuer == issuer, accounts.c.subject == subject)
    return conn.execute(found).scalar()


def join(conn: Connection, person: str, email: str, issuer: str, subject: str, now: datetime) -> bool:
    """Join a person's account to theirs elsewhere; whether it was joined to no other one there.

    Somebody who has none here gets one that no password opens.
    """
    theirs = {"issuer": issuer, "subject": subject}
    free = or_(accounts.c.issuer.is_(None), accounts.c.issuer != issuer)  # a group may change where it signs in
    joined = update(accounts).where(accounts.c.person == person, free).values(**theirs).returning(accounts.c.person)
    if conn.execute(joined).first() is not None:
        return True
    new = {"person": person, "email": email, "password": NO_PASSWORD, "changed_at": now} | theirs
    return bool(rows.add_new(conn, accounts, [new], accounts.c.person))


def part(conn: Connection, person: str, now: datetime) -> bool:
    """Forget a person's account elsewhere, which ends every sign-in and every token; whether there was one."""
    alone = {"issuer": None, "subject": None, "changed_at": now}
    mine = update(accounts).where(accounts.c.person == person, accounts.c.issuer.is_not(None))
    parted = conn.execute(mine.values(**alone).returning(accounts.c.person)).first() is not None
    if parted:
        end_tokens(conn, person, now)
    return parted


def failures(conn: Connection, counts: Iterable[str]) -> dict[str, tuple[int, datetime]]:
    """How often each of these failed in a row, and when last."""
    found = conn.execute(
        select(failed_sign_ins.c.who, failed_sign_ins.c.failures, failed_sign_ins.c.last_at).where(
            failed_sign_ins.c.who.in_(list(counts))
        )
    )
    return {row.who: (row.failures, row.last_at) for row in found}


def failed(conn: Connection, counts: Iterable[str], now: datetime) -> None:
    """Count one more failure of each; one that is long past is begun anew."""
    conn.execute(delete(failed_sign_ins).where(failed_sign_ins.c.last_at <= now - FORGOTTEN_AFTER))
    for who in sorted(counts):  # always in this order: two who fail at once do not wait for each other
        rows.add_new(conn, failed_sign_ins, [{"who": who, "failures": 0, "last_at": now}], failed_sign_ins.c.who)
        more = {"failures": failed_sign_ins.c.failures + 1, "last_at": now}
        conn.execute(update(failed_sign_ins).where(failed_sign_ins.c.who == who).values(more))


def forgive(conn: Connection, counts: Mapping[str, Waiting]) -> None:
    """What was counted before the password turned out right: all of a person's own, and one of their place's.

    A place's others stay: somebody who has an account of their own would else guess at everybody's from there.
    """
    own = [who for who, waiting in counts.items() if waiting is not FROM_THIS_PLACE]
    conn.execute(delete(failed_sign_ins).where(failed_sign_ins.c.who.in_(own)))
    for who in counts.keys() - set(own):
        less = {"failures": failed_sign_ins.c.failures - 1}
        conn.execute(update(failed_sign_ins).where(failed_sign_ins.c.who == who).values(less))


def knows_device(conn: Connection, digest: str, person: str, now: datetime) -> bool:
    """Whether this person signed in at that browser before."""
    found = select(known_devices.c.digest).where(
        known_devices.c.digest == digest,
        known_devices.c.person == person,
        known_devices.c.used_at > now - DEVICE_KNOWN_FOR,
    )
    return conn.execute(found).first() is not None


def keep_device(conn: Connection, digest: str, person: str, now: datetime) -> None:
    """A person signed in at this browser; those at which nobody did for long are forgotten."""
    conn.execute(delete(known_devices).where(known_devices.c.used_at <= now - DEVICE_KNOWN_FOR))
    rows.put(conn, known_devices, [{"digest": digest, "person": person, "used_at": now}])
