"""What the doctor looks at beyond the mail server: the carrier of texts, the mailbox that people write to, the place
where staff sign in otherwise, and whether files can be taken and scanned.
"""

from __future__ import annotations

from collections.abc import Iterator

from services.chassis.errors import Unavailable
from services.chassis.texting import greet
from services.directory.issuer import published
from services.intake.attachments import kind_of
from services.intake.mailbox import Mailbox
from services.intake.scanning import answers
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


def elsewhere(patient: Patient) -> Iterator[Finding]:
    """Whether the place where people sign in otherwise answers, and is what it is taken for."""
    about, settings = "sign-in", patient.settings
    if not settings.oidc_issuer:
        return
    try:
        published(settings, patient.now)
    except Unavailable:
        yield Finding(
            about, "should" if settings.signs_in_here else "must",
            f"Nobody can sign in with {settings.oidc_name}: its issuer cannot be reached, or is another one.",
            "Look at HEARD_OIDC_ISSUER, to the letter, and whether this machine may reach it. "
            "Until then: heard directory break-glass, where passwords are off.",
        )  # fmt: skip


def files(patient: Patient) -> Iterator[Finding]:
    """Whether this machine can tell what sort of file somebody sends, and whether the scanner answers."""
    about, scanner = "files", patient.settings.scanner
    if not kind_of(b"%PDF-1.4"):
        yield Finding(
            about, "should", "No picture, recording or file can be taken: libmagic is not installed.",
            "Install it (libmagic1) where intake runs. Reports in words are taken all the same.",
        )  # fmt: skip
    if scanner and not answers(scanner):
        yield Finding(
            about, "should", "The scanner of files does not answer: files are taken, and nobody scans them.",
            "Look at clamd, and at HEARD_SCANNER.",
        )  # fmt: skip
