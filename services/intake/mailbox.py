"""The mailbox that people write to, over IMAP: what waits in it, fetched; what was taken, marked as seen.

TLS with a checked certificate; without it only to this machine itself. A mail is marked once what it says is committed,
so that one which was fetched by a process that died is fetched again. Nobody else should open this mailbox: what
somebody else has read is not read here.
"""

from __future__ import annotations

import imaplib
import re
import ssl
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import unquote, urlsplit

from services.chassis.errors import Unavailable

LARGEST = 25 * 1024**2  # bytes of a mail that is fetched whole
_BEGINNING = 256 * 1024  # of one that is larger
_PATIENCE = 20  # seconds for the server
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")
_HERE = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True, slots=True)
class Fetched:
    """One mail as it lies there; of a very large one the beginning."""

    raw: bytes
    whole: bool


class Mailbox:
    """An open mailbox. Raises ``Unavailable`` when the server does not answer, or not as it should."""

    def __init__(self, url: str) -> None:
        self._url = urlsplit(url)

    def __enter__(self) -> Self:
        url = self._url
        host, folder = url.hostname or "", unquote(url.path.strip("/")) or "INBOX"
        try:
            self._server = self._connect(host)
            try:
                self._server.login(unquote(url.username or ""), unquote(url.password or ""))
                self._ok(self._server.select(f'"{folder}"'))
            except BaseException:
                self._server.shutdown()
                raise
        except (OSError, imaplib.IMAP4.error) as fault:
            raise Unavailable(f"The mailbox cannot be opened ({type(fault).__name__}).") from None
        return self

    def _connect(self, host: str) -> imaplib.IMAP4:
        context = ssl.create_default_context()
        if self._url.scheme == "imaps":
            return imaplib.IMAP4_SSL(host, self._url.port or 993, ssl_context=context, timeout=_PATIENCE)
        server = imaplib.IMAP4(host, self._url.port or 143, timeout=_PATIENCE)
        if "STARTTLS" in server.capabilities:
            server.starttls(context)
        elif host not in _HERE:
            server.shutdown()
            raise Unavailable("The mailbox offers no encryption.")
        return server

    def __exit__(self, *how: object) -> None:
        try:
            self._server.logout()
        except (OSError, imaplib.IMAP4.error):
            self._server.shutdown()

    def waiting(self) -> list[str]:
        """The mails that nobody has taken, oldest first."""
        (found,) = self._asked("SEARCH", "UNSEEN")[:1] or [b""]
        return (found or b"").decode().split()

    def fetch(self, uid: str) -> Fetched:
        """One mail, left unmarked."""
        told = _SIZE.search(b"".join(one for one in self._asked("FETCH", uid, "(RFC822.SIZE)") if one))
        whole = told is None or int(told[1]) <= LARGEST
        wanted = "(BODY.PEEK[])" if whole else f"(BODY.PEEK[]<0.{_BEGINNING}>)"
        answer = self._asked("FETCH", uid, wanted)
        return Fetched(next((one[1] for one in answer if isinstance(one, tuple)), b""), whole)

    def seen(self, uid: str) -> None:
        """Mark a mail as taken."""
        self._asked("STORE", uid, "+FLAGS.SILENT", "(\\Seen)")

    def _asked(self, command: str, *words: str) -> list[Any]:
        try:
            return self._ok(self._server.uid(command, *words))
        except (OSError, imaplib.IMAP4.error) as fault:
            raise Unavailable(f"The mailbox does not answer ({type(fault).__name__}).") from None

    def _ok(self, answer: tuple[str, list[Any]]) -> list[Any]:
        if answer[0] != "OK":
            raise Unavailable("The mailbox refused what it was asked.")
        return answer[1]
