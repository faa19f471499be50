"""Every service's migrations: they run on both databases, twice and at once, and agree with the models."""

from __future__ import annotations

import importlib
import os
from pathlib import Path

import pytest
from sqlalchemy import text

from services.chassis.database import Database
from services.chassis.migrations import differences, migrate, postgres_engine, unmigrated
from services.chassis.settings import SERVICES, Settings
from tests.ground import nursery


@pytest.fixture(params=["embedded", "distributed"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    if request.param == "embedded":
        return Settings(var=tmp_path, keys_dir=tmp_path / "keys")
    url = request.getfixturevalue("database_url")
    return Settings(mode="distributed", database_url=url, var=tmp_path, keys_dir=tmp_path / "keys")


@pytest.mark.parametrize("service", SERVICES)
def test_the_migrated_tables_are_the_models_tables(settings: Settings, service: str) -> None:
    assert unmigrated(settings, service)
    migrate(settings, [service])
    migrate(settings, [service])
    assert unmigrated(settings, service) is None
    database = Database(settings, service)
    with database.writing() as conn:
        assert differences(conn, importlib.import_module(f"services.{service}.models").metadata) == []
    database.close()


def test_replicas_may_migrate_at_once(database_url: str, tmp_path: Path) -> None:
    settings = Settings(mode="distributed", database_url=database_url, var=tmp_path, keys_dir=tmp_path / "keys")
    own = {"HEARD_MODE": "distributed", "HEARD_DATABASE_URL": database_url, "HEARD_VAR": str(tmp_path),
           "HEARD_AMQP_URL": "amqp://nobody.invalid/", "HEARD_KEYS_DIR": str(tmp_path / "keys")}  # fmt: skip
    words, log = ["migrate", "intake", "workflow"], tmp_path / "log"
    replicas = [nursery.born(words, env=os.environ | own, cwd=tmp_path, log=log) for _ in range(4)]
    assert [replica.wait(60) for replica in replicas] == [0] * 4, log.read_text()
    assert unmigrated(settings, "workflow") is None


def test_every_walled_table_is_forced_behind_its_wall(database_url: str, tmp_path: Path) -> None:
    settings = Settings(mode="distributed", database_url=database_url, var=tmp_path, keys_dir=tmp_path / "keys")
    migrate(settings, ["workflow", "safeguarding"])
    engine = postgres_engine(settings)
    with engine.connect() as conn:
        rows = conn.execute(
            text(
                "SELECT n.nspname, c.relname, c.relrowsecurity, c.relforcerowsecurity FROM pg_class c "
                "JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname IN ('workflow', 'safeguarding') "
                "AND c.relkind = 'r'"
            )
        ).all()
    engine.dispose()
    walled = {(schema, table) for schema, table, secured, forced in rows if secured}
    assert all(forced for _, _, secured, forced in rows if secured)
    assert {("workflow", "cases"), ("workflow", "ledger"), ("safeguarding", "ledger")} <= walled


def test_an_unmigrated_database_says_what_to_do(tmp_path: Path) -> None:
    assert "heard migrate" in (unmigrated(Settings(var=tmp_path), "intake") or "")
