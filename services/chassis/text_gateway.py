"""Texts through a signed HTTP gateway: what is asked of it, and what each of its answers means.

The request is `POST` with ``{"id", "to", "text"}``, `Idempotency-Key` and a signature (`signed`): docs/text_messages.md
is what its operator is given. An answer of 2xx took it, 409 says that it was taken before; 429 and 5xx are tried again
(not before `Retry-After`), so is a refused signature, which whoever runs Heard can mend; anything else is final.
"""

from __future__ import annotations

import json
from typing import Any

import requests

from services.chassis.gate import Busy, Undeliverable
from services.chassis.signed import sign

_PATIENCE = (5.0, 15.0)  # seconds to connect, and to answer
_LATER = (401, 403, 408, 425, 429)


class Gateway:
    """One gateway and the secret that is shared with it."""

    def __init__(self, url: str, secret: str) -> None:
        self.url, self.secret = url, secret

    def hand_over(self, key: str, to: str, body: str, *, again: bool) -> str:
        """Hand a text over; the gateway's own name for it. It sees to it that a key which comes twice is one text."""
        said = json.dumps({"id": key, "to": to, "text": body}).encode()
        headers = {"Content-Type": "application/json", "Idempotency-Key": key, **sign(self.secret, said)}
        try:
            answer = requests.post(self.url, data=said, headers=headers, timeout=_PATIENCE, allow_redirects=False)
        except requests.RequestException:
            raise Busy("The text gateway does not answer.") from None
        if answer.ok or answer.status_code == 409:
            return _name_in(answer)
        if answer.status_code in _LATER or answer.status_code >= 500:
            raise Busy("The text gateway did not take the message.", retry_after(answer.headers.get("Retry-After")))
        raise Undeliverable("number_refused" if answer.status_code in (404, 410, 422) else "text_refused")


def _name_in(answer: requests.Response) -> str:
    try:
        told: Any = answer.json()
    except ValueError:
        return ""
    return str(told.get("id") or "")[:120] if isinstance(told, dict) else ""


def retry_after(said: str | None) -> float | None:
    """The seconds that `Retry-After` asks for; its other form, a date, is passed over for our own pauses."""
    return float(said) if said and said.isascii() and said.isdigit() else None
