"""Bank holidays that were proclaimed after the published days, and those that were taken back again.

Owns what stands about each (`Proclaimed`), their history (`Proclamations`), and the calendars of a procedure as they
are known after so many turns of it. Every day has the moment from which it was known: what was kept or over before that
was judged by the days of its time, and stays so (`clock.py`). Nothing is ever struck out; a day taken back has its end.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from heard.calendar import Calendars
from heard.instants import day_of, moment_of
from heard.procedure import Procedure


@dataclass(frozen=True, slots=True)
class Proclaimed:
    """One day that became a bank holiday: known `since` then, and no longer after `until`, where it was taken back."""

    day: date
    name: str
    reason: str
    since: datetime
    until: datetime | None = None
    because: str | None = None
    """Why it was taken back."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One change of the calendar: a day proclaimed, or one taken back."""

    at: datetime
    about: Proclaimed
    taken_back: bool

    def as_json(self) -> dict[str, Any]:
        """{day, name, taken_back, because}: what a case's ledger says of it."""
        because = self.about.because if self.taken_back else self.about.reason
        return {
            "day": self.about.day.isoformat(),
            "name": self.about.name,
            "taken_back": self.taken_back,
            "because": because,
        }


@dataclass(frozen=True, slots=True)
class Proclamations:
    """All days that were ever proclaimed. The calendar after `n` turns is the same for everybody, whenever they ask."""

    days: tuple[Proclaimed, ...] = ()

    @classmethod
    def of(cls, entries: Iterable[Mapping[str, Any]]) -> Proclamations:
        """From entries of the directory: {day, name, reason, since, until, because}, dates and moments in ISO 8601."""
        read = (
            Proclaimed(
                day_of(one["day"]), str(one["name"]), str(one["reason"]), moment_of(one["since"]),
                moment_of(one["until"]) if one.get("until") else None, one.get("because"),
            )
            for one in entries
        )  # fmt: skip
        return cls(tuple(sorted(read, key=lambda one: (one.since, one.day))))

    @property
    def turns(self) -> tuple[Turn, ...]:
        """Every change in the order in which it became known. The directory gives no two the same moment."""
        begun = [Turn(one.since, one, False) for one in self.days]
        ended = [Turn(one.until, one, True) for one in self.days if one.until is not None]
        return tuple(sorted((*begun, *ended), key=lambda turn: turn.at))

    @property
    def version(self) -> int:
        """How many turns there were."""
        return sum(1 if one.until is None else 2 for one in self.days)

    def standing(self, version: int | None = None) -> dict[date, str]:
        """The names of the days that hold after so many turns; after all of them unless said."""
        found: dict[date, str] = {}
        for turn in self.turns[:version]:
            if turn.taken_back:
                found.pop(turn.about.day, None)
            else:
                found[turn.about.day] = turn.about.name
        return found

    def since(self, version: int) -> tuple[Turn, ...]:
        """The turns after so many."""
        return self.turns[version:]

    def calendars(self, procedure: Procedure, version: int | None = None) -> Calendars:
        """The days that a procedure counts in after so many turns, with those that held before beside them."""
        turns = self.turns[:version]
        earlier = tuple(
            (turn.at, Calendars.of(procedure, self.standing(number))) for number, turn in enumerate(turns)
        )
        return Calendars.of(procedure, self.standing(len(turns)), earlier=earlier)


NONE = Proclamations()


def in_words(turns: Iterable[Mapping[str, Any]]) -> str:
    """Turns as a ledger has them (`Turn.as_json`), in words: "Monday 10 May 2027 is now a bank holiday (...)"."""
    said = []
    for turn in turns:
        day = f"{day_of(turn['day']):%A %-d %B %Y}"
        said.append(f"{day} is no bank holiday after all" if turn["taken_back"]
                    else f"{day} is now a bank holiday ({turn['name']})")  # fmt: skip
    return "; ".join(said)
