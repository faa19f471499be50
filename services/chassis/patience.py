"""How often somebody may knock: enough for a whole home behind one connection, too seldom for a machine.

Kept in memory, by digests of addresses that last as long as the process; nothing about who asked is stored.
"""

from __future__ import annotations

import hashlib
import ipaddress
import os
import time
from collections import OrderedDict
from collections.abc import Callable

from services.chassis.errors import TooMany

_MOST_KEYS = 50_000


class Patience:
    """A bucket for each key: `burst` tries at once, then one more every `refill` seconds."""

    def __init__(self, burst: int, refill: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._burst, self._refill, self._clock = float(burst), refill, clock
        self._left: OrderedDict[bytes, tuple[float, float]] = OrderedDict()
        self._salt = os.urandom(16)

    def check(self, *key: str) -> None:
        """Raises `TooMany` when the key's tries are used up. Takes none."""
        left, _ = self._now(self._digest(key))
        if left < 1:
            raise TooMany((1 - left) * self._refill)

    def take(self, *key: str) -> None:
        """Use up one try. Raises `TooMany` when none is left."""
        self.check(*key)
        digest = self._digest(key)
        left, now = self._now(digest)
        self._left[digest] = (left - 1, now)
        self._left.move_to_end(digest)
        if len(self._left) > _MOST_KEYS:
            self._left.popitem(last=False)

    def _digest(self, key: tuple[str, ...]) -> bytes:
        return hashlib.blake2b("\x1f".join(key).encode(), key=self._salt, digest_size=16).digest()

    def _now(self, digest: bytes) -> tuple[float, float]:
        now = self._clock()
        left, since = self._left.get(digest, (self._burst, now))
        return min(self._burst, left + (now - since) / self._refill), now


def is_near(address: str) -> bool:
    """Whether a request comes from this very machine: another service of ours, or a proxy that names nobody."""
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
