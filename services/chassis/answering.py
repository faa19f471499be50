"""With what a call about an alert is answered without signing in: a link, and four digits to text back or to say.

Both are made from the installation's secret for one alert and one person, so they stand in no table: whoever writes the
call makes them (notifications), whoever hears the answer makes them again (safeguarding). A link also says until when
it may be used, and cannot be made to say more.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from services.chassis.vault import Vault

_NO = frozenset(("no", "cannot", "cant", "can't", "not", "unable", "away", "pass"))
_END = re.compile(r"[0-9a-f]{1,10}")  # seconds
_CODE = re.compile(r"(?<!\d)\d{4}(?!\d)")


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody texted back: the codes that stand in it, and whether they have it or cannot."""

    codes: tuple[str, ...]
    can: bool


def link_token(vault: Vault, alert_id: str, person: str, until: datetime) -> str:
    """The token of a link by which this person may answer this alert until then."""
    end = f"{int(until.timestamp()):x}"
    return f"{end}.{vault.link_token('alert', alert_id, person, end)}"


def person_of_token(vault: Vault, token: str, alert_id: str, people: Sequence[str], now: datetime) -> str | None:
    """Whose token this is among these people, or None: a wrong one, another's, or one whose time is over."""
    end, _, digest = token.partition(".")
    if not _END.fullmatch(end):
        return None
    whose = None
    for person in people:  # all of them, so that a stranger cannot tell how many there are
        if vault.is_link_token(digest, "alert", alert_id, person, end):
            whose = person
    if whose is None:
        return None
    return whose if now < datetime.fromtimestamp(int(end, 16), UTC) else None


def code(vault: Vault, alert_id: str, person: str) -> str:
    """The four digits with which this person answers this alert by text or over the telephone."""
    said = "\x1f".join((alert_id, person)).encode()
    digest = hmac.new(vault.derive("answer codes"), said, hashlib.sha256).digest()
    return f"{int.from_bytes(digest[:8], 'big') % 10_000:04d}"


def is_code(vault: Vault, given: str, alert_id: str, person: str) -> bool:
    """Whether these are the digits (compared in constant time)."""
    return hmac.compare_digest(given.strip().encode("utf-8", "replace"), code(vault, alert_id, person).encode())


def said_in(text: str) -> Said:
    """What a text message says: "4821", "4821 yes", "no 4821", "I cannot, 4821"."""
    words = set(re.findall(r"[a-z']+", text.lower().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")))
    return Said(tuple(_CODE.findall(text)), words.isdisjoint(_NO))
