"""E-mail: letters handed to a mail server, once the gate lets them out.

What carries narrative or an attachment goes over TLS only, to a server whose certificate was checked, and so does the
password. Subjects carry neither names nor content; that is for the writer to keep, and for the tests to hold.
"""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from services.chassis.errors import Unavailable
from services.chassis.gate import Handed, Undeliverable, may_leave
from services.chassis.settings import Settings

_PATIENCE = 20  # seconds for the mail server
_LONGEST = 120  # characters of its answer


@dataclass(frozen=True, slots=True)
class Attachment:
    """A document that goes with a letter. ``kind`` is its media type ("application/pdf")."""

    name: str
    kind: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Letter:
    """One e-mail. ``key`` makes its Message-ID, so that a message handed over twice can be told as one.

    ``html`` says the same as ``body``, for whoever's mail program shows it. An attachment counts as narrative.
    """

    key: str
    to: str
    subject: str
    body: str
    narrative: bool
    verified: bool
    html: str | None = field(default=None, repr=False)
    attachments: tuple[Attachment, ...] = ()


class _Remembers(smtplib.SMTP):
    """A connection that keeps what the server said when it took a message: the name it gave to it."""

    taken = b""

    def data(self, msg: Any) -> tuple[int, bytes]:
        code, self.taken = super().data(msg)
        return code, self.taken


class _RemembersSecurely(_Remembers, smtplib.SMTP_SSL):
    """The same over TLS from the first byte."""


class Post:
    """Hands letters over. One a service that sends anything."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    def send(self, letter: Letter) -> Handed:
        """Hand a letter over. Raises ``Undeliverable`` (tell a person) or ``Unavailable`` (try again later)."""
        if not may_leave(self.settings, verified=letter.verified):
            return Handed("trial")
        if not self.settings.smtp_url:
            raise Undeliverable("no_mail_server")
        try:
            with self._server(letter.narrative or bool(letter.attachments)) as server:
                server.send_message(self._message(letter))
        except smtplib.SMTPRecipientsRefused as refusal:
            codes = [code for code, _ in refusal.recipients.values()]
            if codes and all(code >= 500 for code in codes):
                raise Undeliverable("address_refused") from None
            raise Unavailable("The mail server did not take the message.") from None
        except smtplib.SMTPResponseException as answer:
            if answer.smtp_code >= 500 and not isinstance(
                answer, smtplib.SMTPAuthenticationError | smtplib.SMTPConnectError
            ):
                raise Undeliverable("message_refused") from None
            raise Unavailable("The mail server did not take the message.") from None
        except (OSError, smtplib.SMTPException):
            raise Unavailable("The mail server does not answer.") from None
        return Handed("email", _named(server.taken))

    def greet(self) -> bool:
        """Connect to the mail server, sign in and leave again; whether it was encrypted.

        Raises ``OSError``, ``smtplib.SMTPException``, or ``ValueError`` for an address that is none.
        """
        try:
            with self._server(narrative=False) as server:
                return isinstance(server.sock, ssl.SSLSocket)
        except Undeliverable:  # a password that would go in the clear is not shown
            return False

    def _server(self, narrative: bool) -> _Remembers:
        url = urlsplit(self.settings.smtp_url)
        host, context = url.hostname or "localhost", _whom_we_trust()
        if url.scheme == "smtps":
            server: _Remembers = _RemembersSecurely(host, url.port or 465, timeout=_PATIENCE, context=context)
        else:
            server = _Remembers(host, url.port or 587, timeout=_PATIENCE)
            server.ehlo()
            if server.has_extn("starttls"):
                server.starttls(context=context)
                server.ehlo()
            elif narrative or url.username:
                server.close()
                raise Undeliverable("no_tls")
        if url.username:
            server.login(unquote(url.username), unquote(url.password or ""))
        return server

    def _message(self, letter: Letter) -> EmailMessage:
        sender = self.settings.mail_from
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = sender, letter.to, letter.subject
        message["Message-ID"] = f"<{letter.key}@{sender.rpartition('@')[2]}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(letter.body)
        if letter.html is not None:
            message.add_alternative(letter.html, subtype="html")
        for one in letter.attachments:
            main, _, sub = one.kind.partition("/")
            message.add_attachment(one.content, maintype=main, subtype=sub, filename=one.name)
        return message


def _whom_we_trust() -> ssl.SSLContext:
    """The certificates that a mail server is checked against: read once, and again when their file is another one.

    Reading them takes longer than everything else about a message, and a call must not wait for it.
    """
    known = ssl.get_default_verify_paths()
    file = Path(known.cafile) if known.cafile else None
    return _trusting(known, file.stat().st_mtime_ns if file else 0)


@lru_cache(maxsize=1)
def _trusting(known: ssl.DefaultVerifyPaths, written: int) -> ssl.SSLContext:
    return ssl.create_default_context()


def _named(answer: bytes) -> str:
    """What a server said when it took a message, short enough to keep: whoever runs it finds the message by it."""
    return answer.decode("ascii", "replace").replace("\n", " ").strip()[:_LONGEST]
