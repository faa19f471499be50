"""Why a due moment is what it is: the days counted, the days skipped, what was paused, what was extended.

Owns `Due`, one line of "what is owed, to whom, by when", and `Derivation`, its proof. `clock.py` makes them; portal,
letters and reports show them. The days are listed only when somebody asks.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, NamedTuple

from heard.calendar import Calendar, Count, Skip
from heard.casefile import Pause
from heard.happened import OtherDays
from heard.instants import LONDON, end_of, hour_in_words, london_day
from heard.when import LateStep

Status = Literal["waiting", "running", "paused", "met", "met late", "late", "excused", "lapsed"]
Kind = Literal["duty", "notification", "window", "report", "promised", "review"]
Lateness = Literal["", "ageing", "aim missed", "breach"]


SINCE = {
    "received": "when it came in",
    "stage_opened": "when this stage began",
    "acknowledged": "when it was acknowledged",
    "responded": "when the answer was given",
    "action_agreed": "when it was promised",
    "decided": "when it was last decided",
    "suspended": "when it was put on hold",
    "suspension_reviewed": "when it was last looked at",
    "concern_found": "when the concern was found",
    "first_known": "when anybody on the staff first knew",
    "known": "when anybody on the staff first knew",
    "last_done": "when it was last done",
    "came_under": "since when this procedure is kept here",
    "document_dated": "the day of the document",
    "admitted": "when they arrived",
    "home_visited": "when their home was visited",
    "started_work": "when they started work",
    "adopted": "when the document was adopted",
    "policy_reviewed": "when it was last looked at",
    "report_made": "when the report was made",
}
"""What a clock counts from, in words; an event that is not here is named as the procedure names it."""


@dataclass(frozen=True, slots=True)
class Extended:
    """A longer time that was given: why, until when, recorded when."""

    at: datetime
    until: date | None
    reason: str


@dataclass(frozen=True, slots=True)
class Derivation:
    """The proof of a due moment. `counted` and `skipped` are in date order; `left` are units not yet used in a pause.

    `counting` names the rule by which it is counted. `event` is what started the clock at `starts`; `deemed` says that
    it is taken to have started then.
    """

    within: str
    event: str
    starts: datetime | None
    count: Count | None = None
    pauses: tuple[Pause, ...] = ()
    extended: tuple[Extended, ...] = ()
    used_calendar: Calendar | None = None
    deemed: bool = False
    left: int | None = None
    moved: tuple[OtherDays, ...] = ()
    counting: str = ""

    @property
    def sentence(self) -> str:
        """The proof in one sentence, for a page or a letter."""
        event = self.event.replace("_", " ") or "the case"
        name = SINCE.get(self.event) or f"'{event}'"
        within = self.within[:1].upper() + self.within[1:]
        if self.starts is None:
            return f"{within}; not running yet: it counts from {name}." if self.event else f"{within}."
        clock = f"{self.starts.astimezone(LONDON):%-d %B %Y}, {hour_in_words(self.starts)}"
        since = f"counted from {clock} ({name})"
        if self.deemed:
            since = f"taken to start on {clock}, as '{event}' came later or has not come"
        if self.left is None:
            return f"{within}, {since}."
        unit = self.used_calendar.key.replace("_", " ") if self.used_calendar else "minutes"
        return f"{within}, {since}; on hold with {self.left} {unit} left."

    @property
    def counted(self) -> tuple[date, ...]:
        """The days that were used."""
        return self.count.counted if self.count else ()

    @property
    def skipped(self) -> tuple[Skip, ...]:
        """The closed days walked past, each with its reason."""
        return self.count.skipped if self.count else ()

    @property
    def paused(self) -> tuple[Pause, ...]:
        """The stretches that were not counted."""
        return self.pauses

    @property
    def calendar(self) -> str | None:
        """Id of the set of days this was counted with."""
        return self.used_calendar.snapshot if self.used_calendar else None

    def moved_as_json(self) -> list[dict[str, Any]]:
        """[{at, was, why}], the oldest first: each day that it had before the calendar changed."""
        return [{"at": one.at.isoformat(), "was": one.was.isoformat() if one.was else None, "why": one.why}
                for one in self.moved]  # fmt: skip

    def as_json(self) -> dict[str, Any]:
        """{counted: [date], skipped: [{date, why}], paused: [{since, until}], extended, moved, calendar, sentence}."""
        return {
            "counted": [day.isoformat() for day in self.counted],
            "skipped": [{"date": skip.date.isoformat(), "why": skip.why} for skip in self.skipped],
            "paused": [{"since": p.since.isoformat(), "until": p.until.isoformat() if p.until else None}
                       for p in self.pauses],
            "extended": [{"at": e.at.isoformat(), "until": e.until.isoformat() if e.until else None, "reason": e.reason}
                         for e in self.extended],
            "moved": self.moved_as_json(),
            "calendar": self.calendar,
            "counting": self.counting,
            "sentence": self.sentence,
        }  # fmt: skip


class Due(NamedTuple):
    """One duty, notification or window of one case and where it stands.

    `key` is unique and stable within the case. `due` is a date for day units (until its last second in London) and an
    instant for hours; `due_at` is the instant (UTC) at which the time is over. `target` (and `target_at`, alike) is the
    house target of a word like "immediately". `lateness` says what being late means: `ageing` (a house target),
    `aim missed`, `breach`. `late_steps` are (instant, step of the rule). `instance` names the head or the subject it is
    for.
    """

    key: str
    stage: str | None
    duty: str
    instance: str | None
    says: str
    clause: tuple[str, ...]
    source: str
    strength: str
    kind: Kind
    to: tuple[str, ...]
    starts: datetime | None
    within: str
    due: date | datetime | None
    due_at: datetime | None
    first_due: date | datetime | None
    status: Status
    met_at: datetime | None
    derivation: Derivation
    late_steps: tuple[tuple[datetime, LateStep], ...] = ()
    target: date | datetime | None = None
    target_at: datetime | None = None
    remind_at: datetime | None = None
    lateness: Lateness = ""
    reading: str | None = None
    visit: int = -1
    by: tuple[str, ...] = ()
    pauses: bool = False
    heads: tuple[str, ...] = ()

    @property
    def beyond_first(self) -> bool:
        """Whether it was met in time only because it was given more: after the day on which it was first due."""
        if self.met_at is None or self.first_due is None or not self.derivation.extended:
            return False
        first = self.first_due if isinstance(self.first_due, datetime) else end_of(self.first_due)
        return self.met_at >= first

    @property
    def last_day(self) -> date | None:
        """The London day on which its time is over; a clock of hours is over in the middle of one."""
        return london_day(self.due) if isinstance(self.due, datetime) else self.due

    def as_json(self) -> dict[str, Any]:
        """The line as data: issue 2's fields first, then the rest. Dates and instants in ISO 8601."""
        return {
            "stage": self.stage,
            "duty": self.duty,
            "says": self.says,
            "clause": list(self.clause),
            "source": self.source,
            "starts": self.starts.isoformat() if self.starts else None,
            "within": self.within,
            "due": self.due.isoformat() if self.due else None,
            "derivation": self.derivation.as_json(),
            "key": self.key,
            "instance": self.instance,
            "heads": list(self.heads),
            "kind": self.kind,
            "to": list(self.to),
            "strength": self.strength,
            "reading": self.reading,
            "due_at": self.due_at.isoformat() if self.due_at else None,
            "first_due": self.first_due.isoformat() if self.first_due else None,
            "target": self.target.isoformat() if self.target else None,
            "target_at": self.target_at.isoformat() if self.target_at else None,
            "status": self.status,
            "lateness": self.lateness,
            "met_at": self.met_at.isoformat() if self.met_at else None,
        }
