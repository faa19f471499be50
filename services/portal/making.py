"""Files that take their time (a copy of a case, a report): made beside whoever asked, seen on their way, gone soon.

Owns the table `exports`. A file stands there for an hour, sealed with what only the browser holds that asked for it.
Whoever fetches it is looked at by the wall once more (`making_pages`). Should the process die, the file stays away: its
page says so after a time.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import monotonic
from typing import TYPE_CHECKING, Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Row, delete, func, insert, select, update

from services.chassis.errors import Failed, HeardError, TooMany
from services.chassis.green import beside, pause
from services.chassis.paper import Reached
from services.chassis.tables import new_id
from services.portal.models import exports

if TYPE_CHECKING:
    from services.chassis.database import Database
    from services.chassis.house import House

KEPT = timedelta(hours=1)
"""How long a file waits for whoever asked for it."""
LIMIT = 300
"""Seconds that one may take."""
GIVEN_UP = timedelta(seconds=LIMIT + 60)
"""After this whatever made it is not there any more."""
MOST = 3
"""Files that one person has on their way at a time."""
_NONCE = 12
_NOTED_EVERY = 0.5  # seconds; not each page needs a write
_NEXT_LOOK = 0.05
Make = Callable[[Reached], bytes]
"""Makes a file, and says meanwhile how far it is."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is made: what it is called and of which kind, whom it is for, of which case it is (or none), and from where.

    `key` is what the browser holds that asked.
    """

    name: str
    kind: str
    person_id: str
    key: str = field(repr=False)
    case_id: str | None
    back: str


@dataclass
class Work:
    """One file on its way, for whoever waits in this process."""

    id: str
    made: bytes | None = field(default=None, repr=False)
    fault: HeardError | None = None

    def wait(self, seconds: float) -> None:
        """Until it is there or could not be made, and no longer than that."""
        over = monotonic() + seconds
        while self.made is None and self.fault is None and monotonic() < over:
            pause(_NEXT_LOOK)


def begin(house: House, asked: Asked, make: Make) -> Work:
    """Begin to make a file. Raises `TooMany` for whoever has several on their way."""
    now = house.clock.now()
    with house.db.writing() as conn:
        on_their_way = select(func.count()).where(
            exports.c.person_id == asked.person_id, exports.c.sealed.is_(None), exports.c.failed.is_(None),
            exports.c.began_at > now - GIVEN_UP,
        )  # fmt: skip
        if conn.execute(on_their_way).scalar_one() >= MOST:
            raise TooMany(10)
        work = Work(new_id())
        about = {"id": work.id, "person_id": asked.person_id, "case_id": asked.case_id, "back": asked.back}
        began = {"name": asked.name, "kind": asked.kind, "step": 0, "page": 0, "began_at": now, "over_at": now + KEPT}
        conn.execute(insert(exports).values(about | began))
    beside(_make, house, asked, work, make)
    return work


def _make(house: House, asked: Asked, work: Work, make: Make) -> None:
    noted = monotonic()

    def reached(step: int, page: int) -> None:
        nonlocal noted
        if monotonic() - noted > _NOTED_EVERY:
            _note(house.db, work.id, step=step, page=page)
            noted = monotonic()

    try:
        made = make(reached)
        _note(house.db, work.id, sealed=_sealed(asked.key, work.id, made))
        work.made = made
    except HeardError as fault:
        _note(house.db, work.id, failed=fault.sentence[:500] or fault.title)
        work.fault = fault
    except Exception as fault:
        house.log.error("export_failed", export=work.id, exc_info=fault)
        _note(house.db, work.id, failed=Failed.title)
        work.fault = Failed()


def _note(db: Database, id_: str, **values: Any) -> None:
    with db.writing() as conn:
        conn.execute(update(exports).where(exports.c.id == id_).values(**values))


def found(db: Database, id_: str, person_id: str, now: datetime) -> Row[Any] | None:
    """What is known of a file that this person asked for, but not the file; None for all others, and after its time."""
    shown: list[Any] = [one for one in exports.c if one.name != "sealed"]
    asked: Any = select(*shown, exports.c.sealed.is_not(None).label("ready")).where(
        exports.c.id == id_, exports.c.person_id == person_id, exports.c.over_at > now
    )
    with db.reading() as conn:
        row: Row[Any] | None = conn.execute(asked).first()
    return row


def opened(db: Database, id_: str, key: str) -> bytes | None:
    """The file, for the browser that asked for it; None for another one."""
    with db.reading() as conn:
        sealed = conn.execute(select(exports.c.sealed).where(exports.c.id == id_)).scalar()
    if sealed is None:
        return None
    try:
        return _lock(key, id_).decrypt(sealed[:_NONCE], sealed[_NONCE:], _place(id_))
    except InvalidTag:
        return None


def forget(db: Database, id_: str) -> None:
    """Remove a file for good."""
    with db.writing() as conn:
        conn.execute(delete(exports).where(exports.c.id == id_))


def sweep(db: Database, now: datetime) -> int:
    """Remove the files whose time is over; how many."""
    with db.writing() as conn:
        return len(conn.execute(delete(exports).where(exports.c.over_at <= now).returning(exports.c.id)).all())


def _sealed(key: str, id_: str, made: bytes) -> bytes:
    nonce = os.urandom(_NONCE)
    return nonce + _lock(key, id_).encrypt(nonce, made, _place(id_))


def _lock(key: str, id_: str) -> AESGCM:
    return AESGCM(hashlib.sha256(f"export/{id_}/{key}".encode()).digest())


def _place(id_: str) -> bytes:
    return f"exports/{id_}/sealed".encode()
