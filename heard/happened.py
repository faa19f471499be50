"""The pieces a case is made of: visits to stages, heads, subjects, concerns found, who holds what, what is on hold.

Owns small immutable records; `taking.py` makes them from events, `casefile.py` holds them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

WHOLE_CASE = -1
"""The visit number of what belongs to no stage."""

CASE_WIDE = frozenset(
    [
        "received",
        "made",
        "matter_noticed",
        "matter_happened",
        "first_contact",
        "first_known",
        "linked_to",
        "named",
        "concern_found",
        "concern_confirmed",
        "concern_cleared",
        "lado_agreed_next_step",
        "safeguarding_closed",
        "disciplinary_closed",
        "proceedings_closed",
        "screened",
        "recorded",
        "record_agreed",
        "record_disputed",
        "consent_answered",
        "circumstances_changed",
        "fact_answered",
        "reclassified",
        "head_added",
        "head_withdrawn",
        "heads_merged",
        "reference_given",
        "calendar_changed",
        "procedure_changed",
        "closed",
        "reopened",
        "withdrawn",
        "passed_on",
        "suspended",
        "suspension_reviewed",
        "resumed",
    ]
)
"""Events that belong to the case, not to the stage it stands in at the time."""


ADVOCATE = "an_advocate_speaks_with_them"
"""A change in a case: from then on an advocate is owed what is owed to advocates."""


class Moment(NamedTuple):
    """One time at which a named thing happened; `visit` is the stage visit it belongs to."""

    at: datetime
    seq: int
    visit: int
    data: Mapping[str, Any]


class Pause(NamedTuple):
    """A stretch in which clocks stand still; `until` is None while it lasts."""

    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class OtherDays:
    """The day that a line had before the calendar changed: what it was, and why it is another, recorded when."""

    at: datetime
    was: date | datetime | None
    why: str


@dataclass(frozen=True, slots=True)
class Visit:
    """One stay in a stage; `left_at` is None while it lasts."""

    number: int
    stage: str
    opened_at: datetime
    seq: int
    left_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Head:
    """One thing complained of. Its key is a category of the procedure, where it has one.

    `since`: it was first said later than the complaint itself. `merged_into` is the head that goes on for it, `also`
    what such a head has taken in.
    """

    key: str
    pauses: tuple[Pause, ...] = ()
    withdrawn: bool = False
    finding: str | None = None
    since: datetime | None = None
    merged_into: str | None = None
    also: tuple[str, ...] = ()

    @property
    def about(self) -> tuple[str, ...]:
        """What it is about: its own key, and those it has taken in."""
        return (self.key, *self.also)


@dataclass(frozen=True, slots=True)
class Subject:
    """Somebody the complaint is about. `might_be` are the persons whom the words could mean until one is identified."""

    key: str
    person: str | None
    roles: tuple[str, ...]
    heads: tuple[str, ...]
    identified: bool
    might_be: tuple[str, ...]
    works_for: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Found:
    """A concern that was found; a person confirms or clears it."""

    concern: str
    at: datetime
    known_at: datetime
    by_screen: bool
    seq: int
    confirmed_at: datetime | None = None
    cleared_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Assignment:
    """Who holds a part in a stage visit: a person's id, or the key of an outside contact.

    `rung` is the role by which the system chose them; None when somebody appointed them by name. `answered`: the stage
    was answered while they held the part, whatever became of them afterwards.
    """

    part: str
    who: str
    is_contact: bool
    visit: int
    stage: str
    stood_down: str | None = None
    rung: str | None = None
    answered: bool = False


@dataclass(frozen=True, slots=True)
class OnHold:
    """A suspension that is in force."""

    rule: str
    heads: tuple[str, ...]
    since: datetime
    review_by: date | None
    withheld: bool


@dataclass(frozen=True, slots=True)
class Undertaking:
    """Something promised because of the complaint: who sees to it, by which day, and what became of it.

    `told`: the person who complained was promised it. `moved` are (when, to which day), the first day stands beside.
    """

    key: str
    owner: str
    by_day: date
    first_day: date
    at: datetime
    remedy: str | None
    told: bool
    moved: tuple[tuple[datetime, date], ...] = ()
    done_at: datetime | None = None
    let_go_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether it is still to be done."""
        return self.done_at is None and self.let_go_at is None
