"""Files that somebody added to a form which is not sent yet: looked at and sealed at once, taken over when it is sent.

The token that opens one lies in the teller's draft alone, so nobody who reads the table, we included, can read a file
of a report that was never sent. What nobody sends is removed after a day.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, func, insert, select

from services.chassis.errors import Invalid, Unavailable
from services.chassis.house import House
from services.chassis.rows import among
from services.chassis.vault import DataKey
from services.chassis.work import Work
from services.intake.attachments import KINDS, Kept, NotKept, look_at
from services.intake.came_along import keep
from services.intake.models import uploads

KEPT = timedelta(days=1)
MOST_WAITING = 2 * 1024**3
"""Bytes of files that wait to be sent; a machine that fills the disk gets no further."""


@dataclass(frozen=True, slots=True)
class Came:
    """Files that are sent now, by the id under which they will be kept; and how many are not there any more."""

    files: dict[str, Kept]
    gone: int

    @property
    def not_words(self) -> list[str]:
        """What sorts of thing they are: a person looks at each. What is gone was there: somebody must ask for it."""
        return list(dict.fromkeys([*(KINDS[one.kind] for one in self.files.values()), *["document"] * bool(self.gone)]))


def take(house: House, name: str, content: bytes) -> dict[str, Any]:
    """Keep a file until its form is sent: ``{token, name, sort, size}``.

    Raises `Invalid` with the reason, `Unavailable`.
    """
    try:
        kept = look_at(name, content, house.settings.scanner)
    except NotKept as why:
        raise Invalid({"file": [str(why)]}) from None
    token = secrets.token_urlsafe(32)
    key, digest = _key(token), _digest(token)
    row = {
        "digest": digest, "kind": kept.kind, "size": len(kept.content), "scanned": kept.scanned,
        "name": key.seal(kept.name, f"uploads/{digest}/name"),
        "content": key.seal(kept.content, f"uploads/{digest}/content"),
    }  # fmt: skip
    with house.working() as work:
        waiting = work.conn.execute(select(func.sum(uploads.c.size))).scalar_one() or 0
        if waiting + len(kept.content) > MOST_WAITING:
            house.log.error("too_many_files_wait")
            raise Unavailable("We cannot take files just now. You can still tell us in words.")
        work.conn.execute(insert(uploads).values(**row, over_at=work.now + KEPT))
    return {"token": token, "name": kept.name, "sort": KINDS[kept.kind], "size": len(kept.content)}


def opened(house: House, tokens: Sequence[str]) -> Came:
    """The files of these tokens."""
    by_digest = {_digest(token): _key(token) for token in tokens}
    if not by_digest:
        return Came({}, 0)
    with house.db.reading() as conn:
        rows = conn.execute(select(uploads).where(among(uploads.c.digest, by_digest))).all()
    files = {}
    for row in rows:
        key, place = by_digest[row.digest], f"uploads/{row.digest}"
        name, content = key.open(row.name, f"{place}/name"), key.open_bytes(row.content, f"{place}/content")
        files[row.digest] = Kept(name, row.kind, content, row.scanned)
    return Came(files, len(by_digest) - len(files))


def take_over(work: Work, key: DataKey, came: Came) -> None:
    """They belong to a report now: sealed with its words, and no longer waiting."""
    keep(work, key, came.files)
    _remove(work, list(came.files))


def drop(house: House, tokens: Sequence[str]) -> None:
    """Whoever added these takes them back."""
    with house.working() as work:
        _remove(work, [_digest(token) for token in tokens])


def sweep(work: Work) -> int:
    """Remove what nobody sent; how many."""
    gone = work.conn.execute(delete(uploads).where(uploads.c.over_at <= work.now).returning(uploads.c.digest))
    return len(gone.all())


def _remove(work: Work, digests: Sequence[str]) -> None:
    if digests:
        work.conn.execute(delete(uploads).where(among(uploads.c.digest, digests)))


def _digest(token: str) -> str:
    return hashlib.sha256(b"row" + token.encode()).hexdigest()


def _key(token: str) -> DataKey:
    return DataKey("", "", "upload", hashlib.sha256(b"key" + token.encode()).digest(), {})
