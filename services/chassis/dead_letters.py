"""Dead letters: messages that ended their process too often, or that nobody can read. They are parked like any other.

So a person finds in one place whatever could not be handled, and the broker's own dead letter queue is always empty.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Any

from nameko.extensions import Entrypoint

from services.chassis.consuming import SteadyConsumer
from services.chassis.errors import Permanent
from services.chassis.hears import read_delivery
from services.chassis.tables import new_id
from services.chassis.topology import dead_queue_of
from services.chassis.work import Message

_PAUSE = 5.0  # seconds between tries while the database is away


class DeadLetters(Entrypoint):
    """Parks what comes out of a listener's dead letter queue."""

    consumer = SteadyConsumer()

    def __init__(self, **kwargs: Any) -> None:
        self.queue: Any = None
        self.house: Any = None
        super().__init__(**kwargs)

    def setup(self) -> None:
        self.house = self.container.config["heard_houses"][self.container.service_name]
        self.queue = dead_queue_of(self.container.service_name, declares=self.house.settings.declares)
        self.consumer.register_provider(self)

    def stop(self) -> None:
        self.consumer.unregister_provider(self)

    def offer(self, body: Any, delivery: Any) -> None:
        """Called by the consumer with each message that can be read."""
        fact = _fact_of(delivery)
        try:
            message = read_delivery(fact, body, delivery)
        except (LookupError, TypeError, ValueError):
            self.unreadable(delivery)
            return
        self.container.spawn_managed_thread(lambda: self._park(message, delivery), identifier="dead letters")

    def unreadable(self, delivery: Any) -> None:
        """Called by the consumer with what is not even JSON."""
        message_id = delivery.properties.get("message_id") or new_id()
        message = Message(message_id, _fact_of(delivery), {"unreadable": True}, "", datetime.now(UTC))
        self.container.spawn_managed_thread(lambda: self._park(message, delivery), identifier="dead letters")

    def _park(self, message: Message, delivery: Any) -> None:
        while True:
            try:
                self.house.parking.park(message, Permanent("delivered in vain too often, or not readable"), 0)
                break
            except Exception as trouble:  # the database is away: the message stays with the broker
                self.house.log.warning("parking_failed", fact=message.name, error=type(trouble).__name__)
                time.sleep(_PAUSE)
        self.house.settled(message.name, [message])
        self.consumer.ack_message(delivery)


def _fact_of(delivery: Any) -> str:
    """The fact whose queue a dead letter comes from, as the broker's headers tell."""
    deaths = delivery.headers.get("x-death") or [{}]
    queue = str(deaths[0].get("queue", ""))
    return queue.rpartition(".")[2] or "unknown"


takes_dead_letters = DeadLetters.decorator
