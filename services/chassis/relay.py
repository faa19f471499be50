"""The relay: how facts leave a service once their transaction is committed, and never before, and never get lost.

Distributed, a relay reads unsent rows in batches and publishes them with pipelined confirms; what the broker returns
or refuses stays unsent. What is alarming has a relay of its own, which waits for no company and behind no batch. A
process with other work is slow with what it has taken, so for a moment it leaves that to one that does nothing else;
what was left lying anybody takes along. Embedded, a delivery row for each listener stands in the same transaction, and
the message is handed over in memory; at the next start exactly what is still owed is handed over again.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

import amqp
from amqp.exceptions import AMQPError
from sqlalchemy import ColumnElement, Connection, Text, cast, select, text, update

from services.chassis.claim import claim
from services.chassis.database import is_outage
from services.chassis.outbox import alarming
from services.chassis.rows import among
from services.chassis.tables import HOUSE
from services.chassis.topology import declare, fact_exchange, keys_of
from services.chassis.waking import Bell
from services.chassis.work import Message

if TYPE_CHECKING:
    from services.chassis.house import House

_BATCH = 200
_BUSY, _IDLE = 0.02, 0.5  # seconds between two looks at the outbox
_GATHER = 0.008  # seconds a kicked relay waits for company
_HEAD_START = 0.02  # seconds for which a process with other work leaves what is alarming to one without
_LEFT = 2.0  # seconds after which what is alarming goes along with what is ordinary
_SELDOM = 2.0  # seconds between two looks when nobody kicks: for what is alarming, and in a process for it alone
_PATIENCE = 10.0  # seconds for the broker to confirm
_NEED_NOT_LAST = text("SET LOCAL synchronous_commit TO off")
"""Nobody waits for a disk to hold that a row was sent: should the database fall and forget it, the row is sent again
under the same id, and is heard once."""
_NO_MESSAGES: frozenset[str] = frozenset()


class Relay:
    """Publishes a service's outbox to RabbitMQ. Every replica has one; they claim different rows.

    A service that says anything alarming has a second one for it, ``only`` for those rows. That one keeps a connection
    to the database: those of the pool may all be in the hands of a door that many stand at.
    """

    def __init__(self, house: House, only: Sequence[str] = ()) -> None:
        self.house, self.only = house, tuple(only)
        alarms = () if only else alarming(house.service)
        self.ways: tuple[Relay, ...] = (self, *([Relay(house, alarms)] if alarms else []))
        self.bell = Bell()
        self.looked_at = time.monotonic()
        self.stopping = False
        self._exchange = fact_exchange(house.service).name
        self._connection: Any = None
        self._channel: Any = None
        self._kept: Connection | None = None
        self._tag = 0
        self._unconfirmed: dict[int, str] = {}
        self._refused: set[str] = set()

    def committed(self, messages: Sequence[Message]) -> None:
        """Called after a commit that wrote to the outbox."""
        if any(message.alarms for message in messages):
            self.ways[-1].bell.ring()
        if not all(message.alarms for message in messages):
            self.bell.ring()

    def settled(self, fact: str, messages: Sequence[Message]) -> None:
        """A listener is through with these: the broker is told, nothing is to be done here."""

    def run(self) -> None:
        """For ever: publish what is unsent. While broker or database are away the rows wait, and nobody else has to."""
        pause, trouble = _BUSY, 0.0
        while not self.stopping:
            try:
                if self.only:  # before there is anything that must not wait for it
                    self._connect()
                    self._kept = self._kept or self.house.db.engine.connect()
                else:
                    self.house.way.give()
                sent = self._round()
                trouble = 0.0
            except (OSError, AMQPError) as fault:
                self._hang_up()
                trouble = min(trouble * 2 or 0.25, 5.0)
                self.house.log.warning("broker_away", error=type(fault).__name__, again_in=trouble)
            except Exception as fault:
                if not is_outage(fault):
                    self.house.log.error("relay_failed", exc_info=fault)
                self._hang_up()
                trouble = min(trouble * 2 or 0.25, 5.0)
            if trouble:
                time.sleep(trouble)
                continue
            if sent >= _BATCH:
                continue
            pause = _BUSY if sent else min(pause * 1.5, _IDLE)
            if self.bell.wait(_SELDOM if self.only or self.house.settings.alarms_only else pause):
                time.sleep(self.after_the_bell())
        self._hang_up()

    def stop(self) -> None:
        """Leave after the present round."""
        self.stopping = True
        self.bell.ring()

    def after_the_bell(self) -> float:
        """How long to wait, in seconds, before looking."""
        if not self.only:
            return _GATHER
        return 0.0 if self.house.settings.alarms_only else _HEAD_START

    def mine(self, now: datetime) -> ColumnElement[bool]:
        """Which rows are this relay's to carry: the ordinary one takes what is alarming only when it was left lying."""
        outbox = HOUSE.outbox
        if self.only:
            return outbox.c.fact.in_(self.only)
        return outbox.c.fact.not_in(self.ways[-1].only) | (outbox.c.written_at < now - timedelta(seconds=_LEFT))

    def _round(self) -> int:
        outbox = HOUSE.outbox
        # The body leaves as the text that PostgreSQL makes of it: nobody here looks into it.
        sent_as = cast(outbox.c.body, Text).label("text")
        unsent = (
            select(outbox.c.id, outbox.c.message_id, outbox.c.fact, outbox.c.correlation, outbox.c.written_at, sent_as)
            .where(outbox.c.sent_at.is_(None), self.mine(datetime.now(UTC)))
            .order_by(outbox.c.urgent.desc(), outbox.c.id)
        )
        with self.house.way.taken() if self.only else nullcontext(), self._writing() as conn:
            rows = claim(conn, unsent, _BATCH)
            if rows:
                self._connect()
                lost = self._publish(rows)
                sent = [row.message_id for row in rows if row.message_id not in lost]
                conn.execute(_NEED_NOT_LAST)
                conn.execute(update(outbox).where(among(outbox.c.message_id, sent)).values(sent_at=datetime.now(UTC)))
        self.looked_at = time.monotonic()
        if rows and lost:
            self.house.log.warning("facts_refused_by_broker", count=len(lost))
            self._hang_up()  # the next connection declares the queues again
            time.sleep(_IDLE)
        return len(rows)

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        if self._kept is None:
            with self.house.db.writing() as conn:
                yield conn
        else:
            with self._kept.begin():
                yield self._kept

    def _publish(self, rows: Sequence[Any]) -> frozenset[str] | set[str]:
        """Publish all, wait for all confirms; returns the message ids that were returned or refused."""
        self._unconfirmed.clear()
        self._refused.clear()
        for row in rows:
            message = amqp.Message(
                row.text,
                content_type="application/json",
                content_encoding="utf-8",
                delivery_mode=2,
                message_id=row.message_id,
                application_headers={
                    "correlation": row.correlation,
                    "published_at": row.written_at.isoformat(),
                },
            )
            for key in keys_of(row.fact):
                self._tag += 1
                self._unconfirmed[self._tag] = row.message_id
                self._channel.basic_publish(message, self._exchange, key, mandatory=True)
        deadline = time.monotonic() + _PATIENCE
        while self._unconfirmed:
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError("the broker confirms nothing")
            self._connection.drain_events(timeout=left)
        return self._refused or _NO_MESSAGES

    def _connect(self) -> None:
        if self._connection is not None:
            return
        connection = amqp.Connection(**amqp_address(self.house.settings.amqp_url), connect_timeout=5, write_timeout=10)
        connection.connect()
        try:
            channel = connection.channel()
            if not self.only:  # what has no queue yet comes back, and is left to the one that makes it
                declare(_KombuChannel(channel), self.house.service, make=self.house.settings.declares)
            channel.confirm_select()
            channel.events["basic_ack"].add(self._on_ack)
            channel.events["basic_nack"].add(self._on_nack)
            channel.events["basic_return"].add(self._on_return)
        except BaseException:
            connection.collect()
            raise
        self._connection, self._channel, self._tag = connection, channel, 0

    def _hang_up(self) -> None:
        kept, self._kept = self._kept, None
        if kept is not None:
            kept.close()
        connection, self._connection, self._channel = self._connection, None, None
        if connection is not None:
            try:
                connection.close()
            except (OSError, AMQPError, AttributeError):
                connection.collect()

    def _confirmed(self, tag: int, multiple: bool) -> list[str]:
        tags = [known for known in self._unconfirmed if known <= tag] if multiple else [tag]
        return [self._unconfirmed.pop(known) for known in tags if known in self._unconfirmed]

    def _on_ack(self, tag: int, multiple: bool) -> None:
        self._confirmed(tag, multiple)

    def _on_nack(self, tag: int, multiple: bool) -> None:
        self._refused.update(self._confirmed(tag, multiple))

    def _on_return(self, exception: Any, exchange: str, routing_key: str, message: Any) -> None:
        self._refused.add(message.properties["message_id"])  # its ack follows, and must not count


class _KombuChannel:
    """A bare amqp channel in the shape in which kombu's queues declare themselves."""

    def __init__(self, channel: Any) -> None:
        self._channel = channel

    def __getattr__(self, name: str) -> Any:
        return getattr(self._channel, name)

    def prepare_queue_arguments(self, arguments: dict[str, Any] | None, **kwargs: Any) -> dict[str, Any] | None:
        return arguments


def amqp_address(url: str) -> dict[str, Any]:
    """``amqp://user:password@host:port/vhost`` (or ``amqps``) as arguments of ``amqp.Connection``."""
    parts = urlsplit(url)
    return {
        "host": f"{parts.hostname or 'localhost'}:{parts.port or (5671 if parts.scheme == 'amqps' else 5672)}",
        "userid": unquote(parts.username or "guest"),
        "password": unquote(parts.password or "guest"),
        "virtual_host": unquote(parts.path[1:]) or "/",
        "ssl": parts.scheme == "amqps",
    }
