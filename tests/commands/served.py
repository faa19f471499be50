"""A portal that a test answers for, at an address of its own, while a command talks to it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Quiet(BaseHTTPRequestHandler):
    """Answers without a line on the screen for each."""

    def log_message(self, *about: Any) -> None:
        """Quiet."""


@contextmanager
def served(portal: type[Quiet]) -> Iterator[str]:
    """The address at which `portal` answers until the test is over."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), portal)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
