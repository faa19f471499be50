"""The consumer that nameko's entry points hang on, made steady: it survives a dying broker and stops quickly."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from amqp.exceptions import AMQPError
from kombu.exceptions import KombuError
from nameko.messaging import QueueConsumer

_GONE = (OSError, AMQPError, KombuError, AttributeError)
"""What settling a message raises when its connection is no more (a closed channel has lost its attributes)."""


class SteadyConsumer(QueueConsumer):
    """One broker connection of a container. Entry points that ``offer`` get messages without a greenlet each."""

    prefetch_count = 250  # more than a full batch, so that the next one gathers while this one is written

    def run(self) -> None:
        super().run(safety_interval=0.2)  # how long stopping may take; nameko's own is a whole second

    def handle_message(self, provider: Any, body: Any, message: Any) -> None:
        offer: Callable[[Any, Any], None] | None = getattr(provider, "offer", None)
        if offer is None:
            super().handle_message(provider, body, message)
        else:
            offer(body, message)

    def on_decode_error(self, message: Any, exc: Exception) -> None:
        """What cannot be read goes to the dead letters and is parked from there; kombu would lose it."""
        for provider in self._providers:
            if hasattr(provider, "unreadable") and provider.queue.name == message.delivery_info["routing_key"]:
                provider.unreadable(message)
                return
        self.settle(message.reject)

    def ack_message(self, message: Any) -> None:
        self.settle(message.ack)

    def requeue_message(self, message: Any) -> None:
        self.settle(message.requeue)

    def settle(self, answer: Callable[[], None]) -> None:
        """Answer the broker. If the connection died, the broker delivers again, and the inbox makes that harmless."""
        try:
            answer()
        except _GONE:
            return
