"""Where the standing duties of homes and providers are kept: books, their ledgers, what is sealed beside them.

The machinery's side stands first; what a person reads is asked in their name and passes ``wall.may_read``. A book
begins when a home or a provider comes under its procedure and ends when it closes or goes to somebody else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, select, update

from heard.ledger import Happening, NewHappening, number
from services.chassis import ledger as chain
from services.chassis.rows import add, add_new
from services.chassis.tables import new_id
from services.chassis.work import Work
from services.workflow.models import book_viewers, books, standing_ledger, standing_words
from services.workflow.wall import may_read

# ---------------------------------------------------------------- the machinery's


def in_use(conn: Connection) -> Sequence[Any]:
    """Where each book stands that has not ended."""
    asked = select(
        books.c.id, books.c.operator, books.c.provider, books.c.home, books.c.procedure_version,
        books.c.roster_version, books.c.wakes_at,
    )  # fmt: skip
    return conn.execute(asked.where(books.c.ended_at.is_(None)).order_by(books.c.id)).all()


def begin(work: Work, place: Mapping[str, str], version: str) -> None:
    """Begin a book, unless somebody else has just done so. ``place``: operator, provider and home ("": all homes)."""
    book = new_id()
    blank: dict[str, Any] = {
        "id": book, **place, "procedure_version": version, "seq": 1, "roster_version": -1, "wakes_at": work.now,
        "ended_at": None, "owed": [],
    }  # fmt: skip
    if add_new(work.conn, books, [blank], books.c.id):
        first = NewHappening("came_under", work.now, "system", None, {"version": version})
        chain.append(work, standing_ledger, book, 0, number([first], 0, work.now))


def lock(conn: Connection, book_id: str, *, wait: bool = True) -> Row[Any] | None:
    """A book's row, locked; None when there is none, or (without waiting) somebody else has it in hand."""
    asked = select(books).where(books.c.id == book_id)
    if conn.dialect.name == "postgresql":
        asked = asked.with_for_update(skip_locked=not wait)
    return conn.execute(asked).first()


def write(work: Work, book: Row[Any], seq: int, rows: Sequence[NewHappening]) -> tuple[Happening, ...]:
    """Add rows to a book's ledger after ``seq``. Raises ``Conflict`` when somebody was first."""
    written = number(rows, seq, work.now)
    chain.append(work, standing_ledger, book.id, seq, written)
    return written


def ledger_of(conn: Connection, book_id: str) -> list[Happening]:
    """A book's ledger, in order."""
    return chain.read(conn, standing_ledger, book_id)


def settle(conn: Connection, book_id: str, viewers: frozenset[str], **columns: Any) -> None:
    """Write where a book now stands, and let exactly these people read it."""
    conn.execute(update(books).where(books.c.id == book_id).values(**columns))
    here = set(conn.execute(select(book_viewers.c.person_id).where(book_viewers.c.book_id == book_id)).scalars())
    gone = here - viewers
    if gone:
        conn.execute(delete(book_viewers).where(book_viewers.c.book_id == book_id, book_viewers.c.person_id.in_(gone)))
    add(conn, book_viewers, [{"book_id": book_id, "person_id": one, "why": "works_there"} for one in viewers - here])


def rest(conn: Connection, book_id: str, until: datetime, roster_version: int) -> None:
    """Leave a book that cannot be reckoned alone until then."""
    conn.execute(update(books).where(books.c.id == book_id).values(wakes_at=until, roster_version=roster_version))


def keep_words(conn: Connection, book_id: str, row: Mapping[str, Any]) -> None:
    """Keep sealed words: a row that ``sealed.written_here`` makes."""
    names = ("id", "case_id", "retention", "sealed_for", "fields")
    add(conn, standing_words, [{name: row[name] for name in names} | {"book_id": book_id}])


# ---------------------------------------------------------------- what a person reads


def the_books(conn: Connection, person_id: str, provider: str | None = None) -> Sequence[Row[Any]]:
    """The books that this person may read, ended ones too: of all their providers, or of one."""
    asked = select(books).where(may_read(person_id, books.c.id))
    if provider is not None:
        asked = asked.where(books.c.provider == provider)
    return conn.execute(asked.order_by(books.c.provider, books.c.home)).all()


def the_book(conn: Connection, person_id: str, book_id: str) -> Row[Any] | None:
    """One of them, or None: there is none, or it is not for this person to know of."""
    return conn.execute(select(books).where(books.c.id == book_id, may_read(person_id, books.c.id))).first()


def its_ledger(conn: Connection, person_id: str, book_id: str) -> list[Happening]:
    """Its ledger, in order."""
    rows = conn.execute(
        select(standing_ledger)
        .where(standing_ledger.c.case_id == book_id, may_read(person_id, standing_ledger.c.case_id))
        .order_by(standing_ledger.c.seq)
    )
    return [chain.happening(row) for row in rows]


def its_words(conn: Connection, person_id: str, book_id: str) -> Sequence[Row[Any]]:
    """What is sealed beside it."""
    asked = select(standing_words).where(standing_words.c.book_id == book_id)
    return conn.execute(asked.where(may_read(person_id, standing_words.c.book_id))).all()
