"""A mail server of a test's own that takes everything and keeps it, to be read as the person it was for reads it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller

from tests.ground.ports import free_port


@dataclass
class MailServer:
    """What came, in order. ``url`` is its address; ``heard`` is told of each message as it comes."""

    url: str = ""
    came: list[EmailMessage] = field(default_factory=list)
    heard: Callable[[EmailMessage], None] = lambda message: None

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """aiosmtpd hands a message over."""
        message = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.came.append(message)
        self.heard(message)
        return "250 OK"

    def to(self, whom: str) -> list[EmailMessage]:
        """The messages to an address that holds this word."""
        return [one for one in list(self.came) if whom in str(one["To"])]


def text_of(message: EmailMessage) -> str:
    """The plain words of a message."""
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def link_in(message: EmailMessage) -> str:
    """The first link in a message."""
    found = re.search(r"https?://\S+", text_of(message))
    assert found is not None, text_of(message)
    return found[0]


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """One that listens until the test is over."""
    kept = MailServer()
    server = Controller(kept, hostname="127.0.0.1", port=free_port())
    server.start()
    kept.url = f"smtp://127.0.0.1:{server.port}"
    try:
        yield kept
    finally:
        server.stop()
