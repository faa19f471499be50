"""The base of every service class: hears who is who, shows and replays what is parked, keeps its tables tidy.

A service derives, sets ``name``, and marks its methods with ``@hears``, ``@answers`` and ``@ticks``. A service that
must act when who is who changes overrides ``directory_moved``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar, cast

from sqlalchemy import delete

from heard.events import FACTS
from heard.vocabulary import ADMINISTRATOR
from services.chassis import outbox
from services.chassis.calls import answers
from services.chassis.dead_letters import takes_dead_letters
from services.chassis.errors import Failed, Unavailable
from services.chassis.hearing import hear
from services.chassis.hears import hears
from services.chassis.house import House, TheHouse
from services.chassis.logs import correlate, why
from services.chassis.tables import HOUSE
from services.chassis.ticks import ticks
from services.chassis.work import Fact, Message, Work

_INBOX_KEPT = timedelta(days=14)  # longer than anything waits in a queue


class Service:
    """What a service is before it has any words of its own."""

    name: ClassVar[str]
    house: House = cast("House", TheHouse())

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        name = cls.__dict__.get("name")
        if name is None:
            return
        for fact, handler in (("directory_changed", _changed), ("directory_confirmed", _confirmed)):
            if name in FACTS[fact].heard_by:
                method = _copy_of(handler)
                setattr(cls, fact, hears(fact)(method))
        if any(name in kind.heard_by for kind in FACTS.values()):
            cls.dead_letters = takes_dead_letters(_copy_of(_dead))  # type: ignore[attr-defined]
        if name in FACTS["directory_changed"].heard_by:
            cls.catch_up = ticks(1)(_copy_of(_catch_up))  # type: ignore[attr-defined]

    @staticmethod
    def get_ready() -> None:
        """Load what nobody should wait for who comes first: called once in each process, before it is at work."""

    def directory_moved(self, work: Work, entries: Sequence[dict[str, Any]]) -> None:
        """Called in the transaction that brought changed entries (kind, id, data) into this service's copy."""

    def hear(self, method: str, messages: Sequence[Message]) -> BaseException | None:
        """One batch for one handler (called by its entry point)."""
        return hear(self.house, getattr(self, method), messages)

    def fire(self, method: str) -> int | None:
        """One tick (called by its entry point): how many things were done, None when it failed."""
        correlate(None)
        try:
            return getattr(self, method)() or 0
        except Exception as fault:
            self.house.metrics.ticks_failed.labels(method).inc()
            self.house.log.warning("tick_failed", tick=method, error=why(fault), exc_info=fault)
            return None

    @answers
    def ping(self) -> str:
        """The service's name."""
        return str(self.name)

    @answers
    def parked(self, person_id: str | None = None) -> list[dict[str, Any]]:
        """What is parked here: ids and codes only. For a person, what concerns their own operator or nobody's.

        For the administrator of the installation everybody's, without the number of a case.
        """
        if person_id is None:
            return self.house.parking.listed()
        if ADMINISTRATOR in self.house.who.roster(even_if_stale=True).roles_of(person_id, self.house.clock.now()):
            return [one | {"case_id": None} for one in self.house.parking.listed()]
        person = self.house.who.entry("person", person_id) or {}
        return self.house.parking.listed(str(person.get("operator") or "nobody's"))

    @answers
    def replay_parked(self, id: str, person_id: str | None = None) -> dict[str, Any]:
        """Handle a parked message again. Raises ``NotFound``, ``Conflict``, or ``Failed`` when it still cannot be."""
        message: Message = self.house.parking.message(id)
        entry = self.house.listening.get(message.name)
        if entry is None:
            raise Failed(f"{self.name} hears no {message.name} any more.")
        fault = hear(self.house, getattr(self, entry.method), [message])
        if isinstance(fault, Unavailable):
            raise fault
        if fault is not None:
            raise Failed(f"It still cannot be handled ({type(fault).__name__}).")
        self.house.parking.replayed(id)
        self.house.log.info("replayed", parked=id, fact=message.name, person=person_id)
        return {"id": id, "replayed": True}

    @ticks(60)
    def tidy(self) -> int:
        """Remove what was sent and heard long ago."""
        with self.house.db.writing() as conn:
            outbox.prune(conn)
            conn.execute(delete(HOUSE.inbox).where(HOUSE.inbox.c.heard_at < datetime.now(UTC) - _INBOX_KEPT))
        return 0


def _copy_of(handler: Any) -> Any:
    """A function of its own for each class: nameko writes the entry points on the function itself."""

    def method(self: Service, *args: Any) -> Any:
        return handler(self, *args)

    method.__doc__ = handler.__doc__
    return method


def _dead(self: Service) -> None:
    """The mark of the entry point that parks dead letters by itself."""


def _changed(self: Service, work: Work, facts: list[Fact]) -> None:
    """Keep this service's copy of who is who."""
    entries = self.house.who.take_changes(work, facts)
    if entries:
        self.directory_moved(work, entries)


def _confirmed(self: Service, work: Work, facts: list[Fact]) -> None:
    """Note that the copy still stands."""
    self.house.who.take_confirmations(work, facts)


def _catch_up(self: Service) -> int:
    """Fetch what this service's copy has missed."""
    if not self.house.who.behind():
        return 0
    changed = self.house.calls.directory.snapshot(since=self.house.who.version())
    with self.house.working() as work:
        entries = self.house.who.take_snapshot(work, changed)
        if entries:
            self.directory_moved(work, entries)
    return 0
