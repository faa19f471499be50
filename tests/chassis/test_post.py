"""Nothing leaves by accident: a trial sends nothing, a live installation to verified contacts, narrative over TLS."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message as KeepsMessages

from services.chassis.errors import Unavailable
from services.chassis.gate import Undeliverable
from services.chassis.post import Attachment, Letter, Post
from services.chassis.settings import Settings
from tests.ground.ports import free_port

LETTER = Letter("m1", "somebody@example.org", "Heard: something needs you now", "Please sign in.", False, True)


class Mailbox(KeepsMessages):
    """A mail server without TLS that refuses one address for good and one for now."""

    def __init__(self) -> None:
        super().__init__()
        self.kept: list[str] = []

    async def handle_RCPT(
        self, server: object, session: object, envelope: object, address: str, options: object
    ) -> str:
        if address.startswith("gone@"):
            return "550 no such mailbox"
        if address.startswith("full@"):
            return "452 try later"
        envelope.rcpt_tos.append(address)  # type: ignore[attr-defined]
        return "250 OK"

    def handle_message(self, message: object) -> None:
        self.kept.append(str(message))


@pytest.fixture
def mailbox() -> Iterator[tuple[Mailbox, Settings]]:
    handler = Mailbox()
    server = Controller(handler, hostname="127.0.0.1", port=free_port())
    server.start()
    yield (
        handler,
        Settings(installation="live", smtp_url=f"smtp://127.0.0.1:{server.port}", mail_from="heard@home.example"),
    )
    server.stop()


def test_a_trial_sends_nothing(mailbox: tuple[Mailbox, Settings]) -> None:
    handler, settings = mailbox
    assert Post(settings.having(installation="trial")).send(LETTER).channel == "trial"
    assert handler.kept == []


def test_a_live_installation_sends_to_a_verified_contact(mailbox: tuple[Mailbox, Settings]) -> None:
    handler, settings = mailbox
    assert Post(settings).send(LETTER).channel == "email"
    assert "Message-ID: <m1@home.example>" in handler.kept[0]


def test_an_unverified_contact_never_gets_a_message(mailbox: tuple[Mailbox, Settings]) -> None:
    handler, settings = mailbox
    with pytest.raises(Undeliverable, match="unverified_contact"):
        Post(settings).send(replace(LETTER, verified=False))
    assert handler.kept == []


def test_narrative_does_not_go_without_tls(mailbox: tuple[Mailbox, Settings]) -> None:
    handler, settings = mailbox
    with pytest.raises(Undeliverable, match="no_tls"):
        Post(settings).send(replace(LETTER, narrative=True))
    assert handler.kept == []


def test_what_the_server_said_when_it_took_a_letter_is_kept(mailbox: tuple[Mailbox, Settings]) -> None:
    _, settings = mailbox
    assert Post(settings).send(LETTER).reference == "OK"


def test_a_letter_says_the_same_in_plain_text_and_in_html(mailbox: tuple[Mailbox, Settings]) -> None:
    handler, settings = mailbox
    Post(settings).send(replace(LETTER, html="<p>Please sign in.</p>"))
    assert "multipart/alternative" in handler.kept[0]
    assert handler.kept[0].index("Please sign in.") < handler.kept[0].index("<p>Please sign in.</p>")


def test_a_document_and_a_password_do_not_go_without_tls_either(mailbox: tuple[Mailbox, Settings]) -> None:
    handler, settings = mailbox
    form = Attachment("form.pdf", "application/pdf", b"%PDF-1.7")
    with pytest.raises(Undeliverable, match="no_tls"):
        Post(settings).send(replace(LETTER, attachments=(form,)))
    known = settings.having(smtp_url=settings.smtp_url.replace("//", "//heard:password@"))
    with pytest.raises(Undeliverable, match="no_tls"):
        Post(known).send(LETTER)
    assert not Post(known).greet()
    assert handler.kept == []


def test_what_can_be_tried_again_is_told_from_what_cannot(mailbox: tuple[Mailbox, Settings]) -> None:
    _, settings = mailbox
    with pytest.raises(Undeliverable, match="address_refused"):
        Post(settings).send(replace(LETTER, to="gone@example.org"))
    with pytest.raises(Unavailable):
        Post(settings).send(replace(LETTER, to="full@example.org"))
    with pytest.raises(Unavailable):
        Post(settings.having(smtp_url=f"smtp://127.0.0.1:{free_port()}")).send(LETTER)
