"""Bells: how one greenlet wakes another, and how a clock that was moved wakes everything that waits for time."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable

from services.chassis.clock import Clock, FileClock

_LOOK = 0.05  # seconds between two looks at a clock file


class Bell:
    """Rung by anybody, waited for by one. A ring that nobody waits for is heard by the next wait."""

    def __init__(self) -> None:
        self._event: threading.Event | None = None
        self._rung = False

    def ring(self) -> None:
        """Wake whoever waits."""
        self._rung = True
        if self._event is not None:
            self._event.set()

    def wait(self, seconds: float | None) -> bool:
        """Sleep until rung, at most ``seconds``. Returns whether it was rung."""
        if not self._rung:
            self._event = threading.Event()
            self._event.wait(seconds)
            self._event = None
        rung, self._rung = self._rung, False
        return rung


def watch(clock: Clock, bells: Iterable[Bell]) -> None:
    """Ring all ``bells`` whenever a clock file was rewritten. Runs for ever, in a greenlet of its own."""
    if not isinstance(clock, FileClock):
        return
    mine = FileClock(clock.path)  # a clock tells each move once, and the services' own must not eat this one's
    while True:
        time.sleep(_LOOK)
        if mine.moved():
            for bell in list(bells):
                bell.ring()
