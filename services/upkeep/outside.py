"""What the doctor looks at beyond the mail server: the carrier of texts, and the mailbox that people write to."""

from __future__ import annotations

from collections.abc import Iterator

from services.chassis.errors import Unavailable
from services.chassis.texting import greet
from services.intake.mailbox import Mailbox
from services.upkeep.findings import Finding, Patient


def texts(patient: Patient) -> Iterator[Finding]:
    """Whether whoever carries texts can be reached, with a certificate that holds; nothing is sent."""
    about, settings = "texts", patient.settings
    if not (settings.text_url or settings.notify_key):
        yield Finding(
            about, "note", "Nobody carries text messages: whoever is on call is called by e-mail alone.",
            "Set HEARD_TEXT_URL and HEARD_TEXT_SECRET, or HEARD_NOTIFY_KEY: docs/text_messages.md.",
        )  # fmt: skip
        return
    try:
        greet(settings)
    except (OSError, ValueError) as fault:
        yield Finding(
            about, "must" if settings.live else "should",
            f"Whoever carries texts cannot be reached ({type(fault).__name__}).",
            "Look at HEARD_TEXT_URL, at its certificate, and whether this machine may reach it.",
        )  # fmt: skip


def mailbox(patient: Patient) -> Iterator[Finding]:
    """Whether the mailbox that people write to lets us in, and what names no home has one; nothing is marked."""
    about, settings = "mailbox", patient.settings
    if not settings.imap_url:
        return
    try:
        with Mailbox(settings.imap_url):
            pass
    except Unavailable as fault:
        yield Finding(
            about, "must", f"Nobody reads what people write by e-mail. {fault.sentence}",
            "Look at HEARD_IMAP_URL: host, name, password and folder; and whether this machine may reach it.",
        )  # fmt: skip
