"""A call that really goes out by e-mail, and is answered while the broker is down.

The lead cannot take it on and says so by the link; at once the deputy has the call in the post. Then RabbitMQ is
stopped. The deputy's link works all the same, and a second report is knocked in past the broker; as the call about it
lies waiting, intake pages the lead by its own way out. When the broker is back, an ordinary complaint is acknowledged
and the LADO's form goes out; then every fact on the way of an alert is handed over five times more, and five times as
by a publisher that lost its confirm, and nothing happens twice. What is alarming has processes of its own here. In real
time: only a live installation sends anything, and it goes by no other clock.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import amqp
import pytest
import requests

from heard.events import FACTS
from services.chassis.database import compact
from services.chassis.relay import amqp_address
from services.chassis.topology import fact_exchange, keys_of
from tests.ground import world
from tests.ground.harness import Platform
from tests.ground.mail import MailServer, link_in, mail_server, text_of
from tests.ground.postgres import Postgres
from tests.ground.rabbit import Rabbit
from tests.journeys.story import Story

LEAD, DEPUTY, NOOR = "imogen-ashdale", "callum-wrenfield", "noor-ellingham"
HANDLER, GROUP, LADO = "tobias-fennimore", "maren-oakshott", "lado@hampshire.example"
PUBLISHERS = ("intake", "safeguarding", "workflow", "notifications")
WORDS = "noor ellingham punched me in the face last night"


@pytest.fixture
def mail(tmp_path: Path) -> Iterator[MailServer]:
    """The mail server of the installation."""
    with mail_server(tmp_path / "mail.pem") as server:
        yield server


@pytest.fixture
def live(rabbit: Rabbit, postgres: Postgres, mail: MailServer, tmp_path: Path) -> Iterator[Platform]:
    """A live installation, which sends what it has to say."""
    settings = {
        "HEARD_INSTALLATION": "live", "HEARD_PUBLIC_URL": "https://complaints.example.org", "HEARD_SMTP_URL": mail.url,
        "HEARD_KNOCK_AFTER": "2", "HEARD_PAGE_AFTER": "10", "SSL_CERT_FILE": str(tmp_path / "mail.pem"),
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
        if LADO not in str(message["To"]):  # that one is told who it is, in secret
            assert "Noor" not in f"{message['Subject']} {text_of(message)}" and "punched" not in text_of(message)


def answer(platform: Platform, link: str, said: str) -> requests.Response:
    """Press a button behind the link in a message, as the portal does for whoever presses it."""
    _, _, alert_id, token = urlsplit(link).path.split("/")
    body = {"token": token, "answer": said}
    return requests.post(f"{platform.door('safeguarding')}/alerts/{alert_id}/acknowledge", json=body, timeout=10)


def acknowledged_and_referred(live: Platform, mail: MailServer, report_id: str) -> None:
    """Somebody else's complaint is acknowledged in a letter, and the form about the alert goes to the LADO."""
    story = Story(live, live.submit(world.a_report())).reaches(HANDLER)
    story.sends(HANDLER, "acknowledge", "acknowledge", "stage_1", words="We have it, and are looking into it.")
    yesterday = (datetime.now(UTC) - timedelta(days=1)).date().isoformat()
    live.change_directory(
        {"do": "set_contact", "contact": "lado", "provider": world.provider_id("tidewater-homes"), "area": "Hampshire",
         "email": LADO, "verified_on": yesterday}
    )  # fmt: skip
    form = f"/records/{report_id}/forms/working_together.lado"
    live.wait_until(lambda: live.seat(LEAD).get(form)["contacts"][0]["email"], what="the verified address is known")
    live.seat(LEAD).post(f"{form}/send", {"whom": "lado", "after": 0})
    live.wait_until(lambda: mail.to(LADO), 60, what="the LADO has the form")
    live.wait_until(lambda: live.seat(LEAD).get(form)["sent"][0]["state"] == "email", what="the record says so")
    story.waits_for("told", event="assigned")


def the_same_five_times(live: Platform, mail: MailServer) -> None:
    """Everything that was said comes five times more as it was, and five times as another message.

    One e-mail came back meanwhile; that is told five times too, and is the one thing that has happened since.
    """
    live.wait_until(lambda: all_is_told(live), what="nobody has anything left to say")
    part = "kind = 'person' AND template = 'staff/assigned' AND state = 'sent'"
    sent = live.rows("notifications", f"SELECT id FROM messages WHERE {part} ORDER BY made_at DESC")[0]
    before, posted = held(live), in_the_post(mail)
    now = datetime.now(UTC).isoformat()
    returned = {"message_id": sent["id"], "sort": "returned", "code": "5.1.1", "at": now}
    again = [("intake", "mail_returned", uuid.uuid4().hex, returned)]
    for publisher in PUBLISHERS:
        rows = live.rows(publisher, "SELECT fact, message_id, body FROM outbox")
        again += [(publisher, keys_of(row["fact"])[-1], row["message_id"], row["body"]) for row in rows]
    assert {fact for _, fact, *_ in again} >= {
        "complaint_received", "report_screened", "safeguarding_advanced", "ladder_called", "call_sent", "ladder_paged",
        "case_advanced", "message_sent", "form_handed_over", "form_delivered", "words_written",
    }  # fmt: skip
    others = publish(live, again, 5)
    for fact in others:
        for listener in FACTS[fact].heard_by:
            again_at = partial(heard, live, listener, others[fact])
            live.wait_until(again_at, what=f"{listener} has heard {fact} again")
    live.wait_until(lambda: len(mail.to(GROUP)) > posted[GROUP], what="somebody hears that an e-mail came back")
    live.wait_until(lambda: all_is_told(live), what="nobody has anything left to say")

    # One more message, one that failed, and the two rows of the case that say so; nothing else, and nothing twice.
    after = held(live)
    changed = {name: after[name] - before[name] for name in after if after[name] != before[name]}
    assert changed == {"messages": 1, "failed": 1, "rows of cases": 2, "rows reported": 2}, changed
    assert in_the_post(mail) - posted == Counter({GROUP: 1})
    for service, table, whose in (
        ("workflow", "ledger", "case_id"), ("safeguarding", "ledger", "case_id"),
        ("reporting", "case_rows", "ledger, case_id"),
    ):  # fmt: skip
        broken = f"SELECT {whose} FROM {table} GROUP BY {whose} HAVING max(seq) <> count(*) OR min(seq) <> 1"
        assert live.rows(service, broken) == [], f"{service} has a gap or a double"


