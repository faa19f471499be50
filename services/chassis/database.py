"""A service's own database: a schema of PostgreSQL behind two roles, or a SQLite file with one writer at a time.

The worker role (``heard_<service>``) does the machinery's work and owns nothing. Staff read as
``heard_<service>_reader``, which may only select, and on PostgreSQL sees only the rows that row-level security lets
the named person see.
"""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import DBAPIError, DisconnectionError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import QueuePool

from services.chassis.errors import NotFound
from services.chassis.settings import Settings

_PERSON = re.compile(r"[0-9A-Za-z_.@-]{1,64}")
_IDLE = 2.0  # seconds after which a pooled connection is asked whether it is still there
_OUTAGE_STATES = ("08", "57P", "53")  # connection exceptions, operator intervention, no resources
_OUTAGE_NAMES = ("SQLITE_BUSY", "SQLITE_FULL", "SQLITE_IOERR", "SQLITE_CANTOPEN", "SQLITE_LOCKED")
_SESSION = (
    "SET ROLE {role}; SET search_path TO {schema}; SET statement_timeout TO '15s'; SET lock_timeout TO '10s'; "
    "SET idle_in_transaction_session_timeout TO '60s'; "
    # A plan made while a table was empty would be kept for thousands of rows: each is made for what is asked.
    "SET plan_cache_mode TO force_custom_plan"
)


def is_outage(error: BaseException) -> bool:
    """Whether the database is away or full (wait and try again) rather than the statement wrong."""
    if isinstance(error, PoolTimeout | DisconnectionError):
        return True
    if not isinstance(error, DBAPIError):
        return False
    if error.connection_invalidated:
        return True
    state = getattr(error.orig, "sqlstate", None)
    if state:
        return str(state).startswith(_OUTAGE_STATES)
    name = getattr(error.orig, "sqlite_errorname", None)
    if name:
        return str(name).startswith(_OUTAGE_NAMES)
    return type(error.orig).__name__ in ("OperationalError", "InterfaceError", "ConnectionTimeout")


def role_of(service: str) -> str:
    """The PostgreSQL role that does a service's work."""
    return f"heard_{service}"


def reader_of(service: str) -> str:
    """The PostgreSQL role as which staff read a service's tables."""
    return f"heard_{service}_reader"


def compact(value: Any, default: Callable[[Any], Any] | None = None) -> str:
    """JSON without spaces, as it is stored and sent; ``default`` as `json.dumps` has it."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False, default=default)


def postgres_engine(settings: Settings, **options: Any) -> Engine:
    """An engine on the installation's PostgreSQL, as the login role, before any role is taken on."""
    url = make_url(settings.database_url).set(drivername="postgresql+psycopg")
    return create_engine(url, hide_parameters=True, json_serializer=compact, **options)


class Database:
    """One service's database in one process."""

    def __init__(self, settings: Settings, service: str) -> None:
        self.service = service
        self.postgres = not settings.embedded
        self.engine = self._postgres(settings) if self.postgres else self._sqlite(settings)
        self._writer = threading.Lock()
        self._writing: int | None = None

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One write transaction: committed at the end, rolled back at an exception. On SQLite one at a time."""
        if self.postgres:
            with self.engine.begin() as conn:
                yield conn
            return
        me = threading.get_ident()
        if self._writing == me:
            raise RuntimeError("a write inside a write would wait for itself: use the connection of the first")
        with self._writer:
            self._writing = me
            try:
                with self.engine.connect() as conn:
                    conn = conn.execution_options(heard_writing=True)
                    with conn.begin():
                        yield conn
            finally:
                self._writing = None

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """The machinery's reads, without a wall. Nothing is written here."""
        with self.engine.connect() as conn:
            if self.postgres:  # spares BEGIN and COMMIT, two round trips
                conn = conn.execution_options(isolation_level="AUTOCOMMIT")
            yield conn

    @contextmanager
    def seen_by(self, person_id: str) -> Iterator[Connection]:
        """What one member of staff may see. On SQLite the query's own ``visible_to()`` is the wall.

        Raises ``NotFound`` for something that cannot be a person's id.
        """
        if not _PERSON.fullmatch(person_id):
            raise NotFound
        with self.engine.connect() as conn, conn.begin():
            if self.postgres:
                conn.exec_driver_sql(
                    f"SET LOCAL ROLE {reader_of(self.service)}; SET LOCAL heard.person = '{person_id}'"
                )
            yield conn

    def ping(self) -> None:
        """Raise unless the database answers."""
        with self.reading() as conn:
            conn.exec_driver_sql("SELECT 1")

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()

    def _postgres(self, settings: Settings) -> Engine:
        engine = postgres_engine(
            settings,
            pool_size=settings.pool,
            max_overflow=settings.pool,
            pool_timeout=10,
            # The one that was used last goes first: its statements are prepared, and it need not be asked if it lives.
            pool_use_lifo=True,
            connect_args={"application_name": f"heard-{self.service}", "connect_timeout": 5},
        )
        session = _SESSION.format(role=role_of(self.service), schema=self.service)

        @event.listens_for(engine, "connect")
        def take_on_the_role(connection: Any, record: Any) -> None:
            connection.autocommit = True
            connection.execute(session)
            connection.autocommit = False

        @event.listens_for(engine, "checkin")
        def note_use(connection: Any, record: Any) -> None:
            record.info["used"] = time.monotonic()

        @event.listens_for(engine, "checkout")
        def ask_if_there(connection: Any, record: Any, proxy: Any) -> None:
            # A busy connection proves itself; only one that rested may have died unseen.
            if time.monotonic() - record.info.get("used", time.monotonic()) < _IDLE:
                return
            try:
                engine.dialect.do_ping(connection)
            except Exception as gone:
                raise DisconnectionError from gone

        return engine

    def _sqlite(self, settings: Settings) -> Engine:
        settings.var.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = settings.var / f"{self.service}.db"
        # Ours alone, before anything stands in it; SQLite gives its log beside it the same mode.
        path.touch(mode=0o600)
        path.chmod(0o600)
        engine = create_engine(
            f"sqlite:///{path}",
            hide_parameters=True,
            json_serializer=compact,
            poolclass=QueuePool,
            pool_size=settings.pool,
            max_overflow=settings.pool,
            connect_args={"check_same_thread": False, "timeout": 0.2, "isolation_level": None},
        )

        @event.listens_for(engine, "connect")
        def prepare(connection: Any, record: Any) -> None:
            # FULL: a power cut may lose nothing that was answered for. A key that was destroyed is overwritten, too.
            connection.executescript(
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA busy_timeout=200; "
                "PRAGMA secure_delete=FAST"
            )

        @event.listens_for(engine, "begin")
        def begin(conn: Connection) -> None:
            writing = conn.get_execution_options().get("heard_writing")
            conn.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

        return engine


__all__ = ["Database", "SQLAlchemyError", "compact", "is_outage", "postgres_engine", "reader_of", "role_of"]
