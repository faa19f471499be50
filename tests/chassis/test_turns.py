"""What may come in either order never misses each other: who makes a row, and who finds that there is none yet."""

import threading
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, create_engine, text

from services.chassis.claim import in_turn
from tests.ground.ports import wait_until

WAITING = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'advisory'")


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    made = create_engine(database_url.replace("postgresql://", "postgresql+psycopg://"))
    with made.begin() as conn:
        conn.execute(text("CREATE TABLE opened (id text)"))
    yield made
    made.dispose()


def test_whoever_finds_no_row_waits_for_the_one_who_makes_it_just_now(engine: Engine) -> None:
    seen: list[int] = []

    def find() -> None:
        with engine.begin() as conn:
            assert conn.execute(text("SELECT count(*) FROM opened")).scalar() == 0
            in_turn(conn, ["b", "a"])
            seen.append(conn.execute(text("SELECT count(*) FROM opened")).scalar_one())

    finder = threading.Thread(target=find)
    with engine.begin() as opener:
        in_turn(opener, ["a"])
        opener.execute(text("INSERT INTO opened VALUES ('a')"))
        finder.start()
        # Each look anew: one transaction would see for ever who was connected at its first.
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as watcher:
            wait_until(lambda: watcher.execute(WAITING).scalar(), 10, what="the finder waits for its turn")
        assert seen == []
    finder.join(10)
    assert seen == [1]


def test_a_turn_is_nobody_elses_business(engine: Engine) -> None:
    """Another service, in a schema of its own, takes its turn with the same report at the same time."""
    with engine.begin() as one, engine.begin() as other:
        other.execute(text("CREATE SCHEMA elsewhere"))
        other.execute(text("SET LOCAL search_path TO elsewhere; SET LOCAL lock_timeout TO '2s'"))
        in_turn(one, ["a"])
        in_turn(other, ["a"])
        in_turn(other, [])
