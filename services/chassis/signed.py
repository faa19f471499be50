"""Signed requests: how the platform and the systems it talks to know each other's requests from a stranger's.

`X-Heard-Timestamp` carries the second of a request, `X-Heard-Signature` an HMAC-SHA-256 over that second,
a full stop and the body, under a secret that both sides hold. A request is good for five minutes. Real time, whatever
the installation's clock says: the other side has no other.
"""

from __future__ import annotations

import hmac
import time
from collections.abc import Mapping

TIMESTAMP, SIGNATURE = "X-Heard-Timestamp", "X-Heard-Signature"
_GOOD_FOR = 300  # seconds; clocks differ, and a request heard once more later says nothing new


def sign(secret: str, body: bytes, at: float | None = None) -> dict[str, str]:
    """The headers that go with a request."""
    stamp = str(int(time.time() if at is None else at))
    return {TIMESTAMP: stamp, SIGNATURE: f"v1={_mac(secret, stamp, body)}"}


def is_signed(secret: str, headers: Mapping[str, str], body: bytes, now: float | None = None) -> bool:
    """Whether whoever sent this holds the secret, and sent it just now (compared in constant time)."""
    stamp = headers.get(TIMESTAMP, "")
    if not secret or not (stamp.isascii() and stamp.isdigit() and len(stamp) < 15):
        return False
    fresh = abs((time.time() if now is None else now) - int(stamp)) <= _GOOD_FOR
    shown = headers.get(SIGNATURE, "").removeprefix("v1=").encode("utf-8", "replace")
    return hmac.compare_digest(shown, _mac(secret, stamp, body).encode()) and fresh


def _mac(secret: str, stamp: str, body: bytes) -> str:
    return hmac.new(secret.encode(), stamp.encode() + b"." + body, "sha256").hexdigest()
