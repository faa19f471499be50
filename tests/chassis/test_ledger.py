"""A ledger is only ever added to, one writer wins, its chain shows every change, and erasing leaves it whole."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from sqlalchemy import Engine, MetaData, create_engine, update
from sqlalchemy.exc import DBAPIError

from heard.ledger import Happening
from services.chassis import ledger
from services.chassis.database import compact
from services.chassis.errors import Conflict
from services.chassis.keyring import make_keys
from services.chassis.settings import SERVICES
from services.chassis.tables import HOUSE
from services.chassis.vault import Vault
from services.chassis.work import Work

NOON = datetime(2026, 12, 18, 12, 0, tzinfo=UTC)
metadata = MetaData()
table = ledger.ledger_table(metadata)


def happening(seq: int, event: str = "received") -> Happening:
    return Happening(seq, event, NOON, NOON, "system", None, {"heads": ["h1"], "n": seq})


class Book:
    """A ledger in a database, and the vault that seals its words."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        make_keys(folder, SERVICES)
        self.engine, self.vault = engine, Vault("workflow", folder)
        metadata.create_all(engine)
        HOUSE.keys.metadata.create_all(engine)

    @contextmanager
    def working(self) -> Iterator[Work]:
        with self.engine.begin() as conn:
            yield Work(cast("Any", SimpleNamespace(vault=self.vault, service="workflow")), conn, NOON)


@pytest.fixture(params=["sqlite", "postgresql"])
def book(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Book]:
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path}/ledger.db"
    else:
        url = request.getfixturevalue("database_url").replace("postgresql://", "postgresql+psycopg://")
    engine = create_engine(url, json_serializer=compact)
    yield Book(engine, tmp_path / "keys")
    engine.dispose()


def test_what_was_added_is_read_back_in_order(book: Book) -> None:
    rows = [happening(1), happening(2, "acknowledged"), happening(3, "responded")]
    with book.working() as work:
        ledger.append(work, table, "a" * 32, 0, rows[:2])
    with book.working() as work:
        ledger.append(work, table, "a" * 32, 2, rows[2:])
        assert ledger.read(work.conn, table, "a" * 32) == rows
        assert ledger.verify(work.conn, table, "a" * 32) == ledger.Verdict(True, 3)


def test_of_two_writers_the_second_is_told_of_the_first(book: Book) -> None:
    with book.working() as work:
        ledger.append(work, table, "a" * 32, 0, [happening(1), happening(2)])
    with pytest.raises(Conflict), book.working() as work:
        ledger.append(work, table, "a" * 32, 1, [happening(2, "closed")])
    with pytest.raises(Conflict) as ahead, book.working() as work:
        ledger.append(work, table, "a" * 32, 5, [happening(6)])
    assert (ahead.value.expected, ahead.value.actual) == (5, 2)
    with book.working() as work:
        assert len(ledger.read(work.conn, table, "a" * 32)) == 2


def test_a_row_at_the_wrong_place_is_refused(book: Book) -> None:
    with pytest.raises(ValueError, match="cannot stand at place 1"), book.working() as work:
        ledger.append(work, table, "a" * 32, 0, [happening(2)])


def test_many_ledgers_grow_at_once(book: Book) -> None:
    cases = [f"{n:032d}" for n in range(40)]
    with book.working() as work:
        ledger.append_many(work, table, [(case, 0, [happening(1), happening(2)]) for case in cases])
        found = ledger.read_many(work.conn, table, cases)
        assert all(len(rows) == 2 for rows in found.values())
        assert all(ledger.verify(work.conn, table, case).whole for case in cases)


@pytest.mark.parametrize(
    ("change", "why"),
    [({"by": "somebody"}, "the row was changed"), ({"at": NOON.replace(hour=9)}, "the row was changed"),
     ({"data": {"n": 2, "heads": []}}, "the row was changed"), ({"seq": 9}, "a row is missing")],
)  # fmt: skip
def test_a_changed_row_is_found(book: Book, change: dict[str, Any], why: str) -> None:
    with book.working() as work:
        ledger.append(work, table, "a" * 32, 0, [happening(1), happening(2), happening(3)])
        work.conn.execute(update(table).where(table.c.seq == 2).values(**change))
        verdict = ledger.verify(work.conn, table, "a" * 32)
    assert (verdict.whole, verdict.broken_at, verdict.why) == (False, 2, why)


def test_words_are_sealed_and_held_to_their_commitment(book: Book) -> None:
    with book.working() as work:
        ledger.append(work, table, "a" * 32, 0, [happening(1), happening(2)], {2: "what she said"})
        assert ledger.read_words(work.conn, table, book.vault, "a" * 32) == {2: "what she said"}
        stored = work.conn.execute(table.select()).all()
        assert "what she said" not in str(stored)
        assert ledger.verify(work.conn, table, "a" * 32, book.vault).whole
        key = book.vault.key(work.conn, "a" * 32, "words")
        forged = key.seal(b"0" * 16 + b"something else", ledger.place(table, "a" * 32, 2))
        work.conn.execute(update(table).where(table.c.seq == 2).values(sealed=forged))
        assert ledger.verify(work.conn, table, "a" * 32, book.vault).why == "the words were changed"


def test_erasing_the_words_leaves_the_chain_whole(book: Book) -> None:
    with book.working() as work:
        ledger.append(work, table, "a" * 32, 0, [happening(1), happening(2)], {1: "one", 2: "two"})
        book.vault.erase(work.conn, "a" * 32, NOON)
        assert ledger.verify(work.conn, table, "a" * 32, book.vault) == ledger.Verdict(True, 2)


def test_all_ledgers_can_be_paged_through(book: Book) -> None:
    cases = [f"{n:032d}" for n in range(5)]
    for case in cases:
        with book.working() as work:
            ledger.append(work, table, case, 0, [happening(1), happening(2)])
    seen, position, more = [], None, True
    while more:
        with book.engine.connect() as conn:
            page = ledger.ledger_since(conn, table, position, 3)
        seen += [(row["case_id"], row["seq"]) for row in page["happenings"]]
        position, more = page["position"], page["more"]
    assert seen == [(case, seq) for case in cases for seq in (1, 2)]


def test_a_page_holds_back_what_an_earlier_writer_may_still_precede(database_url: str, tmp_path: Path) -> None:
    engine = create_engine(database_url.replace("postgresql://", "postgresql+psycopg://"), json_serializer=compact)
    book = Book(engine, tmp_path)
    with book.working() as slow:
        ledger.append(slow, table, "a" * 32, 0, [happening(1)])
        with book.working() as quick:
            ledger.append(quick, table, "b" * 32, 0, [happening(1)])
        with engine.connect() as conn:
            page = ledger.ledger_since(conn, table, None)
        assert page["happenings"] == []
    with engine.connect() as conn:
        page = ledger.ledger_since(conn, table, page["position"])
    assert sorted(row["case_id"] for row in page["happenings"]) == ["a" * 32, "b" * 32]
    engine.dispose()


def test_a_migrated_ledger_refuses_to_be_changed(book: Book) -> None:
    from alembic.migration import MigrationContext
    from alembic.operations import Operations

    from services.chassis.migrations import append_only

    with book.working() as work:
        ledger.append(work, table, "a" * 32, 0, [happening(1)])
        with Operations.context(MigrationContext.configure(work.conn)):
            append_only("ledger")
    for change in (update(table).values(by="somebody"), table.delete()):
        with pytest.raises(DBAPIError, match="only ever added to"), book.working() as work:
            work.conn.execute(change)
