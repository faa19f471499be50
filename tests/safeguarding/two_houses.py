"""Intake and safeguarding as two houses in this process, on their own databases, with the invented world in both.

No broker: `carry` hands the facts of one to the other, as often as a test likes, which is what a broker may do as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from shutil import copytree
from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from heard.ledger import Happening
from services.chassis import ledger
from services.chassis.clock import set_clock
from services.chassis.hearing import hear
from services.chassis.house import House
from services.chassis.migrations import migrate
from services.chassis.settings import Settings
from services.chassis.tables import HOUSE
from services.chassis.topology import keys_of
from services.chassis.work import Message
from services.directory import register
from services.directory.seed import make_world
from services.intake.doors import make_app as intake_door
from services.intake.service import IntakeService
from services.safeguarding.doors import make_app as safeguarding_door
from services.safeguarding.models import ledger as ledger_rows
from services.safeguarding.service import SafeguardingService
from tests.ground import world

SERVICES = ("directory", "intake", "safeguarding")


@dataclass
class TwoHouses:
    """Both houses with their doors. ``now`` moves with ``move``."""

    clock_file: Path
    now: datetime
    intake: House
    safeguarding: House
    knocks: FlaskClient = field(init=False)
    reports: FlaskClient = field(init=False)
    sent: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.reports = intake_door(self.intake).test_client()
        self.knocks = safeguarding_door(self.safeguarding).test_client()

    def move(self, by: timedelta | None = None, *, to: str | None = None) -> None:
        """Move the clock of both."""
        self.now = world.moment(to) if to else self.now + (by or timedelta())
        set_clock(self.clock_file, self.now)

    def submit(self, **changes: Any) -> dict[str, Any]:
        """Hand a report in at intake's door."""
        answer = self.reports.post("/reports", json=world.a_report(**changes))
        assert answer.status_code == 201, answer.text
        return dict(answer.get_json())

    def said(self, house: House, fact: str | None = None) -> list[Message]:
        """Everything a house has published, in order."""
        outbox = HOUSE.outbox
        with house.db.reading() as conn:
            rows = conn.execute(select(outbox).order_by(outbox.c.id)).all()
        said = [
            Message(row.message_id, keys_of(row.fact)[-1], row.body, row.correlation, row.written_at) for row in rows
        ]
        return [message for message in said if fact in (None, message.name)]

    def carry(self, *, again: bool = False, back: bool = True) -> None:
        """Hand over what intake published and safeguarding has not heard; `again`: also what it has, twice."""
        for message in self.said(self.intake):
            if message.message_id not in self.sent or again:
                self.sent.add(message.message_id)
                self.hear(message)
            if again:
                self.hear(as_another(message))
        for fact in ("report_screened", "ladder_called") if back else ():
            for message in self.said(self.safeguarding, fact):
                self.intake_hears(message)

    def intake_hears(self, message: Message) -> None:
        """Intake hears one fact."""
        assert hear(self.intake, getattr(service(IntakeService, self.intake), message.name), [message]) is None

    def hear(self, *messages: Message) -> None:
        """Safeguarding hears these together."""
        listener = service(SafeguardingService, self.safeguarding)
        fault = hear(self.safeguarding, getattr(listener, messages[0].name), list(messages))
        assert fault is None, fault

    @property
    def safe(self) -> Any:
        """Safeguarding's service, to ask and to tick."""
        return service(SafeguardingService, self.safeguarding)

    def ledger(self, report_id: str) -> list[Happening]:
        """A record's ledger."""
        with self.safeguarding.db.reading() as conn:
            return ledger.read(conn, ledger_rows, report_id)

    def events(self, report_id: str) -> list[str]:
        """The events of a record's ledger, in order."""
        return [happening.event for happening in self.ledger(report_id)]

    def called(self) -> list[str]:
        """Whom safeguarding has called so far, in order."""
        return [m.body["person"] or m.body["contact"] for m in self.said(self.safeguarding, "ladder_called")]

    def change(self, kind: str, entry_id: str, data: dict[str, Any] | None) -> None:
        """Somebody is changed in the directory, and both copies hear of it."""
        for house in (self.intake, self.safeguarding):
            version = house.who.version() + 1
            body = {"version": version, "entries": [{"kind": kind, "id": entry_id, "data": data}]}
            with house.working() as work:
                house.who.take_snapshot(work, {**body, "whole": False})


def as_another(message: Message) -> Message:
    """The same fact, said again by a publisher that lost its confirm."""
    return replace(message, message_id=uuid4().hex)


def service(kind: Any, house: House) -> Any:
    """A service's methods on a house, without a container."""
    made = kind()
    made.house = house
    return made


def seeded(folder: Path) -> Path:
    """Databases by the migrations, filled with the invented world, to copy from."""
    set_clock(folder / "clock", world.MONDAY_MORNING)
    settings = settings_in(folder)
    migrate(settings, SERVICES)
    directory = House(settings, "directory")
    make_world(directory)
    with directory.db.reading() as conn:
        entries = [entry.as_json() for entry in register.whole(conn)]
    directory.close()
    for name in ("intake", "safeguarding"):
        house = House(settings, name)
        with house.working() as work:
            house.who.take_snapshot(work, {"version": 2, "entries": entries, "whole": True})
        house.close()
    return folder


def settings_in(folder: Path) -> Settings:
    """The settings of both houses."""
    return Settings(
        var=folder / "var", keys_dir=folder / "keys", clock_file=folder / "clock", given_token="shown between services",
        urls={name: "http://127.0.0.1:9" for name in ("intake", "safeguarding", "portal")}, stale_after=3600,
    )  # fmt: skip


def two_houses(template: Path, folder: Path, at: datetime = world.MONDAY_MORNING) -> TwoHouses:
    """Both houses on a copy of the seeded databases."""
    copytree(template, folder / "installation")
    clock_file = folder / "installation" / "clock"
    set_clock(clock_file, at)
    settings = settings_in(folder / "installation")
    return TwoHouses(clock_file, at, House(settings, "intake"), House(settings, "safeguarding"))


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation with the invented world in it, to copy."""
    return seeded(tmp_path_factory.mktemp("seeded"))


@pytest.fixture
def houses(installation: Path, tmp_path: Path) -> Iterator[TwoHouses]:
    """Intake and safeguarding on databases of their own, on an ordinary Monday morning."""
    made = two_houses(installation, tmp_path)
    yield made
    made.intake.close()
    made.safeguarding.close()
