"""The outbox of the embedded mode: one process, so a committed fact is handed to its listeners in memory.

A delivery row for each listener is written with the outbox row and removed once the listener's own transaction is
committed, so that a restart hands over exactly what is still owed, and to nobody else.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from kombu import Connection
from sqlalchemy import delete, exists, select, tuple_

from heard.events import FACTS
from services.chassis import inproc
from services.chassis.database import compact
from services.chassis.rows import add
from services.chassis.tables import HOUSE
from services.chassis.topology import keys_of, queue_name
from services.chassis.waking import Bell
from services.chassis.work import Message, Work

if TYPE_CHECKING:
    from services.chassis.house import House

_ROUND = 0.5  # seconds between two rounds
_AT_ONCE = 300  # settled deliveries removed in one transaction


def write_deliveries(work: Work) -> None:
    """Store to whom what ``work`` published is owed, in its own transaction."""
    rows = [
        {"message_id": message.message_id, "listener": listener}
        for message in work.messages
        for listener in FACTS[message.name].heard_by
    ]
    if rows:
        add(work.conn, HOUSE.deliveries, rows)


class HandOver:
    """Hands a service's committed facts to the listeners of the same process."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.bell = Bell()
        self.looked_at = time.monotonic()
        self.stopping = False
        self._done: list[tuple[str, str]] = []
        self._mark = 0
        self._own: set[str] = set()
        self._channel: Any = None

    @property
    def ways(self) -> tuple[HandOver, ...]:
        """What must run: in memory everything goes at once."""
        return (self,)

    def committed(self, messages: Sequence[Message]) -> None:
        """Called after a commit: every listener's queue gets its copy at once."""
        for message in messages:
            self._own.add(message.message_id)
            for listener in FACTS[message.name].heard_by:
                self._put(message, listener)

    def settled(self, fact: str, messages: Sequence[Message]) -> None:
        """This service, as a listener, is through with these: its publisher may forget that it owes them."""
        publisher = self.house.neighbours.get(FACTS[fact].publisher)
        if publisher is not None and isinstance(publisher.outbox, HandOver):
            publisher.outbox.forget(self.house.service, messages)

    def forget(self, listener: str, messages: Sequence[Message]) -> None:
        """Remove delivery rows, soon and together. If the process dies before, the inbox knows what comes again."""
        self._done.extend((message.message_id, listener) for message in messages)

    def run(self) -> None:
        """For ever: hand over what others left, and sweep what was settled."""
        while not self.stopping:
            try:
                self._look()
                self._sweep()
            except Exception as fault:  # a full disk, say: the rows stay, and the next round tries again
                self.house.log.warning("handover_failed", exc_info=fault)
            self.bell.wait(_ROUND)
        self._sweep()

    def stop(self) -> None:
        """Leave after a last sweep."""
        self.stopping = True
        self.bell.ring()

    def _sweep(self) -> None:
        """Remove the rows of settled deliveries, and messages that nobody is owed any more."""
        self.looked_at = time.monotonic()
        owed, outbox = HOUSE.deliveries, HOUSE.outbox
        while self._done:
            some = self._done[:_AT_ONCE]
            with self.house.db.writing() as conn:
                conn.execute(delete(owed).where(tuple_(owed.c.message_id, owed.c.listener).in_(some)))
                nobody = ~exists().where(owed.c.message_id == outbox.c.message_id)
                conn.execute(delete(outbox).where(outbox.c.message_id.in_({one for one, _ in some}), nobody))
            del self._done[: len(some)]

    def _look(self) -> None:
        """Hand over what this process has not: what an earlier one still owed, and what a command beside it wrote.

        SQLite has one writer at a time, so ids are committed in order and the last one seen is a safe mark.
        """
        owed, outbox = HOUSE.deliveries, HOUSE.outbox
        with self.house.db.reading() as conn:
            rows = conn.execute(
                select(outbox, owed.c.listener)
                .join(owed, owed.c.message_id == outbox.c.message_id)
                .where(outbox.c.id > self._mark)
                .order_by(outbox.c.id)
            ).all()
        strangers = [row for row in rows if row.message_id not in self._own]
        for row in strangers:
            alarms, name = len(keys_of(row.fact)) > 1, keys_of(row.fact)[-1]
            self._put(Message(row.message_id, name, row.body, row.correlation, row.written_at, alarms), row.listener)
        if rows:
            self._mark = rows[-1].id
            self._own.difference_update(row.message_id for row in rows)
        if strangers:
            self.house.log.info("handed_over", count=len(strangers))

    def _put(self, message: Message, listener: str) -> None:
        if self._channel is None:
            inproc.register()
            self._channel = Connection(self.house.settings.amqp_url).channel()
        envelope = self._channel.prepare_message(
            compact(message.body),
            content_type="application/json",
            content_encoding="utf-8",
            headers={"correlation": message.correlation, "published_at": message.published_at.isoformat()},
            properties={"message_id": message.message_id},
        )
        first = message.alarms and listener in FACTS[message.name].first
        self._channel.basic_publish(envelope, "", queue_name(listener, message.name, first=first))
