"""Reports at a steady rate, whatever the platform does, and when each of them was screened with its case open.

They go in turn to a home of each procedure, of each kind that it knows.
An open loop: a slow answer does not slow the next report down, so what piles up is seen and not hidden.
"""

from __future__ import annotations

import http.client
import itertools
import json
import math
import threading
import time
import urllib.parse
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from benchmarks import tellings
from tests.ground.harness import Platform

_AT_ONCE = 32
_LOOK_EVERY = 0.05  # seconds between two looks at the cases
_AT_A_LOOK = 800


@dataclass
class Flow:
    """``seconds`` of reports at ``rate`` a second. Times are seconds since the report was due to be sent."""

    platform: Platform
    rate: float
    seconds: float
    through: str = "intake"
    homes: Sequence[tellings.Home] = field(default_factory=tellings.homes)
    answered: list[float] = field(default_factory=list)
    opened: list[float] = field(default_factory=list)
    refused: dict[str, int] = field(default_factory=dict)
    waiting: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._numbers = itertools.count()
        self._lock = threading.Lock()
        self.total = int(self.rate * self.seconds)
        self._begun = 0.0
        self._sending = True

    def run(self, progress: Callable[[str], None], settle: float = 20.0) -> None:
        """Send everything, then wait up to ``settle`` seconds for what is still under way."""
        self._begun = time.monotonic() + 0.2
        senders = [threading.Thread(target=self._send, daemon=True) for _ in range(_AT_ONCE)]
        watcher = threading.Thread(target=self._watch, args=(settle,), daemon=True)
        for thread in (*senders, watcher):
            thread.start()
        while any(thread.is_alive() for thread in senders):
            time.sleep(min(5.0, self.seconds / 4))
            progress(f"{len(self.answered)} answered, {len(self.opened)} open, {len(self.waiting)} under way")
        self.sent_in = time.monotonic() - self._begun
        self.left_behind = len(self.waiting)
        self._sending = False
        watcher.join()

    def _send(self) -> None:
        address = urllib.parse.urlsplit(self.platform.door(self.through))
        path = address.path + ("/reports" if self.through == "intake" else "/api/v1/complaints")
        connection = http.client.HTTPConnection(address.netloc, timeout=30)
        while True:
            with self._lock:
                number = next(self._numbers)
            if number >= self.total:
                connection.close()
                return
            due = self._begun + number / self.rate
            time.sleep(max(0.0, due - time.monotonic()))
            body = json.dumps(tellings.ordinary(number, self.homes))
            headers = {"Content-Type": "application/json", "Idempotency-Key": uuid.uuid4().hex}
            try:
                connection.request("POST", path, body, headers)
                answer = connection.getresponse()
                said = answer.read()
            except (OSError, http.client.HTTPException) as fault:
                connection.close()
                self._refuse(type(fault).__name__)
                continue
            if answer.status != 201:
                self._refuse(f"{answer.status} {said[:200]!r}")
                continue
            reference = json.loads(said)["reference"]
            with self._lock:
                self.answered.append(time.monotonic() - due)
                self.waiting[reference] = due

    def _refuse(self, why: str) -> None:
        with self._lock:
            self.refused[why] = self.refused.get(why, 0) + 1

    def _watch(self, settle: float) -> None:
        """Note each report the first time that its case is seen open and screened."""
        end: float | None = None
        while True:
            time.sleep(_LOOK_EVERY)
            with self._lock:
                asked = list(itertools.islice(self.waiting, _AT_A_LOOK))
            if not asked:
                if not self._sending:
                    return
                continue
            marks = ", ".join("?" * len(asked))
            rows = self.platform.rows(
                "workflow",
                f"SELECT reference FROM cases WHERE screened_at IS NOT NULL AND reference IN ({marks})",  # noqa: S608
                asked,
            )
            seen = time.monotonic()
            with self._lock:
                self.opened += [seen - self.waiting.pop(row["reference"]) for row in rows]
            if not self._sending:
                end = end or seen + settle
                if seen > end:
                    return

    @property
    def sustained(self) -> bool:
        """Whether it kept up: everything answered, and after the last report no more under way than 1.5 s brings."""
        return not self.refused and self.left_behind <= max(10.0, 1.5 * self.rate) and not self.waiting


def at(values: list[float], share: float) -> float:
    """The least of them that ``share`` of all do not exceed (nearest rank), in milliseconds."""
    if not values:
        return float("nan")
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)] * 1000
