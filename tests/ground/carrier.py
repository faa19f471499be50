"""A simulated carrier of text messages: the signed gateway, and the part of GOV.UK Notify that Heard uses.

It answers as it is told to (500, 429, a refusal, nothing at all), keeps each text once by its key, and sends receipts
and replies as a real one does: signed, late, twice.
"""

from __future__ import annotations

import json
import threading
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

import requests

from services.chassis.signed import is_signed, sign

SECRET = "what the gateway and we both know"
NOTIFY_KEY = f"trial-{uuid.UUID(int=1)}-{uuid.UUID(int=2)}"


@dataclass
class Carrier:
    """One carrier. ``answers`` are what the next requests get instead of being taken: (status, headers)."""

    texts: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    told: list[dict[str, Any]] = field(default_factory=list)
    """What it took that is no text: it stands in for an operator's own system too."""
    answers: list[tuple[int, Mapping[str, str]]] = field(default_factory=list)
    loses_its_answer: int = 0
    """How many texts it takes next without saying so: the connection breaks."""

    def __enter__(self) -> Self:
        carrier = self

        class Door(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                carrier._take(self, self.rfile.read(int(self.headers["Content-Length"])))

            def do_GET(self) -> None:
                asked = parse_qs(urlsplit(self.path).query)["reference"][0]
                found = [{"id": f"their-{key}"} for key in carrier.texts if key == asked]
                carrier.asked.append("look " + asked)
                _answer(self, 200, {"notifications": found, "links": {}})

            def log_message(self, format: str, *args: Any) -> None:
                """Nothing: a test says what it expects."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        return self

    def __exit__(self, *how: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _take(self, door: BaseHTTPRequestHandler, body: bytes) -> None:
        said = json.loads(body)
        by_notify = door.path.startswith("/v2/")
        key = said["reference"] if by_notify else said["id"]
        self.asked.append(key)
        if not by_notify and not is_signed(SECRET, dict(door.headers), body):
            return _answer(door, 401, {"errors": ["not signed by us"]})
        if self.answers:
            status, headers = self.answers.pop(0)
            return _answer(door, status, {"errors": [{"message": "as told"}]}, headers)
        if said.get("event"):
            self.told.append(said)
            return _answer(door, 204, {})
        new = key not in self.texts
        text = said["personalisation"]["text"] if by_notify else said["text"]
        self.texts.setdefault(key, {"to": said["phone_number"] if by_notify else said["to"], "text": text})
        if self.loses_its_answer:
            self.loses_its_answer -= 1
            door.close_connection = True
            return None
        return _answer(door, 201 if new else 409, {"id": f"their-{key}"})

    def tell(self, url: str, event: Mapping[str, Any], secret: str = SECRET, at: float | None = None) -> int:
        """Tell Heard of a receipt or a reply; what it answers."""
        body = json.dumps(event).encode()
        headers = {"Content-Type": "application/json", **sign(secret, body, at)}
        return requests.post(url, data=body, headers=headers, timeout=20).status_code


def _answer(
    door: BaseHTTPRequestHandler, status: int, body: Mapping[str, Any], headers: Mapping[str, str] | None = None
) -> None:
    said = json.dumps(body).encode()
    door.send_response(status)
    for name, value in {**(headers or {}), "Content-Type": "application/json", "Content-Length": len(said)}.items():
        door.send_header(name, str(value))
    door.end_headers()
    door.wfile.write(said)
