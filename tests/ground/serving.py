"""A door that a test opens on a port of its own, for as long as it lasts: what stands behind it, the test says."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self


class Serving:
    """Somebody's server in a thread. ``url`` is where; whoever derives says what `get` and `post` answer."""

    url: str

    def get(self, door: BaseHTTPRequestHandler) -> None:
        """Somebody asks."""
        answer(door, 404, {})

    def post(self, door: BaseHTTPRequestHandler, body: bytes) -> None:
        """Somebody says something."""
        answer(door, 404, {})

    def __enter__(self) -> Self:
        whose = self

        class Door(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                whose.get(self)

            def do_POST(self) -> None:
                whose.post(self, self.rfile.read(int(self.headers["Content-Length"])))

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


def answer(
    door: BaseHTTPRequestHandler, status: int, body: Mapping[str, Any], headers: Mapping[str, str] | None = None
) -> None:
    """Answer in JSON."""
    said = json.dumps(body).encode()
    door.send_response(status)
    for name, value in {**(headers or {}), "Content-Type": "application/json", "Content-Length": len(said)}.items():
        door.send_header(name, str(value))
    door.end_headers()
    door.wfile.write(said)
