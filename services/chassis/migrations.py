"""Migrations: each service's own, one shared way to run them, and what its first one needs from the chassis.

A service keeps ``migrations/versions/0001_*.py`` and nothing else. On PostgreSQL its schema is owned by the login
role; the worker role gets the rows, the readers' role gets to select from tables behind the wall only. Several
replicas may migrate at once.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from alembic import op
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, MetaData, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from services.chassis import first_tables
from services.chassis.database import Database, postgres_engine, reader_of, role_of
from services.chassis.keyring import make_keys
from services.chassis.settings import SERVICES, Settings

_SERVICES_FOLDER = Path(__file__).resolve().parent.parent
_ROLE_EXISTS = ("42710", "23505")  # somebody else made it at the same moment


def migrate(settings: Settings, services: Iterable[str] | None = None, *, keys: bool = True) -> None:
    """Bring the databases of ``services`` (or all) to what this version needs, and make missing key files.

    ``keys=False`` is for an installation whose keys `heard secrets` makes, so that whoever may change every table
    can open no word in them.
    """
    if settings.embedded:
        settings.var.mkdir(parents=True, exist_ok=True, mode=0o700)
    if keys:
        make_keys(settings.keys_dir, SERVICES)
    for service in services or SERVICES:
        scripts = _scripts(service)
        if settings.embedded:
            database = Database(settings, service)
            try:
                with database.writing() as conn:
                    _upgrade(conn, scripts, service)
            finally:
                database.close()
            continue
        engine = postgres_engine(settings, poolclass=NullPool)
        for role in (role_of(service), reader_of(service)):
            _make_role(engine, role)
        with engine.begin() as conn:
            conn.exec_driver_sql(f"SELECT pg_advisory_xact_lock({zlib.crc32(service.encode())})")
            conn.exec_driver_sql(f"CREATE SCHEMA IF NOT EXISTS {service}")
            conn.exec_driver_sql(f"SET LOCAL search_path TO {service}")
            _upgrade(conn, scripts, service)
            _grant(conn, service)


def unmigrated(settings: Settings, service: str) -> str | None:
    """A sentence saying what is missing before ``service`` may run, or None when its database is as it should be."""
    wanted = set(_scripts(service).get_heads())
    database = Database(settings, service)
    try:
        with database.reading() as conn:
            return behind(conn, wanted, service)
    except DBAPIError as fault:
        return f"The database of {service} cannot be used ({type(fault.orig).__name__}): has `heard migrate` been run?"
    finally:
        database.close()


def is_there(settings: Settings, service: str) -> bool:
    """Whether a service has a database at all; looking does not make one."""
    return not settings.embedded or (settings.var / f"{service}.db").exists()


def heads(service: str) -> set[str]:
    """The versions that this code needs of a service's database."""
    return set(_scripts(service).get_heads())


def known(service: str) -> set[str]:
    """Every version of a service's database that this code has heard of."""
    return {script.revision for script in _scripts(service).walk_revisions()}


def behind(conn: Connection, wanted: set[str], service: str) -> str | None:
    """What a database lacks, as a sentence, or None."""
    found = set(MigrationContext.configure(conn).get_current_heads())
    if found == wanted:
        return None
    return (
        f"The database of {service} is at {', '.join(sorted(found)) or 'nothing'}, "
        f"this version needs {', '.join(sorted(wanted))}: run `heard migrate`."
    )


def differences(conn: Connection, metadata: MetaData) -> list[Any]:
    """Where a migrated database differs from a service's models (empty: they agree)."""
    return list(compare_metadata(MigrationContext.configure(conn, opts={"compare_type": False}), metadata))


# -- for the versions


def create_house_tables() -> None:
    """In a service's first migration: the tables of the chassis, as they were then."""
    first_tables.outbox_and_inbox()
    first_tables.keys_and_people()


def create_ledger(name: str = "ledger") -> None:
    """In a migration: a ledger that can only be added to."""
    first_tables.ledger(name)
    append_only(name)


def create_viewers(name: str = "case_viewers", key: str = "case_id") -> None:
    """In a migration: the table that says who may see what."""
    first_tables.viewers(name, key)


