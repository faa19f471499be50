"""A report half told, saved as somebody goes: sealed with a key that only the teller's browser holds.

Before a report reaches intake there is no case and no case's key, so the cookie itself is the key: the table keeps a
digest to find the row by, and ciphertext. Nobody who reads the table, we included, can read the draft.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import delete, insert, select, update

from services.portal.models import drafts

if TYPE_CHECKING:
    from services.chassis.database import Database

KEPT = timedelta(hours=2)
"""How long a draft waits for the next answer."""
_NONCE = 12


@dataclass
class Draft:
    """What a browser has told so far. ``token`` goes into its cookie; ``said`` is JSON-able."""

    token: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)
    said: dict[str, Any] = field(default_factory=dict, repr=False)

    @property
    def digest(self) -> str:
        """How the table finds it."""
        return hashlib.sha256(b"row" + self.token.encode()).hexdigest()

    def _key(self) -> AESGCM:
        return AESGCM(hashlib.sha256(b"key" + self.token.encode()).digest())

    def _place(self) -> bytes:
        return f"drafts/{self.digest}/sealed".encode()


def find(db: Database, token: str | None, now: datetime) -> Draft | None:
    """The draft that this browser's token opens, or None."""
    if not token:
        return None
    draft = Draft(token)
    with db.reading() as conn:
        row = conn.execute(
            select(drafts.c.sealed).where(drafts.c.digest == draft.digest, drafts.c.over_at > now)
        ).first()
    if row is None:
        return None
    sealed = bytes(row.sealed)
    try:
        draft.said = json.loads(draft._key().decrypt(sealed[:_NONCE], sealed[_NONCE:], draft._place()))
    except InvalidTag:
        return None
    return draft


def keep(db: Database, draft: Draft, now: datetime) -> None:
    """Save what was said so far."""
    nonce = os.urandom(_NONCE)
    sealed = nonce + draft._key().encrypt(nonce, json.dumps(draft.said).encode(), draft._place())
    values = {"sealed": sealed, "over_at": now + KEPT}
    with db.writing() as conn:
        put = update(drafts).where(drafts.c.digest == draft.digest).values(**values).returning(drafts.c.digest)
        if conn.execute(put).first() is None:
            conn.execute(insert(drafts).values(digest=draft.digest, **values))


def forget(db: Database, draft: Draft) -> None:
    """Remove a draft for good."""
    with db.writing() as conn:
        conn.execute(delete(drafts).where(drafts.c.digest == draft.digest))


def sweep(db: Database, now: datetime) -> int:
    """Remove the drafts that nobody came back to; how many."""
    with db.writing() as conn:
        gone = conn.execute(delete(drafts).where(drafts.c.over_at <= now).returning(drafts.c.digest))
        return len(gone.all())
