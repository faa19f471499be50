"""Toy platforms to try the chassis with: ``toys`` in both modes, ``distributed_toys`` where only real parts matter."""

from __future__ import annotations

import json
import os
import signal
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.ground import nursery
from tests.ground.ports import free_port

METRICS_TOKEN = "read by whoever looks after it"
NAMES = ("intake", "safeguarding", "workflow")


class Toys:
    """Toy services in processes of their own."""

    def __init__(self, folder: Path, amqp_url: str = "", database_url: str = "") -> None:
        self.folder, self.embedded = folder, not amqp_url
        self.environment = os.environ | {
            "HEARD_MODE": "embedded" if self.embedded else "distributed",
            "HEARD_VAR": str(folder),
            "HEARD_AMQP_URL": amqp_url,
            "HEARD_DATABASE_URL": database_url,
            "HEARD_METRICS_TOKEN": METRICS_TOKEN,
            "PYTHONWARNINGS": "ignore",
        }
        self.clock: Path | None = None
        one = free_port()
        self.ports = {name: one if self.embedded else free_port() for name in NAMES}
        self.running: dict[str, nursery.Born] = {}
        self._run("prepare").wait(60)

    def _run(self, what: str, *, port: int = 0) -> nursery.Born:
        extra = {"HEARD_PORT": str(port)} if port else {}
        if self.clock is not None:
            extra["HEARD_CLOCK_FILE"] = str(self.clock)
        words, log = ["toys", what], self.folder / f"{what}.log"
        return nursery.born(words, env=self.environment | extra, cwd=self.folder, log=log)

    def start(self, *names: str) -> None:
        """Start some toys (all unless named) and wait until their doors are open."""
        for name in ("all",) if self.embedded else names or NAMES:
            self.running[name] = self._run(name, port=self.ports.get(name, self.ports["intake"]))
        for name in names or NAMES:
            self.until(lambda name=name: self.is_up(name), 40)

    def until_questions_are_answered(self) -> None:
        """Wait until intake answers what workflow asks, which is a moment after their doors are open."""
        self.until(lambda: "answer" in self.get("workflow", "/ask?service=intake&method=correlation"), 40)

    def is_up(self, name: str) -> bool:
        """Whether a toy's door is open."""
        try:
            self.get(name, "/state")
        except OSError:
            return False
        return True

    def kill(self, name: str, how: signal.Signals = signal.SIGKILL) -> None:
        """End a toy (when embedded, all of them)."""
        process = self.running.pop("all" if self.embedded else name)
        process.send_signal(how)
        process.wait(15)

    def get(self, name: str, path: str) -> dict[str, Any]:
        """Ask a toy's door."""
        address = f"http://127.0.0.1:{self.ports[name]}" + (f"/_/{name}" if self.embedded else "") + path
        try:
            with urllib.request.urlopen(address, timeout=30) as answer:
                found: dict[str, Any] = json.load(answer)
        except urllib.error.HTTPError as refused:
            with refused:
                found = json.load(refused)
        return found

    def top(self, name: str, path: str, *, measuring: bool = True) -> tuple[int, str]:
        """Ask what stands at the top of a process, ``/health`` or ``/metrics``, as whoever looks after it or not."""
        try:
            headers = {"Authorization": f"Bearer {METRICS_TOKEN}"} if measuring else {}
            asked = urllib.request.Request(f"http://127.0.0.1:{self.ports[name]}{path}", headers=headers)
            with urllib.request.urlopen(asked, timeout=30) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as refused:
            with refused:
                return refused.code, refused.read().decode()

    def say(self, count: int = 1, mood: str = "ordinary") -> list[str]:
        """Have facts said; returns the reports that they are about."""
        reports: list[str] = self.get("intake", f"/say?count={count}&mood={mood}")["reports"]
        return reports

    def reports(self, name: str) -> list[str]:
        """The reports whose fact had its effect at a toy, in order of effect."""
        found: list[str] = self.get(name, "/state")["reports"]
        return found

    def until(self, condition: Callable[[], object], within: float = 20) -> None:
        """Wait for a condition, asking again and again; a door that is shut counts as not yet."""
        deadline = time.monotonic() + within
        while True:
            try:
                if condition():
                    return
            except OSError:
                pass
            assert time.monotonic() < deadline, f"not within {within} s\n{self.logs()}"
            time.sleep(0.05)

    def logs(self) -> str:
        """What the toys wrote last."""
        return "\n".join(log.read_text()[-3000:] for log in sorted(self.folder.glob("*.log")))

    def stop(self) -> None:
        """End whatever still runs."""
        for process in self.running.values():
            process.kill()
            process.wait(15)
        self.running.clear()


@pytest.fixture
def embedded_toys(tmp_path: Path) -> Iterator[Toys]:
    """Toys in one process, on files."""
    toys = Toys(tmp_path)
    yield toys
    toys.stop()


@pytest.fixture
def distributed_toys(tmp_path: Path, amqp_url: str, database_url: str) -> Iterator[Toys]:
    """Toys on RabbitMQ and PostgreSQL, a process each."""
    toys = Toys(tmp_path, amqp_url, database_url)
    yield toys
    toys.stop()


@pytest.fixture(params=["embedded", "distributed"])
def toys(request: pytest.FixtureRequest) -> Toys:
    """The same toys in both modes."""
    found: Toys = request.getfixturevalue(f"{request.param}_toys")
    return found


@pytest.fixture(scope="module", params=["embedded", "distributed"])
def one_platform(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Toys]:
    """Toys that run for a whole file of tests, none of which changes them."""
    parts = ()
    if request.param == "distributed":
        postgres = request.getfixturevalue("postgres")
        parts = (request.getfixturevalue("rabbit").url(), postgres.fresh_database())
    toys = Toys(tmp_path_factory.mktemp(request.param), *parts)
    try:
        toys.start()
        toys.until_questions_are_answered()
        yield toys
    finally:
        toys.stop()
        if parts:
            postgres.drop(parts[1])
