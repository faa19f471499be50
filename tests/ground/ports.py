"""Free ports, and waiting for a condition instead of sleeping and hoping."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
_given: set[int] = set()


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on.

    Never the same port twice in one process: the part that asked first may not have bound it yet.
    """
    while True:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port: int = probe.getsockname()[1]
        if port not in _given:
            _given.add(port)
            return port


def accepts(port: int) -> bool:
    """Whether somebody listens on this port of 127.0.0.1."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False


class NeverHappened(AssertionError):
    """A condition did not come true in time."""


def wait_until(condition: Callable[[], T], within: float = 20.0, *, what: str = "", every: float = 0.05) -> T:
    """Ask ``condition`` until it answers something true, and return that.

    Raises ``NeverHappened`` after ``within`` seconds; an assertion or a lookup that fails counts as "not yet", and the
    last one is named in the fault.
    """
    end = time.monotonic() + within
    last: Exception | None = None
    while True:
        try:
            if answer := condition():
                return answer
            last = None
        except (AssertionError, LookupError, OSError) as not_yet:
            last = not_yet
        if time.monotonic() > end:
            raise NeverHappened(f"not within {within:g} s: {what or condition}") from last
        time.sleep(every)
