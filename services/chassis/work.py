"""A unit of work: one write transaction that holds a service's records and the facts it publishes about them.

The facts wait in the outbox until the transaction commits, so a record without its fact, or a fact without its
record, cannot be.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from heard.events import FACTS, check_fact
from services.chassis.logs import correlation
from services.chassis.tables import new_id

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from services.chassis.house import House


@dataclass(frozen=True, slots=True)
class Message:
    """A published fact on its way: ``published_at`` is real time, whatever the installation's clock says."""

    message_id: str
    name: str
    body: dict[str, Any]
    correlation: str
    published_at: datetime
    alarms: bool = False
    """Whether it goes before everything ordinary."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact as a handler gets it: ``body`` was read by its schema, so moments are moments."""

    name: str
    body: dict[str, Any]
    message_id: str
    correlation: str
    published_at: datetime


@dataclass(slots=True)
class Work:
    """What a handler, a tick or a door works with. Made by ``house.working()``."""

    house: House
    conn: Connection
    now: datetime
    correlation: str = field(default_factory=correlation)
    correlations: Mapping[str, str] = field(default_factory=dict)
    """Which report or case belongs to which correlation id, while a batch of several is handled."""
    messages: list[Message] = field(default_factory=list)
    rings: set[str] = field(default_factory=set)
    """The ticks that have something to do once this commits: they are woken, and need not be waited for."""

    def publish(self, fact: str, body: dict[str, Any], *, alarms: bool = False) -> str:
        """Say a fact when (and only when) this work commits. Returns the message's id.

        ``alarms``: whoever says it knows already that somebody must be called, so it goes before what is ordinary.
        Raises ``UnknownFact`` or ``MalformedFact`` at once, and ``RuntimeError`` when another service's fact is said.
        """
        kind = FACTS.get(fact)
        if kind is not None and kind.publisher != self.house.service:
            raise RuntimeError(f"{fact} is for {kind.publisher} to say, not for {self.house.service}")
        check_fact(fact, body)
        kind = FACTS[fact]
        if alarms and not (kind.first or kind.alarm):
            raise RuntimeError(f"{fact} has no way of its own for what is alarming")
        about = body.get("report_id") or body.get("case_id")
        message = Message(
            message_id=new_id(),
            name=fact,
            body=body,
            correlation=self.correlations.get(about or "", self.correlation),
            published_at=datetime.now(UTC),
            alarms=alarms or kind.alarm,
        )
        self.messages.append(message)
        return message.message_id
