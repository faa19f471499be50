"""Broker, relay, safeguarding, notifications, mail server dead in turn, in both modes: somebody is always reached."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from threading import Thread

import pytest
from sqlalchemy import select
from werkzeug.serving import make_server

from services.intake.models import pages_sent
from services.intake.watching import watch
from services.safeguarding.service import SafeguardingService
from services.upkeep.watchdog import Watchdog
from tests.ground.mail import MailServer, mail_server, text_of
from tests.ground.ports import free_port
from tests.safeguarding.test_calling import DEPUTY, LEAD
from tests.safeguarding.two_houses import TwoHouses, service
from tests.upkeep.test_watchdog import handed_over

SOON = timedelta(seconds=31)
WORDS = {"what_happened": "noor ellingham punched me", "about": [{"name": "Noor Ellingham"}]}
NOWHERE = "smtp://127.0.0.1:{}"


@dataclass
class Ground:
    """Both houses, live, with a mail server and with safeguarding's door open. Nothing carries facts but a test."""

    houses: TwoHouses
    mail: MailServer
    watchdog: Watchdog

    def mails_go_to(self, url: str) -> None:
        for house in (self.houses.intake, self.houses.safeguarding):
            house.settings = house.settings.having(installation="live", smtp_url=url)

    def safeguarding_dies(self) -> None:
        self.houses.intake.settings.urls["safeguarding"] = "http://127.0.0.1:9"

    def intake_watches(self, *waits: timedelta) -> None:
        for wait in waits or (SOON, SOON):
            self.houses.move(wait)
            watch(self.houses.intake)

    def the_watchdog_looks(self, after: timedelta = timedelta(minutes=12)) -> None:
        self.houses.move(after)
        self.watchdog.look()
        self.watchdog.look()

    def submits(self) -> None:
        self.houses.submit(**WORDS)

    def is_screened(self) -> None:
        self.submits()
        self.houses.carry()


@pytest.fixture
def ground(houses: TwoHouses) -> Iterator[Ground]:
    server = make_server("127.0.0.1", 0, houses.knocks.application)
    serving = Thread(target=server.serve_forever, daemon=True)
    serving.start()
    houses.intake.settings.urls["safeguarding"] = f"http://127.0.0.1:{server.server_port}"
    with mail_server() as mail:
        made = Ground(houses, mail, Watchdog(houses.intake, houses.safeguarding))
        made.mails_go_to(mail.url)
        yield made
    server.shutdown()
    serving.join()


def the_broker(on: Ground) -> None:
    """Safeguarding takes the report at its door, and its own call lies waiting: intake pages all the same."""
    on.submits()
    on.intake_watches(SOON)
    assert on.houses.called() == [LEAD] and on.mail.came == []
    on.intake_watches(SOON)


def the_relay(on: Ground) -> None:
    """Intake's facts stay; the report is knocked in, and the call goes out by the others: nobody is paged besides."""
    on.submits()
    on.intake_watches(SOON)
    assert on.houses.called() == [LEAD]
    handed_over(on.houses)
    on.intake_watches(SOON, timedelta(minutes=10))
    assert paged(on) == []


def safeguarding(on: Ground) -> None:
    on.safeguarding_dies()
    on.submits()
    on.intake_watches()


def notifications(on: Ground) -> None:
    """The report is screened and somebody is called; the broker has that call, and nobody takes it from there."""
    on.is_screened()
    on.intake_watches(SOON)
    assert on.mail.came == []
    on.intake_watches(SOON)


def safeguarding_once_it_has_screened(on: Ground) -> None:
    """What it said last is that it calls somebody, and that call stays behind."""
    on.is_screened()
    on.safeguarding_dies()
    on.intake_watches()


def notifications_on_a_later_day(on: Ground) -> None:
    """The report was at rest and names nobody. Whom later words name is left out: safeguarding said whom it calls."""
    report = on.houses.submit()
    on.houses.carry()
    on.houses.move(timedelta(days=1))
    assert watch(on.houses.intake) == 0
    said = {"code": report["receipt_code"], "words": "callum wrenfield punched me"}
    assert on.houses.reports.post(f"/reports/{report['reference']}/words", json=said).status_code == 201
    on.houses.carry()
    on.intake_watches(SOON)
    assert on.mail.came == []
    on.intake_watches(SOON)
    assert not on.mail.to("callum-wrenfield")


def the_mail_server(on: Ground) -> None:
    """Paged in vain is written down as that, and tried again."""
    on.mails_go_to(NOWHERE.format(free_port()))
    on.safeguarding_dies()
    on.submits()
    on.intake_watches()
    assert set(paged(on)) == {"no_answer"}
    on.mails_go_to(on.mail.url)
    on.intake_watches(timedelta(minutes=6))


def the_way_between_the_services(on: Ground) -> None:
    """What the broker is in one process: the report was screened, and the call is handed to nobody."""
    on.is_screened()
    on.the_watchdog_looks()


def the_handing_over(on: Ground) -> None:
    """What the relay is in one process, and with it intake's own watch: the report was never screened."""
    on.safeguarding_dies()
    on.submits()
    on.the_watchdog_looks()


def safeguardings_ladder(on: Ground) -> None:
    """The first call went, nobody answered it, and no next one is made."""
    on.is_screened()
    handed_over(on.houses)
    on.the_watchdog_looks()


def the_mail_server_of_one_process(on: Ground) -> None:
    on.mails_go_to(NOWHERE.format(free_port()))
    on.is_screened()
    on.the_watchdog_looks()
    on.mails_go_to(on.mail.url)
    on.the_watchdog_looks(timedelta(minutes=6))


def paged(on: Ground) -> list[str]:
    with on.houses.intake.db.reading() as conn:
        return [str(one) for one in conn.scalars(select(pages_sent.c.outcome))]


@pytest.mark.parametrize(
    ("dead", "reached_by_mail"),
    [
        (the_broker, True), (the_relay, False), (safeguarding, True), (safeguarding_once_it_has_screened, True),
        (notifications, True), (notifications_on_a_later_day, True), (the_mail_server, True),
        (the_way_between_the_services, True), (the_handing_over, True), (safeguardings_ladder, True),
        (the_mail_server_of_one_process, True),
    ],
)  # fmt: skip
def test_whatever_is_dead_the_lead_is_reached(
    ground: Ground, dead: Callable[[Ground], None], reached_by_mail: bool
) -> None:
    dead(ground)
    mails = ground.mail.to("imogen-ashdale")
    assert bool(mails) is reached_by_mail
    assert not ground.mail.to("noor-ellingham")
    for one in mails:
        assert "a report needs you now" in str(one["Subject"]) and "punched" not in text_of(one)


def test_once_the_call_was_handed_over_or_answered_intake_pages_no_more(ground: Ground) -> None:
    the_broker(ground)
    before = len(ground.mail.came)
    assert before and DEPUTY in {page for message in ground.houses.said(ground.houses.intake, "ladder_paged")
                                 for page in message.body["whom"]}  # fmt: skip
    safe = service(SafeguardingService, ground.houses.safeguarding)
    (alert,) = safe.alerts(person_id=LEAD)
    safe.acknowledge(person_id=LEAD, alert_id=alert["alert_id"])
    ground.intake_watches(timedelta(minutes=6), timedelta(minutes=6))
    assert len(ground.mail.came) == before
