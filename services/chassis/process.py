"""One process of the platform: the containers of its services, their doors, and an orderly end.

Start: houses, queues, containers, doors. End: no more requests, the work in hand is finished, connections are given
back. A process that is killed instead loses nothing; it only leaves more to do again.
"""

from __future__ import annotations

import fcntl
import gc
import importlib
import signal
import time
from collections.abc import Callable, Mapping
from typing import Any

import eventlet
from kombu import Connection
from nameko.containers import ServiceContainer

from services.chassis import green, inproc, logs, waking
from services.chassis.alarms_alone import alarms_alone
from services.chassis.house import House
from services.chassis.migrations import unmigrated
from services.chassis.right_of_way import RightOfWay
from services.chassis.service import Service
from services.chassis.settings import Settings
from services.chassis.topology import RPC_EXCHANGE, declare
from services.chassis.web import Doors, Server, door_of

_WORKERS = 32  # methods at work at the same time in one service
_PATIENCE = 2.5  # seconds for the work in hand to be finished


def service_class(name: str) -> type[Service]:
    """The class of a service, from ``services.<name>.service``."""
    module = importlib.import_module(f"services.{name}.service")
    for found in vars(module).values():
        if isinstance(found, type) and issubclass(found, Service) and found.__dict__.get("name") == name:
            return found
    raise LookupError(f"services.{name}.service has no Service called {name!r}")


class Process:
    """Services hosted together: all of them (embedded), or one (distributed)."""

    def __init__(self, settings: Settings, services: Mapping[str, type[Service]]) -> None:
        green.check()
        self.settings = settings
        self.houses = {name: House(settings, name) for name in services}
        bells: set[waking.Bell] = set()
        self._bells = bells
        way = RightOfWay()
        config = {
            "AMQP_URI": settings.amqp_url,
            "serializer": "json",
            "max_workers": _WORKERS,
            "HEARTBEAT": 20,
            "rpc_exchange": RPC_EXCHANGE.name,
            "heard_houses": self.houses,
            "heard_bells": bells,
        }
        for house in self.houses.values():
            house.neighbours = self.houses
            house.way = way
        kinds = {name: alarms_alone(kind) for name, kind in services.items()} if settings.alarms_only else services
        self.containers = {name: ServiceContainer(kind, config) for name, kind in kinds.items()}
        self._server: Server | None = None
        self._stopping = False
        self._dead: str | None = None

    def start(self, doors: Callable[[House], Any] = door_of) -> None:
        """Start everything; returns when the doors are open, which they are with RabbitMQ away too."""
        if self.settings.embedded:
            self._only_one_here()
            inproc.register()
            with Connection(self.settings.amqp_url) as connection:
                declare(connection.default_channel)
        for house in self.houses.values():
            house.procedures.keep()
        for container in self.containers.values():
            container.service_cls.get_ready()
        clock = next(iter(self.houses.values())).clock
        eventlet.spawn(waking.watch, clock, self._bells)
        starting = [eventlet.spawn(self._start, name) for name in self.containers]
        if self.settings.embedded:
            for one in starting:
                one.wait()
        apps = {name: None if self.settings.alarms_only else doors(house) for name, house in self._with_calls()}
        self._server = Server(self.settings, Doors(self.houses, apps, self.settings.embedded))

    def _start(self, name: str) -> None:
        try:
            self.containers[name].start()
        except Exception as fault:
            self.houses[name].log.error("not_started", exc_info=fault)
            self._dead = name

    def _with_calls(self) -> list[tuple[str, House]]:
        """The houses, once their containers have given them ``calls``."""
        while not self._dead and not all(hasattr(house, "calls") for house in self.houses.values()):
            eventlet.sleep(0.01)
        if self._dead:
            raise RuntimeError(f"{self._dead} did not start")
        return list(self.houses.items())

    def _only_one_here(self) -> None:
        """Hold the data folder while this process lives. Raises ``RuntimeError`` when another holds it."""
        self._lock = open(self.settings.var / "lock", "ab")  # noqa: SIM115  (held until the process ends)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._lock.close()
            raise RuntimeError(f"another Heard is running on {self.settings.var}") from None

    def wait(self) -> str | None:
        """Run until told to stop. Returns the name of a service that died (nothing should make it), or None."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._told_to_stop)
        while not self._stopping:
            eventlet.sleep(0.1)
            for name, container in self.containers.items():
                if container._died.ready():
                    self._dead = name
            if self._dead:
                return self._dead
        return None

    def _told_to_stop(self, *args: Any) -> None:
        self._stopping = True

    def stop(self) -> None:
        """End in order, within a few seconds."""
        began = time.monotonic()
        if self._server is not None:
            self._server.stop()
        stopping = [eventlet.spawn(container.stop) for container in self.containers.values() if container.started]
        with eventlet.Timeout(_PATIENCE, False):
            for one in stopping:
                one.wait()
        for house in self.houses.values():
            house.close()
        logs.logger("process").info("stopped", seconds=round(time.monotonic() - began, 2))


def check_migrated(settings: Settings, services: Mapping[str, type[Service]]) -> list[str]:
    """What stands between these services and their databases, as sentences."""
    return [sentence for name in services if (sentence := unmigrated(settings, name))]


def keep_what_is_loaded() -> int:
    """Take everything that is there by now out of Python's search for rubbish; how many things that are.

    It stays as long as the process does. Each time all of it was looked through, everybody waited for 90 ms.
    """
    gc.collect()
    gc.freeze()
    return gc.get_freeze_count()
