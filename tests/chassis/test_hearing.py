"""A fact is heard exactly once in effect, and never past a failure in silence; the same in both modes."""

from __future__ import annotations

import signal
from collections import Counter

import kombu

from services.chassis.topology import declare
from tests.chassis.conftest import Toys
from tests.ground.ports import free_port


def test_every_listener_hears_every_fact_once_and_in_order(toys: Toys) -> None:
    toys.start()
    said = toys.say(300)
    for listener in ("safeguarding", "workflow"):
        toys.until(lambda listener=listener: len(toys.reports(listener)) == 300)
        assert toys.reports(listener) == said


def test_a_fact_that_cannot_be_handled_is_parked_and_harms_no_neighbour(toys: Toys) -> None:
    toys.start()
    before, bad, after = toys.say(20), toys.say(1, "poison"), toys.say(20)
    for listener in ("safeguarding", "workflow"):
        toys.until(lambda listener=listener: toys.get(listener, "/state")["parked"] == 1)
        toys.until(lambda listener=listener: len(toys.reports(listener)) == 40)
        assert sorted(toys.reports(listener)) == sorted(before + after)
        (parked,) = toys.get(listener, "/state")["parkings"]
        assert parked["fact"] == "words_received"
        assert parked["attempts"] == 3
        assert "what a child said" not in str(parked)
    assert bad
    assert "what a child said" not in toys.logs()


def test_a_fact_that_can_never_be_handled_is_parked_at_once(toys: Toys) -> None:
    toys.start()
    toys.say(1, "permanent")
    toys.until(lambda: toys.get("safeguarding", "/state")["parked"] == 1)
    assert toys.get("safeguarding", "/state")["parkings"][0]["attempts"] == 1


def test_a_failure_that_passes_is_tried_again(toys: Toys) -> None:
    toys.start()
    moody = toys.say(1, "moody")
    toys.until(lambda: toys.reports("safeguarding") == moody)
    assert toys.get("safeguarding", "/state")["parked"] == 0


def test_a_parked_fact_can_be_replayed_once_its_cause_is_mended(toys: Toys) -> None:
    toys.start()
    said = toys.say(1, "permanent")
    toys.until(lambda: toys.get("safeguarding", "/state")["parked"] == 1)
    parked = toys.get("safeguarding", "/state")["parkings"][0]["id"]
    still = toys.get("intake", f"/ask?service=safeguarding&method=replay_parked&id={parked}")
    assert still["error"] == "Failed"
    (toys.folder / "mended").touch()
    replay = f"/ask?service=safeguarding&method=replay_parked&id={parked}"
    assert toys.get("intake", replay) == {"answer": {"id": parked, "replayed": True}}
    assert toys.get("intake", replay)["error"] == "Conflict"
    assert toys.reports("safeguarding") == said
    assert toys.get("safeguarding", "/state")["parkings"] == []
    unknown = toys.get("intake", "/ask?service=safeguarding&method=replay_parked&id=nothing")
    assert unknown["error"] == "NotFound"


def test_the_correlation_id_goes_with_the_fact(toys: Toys) -> None:
    toys.start()
    toys.say(3)
    toys.until(lambda: len(toys.reports("workflow")) == 3)
    at_one, at_other = (toys.get(name, "/state")["correlations"] for name in ("safeguarding", "workflow"))
    assert set(at_one) == set(at_other)
    assert all(at_one)


def test_nothing_is_owed_once_everything_was_heard(toys: Toys) -> None:
    toys.start()
    toys.say(50)
    toys.until(lambda: len(toys.reports("safeguarding")) == len(toys.reports("workflow")) == 50)
    if toys.embedded:
        toys.until(lambda: toys.get("intake", "/state")["deliveries"] == toys.get("intake", "/state")["outbox"] == 0)
    else:
        toys.until(lambda: 'heard_outbox_unsent{service="intake"} 0.0' in toys.top("intake", "/metrics")[1])


