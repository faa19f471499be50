"""Hearing a fact: in batches, exactly once in effect, and never past a failure in silence.

``@hears("complaint_received")`` marks a method ``(work, facts)``. What waits is gathered for some milliseconds and
handled in one transaction together with the inbox rows. A batch that fails is tried one by one; one that keeps
failing is parked for a person after ``limit`` tries, a ``Permanent`` one at once; while database or directory are
away, everything waits. What one batch does in its transaction stands in `hearing`.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

import eventlet
from eventlet.event import Event
from kombu import Connection
from nameko.exceptions import ContainerBeingKilled
from nameko.extensions import Entrypoint

from heard.events import FACTS
from services.chassis.consuming import SteadyConsumer
from services.chassis.database import is_outage
from services.chassis.errors import Permanent, Unavailable
from services.chassis.topology import first_key, queue_of
from services.chassis.work import Message

BATCH = 40
"""Facts in one transaction at most: what is alarming waits for no more than the batch that has begun."""
AT_ONCE = 0.008
"""Seconds that a batch waits for company when safety hangs on its effect."""
SOON = 0.06
"""The same where a person would not notice the wait: fewer, larger transactions."""
LATER = 0.4
"""The same for evidence and numbers, which have to be right but are looked at by nobody in this moment."""
_GIVEN_FIRST = {"x-priority": 10}  # with what a process for alarms alone asks the broker for them before all others
_FIRST_PAUSE, _LONGEST_PAUSE = 0.05, 5.0  # seconds before the second try, and at most


@dataclass(slots=True)
class Heard:
    """A message in hand: what it says, how the broker is answered, how often it was tried."""

    message: Message
    delivery: Any
    tries: int = 0
    waits: int = 0


def read_delivery(name: str, body: Any, delivery: Any) -> Message:
    """The message that was published, from what the broker delivered. Raises ``LookupError`` or ``TypeError``."""
    properties, headers = delivery.properties, delivery.headers
    if not isinstance(body, dict):
        raise TypeError("a fact is an object")
    published = headers.get("published_at")
    return Message(
        message_id=properties["message_id"],
        name=name,
        body=body,
        correlation=headers.get("correlation", ""),
        published_at=datetime.fromisoformat(published) if published else datetime.now(UTC),
    )


class Hears(Entrypoint):
    """The entry point of one fact in one service."""

    consumer = SteadyConsumer()

    def __init__(
        self, fact: str, limit: int = 5, gather: float = AT_ONCE, first: bool = False, **kwargs: Any
    ) -> None:
        if fact not in FACTS:
            raise LookupError(f"no fact is called {fact!r}; there are: {', '.join(FACTS)}")
        self.fact, self.limit, self.gather, self.first = fact, limit, gather, first
        self.alarms = first or FACTS[fact].alarm
        self.method = ""
        self.queue: Any = None
        self.house: Any = None
        self.waiting: deque[Heard] = deque()
        self.busy = False
        self.stopping = False
        super().__init__(**kwargs)

    def bind(self, container: Any, method_name: str) -> Any:
        bound = super().bind(container, method_name)
        bound.method, bound.method_name = method_name, "hear"
        return bound

    def setup(self) -> None:
        self.house = self.container.config["heard_houses"][self.container.service_name]
        self.house.listening[first_key(self.fact) if self.first else self.fact] = self
        settings = self.house.settings
        self.queue = queue_of(self.container.service_name, self.fact, first=self.first, declares=settings.declares)
        if settings.alarms_only:
            self.queue.consumer_arguments = _GIVEN_FIRST
        self.consumer.register_provider(self)

    def stop(self) -> None:
        self.stopping = True
        self.consumer.unregister_provider(self)

    def depth(self) -> int:
        """How many messages wait in the queue (raises when the broker is away)."""
        with Connection(self.container.config["AMQP_URI"], connect_timeout=2) as connection:
            return int(self.queue(connection.default_channel).queue_declare(passive=True).message_count)

    def age(self) -> float:
        """How old the oldest message in hand is, in seconds."""
        waiting = self.waiting
        return (datetime.now(UTC) - waiting[0].message.published_at).total_seconds() if waiting else 0.0

    def offer(self, body: Any, delivery: Any) -> None:
        """Called by the consumer with each message. One without an id is none of ours: to the dead letters."""
        try:
            message = read_delivery(self.fact, body, delivery)
        except (LookupError, TypeError, ValueError):
            self.consumer.settle(delivery.reject)
            return
        self._enqueue([Heard(message, delivery)])

    def _enqueue(self, heard: list[Heard]) -> None:
        self.waiting.extend(heard)
        if not self.busy and not self.stopping:
            self.busy = True
            self.container.spawn_managed_thread(self._work_off, identifier=f"hears {self.fact}")

    def _work_off(self) -> None:
        try:
            while self.waiting and not self.stopping:
                if len(self.waiting) < BATCH:
                    time.sleep(self.gather)
                if not self.alarms:
                    self.house.way.give()
                batch = [self.waiting.popleft() for _ in range(min(BATCH, len(self.waiting)))]
                fault = self._handle(batch)
                if fault is None:
                    self._settle(batch)
                elif len(batch) == 1 or self._must_wait(fault):
                    self._failed(batch, fault)
                else:
                    for one in batch:  # so that one bad message does not take its neighbours along
                        fault = self._handle([one])
                        if fault is None:
                            self._settle([one])
                        else:
                            self._failed([one], fault)
        finally:
            self.busy = False

    def _handle(self, batch: list[Heard]) -> BaseException | None:
        """Have the service handle ``batch`` in a worker of its own; returns what went wrong."""
        finished: Any = Event()

        def settle(context: Any, result: Any, exc_info: Any) -> tuple[Any, Any]:
            finished.send(exc_info[1] if exc_info else result)
            return result, exc_info

        with self.house.way.taken() if self.alarms else nullcontext():
            try:
                messages = [heard.message for heard in batch]
                self.container.spawn_worker(self, (self.method, messages), {}, handle_result=settle)
            except ContainerBeingKilled:
                self.stopping = True
                return Unavailable()
            fault: BaseException | None = finished.wait()
            return fault

    def _must_wait(self, fault: BaseException) -> bool:
        return is_outage(fault) or isinstance(fault, Unavailable)

    def _failed(self, batch: list[Heard], fault: BaseException) -> None:
        """Try again later, or park: a message is acknowledged only when its effect or its parking is committed."""
        for heard in batch:
            if self._must_wait(fault):
                heard.waits += 1  # not its fault: it may wait as long as it takes
            else:
                heard.tries += 1
                if isinstance(fault, Permanent) or heard.tries >= self.limit:
                    try:
                        self.house.parking.park(heard.message, fault, heard.tries)
                        self._settle([heard])
                        continue
                    except Exception as trouble:  # the database went away meanwhile: parked later
                        self.house.log.warning("parking_failed", fact=self.fact, error=type(trouble).__name__)
            pause = min(_FIRST_PAUSE * 3 ** (heard.tries + heard.waits - 1), _LONGEST_PAUSE)
            eventlet.spawn_after(pause, self._enqueue, [heard])

    def _settle(self, batch: list[Heard]) -> None:
        self.house.settled(self.fact, [heard.message for heard in batch])
        for heard in batch:
            self.consumer.ack_message(heard.delivery)


F = TypeVar("F", bound=Callable[..., Any])


def hears(fact: str, limit: int = 5, gather: float = AT_ONCE, *, first: bool = False) -> Callable[[F], F]:
    """Marks a method ``(self, work, facts)`` as the handler of ``fact``.

    Parked after ``limit`` tries. A batch waits ``gather`` seconds for company (``AT_ONCE``, ``SOON`` or ``LATER``).
    ``first``: on the queue of what is alarming among them; the method is marked for the others beside it.
    """
    mark: Callable[[F], F] = Hears.decorator(fact, limit=limit, gather=0 if first else gather, first=first)
    return mark
