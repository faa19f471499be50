"""A private RabbitMQ node on free ports, in a folder of its own; or the broker that HEARD_TEST_AMQP_URL names.

A private one can be stopped, killed and started again with its messages, which the tests about losing nothing do.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import urllib.parse
import uuid
from pathlib import Path

import amqp

from services.chassis.topology import all_queues
from tests.ground import reaper
from tests.ground.ports import accepts, free_port, wait_until

_PROGRAMS = Path("/usr/lib/rabbitmq/bin")
_AT_ONCE = 6
"""Virtual hosts made by one command: it starts a second Erlang, which costs more than what it does."""


class CannotStart(RuntimeError):
    """A part that the tests need is not on this machine, or does not start; the sentence says what to do."""


class PrivateRabbit:
    """A node of our own. ``url()`` makes an empty virtual host each time, so that no test meets another's queues."""

    def __init__(self) -> None:
        if not (_PROGRAMS / "rabbitmq-server").exists():
            raise CannotStart("RabbitMQ is missing here: apt-get install rabbitmq-server, or set HEARD_TEST_AMQP_URL")
        self.folder = reaper.watch_folder(Path(tempfile.mkdtemp(prefix="heard-rabbit-")))
        self.port = free_port()
        self._epmd_port = free_port()
        self._dist_port = free_port()
        self._node = f"heard{uuid.uuid4().hex[:8]}@localhost"
        self._empty: list[str] = []
        self._server: subprocess.Popen[bytes] | None = None
        self._epmd: subprocess.Popen[bytes] | None = None
        (self.folder / "enabled_plugins").write_text("[].\n")
        (self.folder / "none").write_text("")
        (self.folder / "rabbitmq.conf").write_text(
            f"listeners.tcp.1 = 127.0.0.1:{self.port}\n"
            "vm_memory_high_watermark.absolute = 1GB\n"
            "disk_free_limit.absolute = 50MB\n"
            "raft.wal_max_size_bytes = 33554432\n"
            "log.console = false\n"
            "log.file.level = warning\n"
        )

    def _environment(self) -> dict[str, str]:
        own = self.folder
        return {
            "PATH": os.environ.get("PATH", "/usr/bin:/bin") + ":/usr/sbin:/sbin",
            "LANG": "C.UTF-8",
            "HOME": str(own),  # the cookie of this node
            "ERL_EPMD_PORT": str(self._epmd_port),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODENAME": self._node,
            "RABBITMQ_DIST_PORT": str(self._dist_port),
            "RABBITMQ_MNESIA_BASE": str(own / "mnesia"),
            "RABBITMQ_LOG_BASE": str(own / "log"),
            "RABBITMQ_CONFIG_FILE": str(own / "rabbitmq.conf"),
            "RABBITMQ_ADVANCED_CONFIG_FILE": str(own / "none.config"),
            "RABBITMQ_CONF_ENV_FILE": str(own / "none"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(own / "enabled_plugins"),
            "RABBITMQ_GENERATED_CONFIG_DIR": str(own / "generated"),
            "RABBITMQ_PID_FILE": str(own / "pid"),
            # Two cores are shared with the platform: schedulers must not spin while idle.
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": (
                "+sbwt none +sbwtdcpu none +sbwtdio none "
                "-kernel inet_dist_use_interface {127,0,0,1} -rabbit collect_statistics_interval 60000"
            ),
        }

    def start(self) -> None:
        """Start the node, with what it held before; returns when it takes connections."""
        if self._epmd is None:
            epmd = shutil.which("epmd", path=self._environment()["PATH"])
            if epmd is None:
                raise CannotStart("epmd, which RabbitMQ needs, is not on this machine: apt-get install erlang-base")
            self._epmd = subprocess.Popen(
                [epmd, "-address", "127.0.0.1", "-port", str(self._epmd_port)],
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
            reaper.watch(self._epmd)
            wait_until(lambda: accepts(self._epmd_port), 10, what="epmd listens")
        with (self.folder / "output").open("ab") as output:
            self._server = subprocess.Popen(
                [_PROGRAMS / "rabbitmq-server"],
                env=self._environment(),
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        reaper.watch(self._server)
        try:
            wait_until(self._answers, 60, what="RabbitMQ answers", every=0.2)
        except AssertionError as fault:
            raise CannotStart(f"RabbitMQ does not start:\n{self._last_words()}") from fault

    def _answers(self) -> bool:
        if self._server is None or self._server.poll() is not None:
            raise CannotStart(f"RabbitMQ stopped while starting:\n{self._last_words()}")
        with amqp.Connection(f"127.0.0.1:{self.port}", connect_timeout=2):
            return True

    def _last_words(self) -> str:
        texts = [path.read_text(errors="replace")[-3000:] for path in (self.folder / "log").glob("*.log")]
        return "\n".join([(self.folder / "output").read_text(errors="replace")[-3000:], *texts])

    def url(self, name: str = "") -> str:
        """The address of a new, empty virtual host on this node."""
        if not name and not self._empty:
            self._empty = [f"t{uuid.uuid4().hex[:10]}" for _ in range(_AT_ONCE)]
            self._make(*self._empty)
        elif name:
            self._make(name)
        return f"amqp://guest:guest@127.0.0.1:{self.port}/{name or self._empty.pop()}"

    def _make(self, *names: str) -> None:
        told = ", ".join(f'<<"{name}">>' for name in names)
        self._control(
            "eval",
            f'[begin ok = rabbit_vhost:add(Name, <<"tests">>), rabbit_auth_backend_internal:set_permissions('
            f'<<"guest">>, Name, <<".*">>, <<".*">>, <<".*">>, <<"tests">>) end || Name <- [{told}]].',
        )

    def import_definitions(self, file: Path) -> None:
        """Prepare the node as an administrator does before a first start: users, rights, exchanges, queues."""
        self._control("import_definitions", str(file))

    def consumers(self, vhost: str) -> dict[str, int]:
        """How many consumers each queue of a virtual host has."""
        told = self._control("list_queues", "-p", vhost, "--no-table-headers", "name", "consumers")
        return {name: int(number) for name, number in (line.split("\t") for line in told.splitlines())}

    def _control(self, *words: str) -> str:
        done = subprocess.run(
            [_PROGRAMS / "rabbitmqctl", "--quiet", *words],
            env=self._environment(),
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        if done.returncode:
            raise CannotStart(f"rabbitmqctl {words[0]}: {done.stdout}{done.stderr}")
        return done.stdout

    @property
    def pid(self) -> int:
        """The process that leads the node's session."""
        assert self._server is not None, "not started"
        return self._server.pid

    def stop(self) -> None:
        """Stop the node as an administrator would; its messages stay."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """Kill the node as a power cut would; what it had confirmed must still be there."""
        self._end(signal.SIGKILL)

    def _end(self, sign: signal.Signals) -> None:
        if self._server is None:
            return
        if self._server.poll() is None:
            os.killpg(self._server.pid, sign)
        try:
            self._server.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(self._server.pid, signal.SIGKILL)
            self._server.wait(10)
        reaper.ended(self._server)
        self._server = None

    def remove(self) -> None:
        """Stop everything that was started and take the folder away."""
        self.kill()
        if self._epmd is not None:
            self._epmd.terminate()
            self._epmd.wait(10)
            reaper.ended(self._epmd)
            self._epmd = None
        shutil.rmtree(self.folder, ignore_errors=True)
        reaper.removed(self.folder)


class GivenRabbit:
    """A broker that somebody else runs: one virtual host, emptied of Heard's queues, and no power over the node."""

    def __init__(self, url: str) -> None:
        self._url = url

    def start(self) -> None:
        """A given broker runs already."""

    def url(self, name: str = "") -> str:
        """The given address, after deleting the queues that an earlier test left."""
        parts = urllib.parse.urlsplit(self._url)
        with amqp.Connection(
            f"{parts.hostname}:{parts.port or 5672}",
            userid=urllib.parse.unquote(parts.username or "guest"),
            password=urllib.parse.unquote(parts.password or "guest"),
            virtual_host=urllib.parse.unquote(parts.path[1:]) or "/",
        ) as connection:
            channel = connection.channel()
            for queue in all_queues():
                channel.queue_delete(queue.name)
        return self._url

    def import_definitions(self, file: Path) -> None:
        """Refused: users and rights belong to the whole node."""
        raise CannotStart("this test makes users at the broker: run it without HEARD_TEST_AMQP_URL")

    def stop(self) -> None:
        """Refused: the broker is not ours."""
        raise CannotStart("this test stops the broker: run it without HEARD_TEST_AMQP_URL")

    kill = stop

    def remove(self) -> None:
        """Nothing of ours to take away."""


Rabbit = PrivateRabbit | GivenRabbit


def start_rabbit() -> Rabbit:
    """The broker that the environment names, or a private one, started."""
    url = os.environ.get("HEARD_TEST_AMQP_URL")
    rabbit: Rabbit = GivenRabbit(url) if url else PrivateRabbit()
    try:
        rabbit.start()
    except BaseException:
        rabbit.remove()
        raise
    return rabbit
