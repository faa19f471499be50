"""Who may come in: passwords, tokens, and how often somebody may guess.

The same answer, after the same work, for an address nobody has and for a wrong password; the lock after too many
failures falls on the address typed, whether or not anybody has it, so that it tells nothing either.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from functools import cache
from hashlib import sha256

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from services.chassis.errors import Refused

FAILURES_ALLOWED = 5
LOCKED_FOR = timedelta(minutes=15)  # long enough to make guessing useless, short enough for a night shift to wait
SHORTEST_PASSWORD = 12

_hasher = PasswordHasher()


@cache
def _nobodys() -> str:
    """A hash that no password fits. Made at the first sign-in, not at every start of every process."""
    return _hasher.hash(secrets.token_hex(16))


def typed_address(email: str) -> str:
    """The address as accounts are keyed: no spaces round it, small letters."""
    return email.strip().casefold()


def address_digest(email: str) -> str:
    """What failures are counted under: addresses that nobody has are not kept readable."""
    return sha256(typed_address(email).encode()).hexdigest()


def hash_password(password: str) -> str:
    """The argon2 hash to keep. Slow by design: call it in a thread. Raises `Refused` for a short password."""
    if len(password) < SHORTEST_PASSWORD:
        raise Refused(f"A password has at least {SHORTEST_PASSWORD} characters.", None, "Choose a longer one.")
    return _hasher.hash(password)


def password_fits(password: str, kept: str | None) -> bool:
    """Whether the password is the one kept; as slow when nothing is kept. Call it in a thread."""
    nobodys = _nobodys()  # for known and unknown alike, so that the first of them takes no longer than the other
    try:
        return _hasher.verify(kept or nobodys, password) and kept is not None
    except (VerificationError, InvalidHashError):
        return False


def locked_until(failures: int, last_at: datetime, now: datetime) -> datetime | None:
    """Until when an address is locked after that many failures, or None when it may try."""
    over = last_at + LOCKED_FOR
    return over if failures >= FAILURES_ALLOWED and now < over else None


def new_token() -> tuple[str, str]:
    """A bearer token to show once, and the digest to keep (it is random: one round of SHA-256 is enough)."""
    token = "heard_" + secrets.token_urlsafe(32)
    return token, token_digest(token)


def token_digest(token: str) -> str:
    """What is kept of a token."""
    return sha256(token.encode()).hexdigest()


def wrong() -> Refused:
    """The one answer to a sign-in that failed, whatever was wrong with it."""
    return Refused("The e-mail address or the password is wrong.", None, "Check both and try again.")
