"""The outgoing port: the only way in which anything leaves the platform.

A trial installation sends nothing to anybody. A live one sends to verified contacts only, and what carries narrative
over TLS only. Subjects carry neither names nor content; that is for the writer to keep, and for the tests to hold.
"""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Literal
from urllib.parse import unquote, urlsplit

from services.chassis.errors import Unavailable
from services.chassis.settings import Settings

_PATIENCE = 20  # seconds for the mail server


class Undeliverable(Exception):
    """This message cannot reach this address, however often it is tried. ``why`` is a code, never an address."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Letter:
    """One e-mail. ``key`` makes its Message-ID, so that a message handed over twice can be told as one."""

    key: str
    to: str
    subject: str
    body: str
    narrative: bool
    verified: bool


class Post:
    """Hands letters over. One a service that sends anything."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    def send(self, letter: Letter) -> Literal["email", "trial"]:
        """Hand a letter over; returns by which channel it went ("trial": it was kept, and nothing left).

        Raises ``Undeliverable`` (tell a person) or ``Unavailable`` (try again later).
        """
        if not self.settings.live:
            return "trial"
        if not letter.verified:
            raise Undeliverable("unverified_contact")
        if not self.settings.smtp_url:
            raise Undeliverable("no_mail_server")
        try:
            with self._server(letter.narrative) as server:
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
        return "email"

    def greet(self) -> bool:
        """Connect to the mail server, sign in and leave again; whether it was encrypted.

        Raises ``OSError``, ``smtplib.SMTPException``, or ``ValueError`` for an address that is none.
        """
        with self._server(narrative=False) as server:
            return isinstance(server.sock, ssl.SSLSocket)

    def _server(self, narrative: bool) -> smtplib.SMTP:
        url = urlsplit(self.settings.smtp_url)
        host, context = url.hostname or "localhost", ssl.create_default_context()
        if url.scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(host, url.port or 465, timeout=_PATIENCE, context=context)
        else:
            server = smtplib.SMTP(host, url.port or 587, timeout=_PATIENCE)
            server.ehlo()
            if server.has_extn("starttls"):
                server.starttls(context=context)
                server.ehlo()
            elif narrative:
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
        return message
