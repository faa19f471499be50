"""Processes of the platform that are at work at once: forked from one that has read the whole of Heard already.

A story starts up to seven processes, and each would spend two seconds of a processor on reading the same modules and
procedures. The nursery reads them once; whatever is born of it is a process of its own like any other, with its own
environment, folder, log and signals, and runs the command `heard` with the words it is given. What deploy/ lays out is
started by the command itself, and so is what tests/commands look at.
"""

from __future__ import annotations

import atexit
import gc
import importlib
import io
import json
import os
import random
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

_INSTEAD = {"sow": "tests.ground.sow", "toys": "tests.chassis.toys"}


class Born:
    """A process that was born of the nursery, to be used as a ``subprocess.Popen`` is."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._ends = os.pidfd_open(pid)  # nobody has waited for it yet, so that the number is still its own

    def poll(self) -> int | None:
        """The exit code (minus the signal that ended it), or None while it runs."""
        if self.returncode is None and select.select([self._ends], [], [], 0)[0]:
            self.returncode = _the_nursery().ask({"buried": self.pid})
            os.close(self._ends)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """The exit code, once it has ended. Raises ``subprocess.TimeoutExpired``."""
        if self.returncode is None and not select.select([self._ends], [], [], timeout)[0]:
            raise subprocess.TimeoutExpired("heard", timeout or 0)
        code = self.poll()
        assert code is not None
        return code

    def send_signal(self, sign: int) -> None:
        """Send it a signal, unless it has ended."""
        if self.poll() is None:
            signal.pidfd_send_signal(self._ends, sign)

    def terminate(self) -> None:
        """Ask it to stop."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)


def born(words: list[str], *, env: Mapping[str, str], cwd: Path, log: Path) -> Born:
    """Run `heard` with these words in a new process, which leads a group of its own and writes to ``log``.

    "sow" and "toys" as the first word are `tests.ground.sow` and `tests.chassis.toys` instead.
    """
    return Born(_the_nursery().ask({"words": words, "env": dict(env), "cwd": str(cwd), "log": str(log)}))


class _Nursery:
    def __init__(self) -> None:
        self._asking = threading.Lock()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.ground.nursery"],
            cwd=Path(__file__).parents[2],
            env=os.environ | {"PYTHONHASHSEED": "0", "PYTHONUNBUFFERED": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        atexit.register(self._process.communicate)

    def ask(self, order: Mapping[str, Any]) -> int:
        assert self._process.stdin is not None and self._process.stdout is not None
        with self._asking:
            self._process.stdin.write(json.dumps(order).encode() + b"\n")
            self._process.stdin.flush()
            return int(self._process.stdout.readline())


@cache
def _the_nursery() -> _Nursery:
    return _Nursery()


def _be_the_nursery() -> list[str]:
    """Answer orders until nobody can give any more. In a process that is born: returns its words."""
    from eventlet import patcher

    wait = patcher.original("os").waitpid  # the green one would wake the hub, which each process has for itself
    for line in io.BufferedReader(io.FileIO(0, closefd=False)):
        order = json.loads(line)
        if "buried" in order:
            answer = os.waitstatus_to_exitcode(wait(order["buried"], 0)[1])
        else:
            answer = os.fork()
            if answer == 0:
                _become(order)
                return list(order["words"])
        print(answer, flush=True)
    sys.exit(0)


def _become(order: Mapping[str, Any]) -> None:
    os.setsid()
    with open(os.devnull, "rb") as nothing, open(order["log"], "ab") as log:
        for fd, file in enumerate((nothing, log, log)):
            os.dup2(file.fileno(), fd)
    os.chdir(order["cwd"])
    os.environ.clear()
    os.environ.update(order["env"])
    random.seed()
    _wait_alone()


def _wait_alone() -> None:
    """Wait for events of one's own. The hub came with the nursery, and so did what it asks the system with.

    All who were born would ask through the same one: each would be woken for the others' events, sleep through its own
    for as long as something else is due, and turn round and round while there is one that it has no part in.
    """
    from eventlet import hubs

    shared = hubs.get_hub()
    hubs.use_hub()
    shared.poll.close()
    hubs.get_hub()


if __name__ == "__main__":
    from heard.cli import main
    from services.chassis import green

    green.patch()

    from heard.registry import load_procedures
    from services.screening.screen import screen

    parts = [f"services.{file.parent.name}.{file.stem}" for file in Path("services").glob("*/*.py")
             if file.stem in ("doors", "service")]  # fmt: skip
    first = ("psycopg", "services.chassis.run", "services.chassis.migrations", "services.upkeep.watchdog_cli")
    for module in (*first, *parts, "tests.ground.sow"):
        importlib.import_module(module)
    load_procedures()
    screen("")
    gc.freeze()  # so that what all share stays shared
    words = _be_the_nursery()
    if words[0] in _INSTEAD:
        importlib.import_module(_INSTEAD[words[0]]).main(*words[1:])
    else:
        main(words)
