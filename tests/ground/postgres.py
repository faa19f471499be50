"""A private PostgreSQL server on a free port, in a folder of its own; or the server that HEARD_TEST_DATABASE_URL names.

PostgreSQL refuses root, so root hands it to the user that Debian made for it, or to nobody.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import urllib.parse
import uuid
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from tests.ground import reaper
from tests.ground.ports import free_port, wait_until
from tests.ground.rabbit import CannotStart

_A_DAYS_LOG = "SELECT count(pg_logical_emit_message(false, 'heard', repeat('x', 1000000))) FROM generate_series(1, 480)"


def programs() -> Path:
    """Where PostgreSQL's own programs are."""
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    if versions:
        return versions[-1].parent
    found = shutil.which("initdb")
    if found is None:
        raise CannotStart("PostgreSQL is missing here: apt-get install postgresql, or set HEARD_TEST_DATABASE_URL")
    return Path(found).resolve().parent


def _as_whom() -> dict[str, Any]:
    """What makes a child process run as a user that PostgreSQL accepts."""
    if os.getuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        try:
            user = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    raise CannotStart("PostgreSQL refuses root, and there is no user postgres or nobody to run it as")


class _Server:
    """Makes empty databases, owned by a login that is no superuser, as an installation's would be."""

    _administrator: str

    def fresh_database(self, *, like: str | None = None) -> str:
        """The address of a new database: empty, or a copy of one that nobody is connected to."""
        name = f"heard_{uuid.uuid4().hex[:10]}"
        model = urllib.parse.urlsplit(like).path[1:] if like else "template1"
        with psycopg.connect(self._administrator, autocommit=True) as connection:
            connection.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(model))
            )
        return urllib.parse.urlsplit(self._administrator)._replace(path=f"/{name}").geturl()

    def past_every_wall(self, url: str) -> str:
        """The address of a database for looking at rows that row-level security hides from the services' roles."""
        return url

    def drop(self, url: str) -> None:
        """Drop a database made here, ending what is still connected to it, but for the server's own housekeeping."""
        statement = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
        name = sql.Identifier(urllib.parse.urlsplit(url).path[1:])

        def dropped() -> bool:
            try:
                with psycopg.connect(self._administrator, autocommit=True) as connection:
                    connection.execute(statement.format(name))
            except psycopg.errors.InsufficientPrivilege:  # autovacuum is in it, which only a superuser may end
                return False
            return True

        wait_until(dropped, 60, what="a database is dropped")


class PrivatePostgres(_Server):
    """A server of our own. ``durable`` keeps fsync on (for benchmarks); the tests do without, and are faster.

    A durable one stands as after its first day: with the files of its log that it goes on writing into. Before that
    everybody waits some 40 ms each time that a new one is made.
    """

    def __init__(self, *, durable: bool = False) -> None:
        self._bin = programs()
        self._whom = _as_whom()
        self._durable = durable
        self.folder = reaper.watch_folder(Path(tempfile.mkdtemp(prefix="heard-postgres-")))
        self.port = free_port()
        self._server: subprocess.Popen[bytes] | None = None
        self._administrator = f"postgresql://heard@127.0.0.1:{self.port}/postgres"
        if "user" in self._whom:
            os.chown(self.folder, self._whom["user"], self._whom["group"])

    def _run(self, *words: str | Path) -> None:
        done = subprocess.run(words, cwd=self.folder, capture_output=True, text=True, check=False, **self._whom)
        if done.returncode:
            raise CannotStart(f"{words[0]}: {done.stdout}{done.stderr}")

    def start(self) -> None:
        """Start the server, with the data it had before; returns when it takes connections."""
        data = self.folder / "data"
        first = not data.exists()
        if first:
            who = ("-U", "postgres", "-A", "trust")
            self._run(self._bin / "initdb", "-D", data, *who, "-E", "UTF8", "--locale=C", "--no-sync")
        settings = ["listen_addresses=127.0.0.1", f"unix_socket_directories={self.folder}", "max_connections=300"]
        settings += ["shared_buffers=256MB", "log_min_messages=error", "log_min_error_statement=panic"]
        settings += ["min_wal_size=1GB"] if self._durable else ["fsync=off", "full_page_writes=off"]
        options = [word for setting in settings for word in ("-c", setting)]
        with (self.folder / "output").open("ab") as output:
            self._server = subprocess.Popen(
                [self._bin / "postgres", "-D", data, "-p", str(self.port), *options],
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                **self._whom,
            )
        reaper.watch(self._server)
        wait_until(self._answers, 60, what="PostgreSQL answers")
        if first:
            # As an installation's administrator would: a login that may make databases and roles, and is no superuser.
            with psycopg.connect(self._superuser, autocommit=True) as connection:
                connection.execute("CREATE ROLE heard LOGIN CREATEDB CREATEROLE")
                if self._durable:
                    connection.execute(_A_DAYS_LOG)
                    connection.execute("CHECKPOINT")

    @property
    def _superuser(self) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/postgres"

    def past_every_wall(self, url: str) -> str:
        """As the superuser."""
        return url.replace("//heard@", "//postgres@", 1)

    def _answers(self) -> bool:
        if self._server is None or self._server.poll() is not None:
            last_words = (self.folder / "output").read_text(errors="replace")[-3000:]
            raise CannotStart(f"PostgreSQL does not start:\n{last_words}")
        try:
            with psycopg.connect(self._superuser, connect_timeout=2):
                return True
        except psycopg.OperationalError:
            return False

    @property
    def pid(self) -> int:
        """The process that leads the server's session."""
        assert self._server is not None, "not started"
        return self._server.pid

    def stop(self) -> None:
        """Stop the server as an administrator's fast restart would: sessions end, data stays."""
        self._end(signal.SIGINT)

    def kill(self) -> None:
        """End the server at once (its own immediate stop: the next start recovers from the log)."""
        self._end(signal.SIGQUIT)

    def _end(self, sign: signal.Signals) -> None:
        if self._server is None:
            return
        if self._server.poll() is None:
            self._server.send_signal(sign)
        self._server.wait(30)
        reaper.ended(self._server)
        self._server = None

    def remove(self) -> None:
        """Stop the server and take its folder away."""
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)
        reaper.removed(self.folder)


class GivenPostgres(_Server):
    """A server that somebody else runs; its address names a login that may make databases and roles."""

    def __init__(self, url: str) -> None:
        # The services say which driver they use ("postgresql+psycopg://"); the driver itself wants it plain.
        self._administrator = url.replace("postgresql+psycopg://", "postgresql://", 1)

    def start(self) -> None:
        """A given server runs already."""

    def stop(self) -> None:
        """Refused: the server is not ours."""
        raise CannotStart("this test stops the database: run it without HEARD_TEST_DATABASE_URL")

    kill = stop

    def remove(self) -> None:
        """Nothing of ours to take away."""


Postgres = PrivatePostgres | GivenPostgres


def start_postgres(*, durable: bool = False) -> Postgres:
    """The server that the environment names, or a private one, started."""
    url = os.environ.get("HEARD_TEST_DATABASE_URL")
    server: Postgres = GivenPostgres(url) if url else PrivatePostgres(durable=durable)
    try:
        server.start()
    except BaseException:
        server.remove()
        raise
    return server
