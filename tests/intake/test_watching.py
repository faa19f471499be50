"""When the proof stays away: intake knocks, then calls the ladder itself, and keeps the evidence."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from threading import Thread

import pytest
from sqlalchemy import select
from werkzeug.serving import make_server

from heard.people import Recipient
from services.intake import watching
from services.intake.models import pages_sent, reports
from services.intake.watching import watch
from tests.ground import world
from tests.ground.carrier import SECRET, Carrier
from tests.ground.mail import mail_server
from tests.ground.ports import free_port
from tests.safeguarding.two_houses import TwoHouses, as_another
from tests.upkeep.test_watchdog import handed_over

LEAD = world.person_id("imogen-ashdale")


@pytest.fixture
def open_door(houses: TwoHouses) -> Iterator[TwoHouses]:
    """Safeguarding's own door is served, though no broker carries anything."""
    server = make_server("127.0.0.1", 0, houses.knocks.application)
    serving = Thread(target=server.serve_forever, daemon=True)
    serving.start()
    houses.intake.settings.urls["safeguarding"] = f"http://127.0.0.1:{server.server_port}"
    yield houses
    server.shutdown()
    serving.join()


def pages(houses: TwoHouses) -> list[str]:
    return [person for message in houses.said(houses.intake, "ladder_paged") for person in message.body["whom"]]


def test_with_the_proof_in_time_nobody_knocks_and_nobody_is_called(houses: TwoHouses) -> None:
    houses.submit()
    houses.carry()
    houses.move(timedelta(minutes=10))
    assert watch(houses.intake) == 0


def test_after_thirty_seconds_intake_knocks_and_the_report_is_held(open_door: TwoHouses) -> None:
    report = open_door.submit(what_happened="he punched me")
    open_door.move(timedelta(seconds=29))
    assert watch(open_door.intake) == 0
    open_door.move(timedelta(seconds=2))
    assert watch(open_door.intake) == 1
    assert "screened" in open_door.events(report["report_id"])
    assert open_door.called() == [LEAD]
    (called,) = open_door.said(open_door.safeguarding, "ladder_called")
    open_door.intake_hears(called)
    handed_over(open_door)
    open_door.intake_hears(as_another(called))
    open_door.move(timedelta(minutes=10))
    assert watch(open_door.intake) == 0
    assert pages(open_door) == []


def test_when_nobody_answers_the_knock_the_ladder_is_called_at_sixty_seconds(houses: TwoHouses) -> None:
    houses.submit(what_happened="he punched me")
    houses.move(timedelta(seconds=31))
    assert watch(houses.intake) == 1
    assert pages(houses) == []
    houses.move(timedelta(seconds=30))
    assert watch(houses.intake) == 1
    assert LEAD in pages(houses)
    with houses.intake.db.reading() as conn:
        evidence = conn.execute(select(pages_sent)).all()
        row = conn.execute(select(reports)).one()
    assert {one.outcome for one in evidence} == {"trial"}
    assert {one.person for one in evidence} >= {LEAD}
    assert row.paged is True


def test_the_calls_come_again_until_the_proof_is_here_and_reach_outside(houses: TwoHouses) -> None:
    houses.submit(what_happened="he punched me")
    houses.move(timedelta(minutes=5))
    watch(houses.intake)
    first = len(pages(houses))
    assert "safeguarding_partnership" not in pages(houses)
    assert watch(houses.intake) == 0
    houses.move(timedelta(minutes=6))
    watch(houses.intake)
    assert len(pages(houses)) > first
    assert "safeguarding_partnership" in pages(houses)
    houses.carry()
    handed_over(houses)
    houses.move(timedelta(minutes=30))
    assert watch(houses.intake) == 0


def test_whoever_the_report_names_is_not_called_about_it(houses: TwoHouses) -> None:
    houses.submit(what_happened="Imogen slapped me", about=[{"name": "Imogen Ashdale"}])
    houses.move(timedelta(minutes=2))
    watch(houses.intake)
    assert pages(houses)
    assert LEAD not in pages(houses)


def test_safeguarding_keeps_what_intake_did_as_evidence(houses: TwoHouses) -> None:
    report = houses.submit(what_happened="he punched me")
    houses.move(timedelta(minutes=2))
    watch(houses.intake)
    houses.carry()
    assert houses.events(report["report_id"])[-1] == "ladder_paged"
    houses.carry(again=True)
    assert houses.events(report["report_id"]).count("ladder_paged") == 1


def test_whoever_has_a_number_is_paged_by_text_too_and_one_of_the_two_is_enough(
    houses: TwoHouses, monkeypatch: pytest.MonkeyPatch
) -> None:
    lead, entry = world.person_id("imogen-ashdale"), houses.intake.who.entry
    told = {"name": "Imogen Ashdale", "email": "imogen@homes.example", "phone": "07700 900123", "verified": True}
    monkeypatch.setattr(houses.intake.who, "entry", lambda kind, key: told if kind == "person" else entry(kind, key))
    with Carrier() as carrier:
        houses.intake.settings = houses.intake.settings.having(
            installation="live", text_url=carrier.url, text_secret=SECRET, smtp_url=f"smtp://127.0.0.1:{free_port()}"
        )
        about = {"report_id": "r" * 32, "home": "h", "received_at": "now", "reference": "H7K2-9QXM-4TBD"}
        row = watching.send(houses.intake, Recipient("person", lead, "lead"), about, houses.now)
        assert (row["channel"], row["outcome"]) == ("sms", "sms")
        (text,) = carrier.texts.values()
        assert text["to"] == "+447700900123" and "H7K2" not in text["text"]
        carrier.answers = [(500, {})]
        row = watching.send(houses.intake, Recipient("person", lead, "lead"), about, houses.now)
        assert (row["channel"], row["outcome"]) == ("email", "no_answer")


def outcomes(houses: TwoHouses) -> list[str]:
    with houses.intake.db.reading() as conn:
        return [one.outcome for one in conn.execute(select(pages_sent).order_by(pages_sent.c.at)).all()]


def test_with_the_mail_server_dead_too_it_is_tried_again_until_somebody_is_reached(houses: TwoHouses) -> None:
    houses.submit(what_happened="he punched me")
    trial = houses.intake.settings
    with mail_server() as mail:
        houses.intake.settings = trial.having(installation="live", smtp_url=f"smtp://127.0.0.1:{free_port()}")
        houses.move(timedelta(minutes=2))
        watch(houses.intake)
        tried = len(outcomes(houses))
        assert set(outcomes(houses)) == {"no_answer"} and mail.came == []
        houses.intake.settings = trial.having(installation="live", smtp_url=mail.url)
        houses.move(timedelta(minutes=6))
        watch(houses.intake)
        assert mail.to("imogen-ashdale")
    assert "email" in outcomes(houses)[tried:]


def test_where_the_lead_is_named_a_body_outside_is_called_with_the_first_page(houses: TwoHouses) -> None:
    houses.submit(what_happened="Imogen slapped me", about=[{"name": "Imogen Ashdale"}])
    houses.move(timedelta(minutes=2))
    watch(houses.intake)
    assert "safeguarding_partnership" in pages(houses)
