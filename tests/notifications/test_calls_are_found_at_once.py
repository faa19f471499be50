"""A call of the ladder is found by itself, however many other messages wait or have just gone."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, event, text

from services.chassis.database import Database
from services.chassis.migrations import migrate
from services.chassis.settings import Settings
from services.notifications import mailbook
from tests.directory.neighbours import NOW


@pytest.mark.parametrize("asked", [mailbook.is_anything_due, lambda *how, **also: mailbook.due(*how, 50, **also)])
def test_who_looks_for_calls_passes_over_everything_else(asked: object, database_url: str, tmp_path: Path) -> None:
    settings = Settings(mode="distributed", database_url=database_url, var=tmp_path, keys_dir=tmp_path / "keys")
    migrate(settings, ["notifications"])
    database, plans = Database(settings, "notifications"), list[str]()

    def explain(conn: Connection, cursor: object, statement: str, values: object, *rest: object) -> None:
        if statement.startswith("SELECT messages"):
            with conn.connection.driver_connection.cursor() as beside:  # type: ignore[union-attr]
                plans.extend(line for (line,) in beside.execute(f"EXPLAIN {statement}", values))

    with database.writing() as conn:
        conn.execute(text("SET LOCAL enable_seqscan TO off"))
        event.listen(conn, "before_cursor_execute", explain)
        assert not asked(conn, NOW + timedelta(days=1), calls=True)  # type: ignore[operator]
    database.close()
    assert any("calls_waiting" in line for line in plans), plans
