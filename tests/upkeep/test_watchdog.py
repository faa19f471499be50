"""When the one process of an installation is dead or stands still, somebody is called all the same; and only then."""

from __future__ import annotations

import os
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest

from services.chassis.settings import Settings
from services.chassis.work import Message as Fact
from services.safeguarding.service import SafeguardingService
from services.upkeep import watchdog
from services.upkeep.watchdog import Watchdog
from tests.ground import world
from tests.ground.harness import HEARD
from tests.ground.mail import mail_server
from tests.ground.ports import wait_until
from tests.safeguarding.conftest import houses, installation  # noqa: F401  (fixtures)
from tests.safeguarding.test_calling import DEPUTY, LEAD, alarmed
from tests.safeguarding.two_houses import TwoHouses

A_MINUTE = timedelta(seconds=61)
NOOR = world.person_id("noor-ellingham")


def twice(dog: Watchdog) -> list[str]:
    """What is overdue at one look may just be about to be done; at the second it stands still."""
    dog.look()
    return dog.look()


def dog_of(houses: TwoHouses) -> Watchdog:  # noqa: F811
    return Watchdog(houses.intake, houses.safeguarding)


def paged(houses: TwoHouses) -> list[dict[str, object]]:  # noqa: F811
    report_id = houses.safe.alerts(person_id=LEAD)[0]["report_id"]
    return [dict(one.data) for one in houses.ledger(report_id) if one.event == "ladder_paged"]


def handed_over(houses: TwoHouses) -> None:  # noqa: F811
    """Notifications say that every call so far was sent."""
    for n, message in enumerate(houses.said(houses.safeguarding, "ladder_called")):
        kept = ("report_id", "alert_id", "attempt", "operator", "provider", "home")
        body = {name: message.body[name] for name in kept}
        body |= {"message_id": "m" * 32, "channel": "email", "at": houses.now.isoformat()}
        sent = Fact(f"{n:032d}", "call_sent", body, "c", houses.now)
        houses.hear(sent)
        houses.intake_hears(sent)


def test_while_the_platform_does_its_work_the_watchdog_does_nothing(houses: TwoHouses) -> None:  # noqa: F811
    alarmed(houses)
    handed_over(houses)
    dog = dog_of(houses)
    assert twice(dog) == []
    houses.move(timedelta(minutes=10))
    assert dog.look() == [], "what is just due is not standing still yet"
    houses.safe.call_the_ladder()
    handed_over(houses)
    assert twice(dog) == [] and paged(houses) == []


def test_a_report_over_which_intake_no_longer_looks_is_called_about(houses: TwoHouses) -> None:  # noqa: F811
    report = houses.submit(what_happened="he punched me")
    houses.move(timedelta(seconds=30) + A_MINUTE)
    dog = dog_of(houses)
    assert dog.look() == []
    assert dog.look() == [report["report_id"]]
    (page,) = houses.said(houses.intake, "ladder_paged")
    assert {LEAD, DEPUTY} <= set(page.body["whom"])


@pytest.mark.parametrize("what_stands_still", ["the calls are not made", "the calls are not handed over"])
def test_an_unanswered_alert_that_calls_nobody_any_more_is_called_about(
    houses: TwoHouses,  # noqa: F811
    what_stands_still: str,
) -> None:
    alarmed(houses)
    if what_stands_still == "the calls are not made":
        handed_over(houses)
        houses.move(timedelta(minutes=10))
    houses.move(A_MINUTE)
    dog = dog_of(houses)
    assert twice(dog) == [houses.safe.alerts(person_id=LEAD)[0]["report_id"]]
    (page,) = paged(houses)
    assert page["by"] == "watchdog" and {LEAD, DEPUTY} <= set(page["whom"])  # type: ignore[call-overload]
    assert NOOR not in page["whom"] and "safeguarding_partnership" not in page["whom"]  # type: ignore[operator]
    assert dog.look() == [], "not every few seconds"
    houses.move(timedelta(minutes=6))
    assert len(dog.look()) == 1
    assert "safeguarding_partnership" in paged(houses)[1]["whom"]  # type: ignore[operator]


def test_an_answered_alert_is_left_alone(houses: TwoHouses) -> None:  # noqa: F811
    alert_id = alarmed(houses)
    houses.safe.acknowledge(person_id=LEAD, alert_id=alert_id)
    houses.move(timedelta(hours=5))
    assert twice(dog_of(houses)) == []


def test_the_platform_goes_on_from_where_it_stood(houses: TwoHouses) -> None:  # noqa: F811
    alarmed(houses)
    houses.move(timedelta(minutes=12))
    twice(dog_of(houses))
    service = SafeguardingService()
    service.house = houses.safeguarding
    service.call_the_ladder()
    assert houses.called() == [LEAD, DEPUTY]


def test_one_watchdog_watches_and_is_known_by_its_number(tmp_path: Path) -> None:
    settings = Settings(var=tmp_path, keys_dir=tmp_path / "keys")
    assert watchdog.keeper(settings) is None
    with watchdog.Post(watchdog.post_of(settings)):
        assert watchdog.keeper(settings) == os.getpid()
        with pytest.raises(watchdog.AlreadyRuns), watchdog.Post(watchdog.post_of(settings)):
            pass
    assert watchdog.keeper(settings) is None
    watchdog.send_home(settings)  # nobody there: nothing happens


def test_it_calls_through_an_outgoing_port_of_its_own(houses: TwoHouses) -> None:  # noqa: F811
    alarmed(houses)
    houses.move(timedelta(minutes=12))
    with mail_server() as mail:
        dog = Watchdog.of(houses.intake.settings.having(installation="live", smtp_url=mail.url))
        twice(dog)
        dog.close()
    assert mail.to("imogen") and not mail.to("noor")


def test_the_command_watches_while_the_platform_is_dead_and_leaves_when_it_is_told(houses: TwoHouses) -> None:  # noqa: F811
    alarmed(houses)
    houses.move(timedelta(minutes=12))
    settings = houses.safeguarding.settings
    own = {"VAR": settings.var, "KEYS_DIR": settings.keys_dir, "CLOCK_FILE": settings.clock_file}
    told = os.environ | {f"HEARD_{name}": str(value) for name, value in own.items()}
    process = subprocess.Popen([HEARD, "watchdog"], env=told, stderr=subprocess.PIPE)
    wait_until(lambda: paged(houses) or process.poll() is not None, 60, what="somebody is called")
    watchdog.send_home(settings)
    said = process.communicate(timeout=20)[1].decode()
    assert (process.returncode, len(paged(houses))) == (0, 1), said
