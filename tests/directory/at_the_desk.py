"""A directory with both invented operators in it, asked as its callers ask it."""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select

from services.chassis.clock import set_clock
from services.chassis.house import House
from services.chassis.settings import Settings
from services.chassis.tables import HOUSE
from services.directory import people, register
from services.directory.demo import demo_id
from services.directory.service import DirectoryService
from tests.directory.neighbours import made_once, person

TIDEWATER, NORTHGATE = demo_id("tidewater-homes"), demo_id("northgate-council-care")
PROVIDER, OTHERS = demo_id("provider.tidewater-homes"), demo_id("provider.northgate-council-care")
HARBOUR, QUAY = demo_id("harbour-house"), demo_id("quay-view")
MAREN, HOLLIS = person("maren-oakshott"), person("hollis-underbridge", "northgate-council-care")


class Desk:
    """A directory with both invented operators in it, asked as its callers ask it."""

    def __init__(self, folder: Path) -> None:
        shutil.copytree(made_once("directory"), folder, dirs_exist_ok=True)
        self.clock = folder / "clock"
        settings = Settings(var=folder, keys_dir=folder / "keys", clock_file=self.clock)
        self.house = House(settings, "directory")
        self.service = DirectoryService()
        self.service.house = self.house

    def keep(self, who: str, *commands: dict[str, Any]) -> Any:
        return self.service.keep(person_id=who, commands=list(commands))

    def it_is(self, when: datetime) -> int:
        set_clock(self.clock, when)
        return self.service.turn()

    def entry(self, kind: str, entry_id: str) -> dict[str, Any]:
        with self.house.db.reading() as conn:
            found = register.find(conn, kind, entry_id)
        assert found is not None
        return found

    def roles_at(self, home: str) -> dict[str, set[str]]:
        """Who holds what at a home now, by person."""
        book = self.service.book(person_id=MAREN)
        held: dict[str, set[str]] = {}
        for one in book["holdings"]:
            if (
                one["home"] == home
                and one["since"] <= book["now"]
                and (one["until"] is None or one["until"] > book["now"])
            ):
                held.setdefault(one["person"], set()).add(one["role"])
        return held

    def held_by(self, who: str) -> list[dict[str, Any]]:
        with self.house.db.reading() as conn:
            held: list[dict[str, Any]] = people.person(conn, who, self.house.clock.now())["holdings"]
        return held

    def told(self) -> list[dict[str, Any]]:
        outbox = HOUSE.outbox
        with self.house.db.reading() as conn:
            return [row.body for row in conn.execute(select(outbox.c.body).order_by(outbox.c.id))]
