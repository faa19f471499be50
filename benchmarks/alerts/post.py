"""A mail server in a process of its own, as one elsewhere would be: it notes when each call came, and keeps nothing.

Beside the senders it would wait for its turn at their interpreter, and that wait would count as the platform's.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from threading import Thread
from typing import Any

from aiosmtpd.smtp import SMTP

from tests.ground.mail import link_in
from tests.ground.ports import free_port

_A_CALL = "something needs you now"


class Arrivals:
    """When the first call about each alert was in the post, by the id of the alert; ``url`` is the server's address."""

    def __init__(self, port: int, pid: int) -> None:
        self.url, self.pid = f"smtp://127.0.0.1:{port}", pid
        self.seen: dict[str, float] = {}

    def read(self, lines: Iterable[str]) -> None:
        """Until the server ends: a line for each call, when it came and the alert's id."""
        for line in lines:
            at, alert = line.split()
            self.seen.setdefault(alert, float(at))


@contextmanager
def arrivals() -> Iterator[Arrivals]:
    """A server that runs until the measurement is over."""
    port = free_port()
    words = [sys.executable, "-m", "benchmarks.alerts.post", str(port)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        kept = Arrivals(port, server.pid)
        server.stdout.readline()  # it listens
        Thread(target=kept.read, args=(server.stdout,), daemon=True).start()
        try:
            yield kept
        finally:
            server.terminate()


class _Notes:
    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        came = time.time()
        if _A_CALL.encode() in envelope.content[:1000]:
            message = message_from_bytes(envelope.content, policy=policy.default)
            assert isinstance(message, EmailMessage)
            print(came, link_in(message).split("/")[-2], flush=True)
        return "250 OK"


async def _listen(port: int) -> None:
    serving = await asyncio.get_running_loop().create_server(lambda: SMTP(_Notes()), "127.0.0.1", port)
    print("listening", flush=True)
    async with serving:
        await serving.serve_forever()


if __name__ == "__main__":
    asyncio.run(_listen(int(sys.argv[1])))
