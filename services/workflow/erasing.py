"""The cases of a report that is to be erased: whether they are over, and what they are found by.

Their words go with their keys. The digests of names, by which staff find a case, are taken away at once; kind and
categories are written anew a moment later (`finding.py`), which finds no name any more.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, delete, func, select, update

from heard.ledger import Happening
from services.chassis.house import House
from services.chassis.rows import among
from services.workflow import casebook, sealed
from services.workflow.models import case_terms, cases, waiting, words


def cases_of(conn: Connection, report_id: str) -> list[str]:
    """The ids of a report's cases: its own, and those that grew out of it."""
    return list(conn.execute(select(cases.c.id).where(cases.c.report_id == report_id).order_by(cases.c.id)).scalars())


def ledgers_of(conn: Connection, case_ids: Sequence[str]) -> list[tuple[str, list[Happening]]]:
    """The procedure's version and the ledger of each of these cases."""
    ledgers = casebook.ledgers(conn, case_ids)
    return [(row.procedure_version, ledgers[row.id]) for row in casebook.cases_of(conn, case_ids)]


def written_in(house: House, conn: Connection, case_ids: Sequence[str]) -> Iterator[str]:
    """Every text that was written in these cases: the report, messages, letters and notes."""
    rows = conn.execute(select(words).where(among(words.c.case_id, case_ids)).order_by(words.c.id)).all()
    for fields in sealed.opened(house.vault, conn, rows).values():
        yield from fields.values()


def in_the_way(conn: Connection, report_id: str) -> str | None:
    """Why they must not be erased yet, as a sentence, or None."""
    states = conn.execute(select(cases.c.state).where(cases.c.report_id == report_id)).scalars().all()
    if not states:
        return "Its case is not open yet."
    if "open" in states:
        return "Its case is not closed." if len(states) == 1 else "One of its cases is not closed."
    held = select(func.count()).select_from(waiting).where(among(waiting.c.case_id, cases_of(conn, report_id)))
    return "Something about it is still on its way." if conn.execute(held).scalar_one() else None


def forget_terms(conn: Connection, case_ids: list[str]) -> None:
    """Let nobody find these cases by a name, from now on."""
    conn.execute(delete(case_terms).where(among(case_terms.c.case_id, case_ids)))
    conn.execute(update(cases).where(among(cases.c.id, case_ids)).values(terms_version=0))
