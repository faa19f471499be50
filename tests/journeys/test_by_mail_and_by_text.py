"""Live: somebody writes an e-mail that is worrying; whoever is on call is texted, and answers by texting back.

A gateway, a mail server and a mailbox stand beside the one process; nothing else is simulated.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink

from services.directory.demo import demo_id
from tests.ground import ports, world
from tests.ground.carrier import SECRET, Carrier
from tests.ground.harness import Platform, Running
from tests.ground.imap import Mailroom

LEAD, TEXTED = "imogen-ashdale", "07700 900123"
LETTER = """From: Robin Averill <robin@averill.example>\r
To: tell+harbour-house@homes.example\r
Subject: my brother\r
Message-ID: <first@averill.example>\r
Content-Type: text/html; charset=utf-8\r
\r
<p>He says that <b>a man on the staff</b> grabbed him by the neck and pushed him against a wall.</p>\r
"""


class WithATelephone(Platform):
    """The lead has a number that takes texts before anything runs."""

    def _launch(self, running: Running) -> None:
        self.change_directory(
            {"do": "add_person", "id": world.person_id(LEAD), "operator": demo_id("tidewater-homes"),
             "name": "Imogen Ashdale", "email": "imogen@homes.example", "phone": TEXTED, "verified": True}
        )  # fmt: skip
        super()._launch(running)


@pytest.fixture
def outside() -> Iterator[tuple[Platform, Carrier, Mailroom]]:
    """A live platform in one process, and what it reaches outside."""
    with ExitStack() as stack:
        carrier, room = stack.enter_context(Carrier()), stack.enter_context(Mailroom())
        post = Controller(Sink(), hostname="127.0.0.1", port=ports.free_port())
        post.start()
        stack.callback(post.stop)
        settings = {
            "HEARD_INSTALLATION": "live", "HEARD_PUBLIC_URL": "https://homes.example",
            "HEARD_SMTP_URL": f"smtp://127.0.0.1:{post.port}", "HEARD_MAIL_FROM": "tell@homes.example",
            "HEARD_TEXT_URL": f"{carrier.url}/texts", "HEARD_TEXT_SECRET": SECRET,
            "HEARD_IMAP_URL": room.url, "HEARD_INBOX_HOME": "quay-view",
        }  # fmt: skip
        platform = WithATelephone("embedded", settings=settings, real_time=True)
        stack.callback(platform.stop)
        room.put(LETTER)
        yield platform.start(), carrier, room


@pytest.mark.real_parts
@pytest.mark.timeout(180)
def test_an_e_mail_rings_a_telephone_and_a_text_back_is_the_answer(
    outside: tuple[Platform, Carrier, Mailroom],
) -> None:
    platform, carrier, room = outside

    def alert() -> dict[str, Any]:
        found = platform.seat(LEAD).get("/alerts")
        return dict((found["alerts"] if isinstance(found, dict) else found)[0])

    raised = platform.wait_until(alert, 60, what="the e-mail became an alert")
    text = platform.wait_until(lambda: dict(carrier.texts).popitem()[1], 30, what="the lead was texted")
    assert room.seen == {1} and text["to"] == "+447700900123"
    assert not any(word in text["text"] for word in ("neck", "Harbour", "Averill", "staff"))

    (code,) = set(re.findall(r"\b\d{4}\b", text["text"]))
    hook = f"{platform.url}/hooks/texts"
    reply = {"event": "reply", "reply_id": "r1", "from": "+447700900123", "text": f"{code} yes"}
    assert carrier.tell(hook, reply, secret="somebody else who knows the address") == 404
    assert [carrier.tell(hook, reply) for _ in range(2)] == [200, 200]
    answered = alert()
    assert answered["alert_id"] == raised["alert_id"] and answered["answered_at"] is not None
