"""The platform as deploy/ lays it out, without containers: the same commands, environments, secrets, users and rights.

Everything is read from ``deploy/containers/compose.yaml`` and prepared with `heard secrets`, as the run book says. Only
addresses are other ones, and the clock moves with the story. The processes of one service share a port, between which
the kernel deals out requests, as a proxy would.
"""

from __future__ import annotations

import re
import subprocess
import time
import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import yaml

from services.chassis.clock import set_clock
from services.chassis.people_copy import LOOK
from services.chassis.settings import SERVICES
from services.directory.demo import Group
from services.upkeep import secrets
from tests.ground import ports, reaper, world
from tests.ground.harness import HEARD, METRICS_TOKEN, SEEDED_AT, Platform, Running
from tests.ground.postgres import Postgres
from tests.ground.rabbit import Rabbit

DEPLOY = Path(__file__).parents[2] / "deploy"
_GIVEN = re.compile(r"\$\{\w+(?::-([^}]*))?\}")
_SECRETS = "/run/secrets"
ALONE = "-alarms"
"""What the container of a process for alarms alone is called, after its service."""


@cache
def containers() -> Mapping[str, Any]:
    """The services of the compose file, with the values that stand in it for what nobody has set."""
    text = (DEPLOY / "containers" / "compose.yaml").read_text(encoding="utf-8")
    found: Mapping[str, Any] = yaml.safe_load(_GIVEN.sub(lambda match: match[1] or "", text))["services"]
    return found


def alarms_apart() -> list[str]:
    """The services whose alarms have a container of their own."""
    return [name.removesuffix(ALONE) for name in containers() if name.endswith(ALONE)]


def folder_of(service: str) -> str:
    """Which folder of secrets a container is given."""
    given = [volume.split(":")[0] for volume in containers()[service]["volumes"] if f":{_SECRETS}:ro" in volume]
    (folder,) = given
    return Path(folder).relative_to("secrets").as_posix()


class Deployed(Platform):
    """Heard, running as in its containers, on the tests' own broker and database server."""

    def __init__(
        self,
        rabbit: Rabbit,
        postgres: Postgres,
        *,
        at: datetime = world.MONDAY_MORNING,
        groups: Sequence[Group] = (),
        every_procedure: bool = False,
        meaning: bool = False,
    ) -> None:
        self._known: list[dict[str, Any]] = []  # the version that every service last stood at, and since when
        self._known_since = 0.0
        self.meaning = meaning  # as in the other modes: a story's words alone say whom it calls
        replicas = {service: int(containers()[service]["deploy"]["replicas"]) for service in SERVICES}
        super().__init__(
            "distributed", rabbit, postgres, at=at, replicas=replicas, groups=groups, every_procedure=every_procedure,
            alarms_alone=alarms_apart(),
        )  # fmt: skip
        shared = {service: ports.free_port() for service in SERVICES}
        for running in self.processes:
            if not running.alarms_only:
                running.port = shared[running.service]
        self.vhost = f"d{uuid.uuid4().hex[:10]}"
        self.secrets = self.folder / "secrets"

    def environment(self, running: Running | None = None) -> dict[str, str]:
        """What the container of a process is given; a command beside them is the administrator's, as `heard-admin`."""
        if running is None:
            return self.given("admin") | {"HEARD_PUBLIC_URL": self.url}
        container = running.service + (ALONE if running.alarms_only else "")
        return self.given(container) | {"HEARD_HOST": "127.0.0.1", "HEARD_PORT": str(running.port)}

    def given(self, service: str) -> dict[str, str]:
        """The environment that the compose file gives, with the addresses of this machine in it."""
        environment = {
            "PATH": "/usr/bin:/bin",
            "PYTHONUNBUFFERED": "1",
            "HEARD_CLOCK_FILE": str(self.clock_file),
            "HEARD_MEANING": str(self.meaning).lower(),
        }
        for name, value in containers()[service]["environment"].items():
            told = str(value).replace(_SECRETS, str(self.secrets / folder_of(service)))
            environment[name] = re.sub(r"http://(\w+):8000$", lambda match: self.door(match[1]), told)
        return environment

    def prepare(self, database: str) -> None:
        """Make the roles and logins in an empty database, as its administrator does."""
        assert self.postgres is not None
        with psycopg.connect(self.postgres.past_every_wall(database), autocommit=True) as administrator:
            for file in (DEPLOY / "postgresql" / "roles.sql", self.secrets / "postgresql" / "logins.sql"):
                administrator.execute(file.read_bytes())

    def run(self, container: str, *words: str, **other: str) -> subprocess.CompletedProcess[str]:
        """A command of Heard's, run to its end with what a container is given, and ``other`` settings over it."""
        return subprocess.run(
            [HEARD, *words],
            env=self.given(container) | other,
            cwd=self.folder,
            check=False,
            capture_output=True,
            text=True,
            timeout=120,
        )

    def _lay_data(self) -> None:
        """Install it as the run book says: secrets, broker, roles and logins, tables; then its invented people."""
        assert self.rabbit is not None and self.postgres is not None
        self.database = self.postgres.fresh_database()
        self.amqp_url = self.rabbit.url(self.vhost)  # for the tests' own looks; no process is given it
        database, broker = urlsplit(self.database), urlsplit(self.amqp_url)
        shared = self.secrets / "shared"
        shared.mkdir(parents=True)
        (shared / "metrics_token").write_text(METRICS_TOKEN)
        there = f"{database.hostname}:{database.port}"
        secrets.make(self.secrets, f"{broker.hostname}:{broker.port}", there, vhost=self.vhost, name=database.path[1:])
        self.rabbit.import_definitions(self.secrets / "rabbitmq" / "definitions.json")
        self.prepare(self.database)
        with psycopg.connect(self.postgres.past_every_wall(self.database), autocommit=True) as administrator:
            if administrator.info.user != database.username:  # the tests' other platforms have one login for all
                for service in SERVICES:
                    roles = f"heard_{service}, heard_{service}_reader"
                    administrator.execute(f"GRANT {roles} TO {database.username} WITH ADMIN OPTION".encode())
        set_clock(self.clock_file, SEEDED_AT)
        migrated = self.run("migrate", *containers()["migrate"]["command"])
        assert migrated.returncode == 0, f"the databases could not be brought up to date:\n{migrated.stderr[-6000:]}"
        self.tokens = self._sow(self._everybody() | {"migrated": True}, {})

    def _launch(self, running: Running) -> None:
        with running.log.open("ab") as log:
            process = subprocess.Popen(
                [HEARD, "serve", running.service],
                env=self.environment(running),
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        running.process = reaper.watch(process)

    def start(self) -> Deployed:
        """Install and start it; returns when every process, not only one of each service, is at work."""
        super().start()
        self.wait_until(self.all_started, 90, what="both processes of each service are at work")
        return self

    def everybody_is_known(self) -> bool:
        """Whether each process, too, goes by it: one of two may have looked just before the other wrote it down."""
        known = self.rows("directory", "SELECT version FROM counter") if super().everybody_is_known() else []
        if known != self._known:
            self._known, self._known_since = known, time.monotonic()
        return known != [] and time.monotonic() - self._known_since > LOOK

    def all_started(self) -> bool:
        """Whether every process has opened its door."""
        return all('"event": "started"' in one.log.read_text() for one in self.processes if one.process is not None)
