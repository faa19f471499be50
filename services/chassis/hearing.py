"""One batch of facts heard: inbox rows and effect in one transaction, under the right correlation ids."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from heard.events import MalformedFact, read_fact
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
            rows = [{"message_id": message_id, "handler": name, "heard_at": heard_at} for message_id in facts]
            new = add_new(work.conn, inbox, rows, inbox.c.message_id)
            fresh = [fact for message_id, fact in facts.items() if message_id in new]
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
