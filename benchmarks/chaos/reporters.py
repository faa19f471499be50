"""People who report something at a home of each procedure.

Each tries again with the same key until they hold a receipt, as a phone does.
"""

from __future__ import annotations

import itertools
import random
import threading
import time
import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import requests

from benchmarks import tellings
from tests.ground.harness import Platform

_PATIENCE = 300.0  # seconds until a reporter gives up


@dataclass
class Reporters:
    """Hands in ``total`` reports at about ``rate`` a second. After ``join`` every one of them has its receipt."""

    platform: Platform
    total: int
    rate: float
    at_once: int = 8
    homes: Sequence[tellings.Home] = field(default_factory=tellings.homes)
    receipts: dict[str, str] = field(default_factory=dict)  # reference -> the home that it is about
    worried: set[str] = field(default_factory=set)
    tries: int = 0
    gave_up: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._numbers = itertools.count()
        self._lock = threading.Lock()
        self._begun = time.monotonic()
        self._threads = [threading.Thread(target=self._report, daemon=True) for _ in range(self.at_once)]

    def start(self) -> None:
        """Begin."""
        self._begun = time.monotonic()
        for thread in self._threads:
            thread.start()

    @property
    def done(self) -> int:
        """How many receipts are held."""
        return len(self.receipts)

    @property
    def told(self) -> Counter[str]:
        """How many receipts are held about each home."""
        return Counter(self.receipts.values())

    def join(self) -> None:
        """Wait until everybody holds a receipt or gave up."""
        for thread in self._threads:
            thread.join()

    def _report(self) -> None:
        session = requests.Session()
        while True:
            with self._lock:
                number = next(self._numbers)
            if number >= self.total:
                return
            time.sleep(max(0.0, self._begun + number / self.rate - time.monotonic()))
            self.hand_in(session, number, worries=tellings.is_worrying(number))

    def hand_in(self, session: requests.Session, number: int, *, worries: bool) -> None:
        """Hand in one report, and keep its receipt."""
        tell = tellings.worrying if worries else tellings.ordinary
        reference = self._until_receipt(session, tell(number, self.homes))
        if reference is not None:
            with self._lock:
                self.receipts[reference] = tellings.where(number, self.homes).slug
                if worries:
                    self.worried.add(reference)

    def _until_receipt(self, session: requests.Session, report: dict[str, Any]) -> str | None:
        key = uuid.uuid4().hex
        end = time.monotonic() + _PATIENCE
        last = "nothing"
        while time.monotonic() < end:
            with self._lock:
                self.tries += 1
            try:
                answer = session.post(
                    f"{self.platform.url}/api/v1/complaints", json=report, headers={"Idempotency-Key": key}, timeout=15
                )
            except requests.RequestException as fault:
                last = type(fault).__name__
            else:
                if answer.status_code == 201:
                    return str(answer.json()["reference"])
                last = f"{answer.status_code} {answer.text[:300]}"
                if answer.status_code < 500 and answer.status_code != 429:
                    break
            time.sleep(random.uniform(0.2, 0.6))
        with self._lock:
            self.gave_up.append(last)
        return None
