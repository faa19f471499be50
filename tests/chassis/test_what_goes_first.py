"""What is alarming goes before everything ordinary: on the way it takes, and in the process that it comes to."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest
from sqlalchemy import Connection, create_engine, insert, select, text

from heard.events import FACTS
from services.chassis import alarm_bell, right_of_way, topology
from services.chassis.database import Database
from services.chassis.outbox import alarming
from services.chassis.relay import Relay
from services.chassis.right_of_way import RightOfWay
from services.chassis.tables import HOUSE
from services.chassis.waking import Bell


def test_what_is_ordinary_waits_until_no_alert_is_under_way(monkeypatch: pytest.MonkeyPatch) -> None:
    way, looks = RightOfWay(), list[int]()
    alerts = ExitStack()
    alerts.enter_context(way.taken())
    alerts.enter_context(way.taken())

    def while_it_waits(seconds: float) -> None:
        looks.append(way._alerts)
        if len(looks) == 3:
            alerts.close()

    monkeypatch.setattr(right_of_way.time, "sleep", while_it_waits)
    way.give()
    assert looks == [2, 2, 2], "it went on at the first look after both were over"
    way.give()
    assert len(looks) == 3, "and waits for nobody who is not there"


def test_an_alert_that_hangs_holds_nobody_up_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(right_of_way, "_LONGEST", 0.02)
    way = RightOfWay()
    with way.taken():
        way.give()
        assert way._alerts == 1, "it went on while the alert hangs"


def test_an_alert_that_fails_gives_the_way_back() -> None:
    way = RightOfWay()
    with pytest.raises(ValueError, match="no"), way.taken():
        raise ValueError("no")
    assert way._alerts == 0


def test_an_alarming_complaint_goes_first_and_then_with_all_the_others() -> None:
    said_as = topology.first_key("complaint_received")
    assert topology.keys_of(said_as) == ("first.complaint_received", "complaint_received")
    assert topology.keys_of("complaint_received") == ("complaint_received",)
    queues = {queue.name: queue.routing_key for queue in topology.all_queues()}
    assert queues["heard.v1.safeguarding.first.complaint_received"] == said_as
    assert queues["heard.v1.safeguarding.complaint_received"] == "complaint_received"


def test_only_who_hears_something_first_has_a_queue_for_it() -> None:
    with pytest.raises(LookupError, match="workflow hears no complaint_received first"):
        topology.queue_of("workflow", "complaint_received", first=True)


def test_each_step_to_somebodys_telephone_leaves_before_everything_else() -> None:
    assert alarming("intake") == ["first.complaint_received"]
    assert alarming("safeguarding") == ["note_raised", "ladder_called"]
    assert alarming("workflow") == ["concern_raised"]
    assert alarming("notifications") == ["call_failed"]
    assert all(kind.urgent for kind in FACTS.values() if kind.alarm or kind.first)


NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture
def outbox() -> Iterator[Connection]:
    """An outbox with something alarming and something ordinary, each written just now and a while ago."""
    with create_engine("sqlite://").begin() as conn:
        HOUSE.outbox.create(conn)
        said = {"body": {}, "correlation": "", "urgent": True}
        for fact in ("first.complaint_received", "complaint_received"):
            for when, written_at in (("now", NOON - timedelta(seconds=1)), ("before", NOON - timedelta(seconds=3))):
                row = said | {"message_id": f"{fact} {when}", "fact": fact, "written_at": written_at}
                conn.execute(insert(HOUSE.outbox).values(row))
        yield conn


def test_what_is_alarming_goes_along_with_the_ordinary_only_when_it_was_left_lying(outbox: Connection) -> None:
    for alarms_only in (False, True):
        house: Any = SimpleNamespace(service="intake", settings=SimpleNamespace(alarms_only=alarms_only))
        ordinary, alarms = Relay(house).ways
        carried = {
            way: set(outbox.execute(select(HOUSE.outbox.c.message_id).where(way.mine(NOON))).scalars())
            for way in (ordinary, alarms)
        }
        assert carried[alarms] == {"first.complaint_received now", "first.complaint_received before"}
        assert carried[ordinary] == {
            "complaint_received now", "complaint_received before", "first.complaint_received before",
        }  # fmt: skip


def test_a_process_with_other_work_gives_one_for_alarms_alone_a_head_start() -> None:
    waits = {}
    for alarms_only in (False, True):
        house: Any = SimpleNamespace(service="intake", settings=SimpleNamespace(alarms_only=alarms_only))
        waits[alarms_only] = Relay(house).ways[-1].after_the_bell()
    assert waits[True] == 0 < waits[False]


def test_another_process_is_rung_when_something_alarming_is_committed_and_whenever_it_may_have_missed_one(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = create_engine(database_url.replace("postgresql://", "postgresql+psycopg://"))
    bell, over = Bell(), threading.Event()

    def between_two_tries(seconds: float) -> None:
        if over.is_set():
            raise InterruptedError

    monkeypatch.setattr(alarm_bell, "time", SimpleNamespace(sleep=between_two_tries))
    intake = cast("Database", SimpleNamespace(engine=engine, service="intake"))

    def hear() -> None:
        with suppress(InterruptedError):
            alarm_bell.hear(intake, bell)

    listener = threading.Thread(target=hear)
    listener.start()

    def cut_off() -> Any:
        with engine.begin() as conn:
            return conn.execute(text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query ~ '^LISTEN'"))

    assert bell.wait(20), "something may have been written while nobody listened"
    with engine.begin() as conn:
        alarm_bell.say(conn, "intake")
    assert bell.wait(20)
    cut_off()
    assert bell.wait(20), "it listens again, and something may have been written meanwhile"
    with engine.begin() as conn:
        alarm_bell.say(conn, "intake")
    assert bell.wait(20)
    over.set()
    cut_off()
    listener.join(20)
    engine.dispose()
