"""Who may come in: passwords, tokens, and how often somebody may guess.

The same answer, after the same work, for an address nobody has and for a wrong password; the waiting after too many
failures is for the address typed, whether or not anybody has it, so that it tells nothing either.

Failures make whoever guesses wait, longer each time; they lock nobody out. They are counted for an e-mail address as
typed from one place, for each place, and for each e-mail address from everywhere. The last count makes nobody wait
longer than a minute, or a stranger could keep a safeguarding lead out; and a browser at which that person signed in
before has a count of its own, which only it can raise.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from hashlib import sha256
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from services.chassis.errors import Invalid, Refused

SHORTEST_PASSWORD = 12
DIFFERENT_CHARACTERS = 5
NO_PASSWORD = ""  # kept of somebody who only signs in elsewhere: no hash, so nothing fits it
SHORTEST_NAME = 4  # letters; a shorter one stands in many words
FORGOTTEN_AFTER = timedelta(days=1)  # without a failure; then counting begins again
DEVICE_KNOWN_FOR = timedelta(days=180)  # since somebody last signed in there


@dataclass(frozen=True, slots=True)
class Waiting:
    """How failures of one sort make wait: none at first, then from `first` on twice as long each time."""

    free: int
    first: timedelta
    longest: timedelta

    def until(self, failures: int, last_at: datetime, now: datetime) -> datetime | None:
        """Until when nobody may try again after that many failures, or None when they may."""
        if failures < self.free or last_at + FORGOTTEN_AFTER <= now:
            return None
        doublings = min(failures - self.free, 20)  # as far as it could matter, and no number too large to reckon with
        over = last_at + min(self.longest, self.first * 2**doublings)
        return over if now < over else None


_HALF_A_MINUTE, _A_QUARTER = timedelta(seconds=30), timedelta(minutes=15)
FROM_HERE = Waiting(5, _HALF_A_MINUTE, _A_QUARTER)
FROM_THIS_PLACE = Waiting(30, _HALF_A_MINUTE, _A_QUARTER)  # a home has one address for everybody in it
FROM_EVERYWHERE = Waiting(50, timedelta(seconds=5), timedelta(minutes=1))
AT_A_KNOWN_DEVICE = Waiting(10, _HALF_A_MINUTE, _A_QUARTER)

_hasher = PasswordHasher()
_quick = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1)  # for what is random: there is little to guess


@cache
def _nobodys() -> str:
    """A hash that no password fits. Made at the first sign-in, not at every start of every process."""
    return _hasher.hash(secrets.token_hex(16))


def typed_address(email: str) -> str:
    """The address as accounts are keyed: no spaces round it, small letters."""
    return email.strip().casefold()


def counts_of(email: str, place: str, device: str | None) -> dict[str, Waiting]:
    """Under what a failure is counted, and how each makes wait. Nothing that was typed is kept readable.

    `device` is the token of a browser that this person's account knows, `place` the network address it comes from.
    """
    address = typed_address(email)
    if device:
        return {_counted("device", device): AT_A_KNOWN_DEVICE}
    return {
        _counted("here", address, place): FROM_HERE,
        _counted("place", place): FROM_THIS_PLACE,
        _counted("address", address): FROM_EVERYWHERE,
    }


def asked_from(place: str) -> str:
    """Under what asking for a link is counted."""
    return _counted("asked", place)


def code_from(person: str) -> str:
    """Under what wrong digits of a person's app are counted."""
    return _counted("code", person)


def _counted(*what: str) -> str:
    return sha256("\x1f".join(what).encode()).hexdigest()


def hash_password(password: str, name: str = "") -> str:
    """The argon2 hash to keep. Slow by design: call it in a thread. Raises `Invalid` for one that is soon guessed.

    `name` is the person's own: whoever guesses begins with it.
    """
    unfit = _unfit(password, name)
    if unfit:
        raise Invalid({"password": [unfit]})
    return _hasher.hash(password)


def code_hash(code: str) -> str:
    """The argon2 hash of a recovery code."""
    return _quick.hash(code)


def _unfit(password: str, name: str) -> str | None:
    """Why nobody should have this password, or None."""
    if len(password) < SHORTEST_PASSWORD:
        return f"A password has at least {SHORTEST_PASSWORD} characters. Choose a longer one."
    plain = password.casefold()
    letters = "".join(each for each in plain if each.isalpha())
    if len(set(plain)) < DIFFERENT_CHARACTERS or _once(letters) in _commonest():
        return "Many people have this password, so it is guessed first. Choose another."
    if any(len(part) >= SHORTEST_NAME and part in plain for part in re.split(r"\W+", name.casefold())):
        return "This password holds your name. Choose another."
    return None


def _once(letters: str) -> str:
    """What is repeated, if it is nothing but that."""
    return letters[: (letters + letters).find(letters, 1)] if letters else ""


@cache
def _commonest() -> frozenset[str]:
    text = Path(__file__).with_name("common_passwords.txt").read_text(encoding="utf-8")
    return frozenset(line for line in text.splitlines() if line and not line.startswith("#"))


def password_fits(password: str, kept: str | None) -> bool:
    """Whether the password is the one kept; as slow when nothing is kept. Call it in a thread."""
    nobodys = _nobodys()  # for known and unknown alike, so that the first of them takes no longer than the other
    try:
        return _hasher.verify(kept or nobodys, password) and bool(kept)
    except (VerificationError, InvalidHashError):
        return False


def new_token() -> tuple[str, str]:
    """A bearer token to show once, and the digest to keep (it is random: one round of SHA-256 is enough)."""
    token = "heard_" + secrets.token_urlsafe(32)
    return token, token_digest(token)


def new_device() -> str:
    """A token by which a browser is known again; it opens nothing by itself."""
    return secrets.token_urlsafe(24)


def token_digest(token: str) -> str:
    """What is kept of a token."""
    return sha256(token.encode()).hexdigest()


def wrong() -> Refused:
    """The one answer to a sign-in that failed, whatever was wrong with it."""
    return Refused("The e-mail address or the password is wrong.", None, "Check both and try again.")
