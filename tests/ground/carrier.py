"""A simulated carrier of text messages: the signed gateway, and the part of GOV.UK Notify that Heard uses.

It answers as it is told to (500, 429, a refusal, nothing at all), keeps each text once by its key, and sends receipts
and replies as a real one does: signed, late, twice.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests

from services.chassis.signed import is_signed, sign
from tests.ground.serving import Serving, answer

SECRET = "what the gateway and we both know"
NOTIFY_KEY = f"trial-{uuid.UUID(int=1)}-{uuid.UUID(int=2)}"


@dataclass
class Carrier(Serving):
    """One carrier. ``answers`` are what the next requests get instead of being taken: (status, headers)."""

    texts: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    told: list[dict[str, Any]] = field(default_factory=list)
    """What it took that is no text: it stands in for an operator's own system too."""
    answers: list[tuple[int, Mapping[str, str]]] = field(default_factory=list)
    loses_its_answer: int = 0
    """How many texts it takes next without saying so: the connection breaks."""

    def get(self, door: BaseHTTPRequestHandler) -> None:
        """Whether it took a text of this key."""
        asked = parse_qs(urlsplit(door.path).query)["reference"][0]
        found = [{"id": f"their-{key}"} for key in self.texts if key == asked]
        self.asked.append("look " + asked)
        answer(door, 200, {"notifications": found, "links": {}})

    def post(self, door: BaseHTTPRequestHandler, body: bytes) -> None:
        """A text, or what an operator's own system is told."""
        said = json.loads(body)
        by_notify = door.path.startswith("/v2/")
        key = said["reference"] if by_notify else said["id"]
        self.asked.append(key)
        if not by_notify and not is_signed(SECRET, dict(door.headers), body):
            return answer(door, 401, {"errors": ["not signed by us"]})
        if self.answers:
            status, headers = self.answers.pop(0)
            return answer(door, status, {"errors": [{"message": "as told"}]}, headers)
        if said.get("event"):
            self.told.append(said)
            return answer(door, 204, {})
        new = key not in self.texts
        text = said["personalisation"]["text"] if by_notify else said["text"]
        self.texts.setdefault(key, {"to": said["phone_number"] if by_notify else said["to"], "text": text})
        if self.loses_its_answer:
            self.loses_its_answer -= 1
            door.close_connection = True
            return None
        return answer(door, 201 if new else 409, {"id": f"their-{key}"})

    def tell(self, url: str, event: Mapping[str, Any], secret: str = SECRET, at: float | None = None) -> int:
        """Tell Heard of a receipt or a reply; what it answers."""
        body = json.dumps(event).encode()
        headers = {"Content-Type": "application/json", **sign(secret, body, at)}
        return requests.post(url, data=body, headers=headers, timeout=20).status_code
