"""A call of the ladder is found by itself, and never waits in a circle with what else is heard about its case."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, event, text

from services.chassis.database import Database
from services.chassis.migrations import migrate
from services.chassis.settings import Settings
from services.notifications import mailbook
from services.notifications.memory import Case
from tests.directory.neighbours import NOW
from tests.ground.ports import wait_until

ONE, OTHER = (Case(letter * 32, "operator", "provider", "home", "H7K2-9QXM-4TBD") for letter in "ab")
WAITS = text("SELECT count(*) FROM pg_locks WHERE NOT granted")


@pytest.fixture
def database(database_url: str, tmp_path: Path) -> Iterator[Database]:
    settings = Settings(mode="distributed", database_url=database_url, var=tmp_path, keys_dir=tmp_path / "keys")
    migrate(settings, ["notifications"])
    made = Database(settings, "notifications")
    yield made
    made.close()


@pytest.mark.parametrize("asked", [mailbook.is_anything_due, lambda *how, **also: mailbook.due(*how, 50, **also)])
def test_who_looks_for_calls_passes_over_everything_else(asked: Callable[..., Any], database: Database) -> None:
    plans = list[str]()

    def explain(conn: Connection, cursor: object, statement: str, values: object, *rest: object) -> None:
        if statement.startswith("SELECT messages"):
            driver: Any = conn.connection.driver_connection
            with driver.cursor() as beside:
                plans.extend(line for (line,) in beside.execute(f"EXPLAIN {statement}", values))

    with database.writing() as conn:
        conn.execute(text("SET LOCAL enable_seqscan TO off"))
        event.listen(conn, "before_cursor_execute", explain)
        assert not asked(conn, NOW + timedelta(days=1), calls=True)
    assert any("calls_waiting" in line for line in plans), plans


def test_cases_that_were_known_are_locked_in_the_order_of_their_ids_however_their_reports_came(
    database: Database,
) -> None:
    with database.writing() as conn:
        mailbook.arrive(conn, [ONE, OTHER])
    known = list[str]()

    def come_again() -> None:
        with database.writing() as conn:
            known.extend(case.id for case in mailbook.arrive(conn, [OTHER, ONE]))

    coming = threading.Thread(target=come_again)
    with database.writing() as conn:
        conn.execute(text("SELECT id FROM cases WHERE id = :id FOR UPDATE"), {"id": ONE.id})
        coming.start()
        with database.reading() as watcher:  # each look anew: it is in no transaction
            wait_until(lambda: watcher.execute(WAITS).scalar(), 10, what="the other waits for the first of them")
        conn.execute(text("SELECT id FROM cases WHERE id = :id FOR UPDATE NOWAIT"), {"id": OTHER.id})
    coming.join(10)
    assert known == [ONE.id, OTHER.id]
