"""Text messages: one port with two adapters, a signed gateway of the operator's own choice or GOV.UK Notify.

A text carries no narrative and no name of a child: other people look at phones. What it says is for the writer to keep,
and for the tests to hold. Nothing is handed over that the gate does not let out.
"""

from __future__ import annotations

import re
import socket
import ssl
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import urlsplit

from services.chassis.gate import Handed, Undeliverable, may_leave
from services.chassis.settings import Settings
from services.chassis.text_gateway import Gateway
from services.chassis.text_notify import Notify

_PATIENCE = 10  # seconds
_ELSEWHERE = re.compile(r"\+[1-9][0-9]{7,14}")
_MOBILE = re.compile(r"\+447[0-9]{9}")


@dataclass(frozen=True, slots=True)
class Text:
    """One text. ``key`` is the same however often it is handed over; ``again``: it may have been before."""

    key: str
    to: str = field(repr=False)
    body: str = field(repr=False)
    verified: bool = True
    again: bool = False


class Adapter(Protocol):
    """Whatever carries texts: raises ``Undeliverable`` (tell a person) or ``Unavailable`` (try again later)."""

    def hand_over(self, key: str, to: str, body: str, *, again: bool) -> str:
        """What the carrier calls this text."""
        ...


class Texting:
    """Hands texts over. One a service that sends any."""

    def __init__(self, settings: Settings, carrier: Adapter | None = None) -> None:
        self.settings = settings
        self.carrier = carrier or carrier_of(settings)

    def send(self, text: Text) -> Handed:
        """Hand a text over. Raises ``Undeliverable`` (tell a person) or ``Unavailable`` (try again later)."""
        if not may_leave(self.settings, verified=text.verified):
            return Handed("trial")
        if self.carrier is None:
            raise Undeliverable("no_text_messages_here")
        number = mobile_of(text.to)
        if number is None:
            raise Undeliverable("number_takes_no_texts")
        return Handed("sms", self.carrier.hand_over(text.key, number, text.body, again=text.again))


def carrier_of(settings: Settings) -> Adapter | None:
    """The adapter that the settings choose; None where nobody carries texts."""
    if settings.text_url:
        return Gateway(settings.text_url, settings.text_secret)
    if settings.notify_key:
        return Notify(settings.notify_key, settings.notify_template)
    return None


def greet(settings: Settings) -> None:
    """Reach whoever carries texts, and leave again. Raises ``OSError``, or ``ValueError`` for no address."""
    url = urlsplit(settings.text_url or "https://api.notifications.service.gov.uk")
    port = url.port or (443 if url.scheme == "https" else 80)
    with socket.create_connection((url.hostname or "", port), timeout=_PATIENCE) as line:
        if url.scheme == "https":
            with ssl.create_default_context().wrap_socket(line, server_hostname=url.hostname):
                pass


def mobile_of(number: str | None) -> str | None:
    """A number that takes texts, as carriers want it ("+447700900123"); None for a landline or what is no number.

    Of another country's number nobody can tell: it is tried.
    """
    plain = re.sub(r"[\s().-]", "", number or "")
    plain = "+" + plain[2:] if plain.startswith("00") else "+44" + plain[1:] if plain.startswith("0") else plain
    plain = plain.replace("+440", "+44", 1)
    if plain.startswith("+44"):
        return plain if _MOBILE.fullmatch(plain) else None
    return plain if _ELSEWHERE.fullmatch(plain) else None