def publish(live: Platform, these: list[tuple[str, str, str, Mapping[str, Any]]], times: int) -> dict[str, list[str]]:
    """Say each of these facts that often as the same message, then that often as another; the others' ids, by fact."""
    connection = amqp.Connection(**amqp_address(live.amqp_url))
    connection.connect()
    channel, others = connection.channel(), dict[str, list[str]]()
    for publisher, fact, message_id, body in these:
        new = [uuid.uuid4().hex for _ in range(times)]
        others.setdefault(fact, []).extend(new)
        for one in [message_id] * times + new:
            channel.basic_publish(
                amqp.Message(
                    compact(body), content_type="application/json", content_encoding="utf-8", delivery_mode=2,
                    message_id=one,
                    application_headers={"correlation": "again", "published_at": datetime.now(UTC).isoformat()},
                ), fact_exchange(publisher).name, fact,
            )  # fmt: skip
    connection.close()
    return others


def held(live: Platform) -> dict[str, int]:
    """How much there is of everything that a fact could make twice."""
    counted = {
        "reports": ("intake", "reports", "1 = 1"), "records": ("safeguarding", "records", "1 = 1"),
        "alerts": ("safeguarding", "alerts", "1 = 1"), "calls": ("safeguarding", "calls_made", "1 = 1"),
        "rows of records": ("safeguarding", "ledger", "1 = 1"), "cases": ("workflow", "cases", "1 = 1"),
        "rows of cases": ("workflow", "ledger", "1 = 1"), "words": ("workflow", "words", "1 = 1"),
        "messages": ("notifications", "messages", "template <> 'staff/standing'"),
        "failed": ("notifications", "messages", "state = 'failed'"),
        "rows reported": ("reporting", "case_rows", "1 = 1"),
    }  # fmt: skip
    return {name: live.count(*where) for name, where in counted.items()}


def in_the_post(mail: MailServer) -> Counter[str]:
    """How many messages came for each, but for reminders of what is owed without any complaint."""
    came = [one for one in list(mail.came) if "has to be done in time" not in str(one["Subject"])]
    return Counter(str(one["To"]).partition("@")[0] for one in came)


def all_is_told(live: Platform) -> bool:
    """Whether all messages that were due are out, and whatever a service said was heard by all who listen to it.

    One that is being handed over, which the mail server may have already, is not out before that is written down.
    """
    if live.count("notifications", "messages", "state = 'waiting' AND (next_at <= now() OR attempts > 0)"):
        return False
    before, kinds = said_so_far(live), [kind for kind in FACTS.values() if kind.publisher != "directory"]
    unheard = any(
        live.count(kind.publisher, "outbox", "fact IN (?, ?) AND message_id NOT IN "
                   f"(SELECT message_id FROM {listener}.inbox)", [kind.name, f"first.{kind.name}"])
        for kind in kinds
        for listener in kind.heard_by
    )  # fmt: skip
    return not unheard and said_so_far(live) == before


def said_so_far(live: Platform) -> int:
    """How much these services have said, heard or not."""
    return sum(live.count(publisher, "outbox") for publisher in PUBLISHERS)


def heard(live: Platform, listener: str, message_ids: list[str]) -> bool:
    """Whether a service has taken in all of these."""
    return live.count(listener, "inbox", "message_id = ANY(?)", [message_ids]) == len(message_ids)


@pytest.mark.timeout(360)
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
    live.stop_broker()
    answered = answer(live, link_in(calls(mail, DEPUTY)[0]), "have").json()
    assert answered["answered"] is True
    live.submit(world.a_report(what_happened=WORDS, about=[{"name": "Noor Ellingham"}]))
    live.wait_until(lambda: live.count("safeguarding", "alerts") == 2, what="the second report is knocked in")
    live.wait_until(lambda: pages(mail, LEAD), 60, what="intake pages her by its own way out")
    assert len(calls(mail, LEAD)) == 1

    # The broker is back: the call that waited goes out; and whatever is told again happened once.
    live.start_broker()
    live.wait_until(lambda: len(calls(mail, LEAD)) == 2, 60, what="the lead is called about the second report")
    assert answer(live, link_in(calls(mail, LEAD)[1]), "have").json()["answered"] is True
    acknowledged_and_referred(live, mail, alert["report_id"])
    the_same_five_times(live, mail)
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
