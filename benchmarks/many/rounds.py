"""What the services look for by themselves: every second what falls due, and at each scrape what is measured.

Asked of the database by the services' own functions, as their own roles, and rolled back.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from benchmarks.many.looks import Figures
from services.chassis.database import Database
from services.chassis.settings import Settings
from services.intake import reports
from services.notifications import mailbook
from services.reporting import readbook
from services.safeguarding import records
from services.workflow import casebook
from tests.ground.harness import Platform

_TIMES = 200
_AT_ONCE = 50

Ask = Callable[[Connection, datetime, int], Any]

ROUNDS: dict[str, tuple[str, Ask]] = {
    "tick: reports without proof": ("intake", lambda c, now, v: reports.without_proof(c, now, _AT_ONCE)),
    "tick: calls that are due": ("safeguarding", lambda c, now, v: records.alerts_to_call(c, now, _AT_ONCE)),
    "tick: records to look at again": ("safeguarding", lambda c, now, v: records.to_look_at_again(c, v, _AT_ONCE)),
    "tick: cases that wake": ("workflow", lambda c, now, v: casebook.waking(c, now, _AT_ONCE)),
    "tick: cases to route again": ("workflow", lambda c, now, v: casebook.any_routed_before(c, v)),
    "tick: messages to send": ("notifications", lambda c, now, v: mailbook.due(c, now, _AT_ONCE)),
    "tick: cases to count": ("reporting", lambda c, now, v: readbook.to_do(c, now, _AT_ONCE)),
    "scrape: duties overdue": ("workflow", lambda c, now, v: casebook.count(c, "duties_overdue", now)),
    "scrape: cases unscreened": ("workflow", lambda c, now, v: casebook.count(c, "cases_unscreened", now)),
    "scrape: cases unassigned": ("workflow", lambda c, now, v: casebook.count(c, "cases_unassigned", now)),
    "scrape: alerts unanswered": ("safeguarding", lambda c, now, v: records.unanswered(c)),
    "scrape: messages by state": ("notifications", lambda c, now, v: mailbook.counts(c)),
    "scrape: cases to count": ("reporting", lambda c, now, v: readbook.still_to_do(c)),
}


def all_rounds(platform: Platform, version: int) -> Iterator[tuple[str, Figures]]:
    """Each question in its turn. ``version`` of who is who is the one by which every case was last routed."""
    settings = Settings(mode="distributed", database_url=platform.database or "")
    services = dict.fromkeys(service for service, _ in ROUNDS.values())
    databases = {service: Database(settings, service) for service in services}
    try:
        for name, (service, ask) in ROUNDS.items():
            yield name, _measured(databases[service], lambda c, ask=ask: ask(c, platform.now, version))  # type: ignore[misc]
    finally:
        for database in databases.values():
            database.close()


def _measured(database: Database, ask: Callable[[Connection], Any]) -> Figures:
    took = []
    found: Any = None
    for _ in range(_TIMES):
        with database.engine.connect() as conn:  # rolled back when it is given back
            begun = time.perf_counter()
            found = ask(conn)
            took.append(time.perf_counter() - begun)
        if sum(took) > 10:  # seconds; what takes so long has shown it
            break
    shows = found if isinstance(found, int) and not isinstance(found, bool) else None
    return Figures.of(took, None, shows)
