"""The whole platform as real processes, on a broker and a database of its own, with a clock that the story moves.

``Platform("embedded")`` is one process (`heard up`) with its data in a folder; ``Platform("distributed", ...)`` is one
process a service (`heard serve`), as many replicas as asked for. Everything goes through the doors that users have.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import uuid
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar, TypeVar

import psycopg
import requests
from psycopg.rows import dict_row

from heard.events import FACTS
from services.chassis.clock import set_clock
from services.chassis.settings import SERVICES
from services.directory.demo import Group
from tests.ground import nursery, ports, reaper, world
from tests.ground.postgres import Postgres
from tests.ground.rabbit import Rabbit
from tests.ground.reaper import Process

T = TypeVar("T")
HEARD = Path(sys.executable).parent / "heard"
METRICS_TOKEN = "read by whoever looks after it"
SEEDED_AT = world.moment("2026-01-05 09:00")


@dataclass(frozen=True, slots=True)
class Receipt:
    """What somebody who reported something holds in their hand."""

    reference: str
    code: str
    answer: Mapping[str, Any]


@dataclass(slots=True)
class Running:
    """One process of the platform: which service, on which port, writing to which log."""

    service: str
    port: int
    log: Path
    process: Process | None = None
    alarms_only: bool = False


@dataclass(slots=True)
class Seed:
    """What a freshly seeded platform consists of, kept to copy from."""

    folder: Path
    database: str | None
    tokens: dict[str, str] = field(default_factory=dict)


class Seat:
    """One person's way in to the API: ``get`` and ``post`` with their token. ``None`` is somebody without one."""

    def __init__(self, platform: Platform, token: str | None) -> None:
        self._platform = platform
        self._session = requests.Session()
        if token:
            self._session.headers["Authorization"] = f"Bearer {token}"

    def ask(self, method: str, path: str, **about: Any) -> requests.Response:
        """Any request below ``/api/v1``; the answer whatever it is."""
        return self._session.request(method, f"{self._platform.url}/api/v1{path}", timeout=30, **about)

    def get(self, path: str, *, status: int = 200, **about: Any) -> Any:
        """The JSON at ``path``; fails unless the answer has this ``status``."""
        return self.expect(status, self.ask("GET", path, **about))

    def post(
        self, path: str, body: Any = None, *, status: int | tuple[int, ...] = (200, 201, 202), **about: Any
    ) -> Any:
        """Post ``body`` as JSON; fails unless the answer has this ``status``."""
        return self.expect(status, self.ask("POST", path, json={} if body is None else body, **about))

    @staticmethod
    def expect(status: int | tuple[int, ...], answer: requests.Response) -> Any:
        """The JSON of an answer; fails unless it has this ``status``."""
        wanted = status if isinstance(status, tuple) else (status,)
        asked = f"{answer.request.method} {answer.request.url}"
        assert answer.status_code in wanted, f"{asked}: {answer.status_code} {answer.text[:2000]}"
        return answer.json() if answer.content else None


