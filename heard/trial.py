"""A case tried out in a test of a procedure: one invented person for each role, and a clock that the test sets.

For a plugin's author: `Trial(procedure, "2026-12-18 16:30").do("acknowledge", ...)` asks the engine as the platform
would; `happened` writes an event down without asking. Nothing here is used by a running case.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from datetime import date, datetime
from typing import Any

from heard.calendar import Calendars
from heard.case import Actor, Command, Refused, decide, open_case, replay
from heard.casefile import CaseState
from heard.clock import reckon
from heard.derivation import Due
from heard.instants import moment_of
from heard.ledger import Happening, NewHappening, number
from heard.linking import begins
from heard.people import Holding, Person, Relation, Roster, is_the_panels, parts_of, recipients
from heard.procedure import PanelMembers, Procedure

HOME = {"operator": "trial_group", "provider": "trial_provider", "home": "trial_home"}
ON_A_PANEL = 5
"""How many people hold a role that sits on a panel: the first goes by its key, the others with a number behind."""


def people_of(procedure: Procedure, relations: Sequence[Relation] = ()) -> Roster:
    """Invented people: one for each role, named by its key; several where a panel is made of that role."""
    sit = {role for stage in procedure.stages if stage.panel for role in _seated(stage.panel.members)}
    seats = [(role, f"{role.key}_{seat}" if seat > 1 else role.key) for role in procedure.roles
             for seat in range(1, (ON_A_PANEL if role.key in sit else 1) + 1)]  # fmt: skip
    return Roster(
        [Person(who, None if role.outside else HOME["operator"], who, outside=role.outside) for role, who in seats],
        [Holding(who, role.key, HOME["provider"], HOME["home"]) for role, who in seats],
        relations=relations,
    )


def _seated(members: PanelMembers | None) -> tuple[str, ...]:
    return (members.role, *_seated(members.of_which)) if members and members.role else ()


class Trial:
    """One case of an imagined young person. Times are London times as text ("2026-12-18 16:30", "2026-12-18").

    `received` says when it came in; `about` are the roles of those it is about; further keywords are what the form asks
    (`complainant`, `channel`, `facts`, `categories` ...), as in the event `received` of `heard.ledger`.
    """

    def __init__(
        self,
        procedure: Procedure,
        received: str,
        *,
        kind: str = "complaint",
        formality: str = "formal",
        child_age: int | None = 15,
        about: Sequence[str] = (),
        concerns: Sequence[str] = (),
        relations: Sequence[Relation] = (),
        **said: Any,
    ) -> None:
        self.procedure, self.calendars, self.roster = (
            procedure,
            Calendars.of(procedure),
            people_of(procedure, relations),
        )
        self.now = moment_of(received)
        self.ledger: list[Happening] = []
        self.state: CaseState = replay(procedure, ())
        data = {
            "kind": kind, "formality": formality, "channel": "portal", "complainant": "young_person",
            "anonymous": False, "on_behalf": False, "about_a_child": True, "children": [{"age": child_age}],
            "category": [], "heads": [{"key": "complaint"}], "first_contact": self.now.isoformat(), **HOME, **said,
        }  # fmt: skip
        self._write(open_case(procedure, data, self.now, self.now))
        subjects = [
            {"subject": f"s{n}", "person": role, "role": role, "identified": True} for n, role in enumerate(about)
        ]
        self.do("screen", "screen", subjects=subjects, concerns=[{"concern": one} for one in concerns])

    def do(self, command: str, by: str = "system", when: str | None = None, **data: Any) -> Trial:
        """Asks for something, as the person `by` (a role's key stands for its first holder). Raises Refused."""
        self.now = moment_of(when) if when else self.now
        actor = Actor(by, self.roster.roles_of(by, self.now))
        self._write(decide(self.state, Command(command, data), actor=actor, now=self.now, calendars=self.calendars,
                           roster=self.roster))  # fmt: skip
        self._fill_parts()
        return self

    def refused(self, command: str, by: str = "system", when: str | None = None, **data: Any) -> Refused:
        """The refusal of something, which must be refused; AssertionError when it is allowed."""
        try:
            self.do(command, by, when, **data)
        except Refused as refusal:
            return refusal
        raise AssertionError(f"{command} by {by} was allowed")

    def happened(self, event: str, when: str, stage: str | None = None, **data: Any) -> Trial:
        """Writes an event down as it is, without asking whether it was allowed. `stage` is the one it belongs to."""
        self.now = moment_of(when)
        place = stage or self.state.stage
        said = {"stage": place, **data} if event == "stage_opened" else data
        self._write([NewHappening(event, self.now, "system", place, said)])
        self._fill_parts()
        return self

    def second_case(self) -> Trial:
        """The case that the latest `linked_case_opened` of this one began, with the same people and the same clock."""
        opened = next(one for one in reversed(self.ledger) if one.event == "linked_case_opened")
        second = copy(self)
        second.ledger, second.state = [], replay(self.procedure, ())
        second._write(begins(self.state, "the first case", opened))
        second._fill_parts()
        return second

    def lines(self, when: str | None = None, duty: str | None = None) -> tuple[Due, ...]:
        """Everything that is due or was (or only what that duty asks), what is due first at the top."""
        return reckon(self.state, self.calendars, moment_of(when) if when else self.now, duty)

    def line(self, duty: str, stage: str | None = None, when: str | None = None) -> Due:
        """The latest line of that duty (`ask_for_STAGE` is a window); KeyError names the duties that are there."""
        found = [due for due in self.lines(when, duty) if stage is None or due.stage == stage]
        if not found:
            there = sorted({f"{due.stage or 'case'}: {due.duty}" for due in self.lines(when)})
            raise KeyError(f"no line {duty!r}{f' in {stage}' if stage else ''}; there are: {', '.join(there)}")
        return max(found, key=lambda due: due.visit)

    def due(self, duty: str, stage: str | None = None, when: str | None = None) -> date | datetime | None:
        """When that duty is due."""
        return self.line(duty, stage, when).due

    def owes(self, duty: str, stage: str | None = None, when: str | None = None) -> bool:
        """Whether that duty stands in the case at all and has not lapsed."""
        return any(due.status != "lapsed" for due in self.lines(when, duty) if stage is None or due.stage == stage)

    def holder(self, part: str) -> str | None:
        """Who holds a part now: a person (a role's key), or a contact's key when the route led outside."""
        held = self.state.holder(part)
        return held.who if held else None

    def told(self, *words: str) -> tuple[str, ...]:
        """Who hears what is told to these who-words, as persons and contacts."""
        found = recipients(self.procedure, self.state, self.roster, words, self.now)
        return tuple(one.key for one in found)

    def _write(self, new: Sequence[NewHappening]) -> None:
        for happening in number(tuple(new), self.state.seq, self.now):
            self.ledger.append(happening)
            self.state = self.state.then(happening)

    def _fill_parts(self) -> None:
        """Gives each empty part to who comes first on its route, as the platform does when a case moves."""
        visit = self.state.visit
        if visit is None or not self.state.is_open or not self.state.screened:
            return
        for part in parts_of(self.procedure, self.state, visit.stage):
            if self.state.holder(part) is None and not is_the_panels(self.procedure, self.state, part, visit.stage):
                self._write(decide(self.state, Command("assign", {"part": part}), actor=Actor("system"), now=self.now,
                                   calendars=self.calendars, roster=self.roster))  # fmt: skip
