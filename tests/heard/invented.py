"""Invented people, homes and complaints for the tests of the engine; nobody here exists."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from heard.calendar import Calendars
from heard.case import Actor, CaseState, Command, decide, open_case, replay
from heard.ledger import Happening, NewHappening, number
from heard.people import Holding, OnCall, Person, Relation, Roster
from heard.procedure import Procedure
from heard.registry import load_procedures

RECEIVED = datetime(2026, 12, 18, 16, 30, tzinfo=UTC)
EVERYTHING = {"provider": "tidewater", "home": "harbour", "operator": "tide"}


@lru_cache(maxsize=8)
def procedure(key: str = "ioi_support") -> Procedure:
    """An installed procedure."""
    return load_procedures().get(key)


def complaint(**changed: Any) -> dict[str, Any]:
    """A young person's formal complaint by the portal."""
    return {
        "kind": "complaint", "formality": "formal", "channel": "portal", "complainant": "young_person",
        "anonymous": False, "about_a_child": True, "children": [{"age": 16}], "category": ["delay"],
        "heads": [{"key": "one"}, {"key": "two"}], "first_contact": RECEIVED.isoformat(), **EVERYTHING, **changed,
    }  # fmt: skip


PEOPLE = {
    "maya": ("registered_service_manager",), "deepa": ("designated_safeguarding_lead",),
    "dan": ("deputy_safeguarding_lead",), "ola": ("out_of_hours_duty_manager",), "dora": ("director",),
    "tom": ("team_manager",), "ivo": ("investigating_officer",), "una": ("external_investigator",),
    "pia": ("independent_person",), "pam": ("panel_member",), "pat": ("panel_member",),
    "cleo": ("panel_chair", "panel_member"), "nia": (), "nell": (), "gus": ("group_operator",),
}  # fmt: skip
OUTSIDE = {"una", "pia", "pam", "pat", "cleo"}


def roster(*, people: dict[str, tuple[str, ...]] | None = None, relations: Sequence[Relation] = (),
           on_call: Sequence[OnCall] = (), absences: Sequence[Any] = ()) -> Roster:  # fmt: skip
    """A home with everybody in a role of their own, unless `people` says otherwise."""
    held = PEOPLE if people is None else people
    return Roster(
        [Person(one, None if one in OUTSIDE else "tide", one.title(), outside=one in OUTSIDE) for one in held],
        [Holding(one, role, None if role == "group_operator" else "tidewater",
                 None if role in ("group_operator", "director") else "harbour")
         for one, roles in held.items() for role in roles],
        absences, on_call, relations, 1, RECEIVED,
    )  # fmt: skip


class Story:
    """A case told event by event, with a clock that only the story moves."""

    def __init__(self, rules: Procedure | None = None, who: Roster | None = None, **changed: Any) -> None:
        self.procedure = rules or procedure()
        self.roster = who or roster()
        self.calendars = Calendars.of(self.procedure)
        self.now = RECEIVED
        self.ledger: list[Happening] = []
        self.state: CaseState = replay(self.procedure, ())
        self.add(open_case(self.procedure, complaint(**changed), RECEIVED, RECEIVED))

    def add(self, new: Sequence[NewHappening]) -> tuple[NewHappening, ...]:
        """Write events down."""
        for happening in number(tuple(new), self.state.seq, self.now):
            self.ledger.append(happening)
            self.state = self.state.then(happening)
        return tuple(new)

    def event(self, event: str, at: datetime | None = None, stage: str | None = None, **data: Any) -> None:
        """Write one event down as it is, without asking the engine."""
        self.add([NewHappening(event, at or self.now, "system", stage or self.state.stage, data)])

    def do(self, name: str, actor: str = "maya", **data: Any) -> tuple[NewHappening, ...]:
        """Give a command; raises Refused."""
        roles = self.roster.roles_of(actor, self.now)
        return self.add(decide(self.state, Command(name, data), actor=Actor(actor, roles), now=self.now,
                               calendars=self.calendars, roster=self.roster))  # fmt: skip

    def screened(self, **data: Any) -> Story:
        """Safeguarding has looked."""
        self.do("screen", "system", **data)
        return self

    def later(self, **how: float) -> None:
        """Time passes."""
        self.now += timedelta(**how)

    def until(self, year: int, month: int, day: int, hour: int = 10) -> None:
        """Time passes until that hour (UTC)."""
        self.now = datetime(year, month, day, hour, tzinfo=UTC)
