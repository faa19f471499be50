"""A report that somebody wants erased: whether it still keeps somebody safe, and what was written on its record."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, select

from heard.casefile import replay
from services.chassis import ledger
from services.chassis.house import House
from services.chassis.vault import Erased
from services.safeguarding import forms, records
from services.safeguarding.models import ledger as ledger_rows
from services.safeguarding.models import words
from services.safeguarding.said import open_kept


def in_the_way(house: House, report_id: str) -> str | None:
    """Why it must not be erased yet, as a sentence, or None."""
    with house.db.reading() as conn:
        record = records.standing(conn, [report_id]).get(report_id)
        if record is None:
            return "Safeguarding has not heard of it yet."
        if records.open_alert(conn, report_id) is not None:
            return "Nobody has answered its alert."
        state = replay(house.procedures.pinned(record["procedure_version"]), ledger.read(conn, ledger_rows, report_id))
    return "Safeguarding is not closed." if state.open_concerns else None


def written_in(house: House, conn: Connection, report_id: str) -> Iterator[str]:
    """Every text of a record: what was told and raised, what the lead wrote, forms as they were filled in and sent.

    Of one whose key was destroyed, none.
    """
    try:
        keys = house.vault.keys(conn, [(report_id, "words")])
    except Erased:
        return
    if keys:
        for envelope in conn.execute(select(words.c.envelope).where(words.c.report_id == report_id)).scalars():
            yield from open_kept(house, report_id, envelope, keys).values()
        noted = ledger.read_words(conn, ledger_rows, house.vault, report_id)
        for happening in ledger.read(conn, ledger_rows, report_id):
            if happening.seq in noted:
                yield from forms.texts_of(happening, noted[happening.seq])
