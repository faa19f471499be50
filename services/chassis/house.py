"""The house: everything a service's methods reach for, as ``self.house``.

``House`` is the runtime of one service in one process; ``TheHouse`` hands it to nameko's workers. Commands outside a
container (migrations, seeding) make a ``House`` of their own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any

from nameko.extensions import DependencyProvider

from heard.events import FACTS
from services.chassis import alarm_bell, green
from services.chassis.bound import BoundProcedures
from services.chassis.calls import Calls, SteadyReplies
from services.chassis.database import Database
from services.chassis.handover import HandOver, write_deliveries
from services.chassis.logs import correlate, correlation, logger
from services.chassis.metrics import Metrics
from services.chassis.outbox import outbox_state, write_outbox
from services.chassis.parking import Parking
from services.chassis.people_copy import PeopleCopy
from services.chassis.relay import Relay
from services.chassis.right_of_way import RightOfWay
from services.chassis.settings import Settings
from services.chassis.vault import Vault
from services.chassis.waking import Bell
from services.chassis.work import Work

if TYPE_CHECKING:
    from heard.calendar import Calendars
    from heard.procedure import Procedure
    from heard.proclaimed import Proclamations
    from heard.roster import Roster
    from services.chassis.hears import Hears


class House:
    """One service at work: settings, database, clock, keys, who is who, procedures, log, measurements."""

    calls: Calls

    def __init__(self, settings: Settings, service: str) -> None:
        self.settings, self.service = settings, service
        self.clock = settings.make_clock()
        self.log = logger(service)
        self.metrics = Metrics(service)
        self.db = Database(settings, service)
        self.vault = Vault(service, settings.keys_dir)
        self.parking = Parking(self)
        self.who = PeopleCopy(self)
        self.way = RightOfWay()
        """In this process: what goes before everything ordinary."""
        self.outbox: Relay | HandOver = HandOver(self) if settings.embedded else Relay(self)
        self.neighbours: Mapping[str, House] = {service: self}
        """The houses of this process: every service's when embedded, else only this one."""
        self.listening: dict[str, Hears] = {}
        self.bells: dict[str, Bell] = {}
        """The bell of each tick that runs here."""
        self._calendars: dict[tuple[str, Proclamations, int], Calendars] = {}
        self._measure()

    @contextmanager
    def working(self, correlations: Mapping[str, str] | None = None) -> Iterator[Work]:
        """A unit of work: records and facts in one transaction; the facts set out once it is committed."""
        with self.db.writing() as conn:
            work = Work(self, conn, self.clock.now(), correlation(), correlations or {})
            yield work
            write_outbox(work)
            if self.settings.embedded:
                write_deliveries(work)
        for tick in work.rings:
            if tick in self.bells:
                self.bells[tick].ring()
        if work.messages:
            for message in work.messages:
                self.metrics.published.labels(message.name).inc()
            self.outbox.committed(work.messages)

    def settled(self, fact: str, messages: list[Any]) -> None:
        """These messages are done with here: their effect, or their parking, is committed."""
        self.outbox.settled(fact, messages)

    def roster(self, *, even_if_stale: bool = False) -> Roster:
        """Who is who, from this service's copy. Raises ``Stale`` when nobody confirmed it lately."""
        return self.who.roster(even_if_stale=even_if_stale)

    @cached_property
    def procedures(self) -> BoundProcedures:
        """Every provider's procedure, loaded once; ``pinned`` also gives the versions that cases began with."""
        return BoundProcedures.of(self.db)

    def calendars(
        self, procedure: Procedure, days: Proclamations | None = None, version: int | None = None
    ) -> Calendars:
        """The calendars a procedure counts by: as they stand, or with `days` as they stood after so many turns."""
        known = self.who.days() if days is None else days
        key = procedure.version, known, known.version if version is None else version
        found = self._calendars.get(key)
        if found is None:
            found = self._calendars[key] = known.calendars(procedure, key[2])
        return found

    def close(self) -> None:
        """Give the database connections back."""
        self.db.close()

    def _measure(self) -> None:
        def outbox(which: int) -> float:
            with self.db.reading() as conn:
                return outbox_state(conn)[which]

        self.metrics.gauge("heard_outbox_unsent", "Facts committed and not delivered", lambda: outbox(0))
        self.metrics.gauge("heard_outbox_age_seconds", "Age of the oldest of them", lambda: outbox(1))
        self.metrics.gauge("heard_parked_waiting", "Parked facts that nobody replayed", self.parking.waiting)
        self.metrics.gauges(
            "heard_queue_depth",
            "Facts waiting in the queue and in hand",
            "fact",
            lambda: [(fact, entry.depth() + len(entry.waiting)) for fact, entry in self.listening.items()],
        )
        self.metrics.gauges(
            "heard_queue_age_seconds",
            "Age of the oldest fact that is in hand",
            "fact",
            lambda: [(fact, entry.age()) for fact, entry in self.listening.items()],
        )
        if self.service in FACTS["directory_changed"].heard_by:
            self.metrics.gauge(
                "heard_who_is_who_age_seconds", "Since the directory last confirmed this copy", self.who.age
            )


class TheHouse(DependencyProvider):
    """Gives every worker of a container its service's house, and keeps the outbox running."""

    replies = SteadyReplies()
    _listening: Any = None

    def setup(self) -> None:
        self.house: House = self.container.config["heard_houses"][self.container.service_name]
        self.house.calls = Calls(self.container, self.replies)

    def start(self) -> None:
        spawn = self.container.spawn_managed_thread
        self._running = [spawn(one.run, identifier="outbox") for one in self.house.outbox.ways]
        if self.house.settings.alarms_only:
            self._listening = green.spawn(alarm_bell.hear, self.house.db, self.house.outbox.ways[-1].bell)

    def stop(self) -> None:
        if self._listening is not None:
            self._listening.kill()
        for one in self.house.outbox.ways:
            one.stop()
        for running in self._running:
            running.wait()

    def get_dependency(self, worker_ctx: Any) -> House:
        return self.house

    def worker_setup(self, worker_ctx: Any) -> None:
        correlate(worker_ctx.data.get("correlation"))
