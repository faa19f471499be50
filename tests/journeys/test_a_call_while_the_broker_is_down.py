"""A call that really goes out by e-mail, and is answered while the broker is down.

The lead cannot take it on and says so by the link; at once the deputy has the call in the post. Then RabbitMQ is
stopped. The deputy's link works all the same, and a second report is knocked in past the broker; as the call about it
lies waiting, intake pages the lead by its own way out. When the broker is back, the first report is handed over five
times more, and nothing of it happens twice. What is alarming has processes of its own here. In real time: only a live
installation sends anything, and it goes by no other clock.
"""

from __future__ import annotations

from collections.abc import Iterator
from email.message import EmailMessage
from urllib.parse import urlsplit

import amqp
import pytest
import requests

from services.chassis.database import compact
from services.chassis.relay import amqp_address
from services.chassis.topology import fact_exchange
from tests.ground import world
from tests.ground.harness import Platform
from tests.ground.mail import MailServer, link_in, mail_server, text_of
from tests.ground.postgres import Postgres
from tests.ground.rabbit import Rabbit

LEAD, DEPUTY, NOOR = "imogen-ashdale", "callum-wrenfield", "noor-ellingham"
WORDS = "noor ellingham punched me in the face last night"


@pytest.fixture
def mail() -> Iterator[MailServer]:
    """The mail server of the installation."""
    with mail_server() as server:
        yield server


@pytest.fixture
def live(rabbit: Rabbit, postgres: Postgres, mail: MailServer) -> Iterator[Platform]:
    """A live installation, which sends what it has to say."""
    settings = {
        "HEARD_INSTALLATION": "live", "HEARD_PUBLIC_URL": "https://complaints.example.org", "HEARD_SMTP_URL": mail.url,
        "HEARD_KNOCK_AFTER": "2", "HEARD_PAGE_AFTER": "10",
    }  # fmt: skip
    alone = ("intake", "safeguarding", "notifications")
    running = Platform("distributed", rabbit, postgres, settings=settings, real_time=True, alarms_alone=alone)
    try:
        yield running.start()
    finally:
        running.remove()


def calls(mail: MailServer, whom: str) -> list[EmailMessage]:
    """The calls of the ladder to somebody, without the pages of intake."""
    return [one for one in mail.to(whom) if "something needs you now" in str(one["Subject"])]


def pages(mail: MailServer, whom: str) -> list[EmailMessage]:
    """What intake sent to somebody by itself."""
    return [one for one in mail.to(whom) if "a report needs you now" in str(one["Subject"])]


def said_no_name(mail: MailServer) -> None:
    for message in mail.came:
        assert "Noor" not in f"{message['Subject']} {text_of(message)}" and "punched" not in text_of(message)


def answer(platform: Platform, link: str, said: str) -> requests.Response:
    """Press a button behind the link in a message, as the portal does for whoever presses it."""
    _, _, alert_id, token = urlsplit(link).path.split("/")
    body = {"token": token, "answer": said}
    return requests.post(f"{platform.door('safeguarding')}/alerts/{alert_id}/acknowledge", json=body, timeout=10)


@pytest.mark.timeout(240)
def test_a_call_is_passed_on_and_answered_by_link_with_the_broker_down(live: Platform, mail: MailServer) -> None:
    live.submit(world.a_report(what_happened=WORDS, about=[{"name": "Noor Ellingham"}]))
    live.wait_until(lambda: calls(mail, LEAD), what="the lead has the call in the post")
    first = link_in(calls(mail, LEAD)[0])
    looked = requests.get(first.replace("https://complaints.example.org", live.url), timeout=10)
    assert "about a report at Harbour House" in looked.text and "Noor" not in looked.text
    (alert,) = live.rows("safeguarding", "SELECT id, report_id, answered_at FROM alerts")
    assert alert["answered_at"] is None, "a scanner that opens the links in a message answers nothing"

    # She cannot, and says so: the deputy is called at once, not after ten minutes.
    assert answer(live, first, "cannot").json()["answered"] is False
    live.wait_until(lambda: calls(mail, DEPUTY), what="the deputy has the call in the post")

    # The broker is gone. The deputy's answer needs none; a second report is knocked in and calls as well.
    (message,) = live.rows("intake", "SELECT * FROM outbox WHERE fact = 'complaint_received'")
    live.stop_broker()
    answered = answer(live, link_in(calls(mail, DEPUTY)[0]), "have").json()
    assert answered["answered"] is True
    live.submit(world.a_report(what_happened=WORDS, about=[{"name": "Noor Ellingham"}]))
    live.wait_until(lambda: live.count("safeguarding", "alerts") == 2, what="the second report is knocked in")
    live.wait_until(lambda: pages(mail, LEAD), 60, what="intake pages her by its own way out")
    assert len(calls(mail, LEAD)) == 1

    # The broker is back: the call that waited goes out; and the first report, told five times more, is one report.
    live.start_broker()
    live.wait_until(lambda: len(calls(mail, LEAD)) == 2, 60, what="the lead is called about the second report")
    connection = amqp.Connection(**amqp_address(live.amqp_url))
    connection.connect()
    channel = connection.channel()
    for _ in range(5):
        again = amqp.Message(
            compact(message["body"]), content_type="application/json", content_encoding="utf-8", delivery_mode=2,
            message_id=message["message_id"],
            application_headers={"correlation": "again", "published_at": message["written_at"].isoformat()},
        )  # fmt: skip
        channel.basic_publish(again, fact_exchange("intake").name, "complaint_received")
    connection.close()
    third = live.submit(world.a_report(what_happened="The tea is always cold."))
    live.wait_until(
        lambda: live.count("safeguarding", "records", "reference = ?", [third.reference]) == 1,
        what="what was told after them is heard",
    )
    assert live.count("safeguarding", "records") == 3
    assert live.count("safeguarding", "alerts") == 2
    made = live.rows("safeguarding", "SELECT person FROM calls_made WHERE alert_id = ?", [alert["id"]])
    assert len(made) == 2
    assert not mail.to(NOOR)
    said_no_name(mail)

    # What became of each call can be read afterwards by whoever may see the record.
    record = live.seat(LEAD).get(f"/records/{alert['report_id']}")
    of_calls = ("called", "call_sent", "declined", "answered")
    steps = [row["event"] for row in record["ledger"] if row["event"] in of_calls]
    assert steps.count("called") == 2 and "declined" in steps and steps[-1] in ("answered", "call_sent")
    (kept,) = [one for one in record["alerts"] if one["alert_id"] == alert["id"]]
    assert (kept["answered_by_name"], kept["how"]) == ("Callum Wrenfield", "link")