def test_what_is_alarming_overtakes_what_waits_and_has_its_effect_once(distributed_toys: Toys) -> None:
    toys = distributed_toys
    toys.start("intake")
    ordinary = toys.say(600, "complaint")
    (alarming,) = toys.say(1, "alarm")
    toys.until(lambda: 'heard_outbox_unsent{service="intake"} 0.0' in toys.top("intake", "/metrics")[1])
    toys.start("safeguarding")
    (last,) = toys.say(1, "complaint")
    toys.until(lambda: last in toys.reports("safeguarding"))
    heard = toys.reports("safeguarding")
    assert [one for one in heard if one != alarming] == [*ordinary, last], "what is ordinary keeps its order"
    assert heard.count(alarming) == 1, "it came twice"
    assert heard.index(alarming) < 400, "it waited for no more than what was in hand before it came"


def test_what_is_alarming_is_heard_once_where_all_is_one_process(embedded_toys: Toys) -> None:
    embedded_toys.start()
    said = [*embedded_toys.say(5, "complaint"), *embedded_toys.say(1, "alarm"), *embedded_toys.say(5, "complaint")]
    embedded_toys.until(lambda: len(embedded_toys.reports("safeguarding")) >= len(said))
    assert Counter(embedded_toys.reports("safeguarding")) == Counter(said)


def test_a_second_process_on_the_same_files_is_refused(embedded_toys: Toys) -> None:
    embedded_toys.start()
    second = embedded_toys._run("all", port=free_port())
    assert second.wait(30) != 0
    assert "another Heard is running" in "".join(log.read_text() for log in embedded_toys.folder.glob("*.log"))
    embedded_toys.say(1)


def test_a_killed_embedded_process_hands_over_what_it_still_owed(embedded_toys: Toys) -> None:
    toys = embedded_toys
    toys.start()
    said: list[str] = []
    for _ in range(4):
        said += toys.say(150)
        toys.kill("all")
        toys.start()
    for listener in ("safeguarding", "workflow"):
        toys.until(lambda listener=listener: len(toys.reports(listener)) >= len(said))
        assert Counter(toys.reports(listener)) == Counter(said)


def test_killing_relay_and_listener_loses_and_doubles_nothing(distributed_toys: Toys) -> None:
    toys = distributed_toys
    toys.start()
    said: list[str] = []
    for turn in range(4):
        said += toys.say(200)
        victim = ("intake", "safeguarding")[turn % 2]
        toys.kill(victim)
        toys.start(victim)
    for listener in ("safeguarding", "workflow"):
        toys.until(lambda listener=listener: len(toys.reports(listener)) >= len(said), 40)
        assert Counter(toys.reports(listener)) == Counter(said)


def test_facts_wait_for_a_listener_that_was_never_started(distributed_toys: Toys) -> None:
    toys = distributed_toys
    toys.start("intake")
    said = toys.say(30)
    toys.until(lambda: 'heard_outbox_unsent{service="intake"} 0.0' in toys.top("intake", "/metrics")[1])
    toys.start("safeguarding")
    toys.until(lambda: toys.reports("safeguarding") == said)


def test_what_nobody_can_read_is_parked_from_the_dead_letters(distributed_toys: Toys) -> None:
    toys = distributed_toys
    toys.start("safeguarding")
    with kombu.Connection(toys.environment["HEARD_AMQP_URL"]) as connection:
        declare(connection.default_channel)  # a door opens without waiting for its queues
        producer = connection.Producer()
        producer.publish(
            b"not json", exchange="heard.facts.intake", routing_key="words_received",
            content_type="application/json", content_encoding="utf-8", delivery_mode=2,
        )  # fmt: skip
        producer.publish({"no": "id"}, exchange="heard.facts.intake", routing_key="words_received", delivery_mode=2)
    toys.until(lambda: toys.get("safeguarding", "/state")["parked"] == 2)
    assert {parked["fact"] for parked in toys.get("safeguarding", "/state")["parkings"]} == {"words_received"}


def test_a_process_told_to_stop_stops_within_three_seconds(toys: Toys) -> None:
    toys.start()
    toys.say(10)
    process = toys.running["all" if toys.embedded else "safeguarding"]
    process.send_signal(signal.SIGTERM)
    assert process.wait(4) == 0
