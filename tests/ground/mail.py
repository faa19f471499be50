"""A mail server of a test's own that takes everything and keeps it, to be read as the person it was for reads it."""

from __future__ import annotations

import re
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

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
def mail_server(certificate: Path | None = None) -> Iterator[MailServer]:
    """One that listens until the test is over.

    ``certificate``: where its own is written, for whoever is to trust it; then it also speaks in secret.
    """
    kept = MailServer()
    speaks: dict[str, Any] = {"tls_context": _in_secret(certificate)} if certificate else {}
    server = Controller(kept, hostname="127.0.0.1", port=free_port(), **speaks)
    server.start()
    kept.url = f"smtp://127.0.0.1:{server.port}"
    try:
        yield kept
    finally:
        server.stop()


def _in_secret(certificate: Path) -> ssl.SSLContext:
    """A key and a certificate for 127.0.0.1, made for this server; the certificate is left where it was asked for."""
    key, name, now = ec.generate_private_key(ec.SECP256R1()), x509.Name([]), datetime.now(UTC)
    made = (
        x509.CertificateBuilder(issuer_name=name, subject_name=name, public_key=key.public_key(), serial_number=1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=True)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, SHA256())
    )
    certificate.write_bytes(made.public_bytes(Encoding.PEM))
    whole = certificate.with_suffix(".key")
    whole.write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()) + made.public_bytes(Encoding.PEM)
    )
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(whole)
    return context
