"""The broker of the embedded mode: a kombu transport within one process, driven by events, without polling.

``inproc://NAME`` is one isolated broker for each NAME. Beyond kombu's memory transport it has what nameko and the
platform rely on: properties on messages, a copy for each queue, prefetch for each consumer, a requeue to the same
queue, unacknowledged messages put back when a connection closes, exclusive and auto-delete queues, ``mandatory``.
What is durable stands in the delivery rows (``handover``).
"""

from __future__ import annotations

import threading
from collections import Counter, deque
from queue import Empty
from time import monotonic
from typing import Any, ClassVar

from kombu.exceptions import ChannelError
from kombu.transport import TRANSPORT_ALIASES, base, virtual

from services.chassis.tables import new_id


class _Queue:
    """One queue: what waits in it and who consumes from it."""

    __slots__ = ("arguments", "consumers", "name", "options", "owner", "ready")

    def __init__(self, name: str, options: dict[str, Any], owner: Transport) -> None:
        self.name, self.options, self.owner = name, options, owner
        self.ready: deque[dict[str, Any]] = deque()
        self.arguments: dict[str, Any] = options.get("arguments") or {}
        self.consumers: Counter[Transport] = Counter()


class Broker(virtual.BrokerState):
    """Everything that lives under one name."""

    instances: ClassVar[dict[str, Broker]] = {}

    def __init__(self) -> None:
        super().__init__()
        self.lock = threading.RLock()
        self.queues: dict[str, _Queue] = {}

    @classmethod
    def get(cls, name: str) -> Broker:
        """The broker of that name, made when there is none."""
        return cls.instances.setdefault(name, cls())

    @classmethod
    def forget(cls, name: str) -> None:
        """Throw a broker away with all that is in it."""
        cls.instances.pop(name, None)


class _Message(virtual.Message):
    """A message with the properties that an AMQP message has."""

    def __init__(self, payload: Any, channel: Any = None, **kwargs: Any) -> None:
        super().__init__(payload, channel=channel, **kwargs)
        self.properties.setdefault("content_type", self.content_type)
        self.properties.setdefault("content_encoding", self.content_encoding)


class _QoS(virtual.QoS):
    """Prefetch counted for each queue, as RabbitMQ counts it for each consumer."""

    def __init__(self, channel: Any, prefetch_count: int = 0) -> None:
        super().__init__(channel, prefetch_count)
        self.unacked: Counter[str] = Counter()

    def can_consume(self) -> bool:
        return True

    def room(self, queue: str) -> bool:
        """Whether one more message may be handed out from ``queue``."""
        return not self.prefetch_count or self.unacked[queue] < self.prefetch_count

    def append(self, message: Any, delivery_tag: str) -> None:
        self._delivered[delivery_tag] = message
        self.unacked[message.delivery_info["queue"]] += 1

    def ack(self, delivery_tag: str) -> None:
        self._settle(delivery_tag)

    def reject(self, delivery_tag: str, requeue: bool = False) -> None:
        message = self._settle(delivery_tag)
        if message is None:
            return
        if requeue:
            self.channel._restore(message)
        else:
            self.channel.dead_letter(message._raw, message.delivery_info["queue"])

    def _settle(self, delivery_tag: str) -> Any:
        message = self._delivered.pop(delivery_tag, None)
        if message is not None:
            self.unacked[message.delivery_info["queue"]] -= 1
            if self.channel.connection is not None:
                self.channel.connection.wake.set()
        return message

    def _flush(self) -> None:
        """Nothing is collected here to be flushed."""


