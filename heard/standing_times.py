"""Which times a standing duty is owed at a place: for whom, since when, and on which occasions.

Owns the shapes that `standing_duties.py` reckons from (`Book`, `Stay`) and `Occasions`: the stretches of time in which
a procedure has the duty, those it is owed for, when it was done, and what it counts from. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import NamedTuple

from heard.instants import london_day, start_of
from heard.keeping import StandingDuty
from heard.ledger import Happening
from heard.procedure import Procedure
from heard.standing_rules import MADE, makes_a_report, standing_rules

OF_A_HOME = frozenset({"home", "young_person"})
"""For what a duty of a home is owed; all others are owed once by the whole provider, or for each of its staff."""
ITS_OWN_DOING = frozenset({"policy_reviewed"})
"""Events that are the duty's own doing: a recurring duty that counts from one is done by it."""
ADOPTING = frozenset({"adopted", "policy_reviewed"})
"""Events that the document itself dates, where nobody has written one down."""
ARRIVING = ("admitted", "home_visited")
"""Events with which a young person begins to be one of the home's."""


class Stay(NamedTuple):
    """A stretch of time in which somebody works here (or a young person lives here); `until` None: still."""

    whom: str
    since: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Book:
    """One place: its ledger, and (for a provider) who works there. `of_home` says which duties are its own."""

    ledger: Sequence[Happening]
    of_home: bool
    staff: Sequence[Stay] = ()


class Version(NamedTuple):
    said: Happening
    rule: StandingDuty
    procedure: Procedure

    @property
    def since(self) -> datetime:
        return self.said.at

    @property
    def dated(self) -> date | None:
        """The day of the document, for a duty that counts from when it was adopted or last reviewed."""
        after, document = self.rule.clock.after, self.procedure.document
        if after is None or not {*after.events} & ADOPTING:
            return None
        return self.rule.clock.first_from or document.dated or document.in_force_from


class Run(NamedTuple):
    """A stretch of time in which the procedure has the duty: its versions in it, and when it ended, if it has."""

    versions: tuple[Version, ...]
    until: datetime | None
    from_the_start: bool


def valid(ledger: Sequence[Happening]) -> list[Happening]:
    """The entries that stand, in the order in which things happened: without those that were struck out."""
    struck = {row.data["row"] for row in ledger if row.event == "struck_out"}
    return sorted((row for row in ledger if row.seq not in struck), key=lambda row: (row.at, row.seq))


def young_people(ledger: Sequence[Happening]) -> tuple[Stay, ...]:
    """The young people of a home, from when they came until they left."""
    since: dict[str, datetime] = {}
    until: dict[str, datetime] = {}
    for row in valid(ledger):
        if row.event in ARRIVING and row.data.get("young_person"):
            since.setdefault(str(row.data["young_person"]), row.at)
        elif row.event == "left":
            until[str(row.data["young_person"])] = row.at
    return tuple(Stay(one, at, until.get(one)) for one, at in since.items())


class Occasions:
    """The times that the duties of a place are owed, as its ledger and the versions of its procedure have them."""

    def __init__(self, book: Book, procedures: Mapping[str, Procedure], now: datetime) -> None:
        self.book, self.now = book, now
        self.rows = valid(book.ledger)
        bound = [row for row in self.rows if row.event in ("came_under", "version_changed")]
        self.versions = [(row, procedures[str(row.data["version"])]) for row in bound]
        self.ended = next((row.at for row in self.rows if row.event == "ended"), None)

    def runs(self, key: str, per: str) -> Iterator[Run]:
        versions: list[Version] = []
        first = True
        for n, (said, procedure) in enumerate(self.versions):
            rule = next((one for one in standing_rules(procedure) if (one.key, one.per) == (key, per)), None)
            if rule is not None:
                first = n == 0 if not versions else first
                versions.append(Version(said, rule, procedure))
            elif versions:
                yield Run(tuple(versions), said.at, first)
                versions = []
        if versions:
            yield Run(tuple(versions), self.ended, first)

    def subjects(self, run: Run) -> Iterator[Stay]:
        """Whom it is owed for, each from when it can be owed; the place itself is nobody ("")."""
        rule, begins = run.versions[0].rule, run.versions[0].since
        stays: Sequence[Stay] = [Stay("", begins)]
        if rule.per == "staff":
            stays = self.book.staff
        elif rule.per == "young_person":
            stays = young_people(self.book.ledger)
        for stay in stays:
            until = min((end for end in (stay.until, run.until) if end is not None), default=None)
            written_down = rule.per == "young_person" and run.from_the_start  # even of days before the book began
            if stay.since <= self.now and (until is None or until > begins or written_down):
                yield Stay(stay.whom, stay.since, until)

    def acts(self, run: Run, whom: str | None) -> list[Happening]:
        """When it was done. A version of the document with a later day of its own is what its review led to."""
        rule = run.versions[0].rule
        own = {*rule.clock.after.events} & ITS_OWN_DOING if rule.clock.after else set()
        renewed = [new.said.seq for old, new in pairwise(run.versions) if old.dated != new.dated]
        return [
            row for row in self.rows
            if row.at <= self.now and row.data.get("whom") == whom
            and ((row.event == "done" and row.data["duty"] == rule.key) or row.event in own or row.seq in renewed
                 or (makes_a_report(rule) and row.event == MADE and row.data.get("report") == rule.report))
        ]  # fmt: skip

    def begins(self, run: Run, stay: Stay) -> tuple[datetime, str]:
        """Where a recurring duty counts from before it was ever done."""
        first = run.versions[0]
        if stay.whom and stay.since > first.since:
            return stay.since, "started_work" if first.rule.per == "staff" else "admitted"
        counts_from = first.rule.clock.first_from or (first.dated if run.from_the_start else None)
        if counts_from and not stay.whom:
            return start_of(counts_from), "document_dated"
        return first.since, "came_under"

    def occasions(self, run: Run, stay: Stay) -> list[tuple[datetime, str]]:
        """Each occasion on which it is owed once: the events that it counts from, one a day."""
        rule = run.versions[0].rule
        events = rule.clock.after.events if rule.clock.after else ()
        found: dict[date, tuple[datetime, str]] = {}
        if rule.per == "staff" and "started_work" in events and stay.since > run.versions[0].since:
            found[london_day(stay.since)] = stay.since, "started_work"
        for version in run.versions if not stay.whom else ():
            if version.dated and version.dated <= london_day(self.now):
                found[version.dated] = start_of(version.dated), next(one for one in events if one in ADOPTING)
        for row in self.rows:
            counts = row.event in events and row.at <= self.now and (stay.whom or None) == row.data.get("young_person")
            counts = counts and not (row.event == MADE and _another(rule.report, row.data.get("report")))
            if counts and (run.from_the_start or row.at >= run.versions[0].since):
                found.setdefault(london_day(row.at), (row.at, row.event))
        return [found[day] for day in sorted(found)]


def _another(wanted: str | None, made: str | None) -> bool:
    """Whether the report that was made is another than the one that is meant; where either says none, it is any."""
    return wanted is not None and made is not None and wanted != made
