"""Right of way within one process: while an alert is under way in it, nothing ordinary is begun.

One processor works off what a process hears, sends and relays, a piece at a time. An alert takes a dozen short steps
from the report to somebody's telephone, and between any two of them an ordinary batch would come in. What has begun is
finished; what has not begun waits, and never long: an alert that hangs holds nobody up.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

_LONGEST = 1.0  # seconds that ordinary work waits for an alert at most
_LOOK = 0.005  # seconds between two looks


class RightOfWay:
    """Who is under way in this process."""

    def __init__(self) -> None:
        self._alerts = 0

    @contextmanager
    def taken(self) -> Iterator[None]:
        """An alert is under way until the end of this block."""
        self._alerts += 1
        try:
            yield
        finally:
            self._alerts -= 1

    def give(self) -> None:
        """Before anything ordinary is begun: let the alerts go first that are under way now."""
        if not self._alerts:
            return
        over = time.monotonic() + _LONGEST
        while self._alerts and time.monotonic() < over:
            time.sleep(_LOOK)
