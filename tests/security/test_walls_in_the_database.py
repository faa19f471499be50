"""The second wall, table by table: what staff read stands behind row-level security, all else behind a stated reason.

Asked of the databases as the migrations make them. That each wall lets through the right rows is told where the rows
are: tests/workflow, tests/safeguarding, tests/directory.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import psycopg
import pytest

from services.chassis.migrations import migrate
from services.chassis.settings import SERVICES, Settings

UNWALLED: dict[str, dict[str, str]] = tomllib.loads(
    Path(__file__).with_name("unwalled.toml").read_text(encoding="utf-8")
)


@pytest.fixture
def database(tmp_path: Path, database_url: str) -> psycopg.Connection[tuple[str, ...]]:
    """Every service's tables."""
    migrate(Settings(mode="distributed", database_url=database_url, var=tmp_path, keys_dir=tmp_path / "keys", pool=2))
    return psycopg.connect(database_url.replace("+psycopg", ""))


def test_each_table_stands_behind_the_wall_or_in_a_list_with_its_reason(
    database: psycopg.Connection[tuple[str, ...]],
) -> None:
    with database as asked:
        tables = asked.execute(
            "SELECT n.nspname, c.relname, c.relrowsecurity AND c.relforcerowsecurity FROM pg_class c "
            "JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'r' AND n.nspname = ANY(%s)",
            [list(SERVICES)],
        ).fetchall()
        walls = asked.execute(
            "SELECT schemaname, tablename, roles::text, cmd, qual FROM pg_policies WHERE policyname = 'staff'"
        ).fetchall()
        rights = asked.execute(
            "SELECT table_schema, table_name, grantee, privilege_type FROM information_schema.role_table_grants "
            "WHERE grantee LIKE 'heard_%%_reader' AND table_schema = ANY(%s)",
            [list(SERVICES)],
        ).fetchall()
    walled = {(schema, table) for schema, table, behind in tables if behind}
    assert {schema for schema, _, _ in tables} == set(SERVICES)
    for service in SERVICES:
        of_it = {table for schema, table, _ in tables if schema == service}
        reasons = UNWALLED["every_service"] | UNWALLED.get(service, {})
        open_to_all = {table for table in of_it if (service, table) not in walled}
        assert open_to_all <= reasons.keys(), f"{service}: behind the wall, or into unwalled.toml"
        assert UNWALLED.get(service, {}).keys() <= open_to_all, f"{service}: unwalled.toml names more than there is"
    assert {(schema, table) for schema, table, *_ in walls} == walled
    for schema, table, roles, command, lets_through in walls:
        assert (roles, command) == (f"{{heard_{schema}_reader}}", "SELECT"), (schema, table)
        assert "heard.person" in lets_through or "people" in lets_through, (schema, table, lets_through)
        # Asked of each row, with one look into an index: as a list of all that somebody sees it costs what they see.
        whose = re.search(r" IN \( SELECT (\w+)", lets_through)
        assert whose is None or whose[1] == "members", (schema, table, lets_through)
    # Whoever reads for a person may read, and only what is behind the wall: a query that forgets it finds nothing more.
    assert {(schema, table) for schema, table, _, _ in rights} == walled
    assert {(reader, right) for schema, _, reader, right in rights} == {
        (f"heard_{schema}_reader", "SELECT") for schema, _ in walled
    }
