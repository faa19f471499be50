"""One batch of facts heard: inbox rows and effect in one transaction, under the right correlation ids.

A fact has its effect once: once for a message, and where its form says by which fields it is the same (`same_by`), once
for what it says. A publisher that lost its confirm says it again as another message.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from heard.events import FACTS, MalformedFact, read_fact
from services.chassis.errors import Permanent
from services.chassis.logs import correlate, why
from services.chassis.rows import add_new
from services.chassis.tables import HOUSE
from services.chassis.work import Fact, Message, Work

if TYPE_CHECKING:
    from services.chassis.house import House

Handler = Callable[[Work, list[Fact]], None]


def hear(house: House, handler: Handler, messages: Sequence[Message]) -> BaseException | None:
    """Let ``handler`` handle the messages that are new; returns what went wrong (then nothing was written), or None."""
    began = time.monotonic()
    name = messages[0].name
    correlate(messages[0].correlation if len(messages) == 1 else None)
    try:
        facts = {message.message_id: _read(message) for message in messages}
        abouts = {
            str(about): fact.correlation
            for fact in facts.values()
            if (about := fact.body.get("report_id") or fact.body.get("case_id"))
        }
        inbox, heard_at = HOUSE.inbox, datetime.now(UTC)
        with house.working(abouts) as work:
            known_by = {message_id: _known_by(fact) for message_id, fact in facts.items()}
            keys = sorted({key for both in known_by.values() for key in both})
            rows = [{"message_id": key, "handler": name, "heard_at": heard_at} for key in keys]
            new = add_new(work.conn, inbox, rows, inbox.c.message_id)
            fresh = [fact for message_id, fact in facts.items() if _is_new(known_by[message_id], new)]
            if fresh:
                handler(work, fresh)
    except Exception as fault:
        house.metrics.failed.labels(name).inc(len(messages))
        house.log.warning(
            "fact_not_handled",
            fact=name,
            messages=[message.message_id for message in messages[:5]],
            count=len(messages),
            error=why(fault),
            exc_info=fault,
        )
        return fault
    house.metrics.heard(name, len(fresh), messages[-1].published_at, time.monotonic() - began)
    return None


def _read(message: Message) -> Fact:
    try:
        body = read_fact(message.name, message.body)
    except MalformedFact as fault:
        raise Permanent(f"{message.name} is malformed: {', '.join(map(str, fault.faults))}") from fault
    return Fact(message.name, body, message.message_id, message.correlation, message.published_at)


def _known_by(fact: Fact) -> set[str]:
    """What the inbox knows it by: its message, and what it says."""
    names = FACTS[fact.name].schema.same_by
    said = "/".join([fact.name, *(str(fact.body[name]) for name in names)])
    return {fact.message_id} | ({hashlib.sha256(said.encode()).hexdigest()[:32]} if names else set())


def _is_new(keys: set[str], new: set[str]) -> bool:
    """Whether all of these are new; of two that say the same, only the first is."""
    if not keys <= new:
        return False
    new -= keys
    return True
