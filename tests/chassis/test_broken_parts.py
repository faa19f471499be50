"""RabbitMQ and PostgreSQL come and go; facts wait, and then have their effect once."""

from __future__ import annotations

from collections import Counter

from tests.chassis.conftest import Toys
from tests.ground.postgres import Postgres
from tests.ground.rabbit import Rabbit


def test_with_the_broker_stopped_facts_wait_in_the_outbox(distributed_toys: Toys, rabbit: Rabbit) -> None:
    toys = distributed_toys
    toys.start()
    said = toys.say(50)
    rabbit.stop()
    said += toys.say(50)
    status, story = toys.top("intake", "/health")
    assert status == 503
    assert "broker" in story
    rabbit.start()
    for listener in ("safeguarding", "workflow"):
        toys.until(lambda listener=listener: len(toys.reports(listener)) >= 100, 60)
        assert Counter(toys.reports(listener)) == Counter(said)
    toys.until(lambda: "broker" not in toys.top("intake", "/health")[1], 20)


def test_with_the_broker_killed_nothing_is_lost(distributed_toys: Toys, rabbit: Rabbit) -> None:
    toys = distributed_toys
    toys.start()
    said = toys.say(100)
    rabbit.kill()
    said += toys.say(20)
    rabbit.start()
    said += toys.say(20)
    for listener in ("safeguarding", "workflow"):
        toys.until(lambda listener=listener: len(toys.reports(listener)) >= 140, 60)
        assert Counter(toys.reports(listener)) == Counter(said)


def test_a_service_opens_its_door_with_the_broker_away(distributed_toys: Toys, rabbit: Rabbit) -> None:
    toys = distributed_toys
    rabbit.stop()
    try:
        toys.start("intake")
        said = toys.say(10)
        assert toys.top("intake", "/health/live")[0] == 200
    finally:
        rabbit.start()
    toys.start("safeguarding")
    toys.until(lambda: sorted(toys.reports("safeguarding")) == sorted(said), 60)


def test_with_postgresql_restarted_handlers_wait_and_go_on(distributed_toys: Toys, postgres: Postgres) -> None:
    toys = distributed_toys
    toys.start()
    said = toys.say(100)
    postgres.stop()
    postgres.start()
    toys.until(lambda: said.extend(toys.get("intake", "/say?count=20").get("reports", [])) or len(said) > 100)
    for listener in ("safeguarding", "workflow"):
        toys.until(lambda listener=listener: len(toys.reports(listener)) >= len(said), 60)
        assert Counter(toys.reports(listener)) == Counter(said)
        assert toys.get(listener, "/state")["parked"] == 0
