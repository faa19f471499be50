"""The watchdog of an installation that is one process: should that process die or stand still while something waits for
a person, somebody is called all the same.

It lives in a small process of its own and asks the databases, not the platform: a report whose proof is overdue, an
alert whose next call was not made, a call that was not handed over. What is overdue at two looks in a row stands
still; then it knocks and calls as intake would (its own outgoing port, everybody inside, then outside), and writes down
that it did. It answers nothing, decides nothing and takes nothing off the platform, which goes on from where it stood.
"""

from __future__ import annotations

import fcntl
import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Self

from heard.ledger import NewHappening
from heard.people import Rung
from services.chassis.house import House
from services.chassis.logs import why
from services.chassis.settings import Settings
from services.intake import reports, watching
from services.safeguarding import records
from services.safeguarding.calling import cannot_take, rungs
from services.safeguarding.growing import Growth, load, write

LOOKS_EVERY = 5.0  # seconds
PATIENCE = timedelta(seconds=60)
"""How long after its time something must wait before the platform counts as standing still."""
_AT_ONCE = 50


class AlreadyRuns(Exception):
    """Another watchdog looks after this folder."""


@dataclass
class Post:
    """The watch over one folder. Only one process holds it, and its number stands in the file."""

    file: Path
    _held: Any = None

    def __enter__(self) -> Self:
        self._held = self.file.open("a+")
        try:
            fcntl.flock(self._held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._held.close()
            raise AlreadyRuns(f"another watchdog looks after {self.file.parent}") from None
        self._held.seek(0)
        self._held.truncate()
        self._held.write(str(os.getpid()))
        self._held.flush()
        return self

    def __exit__(self, *fault: object) -> None:
        self._held.close()


def post_of(settings: Settings) -> Path:
    """The file that the watchdog of an installation holds."""
    return settings.var / "watchdog"


def keeper(settings: Settings) -> int | None:
    """The number of the process that is the watchdog now, or None."""
    try:
        with post_of(settings).open("r") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return int(file.read())
    except (FileNotFoundError, ValueError):
        return None
    return None


def send_home(settings: Settings) -> None:
    """End the watchdog of an installation that is being stopped in good order."""
    number = keeper(settings)
    if number is not None:
        os.kill(number, signal.SIGTERM)


@dataclass
class Watchdog:
    """What waits in one installation, seen from outside its process."""

    intake: House
    safeguarding: House
    _late: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """The watchdog of an installation of one process."""
        return cls(House(settings, "intake"), House(settings, "safeguarding"))

    def close(self) -> None:
        """Give the databases back."""
        self.intake.close()
        self.safeguarding.close()

    def look(self) -> list[str]:
        """Look once; the ids of the reports that somebody was called about."""
        now = self.intake.clock.now()
        waiting, unheard = self._unproven(now), self._uncalled(now)
        late = waiting | unheard
        still, self._late = late & self._late, late
        if not still:
            return []
        self.intake.log.error("platform_stands_still", reports=sorted(still))
        called = sorted(waiting & still)
        if called:
            watching.watch(self.intake)
        return called + [one for one in sorted(unheard & still) if self._call(one)]

    def _unproven(self, now: datetime) -> set[str]:
        """Reports over which intake itself should have looked by now."""
        with self.intake.db.reading() as conn:
            return reports.overdue(conn, now - PATIENCE, _AT_ONCE)

    def _uncalled(self, now: datetime) -> set[str]:
        """Reports with an alert that nobody has answered and that calls nobody any more."""
        with self.safeguarding.db.reading() as conn:
            return records.standing_still(conn, now - PATIENCE, _AT_ONCE)

    def _call(self, report_id: str) -> bool:
        """Call about one alert, unless that was done a moment ago, and write it down."""
        house = self.safeguarding
        with house.working() as work:
            growth = load(work, [report_id], house.roster(even_if_stale=True))[report_id]
            before = [one for one in growth.state.moments.get("ladder_paged", ()) if one.data["by"] == "watchdog"]
            if before and before[-1].at > work.now - watching.AGAIN:
                return False
            alert = records.open_alert(work.conn, report_id)
            if alert is None:  # somebody answered meanwhile
                return False
            ladder = self._ladder(growth, alert, work.now)
            # Its row first: should this process die now, the next one waits a little and calls again.
            called = [one.who for one in ladder if one.who.kind == "person" or before or one.after_seconds == 0]
            data = {"whom": [one.key for one in called], "channel": "email", "by": "watchdog", "alert": alert["id"]}
            growth.add(NewHappening("ladder_paged", work.now, "system", None, data))
            write(work, [growth])
        about = {
            "report_id": report_id, "reference": growth.row["reference"], "procedure": growth.procedure.key,
            "received_at": growth.row["received_at"].isoformat(), **growth.place,
        }  # fmt: skip
        for who in called:
            watching.send(house, who, about, house.clock.now())
        return True

    @staticmethod
    def _ladder(growth: Growth, alert: Any, now: datetime) -> list[Rung]:
        rule = next((one for one in growth.procedure.notification_rules if one.key == alert["rule"]), None)
        found = rungs(growth.procedure, growth.state, growth.roster, rule, now, alert["priority"])
        cannot = cannot_take(growth.state, alert["id"])
        return [one for one in found if one.who.kind != "party" and one.who.key not in cannot] or list(found)


def keep_watch(settings: Settings, stopped: Callable[[], bool], wait: Callable[[float], object] = time.sleep) -> None:
    """Look every few seconds until told to stop. Raises `AlreadyRuns`."""
    with Post(post_of(settings)):
        dog = Watchdog.of(settings)
        try:
            while not stopped():
                try:
                    dog.look()
                except Exception as fault:  # a database that is locked or gone: said, and looked at again
                    dog.intake.log.error("watchdog_failed", error=why(fault), exc_info=fault)
                wait(LOOKS_EVERY)
        finally:
            dog.close()
