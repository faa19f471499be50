"""What a mail says, and what sort of mail it is: somebody telling us something, or a machine answering ours.

Pure. Reads whatever comes: a wrong or missing character set, HTML alone, broken headers, mails within mails. Of a mail
that is no machine's answer nothing is left out: what cannot be read goes along as a document.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message
from email.utils import getaddresses, parseaddr
from html.parser import HTMLParser
from typing import Literal

Sort = Literal["told", "returned", "delayed", "away", "list", "own"]
_TO = ("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To")
_ROBOTS = ("mailer-daemon", "postmaster")
_OURS = re.compile(r"<([0-9a-f]{32})@([^>\s]+)>")
_BREAKS = {"p", "div", "br", "li", "tr", "h1", "h2", "h3", "h4", "blockquote", "table", "ul", "ol", "hr"}
_SILENT = {"script", "style", "head", "title"}


@dataclass(frozen=True, slots=True)
class Part:
    """Something that came with a mail."""

    name: str = field(repr=False)
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail, read. `answers` are our own messages that it speaks of; `code` is a mail server's status."""

    id: str
    sort: Sort
    answers: tuple[str, ...]
    code: str
    sender: str = field(repr=False)
    name: str = field(repr=False)
    to: tuple[str, ...] = field(repr=False)
    subject: str = field(repr=False)
    text: str = field(repr=False)
    parts: tuple[Part, ...] = field(repr=False)


def read(raw: bytes, our_address: str) -> Mail:
    """Read a mail as it came. May raise anything on what is no mail at all: the caller hands that to a person."""
    mail = message_from_bytes(raw)
    name, sender = parseaddr(_said(mail, "From"))
    text, parts = _contents(mail)
    answers = _answers(mail, raw, our_address)
    return Mail(
        id=digest(_said(mail, "Message-ID").strip().encode() or raw),
        sort=_sort(mail, sender.lower(), answers, our_address),
        answers=answers,
        code=_status(mail)[1],
        sender=sender,
        name=name,
        to=tuple(address.lower() for one in _TO for address in _addresses(_said(mail, one))),
        subject=" ".join(_said(mail, "Subject").split()),
        text=text,
        parts=parts,
    )


def _addresses(header: str) -> list[str]:
    """The addresses in one header. Each by itself: one that cannot be read, or is not there, hides no other."""
    return [address for _, address in getaddresses([header]) if address]


def digest(of: bytes) -> str:
    """By which a mail is known, however often it is fetched."""
    return hashlib.sha256(of).hexdigest()


def _sort(mail: Message, sender: str, answers: tuple[str, ...], our_address: str) -> Sort:
    action, _ = _status(mail)
    by_robot = sender.partition("@")[0] in _ROBOTS
    if action or (by_robot and answers):
        return "returned" if action in ("failed", "") else "delayed"
    submitted = _said(mail, "Auto-Submitted").partition(";")[0].strip().lower()
    precedence = _said(mail, "Precedence").strip().lower()
    replies = submitted == "auto-replied" or precedence == "auto_reply" or mail["X-Autoreply"] or mail["X-Autorespond"]
    if replies or (submitted not in ("", "no") and answers):
        return "away"
    if sender == our_address.lower():
        return "own"
    return "list" if mail["List-Id"] or precedence in ("bulk", "list", "junk") else "told"


def _status(mail: Message) -> tuple[str, str]:
    """What a mail server reports: (action, status code); empty when it reports nothing."""
    for part in mail.walk():
        if part.get_content_type() == "message/delivery-status":
            blocks = part.get_payload()
            for block in blocks if isinstance(blocks, list) else ():
                if isinstance(block, Message) and block["Action"]:
                    return _said(block, "Action").strip().lower(), _said(block, "Status").strip()[:12]
            return "failed", ""
    return "", ""


def _answers(mail: Message, raw: bytes, our_address: str) -> tuple[str, ...]:
    """Which of our own messages a mail answers; a mail server's report holds the one that it returns."""
    robot = _status(mail)[0] or _said(mail, "From").lower().lstrip("<\"' ").startswith(_ROBOTS)
    where = raw.decode("ascii", "replace") if robot else f"{_said(mail, 'In-Reply-To')} {_said(mail, 'References')}"
    ours = our_address.rpartition("@")[2].lower()
    return tuple(dict.fromkeys(found for found, host in _OURS.findall(where) if host.lower() == ours))


def _said(mail: Message, header: str) -> str:
    value = mail[header]
    if value is None:
        return ""
    try:
        text = str(make_header(decode_header(str(value))))
    except (LookupError, ValueError, HeaderParseError):  # a character set that there is not, or half of one
        text = str(value)
    return text.encode("utf-8", "replace").decode()


def _contents(mail: Message) -> tuple[str, tuple[Part, ...]]:
    plain, html, parts = [], [], []
    for part in _leaves(mail):
        content = part.get_payload(decode=True)
        body = content if isinstance(content, bytes) else str(part.get_payload()).encode("utf-8", "replace")
        kind, name = part.get_content_type(), _name(part)
        if name or part.get_content_disposition() == "attachment" or not kind.startswith("text/"):
            parts.append(Part(name or kind.replace("/", "."), body))
        elif kind == "text/html":
            html.append(_without_marks(_decoded(part, body)))
        else:
            plain.append(_decoded(part, body))
    text = "\n\n".join(one.strip() for one in plain if one.strip())
    return text or "\n\n".join(one for one in html if one), tuple(parts)


def _leaves(mail: Message) -> Iterator[Message]:
    for part in mail.walk():
        if not part.is_multipart():
            yield part


def _name(part: Message) -> str:
    try:
        given = part.get_filename() or ""
        given = str(make_header(decode_header(given)))
    except (LookupError, ValueError, HeaderParseError):
        given = "attachment"
    plain = "".join(c for c in given.encode("utf-8", "replace").decode() if c.isprintable())
    return plain.replace("\\", "/").rpartition("/")[2].strip()[:120]


def _decoded(part: Message, body: bytes) -> str:
    for charset in (part.get_content_charset(), "utf-8"):
        try:
            return body.decode(charset or "utf-8")
        except (LookupError, ValueError):
            continue
    return body.decode("cp1252", "replace")


class _Reader(HTMLParser):
    """Takes the words out of HTML."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in _SILENT
        if tag in _BREAKS:
            self.words.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self.silent = max(self.silent - (tag in _SILENT), 0)

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.words.append(data)


def _without_marks(html: str) -> str:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    lines = (" ".join(line.split()) for line in "".join(reader.words).splitlines())
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
    return text or " ".join(re.sub(r"<[^>]*>", " ", html).split())