class Channel(virtual.Channel):
    """A channel of the in-process broker."""

    Message, QoS = _Message, _QoS
    supports_fanout = True
    do_restore = True
    body_encoding = None  # nothing leaves the process, so nothing needs base64

    def _has_queue(self, queue: str, **kwargs: Any) -> bool:
        return queue in self.state.queues

    def _new_queue(self, queue: str, **options: Any) -> None:
        with self.state.lock:
            known = self.state.queues.get(queue)
            if known is None:
                self.state.queues[queue] = _Queue(queue, options, self.connection)
            elif options and (options.get("arguments") or {}) != known.arguments:
                raise ChannelError(
                    f"PRECONDITION_FAILED - queue {queue!r} exists with other arguments",
                    (50, 10),
                    "Channel.queue_declare",
                    "406",
                )

    def _size(self, queue: str) -> int:
        known = self.state.queues.get(queue)
        return len(known.ready) if known else 0

    def _purge(self, queue: str) -> int:
        known = self.state.queues.get(queue)
        size = len(known.ready) if known else 0
        if known:
            known.ready.clear()
        return size

    def queue_delete(self, queue: str, if_unused: bool = False, if_empty: bool = False, **kwargs: Any) -> None:
        with self.state.lock:
            if if_empty and self._size(queue):
                return
            for binding in list(self.state.queue_bindings(queue)):
                self.queue_unbind(queue, binding.exchange, binding.routing_key, binding.arguments)
            self.state.queue_bindings_delete(queue)
            self.state.queues.pop(queue, None)

    def _delete(self, queue: str, *args: Any, **kwargs: Any) -> None:
        self.state.queues.pop(queue, None)

    def _queue_bind(self, exchange: str, routing_key: str, pattern: str, queue: str) -> None:
        """Bindings stand in the broker's state; the transport keeps none of its own."""

    def basic_publish(
        self, message: dict[str, Any], exchange: str, routing_key: str, mandatory: bool = False, **kwargs: Any
    ) -> None:
        self._inplace_augment_message(message, exchange, routing_key)
        with self.state.lock:
            if exchange:
                targets = self._lookup(exchange, routing_key)
            else:
                targets = [routing_key] if routing_key in self.state.queues else []
            for queue in targets:
                self._put(queue, message)
        if mandatory and not targets:
            raise ChannelError(f"NO_ROUTE - {exchange}/{routing_key}", (60, 40), "Channel.basic_publish", "312")

    def _put(self, queue: str, message: dict[str, Any], left: bool = False, **kwargs: Any) -> None:
        known = self.state.queues.get(queue)
        if known is None:
            return
        properties = message["properties"]
        mine = dict(
            message,
            headers=dict(message["headers"]),
            properties=dict(
                properties, delivery_tag=new_id(), delivery_info=dict(properties["delivery_info"], queue=queue)
            ),
        )
        if left:
            known.ready.appendleft(mine)
        else:
            known.ready.append(mine)
        for transport in list(known.consumers):
            transport.wake.set()

    def basic_consume(self, queue: str, no_ack: bool, callback: Any, consumer_tag: str, **kwargs: Any) -> None:
        super().basic_consume(queue, no_ack, callback, consumer_tag, **kwargs)
        known = self.state.queues.get(queue)
        if known is not None:
            known.consumers[self.connection] += 1
        self.connection.wake.set()

    def basic_cancel(self, consumer_tag: str) -> None:
        queue = self._tag_to_queue.get(consumer_tag)
        super().basic_cancel(consumer_tag)
        known = self.state.queues.get(queue)
        if known is not None and self.connection in known.consumers:
            known.consumers[self.connection] -= 1
            if known.consumers[self.connection] <= 0:
                del known.consumers[self.connection]
            if known.options.get("auto_delete") and not known.consumers:
                self.queue_delete(queue)

    def _get(self, queue: str, timeout: float | None = None) -> dict[str, Any]:
        known = self.state.queues.get(queue)
        if known is None or not known.ready:
            raise Empty
        first: dict[str, Any] = known.ready.popleft()
        return first

    def _get_and_deliver(self, queue: str, callback: Any) -> None:
        if not self.qos.room(queue):
            raise Empty
        callback(self._get(queue), queue)

    def _restore(self, message: Any) -> None:
        """Back to the head of the very queue it came from."""
        raw, queue = message._raw, message.delivery_info["queue"]
        raw["properties"]["delivery_info"]["redelivered"] = True
        with self.state.lock:
            self._put(queue, raw, left=True)

    def dead_letter(self, raw: dict[str, Any], queue: str) -> None:
        """To the queue's dead letters, if it has any."""
        known = self.state.queues.get(queue)
        exchange = known.arguments.get("x-dead-letter-exchange") if known else None
        if exchange is not None:
            headers = dict(raw["headers"], **{"x-death": [{"queue": queue}]})
            message = dict(raw, headers=headers, properties=dict(raw["properties"], delivery_info={}))
            self.basic_publish(message, exchange, known.arguments["x-dead-letter-routing-key"])


class Transport(virtual.Transport):
    """``inproc://``."""

    Channel = Channel
    driver_type = driver_name = "inproc"
    recoverable_connection_errors = (ConnectionError,)  # else kombu would try an unroutable message again and again
    recoverable_channel_errors = ()
    implements = base.Transport.implements.extend(
        asynchronous=False, heartbeats=False, exchange_type=frozenset(["direct", "topic", "fanout"])
    )

    def __init__(self, client: Any, **kwargs: Any) -> None:
        super().__init__(client, **kwargs)
        self.state = Broker.get(client.hostname or "localhost")
        self.wake = threading.Event()

    def driver_version(self) -> str:
        return "1"

    def drain_events(self, connection: Any, timeout: float | None = None) -> Any:
        deadline = None if timeout is None else monotonic() + timeout
        while True:
            self.wake.clear()
            try:
                return self.cycle.get(self._deliver, timeout=timeout)
            except Empty:
                left = None if deadline is None else deadline - monotonic()
            if left is not None and left <= 0:
                raise TimeoutError  # which is socket.timeout, what kombu waits for
            self.wake.wait(left)

    def close_connection(self, connection: Any) -> None:
        super().close_connection(connection)
        for queue in list(self.state.queues.values()):
            if queue.options.get("exclusive") and queue.owner is self:
                self.state.queues.pop(queue.name, None)


def register() -> None:
    """Make ``inproc://`` known to kombu."""
    TRANSPORT_ALIASES["inproc"] = f"{__name__}:Transport"


register()
