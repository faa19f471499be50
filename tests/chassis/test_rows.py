"""Rows are written many at once, and say the same on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Column, Connection, Engine, Integer, MetaData, Table, create_engine, select
from sqlalchemy.exc import IntegrityError

from services.chassis.migrations import postgres_engine
from services.chassis.rows import add, add_new, among, change, put
from services.chassis.settings import Settings
from services.chassis.tables import BigId, Id, Json, Moment, Sealed

metadata = MetaData()
things = Table(
    "things",
    metadata,
    Column("case_id", Id, primary_key=True),
    Column("order", Integer, primary_key=True, autoincrement=False),
    Column("said", Json),
    Column("at", Moment),
    Column("sealed", Sealed),
)
counted = Table("counted", metadata, Column("n", BigId, primary_key=True), Column("by", Id, nullable=False))
AT = datetime(2026, 12, 18, 16, 30, 0, 123456, tzinfo=UTC)
FULL = {"case_id": "a", "order": 1, "said": {"words": ["ü \\ ' \" {}", None, 1.5]}, "at": AT, "sealed": b"\x00\xff\\x"}
EMPTY = {"case_id": "b", "order": 2, "said": None, "at": None, "sealed": None}


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.real_parts)])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    if request.param == "sqlite":
        engine = create_engine(f"sqlite:///{tmp_path}/rows.db")
    else:
        engine = postgres_engine(Settings(mode="distributed", database_url=request.getfixturevalue("database_url")))
    metadata.create_all(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def conn(engine: Engine) -> Iterator[Connection]:
    with engine.begin() as conn:
        yield conn


def kept(conn: Connection) -> list[dict[str, object]]:
    return [dict(row) for row in conn.execute(select(things).order_by(things.c.order)).mappings()]


def test_what_is_added_is_read_as_it_was(conn: Connection) -> None:
    add(conn, things, [FULL, EMPTY])
    assert kept(conn) == [FULL, EMPTY]
    assert conn.execute(select(things.c.order).where(things.c.said.is_(None))).scalars().all() == [2]


def test_no_rows_are_no_statement(conn: Connection) -> None:
    add(conn, things, [])
    put(conn, things, [])
    change(conn, things, [])
    assert add_new(conn, things, [], things.c.order) == set()


def test_only_what_is_new_is_told_and_what_exists_stays(conn: Connection) -> None:
    add(conn, things, [FULL])
    assert add_new(conn, things, [{**FULL, "said": "other"}, EMPTY], things.c.order) == {2}
    assert kept(conn) == [FULL, EMPTY]


def test_a_row_that_exists_cannot_be_added(engine: Engine) -> None:
    with engine.begin() as conn:
        add(conn, things, [FULL])
    with pytest.raises(IntegrityError), engine.begin() as conn:
        add(conn, things, [EMPTY, FULL])
    with engine.begin() as conn:
        assert kept(conn) == [FULL]


def test_rows_that_exist_are_overwritten_whole_or_in_part(conn: Connection) -> None:
    add(conn, things, [FULL])
    put(conn, things, [{**FULL, "said": 1, "at": None}], only=["said"])
    assert kept(conn) == [{**FULL, "said": 1}]
    put(conn, things, [{**FULL, "said": 2, "at": None}, EMPTY])
    assert kept(conn) == [{**FULL, "said": 2, "at": None}, EMPTY]


def test_rows_are_changed_by_their_whole_key(conn: Connection) -> None:
    beside = {**FULL, "order": 2}
    add(conn, things, [FULL, beside])
    change(conn, things, [{"case_id": "a", "order": 2, "said": [], "at": None}, {**EMPTY, "said": {}}])
    assert kept(conn) == [FULL, {**beside, "said": [], "at": None}]


def test_rows_are_numbered_in_the_order_in_which_they_are_given(conn: Connection) -> None:
    add(conn, counted, [{"by": str(n)} for n in range(2000)])
    assert conn.execute(select(counted.c.by).order_by(counted.c.n)).scalars().all() == [str(n) for n in range(2000)]


def test_any_number_of_ids_is_one_condition(conn: Connection) -> None:
    add(conn, counted, [{"by": str(n)} for n in range(50)])
    asked = select(counted.c.by).order_by(counted.c.n)
    assert conn.execute(asked.where(among(counted.c.by, ["7", "3", "x", "3"]))).scalars().all() == ["3", "7"]
    assert conn.execute(asked.where(among(counted.c.by, (str(n) for n in range(48, 5000))))).scalars().all() == [
        "48",
        "49",
    ]
    assert conn.execute(asked.where(among(counted.c.by, []))).all() == []


def test_a_time_without_a_zone_is_not_written(conn: Connection) -> None:
    with pytest.raises(Exception, match="without a zone"):
        add(conn, things, [{**FULL, "at": datetime(2026, 12, 18)}])
