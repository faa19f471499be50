"""A fresh receipt code for somebody who lost theirs: asked for by reference, made by a later tick.

Asking is the same for a reference that is nobody's, for one that has nobody to write to, and for one that was just
asked for: a row is written and nothing is looked up, so that neither the answer nor its pace tells which it was.
The old code opens the report until the fresh one does for the first time; nobody can lock somebody out by asking.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update

from services.chassis.house import House
from services.chassis.rows import among
from services.chassis.tables import new_id
from services.chassis.vault import Erased
from services.chassis.work import Work
from services.intake.models import codes_asked, reports
from services.intake.receipts import receipt_code, tidy_reference

GOOD_FOR = timedelta(days=3)
"""A fresh code that nobody used by then opens nothing."""
ONE_IN = timedelta(days=1)
"""Whoever asks again before gets no second message: nobody is pestered by somebody else's asking."""
AT_ONCE = 100
_NOBODYS = "0" * 64


def ask(house: House, reference: str) -> None:
    """Somebody lost the code of this reference. The same is done for a reference that nobody has."""
    with house.db.writing() as conn:
        row = {"id": new_id(), "reference": tidy_reference(reference), "asked_at": house.clock.now()}
        conn.execute(codes_asked.insert().values(row))


def answer(house: House) -> int:
    """Make the codes that were asked for; how many asked."""
    with house.db.reading() as conn:
        waiting = conn.execute(select(codes_asked.c.id).limit(AT_ONCE)).scalars().all()
    if not waiting:
        return 0
    with house.working() as work:
        gone = delete(codes_asked).where(among(codes_asked.c.id, waiting)).returning(codes_asked.c.reference)
        asked = set(work.conn.execute(gone).scalars())
        these = select(reports).where(among(reports.c.reference, asked)).order_by(reports.c.id).with_for_update()
        for row in work.conn.execute(these).mappings().all():
            if row["contact"] and row["fact"]["contactable"] and not _just_made(row, work.now):
                _make(work, row)
    return len(waiting)


def opens(house: House, row: Mapping[Any, Any] | None, code: str) -> bool:
    """Whether this code opens the report, after the same work for every row and for none.

    The first time that a fresh code does, the one before it ends.
    """
    digest = house.vault.code_digest(code)
    right = hmac.compare_digest(digest, row["receipt_digest"] if row else _NOBODYS)
    fresh = hmac.compare_digest(digest, (row and fresh_digest(row, house.clock.now())) or _NOBODYS)
    if row is not None and fresh and not right:
        mine = (reports.c.id == row["id"]) & (reports.c.fresh_digest == digest)
        with house.db.writing() as conn:
            conn.execute(update(reports).where(mine).values(receipt_digest=digest, fresh_digest=None))
    return right or fresh


def fresh_digest(row: Mapping[Any, Any], now: datetime) -> str | None:
    """The digest of a fresh code that was not used yet and still may be."""
    return row["fresh_digest"] if row["fresh_digest"] and row["fresh_at"] + GOOD_FOR > now else None


def _make(work: Work, row: Mapping[Any, Any]) -> None:
    """A further code of the report, told to notifications alone, sealed with the key of who told us."""
    vault, turn = work.house.vault, row["codes_made"] + 1
    try:
        key = vault.key(work.conn, row["id"], "contact")
    except Erased:
        return  # how to reach them was erased: there is nowhere to send it
    code = receipt_code(vault.derive("receipt code of a report"), f"{row['id']}/{turn}")
    made = {"fresh_digest": vault.code_digest(code), "fresh_at": work.now, "codes_made": turn}
    work.conn.execute(update(reports).where(reports.c.id == row["id"]).values(made))
    place = {name: row[name] for name in ("operator", "provider", "home")}
    said = {"report_id": row["id"], "code_id": new_id(), "code": vault.envelope(key, {f"code.{turn}": code})}
    work.publish("fresh_code_made", place | said | {"over_at": (work.now + GOOD_FOR).isoformat()})


def _just_made(row: Mapping[Any, Any], now: datetime) -> bool:
    return row["fresh_at"] is not None and row["fresh_at"] + ONE_IN > now