class Platform:
    """Heard, running. ``url`` is the portal; ``now`` is the time on its clock; ``world`` names its people."""

    alive: ClassVar[list[Platform]] = []
    _seeds: ClassVar[dict[tuple[str, int, bool, tuple[str, ...]], Seed]] = {}

    def __init__(
        self,
        mode: str,
        rabbit: Rabbit | None = None,
        postgres: Postgres | None = None,
        *,
        at: datetime = world.MONDAY_MORNING,
        replicas: Mapping[str, int] | None = None,
        alarms_alone: Sequence[str] = (),
        settings: Mapping[str, str] | None = None,
        real_time: bool = False,
        groups: Sequence[Group] = (),
        every_procedure: bool = False,
    ) -> None:
        self.mode, self.now = mode, at
        self.rabbit, self.postgres = rabbit, postgres
        self._settings, self._real_time = dict(settings or {}), real_time
        self._groups, self._every_procedure = tuple(groups), every_procedure
        self.folder = reaper.watch_folder(Path(tempfile.mkdtemp(prefix=f"heard-{mode}-")))
        self.clock_file = self.folder / "clock"
        self.tokens: dict[str, str] = {}
        self.database: str | None = None
        self.amqp_url = ""
        names = SERVICES if mode == "distributed" else ("heard",)
        self.processes = [
            Running(name, ports.free_port(), self.folder / f"{name}-{n}.log")
            for name in names
            for n in range((replicas or {}).get(name, 1))
        ] + [
            Running(name, ports.free_port(), self.folder / f"{name}-alarms.log", alarms_only=True)
            for name in alarms_alone
        ]
        self._lookers = threading.local()
        self._opened: list[psycopg.Connection[dict[str, Any]]] = []
        Platform.alive.append(self)

    # --- its life

    @property
    def _main(self) -> Running:
        """The process whose door people knock at."""
        return next(p for p in self.processes if p.service in ("portal", "heard"))

    @property
    def url(self) -> str:
        """Where the portal is."""
        return f"http://127.0.0.1:{self._main.port}"

    def door(self, service: str) -> str:
        """Where a service's own HTTP door is."""
        if self.mode == "embedded":
            return self.url if service == "portal" else f"{self.url}/_/{service}"
        return f"http://127.0.0.1:{next(p.port for p in self.processes if p.service == service)}"

    def environment(self, running: Running | None = None) -> dict[str, str]:
        """The settings of one of its processes, or of a command run beside them."""
        own = {
            "HEARD_MODE": self.mode,
            "HEARD_VAR": str(self.folder / "var"),
            "HEARD_KEYS_DIR": str(self.folder / "keys"),
            "HEARD_HOST": "127.0.0.1",
            "HEARD_PORT": str((running or self._main).port),
            "HEARD_PUBLIC_URL": self.url,
            "HEARD_METRICS_TOKEN": METRICS_TOKEN,
            "HEARD_MEANING": "false",  # a story's words alone say whom it calls, and at once
            "PYTHONUNBUFFERED": "1",
            "PYTHONHASHSEED": "0",
        }
        if not self._real_time:
            own["HEARD_CLOCK_FILE"] = str(self.clock_file)
        if self.mode == "distributed":
            own |= {"HEARD_AMQP_URL": self.amqp_url, "HEARD_DATABASE_URL": self.database or ""}
            own |= {f"HEARD_{name.upper()}_URL": self.door(name) for name in SERVICES}
        if running is not None and running.alarms_only:
            own["HEARD_ALARMS_ONLY"] = "true"
        kept = {name: value for name, value in os.environ.items() if not name.startswith("HEARD_")}
        return kept | own | self._settings

    def command(self, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
        """A command of Heard's run beside it to its end, as by whoever looks after it; ``settings`` over theirs."""
        return subprocess.run(
            [HEARD, *words],
            env=self.environment() | settings,
            cwd=self.folder,
            check=False,
            capture_output=True,
            text=True,
            timeout=90,
        )

    def start(self) -> Platform:
        """Lay the seeded data, start every process and wait until each says that it is well."""
        self._lay_data()
        set_clock(self.clock_file, self.now)
        if self.rabbit is not None and self.mode == "distributed":
            self.amqp_url = self.amqp_url or self.rabbit.url()
        for running in self.processes:
            self._launch(running)
        self.wait_until(self.is_well, 90, what="every process is well")
        self.wait_until(self.everybody_is_known, 90, what="every service knows who is who")
        return self

    def everybody_is_known(self) -> bool:
        """Whether each service's copy of who is who stands where the directory stands."""
        stands = self.rows("directory", "SELECT version FROM counter")
        return all(
            self.rows(listener, "SELECT version FROM directory_state") == stands
            for listener in FACTS["directory_changed"].heard_by
        )

    def _lay_data(self) -> None:
        """Copy what a seeded platform of this mode consists of; the first time in this run, make it."""
        key = (self.mode, id(self.postgres), self._every_procedure, tuple(group.slug for group in self._groups))
        if key not in self._seeds:
            self._seeds[key] = self._make_seed()
        seed = self._seeds[key]
        shutil.copytree(seed.folder, self.folder, dirs_exist_ok=True)
        self.tokens = dict(seed.tokens)
        if self.postgres is not None and seed.database is not None:
            self.database = self.postgres.fresh_database(like=seed.database)

    def _make_seed(self) -> Seed:
        seed = Seed(reaper.watch_folder(Path(tempfile.mkdtemp(prefix="heard-seed-"))), None)
        (seed.folder / "var").mkdir()
        if self.postgres is not None and self.mode == "distributed":
            seed.database = self.postgres.fresh_database()
        clock = seed.folder / "clock"
        set_clock(clock, SEEDED_AT)
        own = {
            "HEARD_INSTALLATION": "trial",  # a live one goes by no clock but the machine's
            "HEARD_CLOCK_FILE": str(clock),
            "HEARD_VAR": str(seed.folder / "var"),
            "HEARD_KEYS_DIR": str(seed.folder / "keys"),
            "HEARD_DATABASE_URL": seed.database or "",
            "HEARD_AMQP_URL": "amqp://nobody.invalid/",  # sowing needs no broker: what it says waits in the outbox
        }
        seed.tokens = self._sow(self._everybody(), own)
        return seed

    def _everybody(self) -> dict[str, Any]:
        """The order for the whole invented world, the operators that this story brings, and more homes if wanted."""
        groups = [asdict(group) for group in self._groups]
        return {"everybody": True, "groups": groups, "every_procedure": self._every_procedure}

    def _sow(self, order: Mapping[str, Any], own: dict[str, str]) -> dict[str, str]:
        with tempfile.TemporaryDirectory() as folder:
            asked, answered, log = (Path(folder, name) for name in ("order", "answer", "log"))
            asked.write_text(json.dumps(order))
            words = ["sow", str(asked), str(answered)]
            sowing = nursery.born(words, env=self.environment() | own, cwd=self.folder, log=log)
            assert sowing.wait(120) == 0, f"sowing the world failed:\n{log.read_text()[-9000:]}"
            answer: dict[str, str] = json.loads(answered.read_text())
        return answer

    def _launch(self, running: Running) -> None:
        words = ["up", "--no-demo", "--no-watchdog"] if self.mode == "embedded" else ["serve", running.service]
        process = nursery.born(words, env=self.environment(running), cwd=self.folder, log=running.log)
        running.process = reaper.watch(process)

    def is_well(self) -> bool:
        """Whether every process runs and answers 200 at ``/health``. Fails at once when one has ended by itself."""
        for running in self.processes:
            process = running.process
            if process is not None and process.poll() is not None:
                last_words = self.log(running.service)[-4000:]
                raise RuntimeError(f"{running.service} ended with {process.returncode}:\n{last_words}")
        return all(
            requests.get(f"http://127.0.0.1:{running.port}/health", timeout=5).status_code == 200
            for running in self.processes
            if running.process is not None
        )

    def stop(self) -> list[int]:
        """Ask every process to stop, as Ctrl-C or an orchestrator would, and wait until they have; the exit codes."""
        running = [one.process for one in self.processes if one.process is not None]
        for process in running:
            process.terminate()
        return [process.wait(15) for process in running]

    def remove(self) -> None:
        """End what still runs, at once, and remove the data."""
        running = [one.process for one in self.processes if one.process is not None]
        for process in running:
            process.kill()
        for process in running:
            process.wait(10)
            reaper.ended(process)
        for connection in self._opened:
            connection.close()
        if self.postgres is not None and self.database is not None:
            self.postgres.drop(self.database)
        shutil.rmtree(self.folder, ignore_errors=True)
        reaper.removed(self.folder)
        if self in Platform.alive:
            Platform.alive.remove(self)

    # --- what may befall it

    def _all(self, service: str, replica: int | None) -> list[Running]:
        """The processes of a service; in the embedded mode the one process is every service."""
        found = [p for p in self.processes if p.service == service or self.mode == "embedded"]
        return found if replica is None else found[replica : replica + 1]

    def kill(self, service: str, replica: int | None = None, *, sign: signal.Signals = signal.SIGKILL) -> None:
        """End a service's processes with ``sign`` and wait until they are gone."""
        for running in self._all(service, replica):
            if running.process is not None:
                running.process.send_signal(sign)
                running.process.wait(20)
                reaper.ended(running.process)
                running.process = None

    def restart(self, service: str, replica: int | None = None, *, until_well: bool = True) -> None:
        """Start a service's processes again, ending those that still run."""
        self.kill(service, replica)
        for running in self._all(service, replica):
            self._launch(running)
        if until_well:
            self.wait_until(self.is_well, 60, what=f"{service} is well again")

    def stop_broker(self, *, kill: bool = False) -> None:
        """Stop RabbitMQ, or kill it. In the embedded mode there is none."""
        if self.rabbit is not None and self.mode == "distributed":
            self.rabbit.kill() if kill else self.rabbit.stop()

    def start_broker(self) -> None:
        """Start RabbitMQ again, with what it held."""
        if self.rabbit is not None and self.mode == "distributed":
            self.rabbit.start()

    def restart_database(self) -> None:
        """Stop PostgreSQL under everybody's feet and start it again. In the embedded mode there is none."""
        if self.postgres is not None and self.mode == "distributed":
            self.postgres.stop()
            self.postgres.start()

    # --- time

    def move_clock(self, to: str | datetime) -> None:
        """Move the clock of every process to ``to`` (London time unless it says otherwise); never back."""
        when = world.moment(to)
        assert when >= self.now, f"the clock would go back from {self.now} to {when}"
        set_clock(self.clock_file, when)
        self.now = when

    def pass_time(self, **length: float) -> None:
        """Move the clock on by a ``timedelta``'s words: ``pass_time(seconds=31)``."""
        self.move_clock(self.now + timedelta(**length))

    def wait_until(self, condition: Callable[[], T], within: float = 30.0, *, what: str = "") -> T:
        """Ask until ``condition`` answers something true, and return it (real seconds)."""
        return ports.wait_until(condition, within, what=what)

    # --- what people do

    @property
    def anybody(self) -> Seat:
        """Somebody who has not signed in."""
        return Seat(self, None)

    def seat(self, person: str) -> Seat:
        """The way in of an invented person: ``platform.seat("imogen-ashdale")``."""
        return Seat(self, self.tokens[person])

    def submit(self, report: Mapping[str, Any] | None = None, *, key: str | None = None) -> Receipt:
        """Hand in a report at the public API, and keep the receipt."""
        answer = self.anybody.post(
            "/complaints",
            world.a_report() if report is None else dict(report),
            status=201,
            headers={"Idempotency-Key": key or uuid.uuid4().hex},
        )
        return Receipt(answer["reference"], answer["receipt_code"], answer)

    def follow(self, receipt: Receipt) -> Any:
        """What the person who reported sees with their receipt."""
        return self.anybody.get(f"/complaints/{receipt.reference}", headers={"X-Receipt-Code": receipt.code})

    def change_directory(self, *commands: Mapping[str, Any]) -> None:
        """Change who is who, in the words of the directory's own changes, while everything runs."""
        self._sow({"commands": list(commands)}, {})

    # --- what it holds

    def rows(self, service: str, query: str, values: Sequence[Any] = ()) -> list[dict[str, Any]]:
        """Rows straight from a service's own tables, past every wall. Write placeholders as ``?``."""
        if self.mode == "embedded":
            file = f"file:{self.folder / 'var' / (service + '.db')}?mode=ro"
            with closing(sqlite3.connect(file, uri=True)) as connection:
                connection.row_factory = sqlite3.Row
                return [dict(row) for row in connection.execute(query, values)]
        text = query.replace("%", "%%").replace("?", "%s").encode()
        try:
            return self._looking(service).execute(text, tuple(values)).fetchall()
        except psycopg.OperationalError:  # the database was restarted since: look again over a new connection
            self._lookers.open = None
            return self._looking(service).execute(text, tuple(values)).fetchall()

    def write(self, service: str, statement: str, values: Sequence[Any] = ()) -> None:
        """Lay something into a service's own tables, as a deployment would before it starts anew."""
        if self.mode == "embedded":
            with closing(sqlite3.connect(self.folder / "var" / f"{service}.db", timeout=30)) as connection, connection:
                connection.execute(statement, values)
            return
        self._looking(service).execute(statement.replace("?", "%s").encode(), tuple(values))

    def _looking(self, service: str) -> psycopg.Connection[dict[str, Any]]:
        """This thread's connection for looking at rows, with ``service``'s tables before it."""
        connection: psycopg.Connection[dict[str, Any]] | None = getattr(self._lookers, "open", None)
        if connection is None or connection.closed:
            assert self.postgres is not None and self.database is not None
            address = self.postgres.past_every_wall(self.database)
            connection = psycopg.connect(address, row_factory=dict_row, autocommit=True)
            self._lookers.open = connection
            self._opened.append(connection)
        connection.execute(f"SET search_path TO {service}".encode())
        return connection

    def count(self, service: str, table: str, where: str = "1 = 1", values: Sequence[Any] = ()) -> int:
        """How many rows a service's table holds."""
        return int(self.rows(service, f"SELECT count(*) AS n FROM {table} WHERE {where}", values)[0]["n"])

    def log(self, service: str) -> str:
        """Everything a service's processes wrote."""
        return "".join(one.log.read_text(errors="replace") for one in self._all(service, None) if one.log.exists())

    @property
    def logs(self) -> dict[str, str]:
        """What each process wrote, by service."""
        return {service: self.log(service) for service in dict.fromkeys(one.service for one in self.processes)}

    def metrics(self, service: str = "portal") -> str:
        """What a service's ``/metrics`` says; in the embedded mode everybody's."""
        door = self.url if self.mode == "embedded" else self.door(service)
        return measurements(door)


def measurements(door: str) -> str:
    """What stands at ``/metrics`` of a door, for whoever may read numbers."""
    shown = {"Authorization": f"Bearer {METRICS_TOKEN}"}
    return requests.get(f"{door}/metrics", headers=shown, timeout=10).text


def forget_seeds() -> None:
    """Take away the copies that platforms were laid from, at the end of a run."""
    for seed in Platform._seeds.values():
        shutil.rmtree(seed.folder, ignore_errors=True)
        reaper.removed(seed.folder)
    Platform._seeds.clear()
