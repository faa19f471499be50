"""Is this service well? What ``/health`` answers: database, migrations, broker, outbox, the copy of who is who.

``/health/live``: the process turns. ``/health/ready``: its door may be used (a broker that is away refuses nobody).
``/health``: everything is as it should be, 503 when something is not.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import amqp

from heard.events import FACTS
from services.chassis import migrations
from services.chassis.outbox import outbox_state
from services.chassis.relay import amqp_address

if TYPE_CHECKING:
    from services.chassis.house import House

_HOLDS = 2.0  # seconds for which an answer about the broker is used again
_SILENT = 30.0  # seconds without a look at the outbox after which the relay counts as stuck


class Health:
    """The health of one service."""

    def __init__(self, house: House) -> None:
        self.house = house
        self._migrated = False
        self._asked = float("-inf")
        self._broker: str | None = None

    def ready(self) -> dict[str, str]:
        """What keeps this service's door shut: faults by part, empty when nothing does."""
        faults: dict[str, str] = {}
        try:
            self.house.db.ping()
            if not self._migrated:
                with self.house.db.reading() as conn:
                    missing = migrations.behind(conn, migrations.heads(self.house.service), self.house.service)
                if missing:
                    faults["migrations"] = missing
                self._migrated = not missing
        except Exception as fault:
            faults["database"] = f"does not answer ({type(fault).__name__})"
        return faults

    def report(self) -> tuple[bool, dict[str, Any]]:
        """Whether all is well, and the story: faults by part, age of the outbox and of the copy of who is who."""
        faults = self.ready()
        story: dict[str, Any] = {}
        broker = self._broker_fault()
        if broker:
            faults["broker"] = broker
        silent = time.monotonic() - min(one.looked_at for one in self.house.outbox.ways)
        if silent > _SILENT and not self.house.settings.embedded:
            faults["relay"] = f"has not looked at the outbox for {silent:.0f} s"
        if "database" not in faults and "migrations" not in faults:
            with self.house.db.reading() as conn:
                unsent, age = outbox_state(conn)
            story["outbox"] = {"unsent": unsent, "oldest_seconds": round(age, 3)}
            if self.house.service in FACTS["directory_changed"].heard_by:
                age = self.house.who.age()
                if age > self.house.settings.stale_after:
                    faults["who_is_who"] = "was not confirmed lately"
                story["who_is_who_age_seconds"] = None if age == float("inf") else round(age, 1)
        return not faults, {"well": not faults, "faults": faults} | story

    def _broker_fault(self) -> str | None:
        if self.house.settings.embedded:
            return None
        if time.monotonic() - self._asked > _HOLDS:
            self._asked = time.monotonic()
            self._broker = broker_fault(self.house.settings.amqp_url)
        return self._broker


def broker_fault(amqp_url: str) -> str | None:
    """Why RabbitMQ at this address cannot be used, or None when it answers."""
    connection = amqp.Connection(**amqp_address(amqp_url), connect_timeout=2)
    try:
        connection.connect()
        connection.close()
    except Exception as fault:
        connection.collect()
        return f"does not answer ({type(fault).__name__})"
    return None
