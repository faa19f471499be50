"""A service beside a directory with the invented world in it, on files of its own: for tests of what services do."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache, partial
from pathlib import Path
from typing import Any

from sqlalchemy import select

from services.chassis.clock import set_clock
from services.chassis.hearing import hear
from services.chassis.house import House
from services.chassis.settings import Settings
from services.chassis.tables import HOUSE, new_id
from services.chassis.work import Message
from services.directory import desk
from services.directory.demo import demo_id
from services.directory.seed import make_world
from services.directory.service import DirectoryService
from tests.ground.migrated import lay_out

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
PLACE = {
    "operator": demo_id("tidewater-homes"),
    "provider": demo_id("provider.tidewater-homes"),
    "home": demo_id("harbour-house"),
}


@cache
def made_once(service: str) -> Path:
    """The files of a migrated service and of a directory with the invented world in it, to be copied for each test."""
    folder = Path(tempfile.mkdtemp(prefix="heard-neighbours-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    set_clock(folder / "clock", NOW)
    settings = Settings(var=folder, keys_dir=folder / "keys", clock_file=folder / "clock")
    lay_out(settings, *{"directory", service})
    directory = House(settings, "directory")
    make_world(directory)
    directory.close()
    return folder


class Neighbours:
    """One service's house, and the directory's beside it."""

    def __init__(self, folder: Path, service: str, **settings: Any) -> None:
        shutil.copytree(made_once(service), folder, dirs_exist_ok=True)
        self.clock = folder / "clock"
        self.settings = Settings(var=folder, keys_dir=folder / "keys", clock_file=self.clock, **settings)
        self.directory = House(self.settings, "directory")
        self.house = House(self.settings, service)
        self.replicate()

    def replicate(self) -> None:
        """Bring the service's copy of who is who to where the directory stands."""
        answering = DirectoryService()
        answering.house = self.directory
        with self.house.working() as work:
            self.house.who.take_snapshot(work, answering.snapshot())

    def change(self, *commands: dict[str, Any]) -> None:
        """Change who is who, and let the service know."""
        desk.change(self.directory, commands, by="test")
        self.replicate()

    def move_clock(self, to: datetime) -> None:
        """Let it be that time."""
        set_clock(self.clock, to)

    def hear(self, handler: Any, name: str, *bodies: dict[str, Any]) -> None:
        """Let a handler hear facts in one batch, each in a message of its own."""
        messages = [Message(new_id(), name, body, "test", NOW) for body in bodies]
        fault = hear(self.house, partial(handler, self.house), messages)
        if fault is not None:
            raise fault

    def published(self, *names: str) -> list[dict[str, Any]]:
        """What the service has said, in order: ``{"fact": name, ...body}``."""
        outbox = HOUSE.outbox
        with self.house.db.reading() as conn:
            rows: Sequence[Any] = conn.execute(select(outbox.c.fact, outbox.c.body).order_by(outbox.c.id)).all()
        return [{"fact": row.fact, **row.body} for row in rows if not names or row.fact in names]

    def close(self) -> None:
        """Give everything back."""
        self.house.close()
        self.directory.close()


def person(someone: str, group: str = "tidewater-homes") -> str:
    """The id of an invented person: ``person("noor-ellingham")``."""
    return demo_id(f"{someone}.{group}")


def row(
    seq: int, event: str, *, at: datetime = NOW, by: str = "system", stage: str | None = None, **data: Any
) -> dict[str, Any]:
    """One row of a ledger as `case_advanced` carries it."""
    moment = at.isoformat()
    return {"seq": seq, "event": event, "at": moment, "written_at": moment, "by": by, "stage": stage, "data": data}
