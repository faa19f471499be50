"""What is alarming goes before everything ordinary: on the way it takes, and in the process that it comes to."""

from __future__ import annotations

from contextlib import ExitStack

import pytest

from heard.events import FACTS
from services.chassis import right_of_way, topology
from services.chassis.outbox import alarming
from services.chassis.right_of_way import RightOfWay


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