def append_only(table: str) -> None:
    """In a migration: rows of ``table`` are never changed and never removed, by anybody."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE OR REPLACE FUNCTION only_added_to() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION '% is only ever added to', TG_TABLE_NAME; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION only_added_to()"
        )
        return
    for change in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {table}_append_only_{change.lower()} BEFORE {change} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is only ever added to'); END"
        )


def behind_the_wall(
    *tables: str, via: str = "case_viewers", key: str = "case_id", column: str | None = None, using: str | None = None
) -> None:
    """In a migration: staff see of ``tables`` only the rows whose ``column`` (``key`` unless said) ``via`` shows them.

    ``via`` itself is put behind the wall with ``behind_the_wall(via)``. ``using`` is a condition of its own instead.
    SQLite has no such wall: there the query's ``visible_to()`` is the only one.
    """
    if op.get_bind().dialect.name != "postgresql":
        return
    config = op.get_context().config
    assert config is not None  # noqa: S101  (``migrate`` always gives one)
    service = config.attributes["service"]
    for table in tables:
        for statement in rls_statements(table, via, key, column=column, using=using, service=service):
            op.execute(statement)


def rls_statements(
    table: str,
    via: str = "case_viewers",
    key: str = "case_id",
    *,
    service: str,
    column: str | None = None,
    using: str | None = None,
) -> list[str]:
    """The statements that ``behind_the_wall`` executes."""
    person = "current_setting('heard.person', true)"
    if using is None:
        if table == via:
            using = f"person_id = {person}"
        else:
            using = f"{column or key} IN (SELECT {key} FROM {via} WHERE person_id = {person})"  # noqa: S608
    return [
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
        f"CREATE POLICY machinery ON {table} TO {role_of(service)} USING (true) WITH CHECK (true)",
        f"CREATE POLICY staff ON {table} FOR SELECT TO {reader_of(service)} USING ({using})",
    ]


def asked_row_by_row(*tables: str, via: str = "case_viewers", key: str = "case_id", column: str | None = None) -> None:
    """In a migration: the wall of ``tables`` asks of each row whether the person is among its viewers.

    As a list of all that they see, PostgreSQL goes through the whole of it for each row: seconds, where somebody sees
    200,000 cases. Asked like this it is one look into an index.
    """
    if op.get_bind().dialect.name != "postgresql":
        return
    for table in tables:
        own = f"{table}.{column or key}"
        op.execute(
            f"ALTER POLICY staff ON {table} USING (EXISTS (SELECT 1 FROM {via} WHERE {via}.{key} = {own} "  # noqa: S608
            f"AND {via}.person_id = current_setting('heard.person', true)))"
        )


# -- within


def _scripts(service: str) -> ScriptDirectory:
    return ScriptDirectory(str(_SERVICES_FOLDER / service / "migrations"))


def _upgrade(conn: Connection, scripts: ScriptDirectory, service: str) -> None:
    config = Config()
    config.attributes["service"] = service

    def upgrade(revision: Any, context: Any) -> Any:
        return scripts._upgrade_revs("head", revision)

    with EnvironmentContext(config, scripts, fn=upgrade, destination_rev="head") as environment:
        environment.configure(connection=conn)
        environment.run_migrations()


def _make_role(engine: Engine, role: str) -> None:
    """Make a role that cannot log in and owns nothing, for the login role to take on. Roles belong to the cluster."""
    try:
        with engine.begin() as conn:
            if conn.execute(text("SELECT 1 FROM pg_roles WHERE rolname = :role"), {"role": role}).first() is None:
                conn.exec_driver_sql(f"CREATE ROLE {role} NOLOGIN")
    except DBAPIError as fault:
        if getattr(fault.orig, "sqlstate", None) not in _ROLE_EXISTS:
            raise
    with engine.begin() as conn:
        conn.exec_driver_sql(f"SELECT pg_advisory_xact_lock({zlib.crc32(role.encode())})")
        if not conn.execute(text("SELECT pg_has_role(current_user, :role, 'MEMBER')"), {"role": role}).scalar():
            conn.exec_driver_sql(f"GRANT {role} TO CURRENT_USER")


def _grant(conn: Connection, service: str) -> None:
    worker, reader = role_of(service), reader_of(service)
    conn.exec_driver_sql(f"GRANT USAGE ON SCHEMA {service} TO {worker}, {reader}")
    conn.exec_driver_sql(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {service} TO {worker}")
    conn.exec_driver_sql(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {service} TO {worker}")
    walled: Sequence[str] = conn.execute(
        text(
            "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
            "WHERE n.nspname = :schema AND c.relkind = 'r' AND c.relrowsecurity"
        ),
        {"schema": service},
    ).scalars().all()  # fmt: skip
    for table in walled:
        conn.exec_driver_sql(f"GRANT SELECT ON {service}.{table} TO {reader}")
    conn.exec_driver_sql(f"REVOKE INSERT, UPDATE, DELETE ON {service}.alembic_version FROM {worker}")


__all__ = [
    "append_only", "asked_row_by_row", "behind", "behind_the_wall", "create_house_tables", "create_ledger",
    "create_viewers", "differences", "heads", "known", "migrate", "rls_statements", "unmigrated",
]  # fmt: skip
