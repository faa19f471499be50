"""What is owed without any complaint: by when, for whom, why, and whether it was done in time.

Owns the reckoning of `[[standing_duties]]`: from the ledger of one place (a home, or a provider as a whole) to one
`Line` for each time that a duty was or is owed. It stands beside a complaint's journey: nobody need complain for a
child to be told how, or for somebody to look through a month's complaints. A pure function, like `clock.py`.

The first entry of a ledger says since when the place is under the procedure (`came_under`); `version_changed` that it
goes by another version from then on, `ended` that the place has closed or gone. What was done is `done`, or the event
that a duty counts from, when that is its own doing (`policy_reviewed`). A recurring duty counts from the last time it
was done, so what was missed is one line that is late, with the number of times that were missed, and not ten lines.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import Literal, NamedTuple

from heard.calendar import Calendars, PastKnownYears
from heard.derivation import Derivation
from heard.instants import london_day, start_of
from heard.keeping import StandingDuty
from heard.ledger import Happening
from heard.lengths import End, end
from heard.procedure import Procedure
from heard.when import Within

Status = Literal["running", "late", "kept", "kept late", "never done"]

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


class Line(NamedTuple):
    """One time that a standing duty is owed. `whom` is a member of staff or a young person, None for the place.

    `due` is a London day (the whole of it) or an instant; `late` stays until it is done; `kept late` stays for ever,
    and so does `never done`: somebody left, the place ended, or the rule did, before it was. `missed` counts the
    further times that went by while it was late.
    """

    key: str
    rule: StandingDuty
    procedure: Procedure
    whom: str | None
    due: date | datetime
    due_at: datetime
    remind_at: datetime | None
    status: Status
    done: Happening | None
    ended_at: datetime | None
    missed: int
    derivation: Derivation

    @property
    def is_open(self) -> bool:
        """Whether it is still to be done."""
        return self.status in ("running", "late")


class _Version(NamedTuple):
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


class _Run(NamedTuple):
    """A stretch of time in which the procedure has the duty: its versions in it, and when it ended, if it has."""

    versions: tuple[_Version, ...]
    until: datetime | None
    from_the_start: bool


CalendarsOf = Callable[[Procedure], Calendars]


def standing(
    book: Book, procedures: Mapping[str, Procedure], calendars_of: CalendarsOf, now: datetime
) -> tuple[Line, ...]:
    """Every line of a place at `now` (aware), in the order in which they fall due. `procedures`: each version by name.

    Raises PastKnownYears for a duty that counts working days beyond those known.
    """
    found = _Round(book, procedures, calendars_of, now).lines()
    return tuple(sorted(found, key=lambda line: (line.due_at, line.key)))


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


class _Round:
    """One walk over the duties of a place at one time."""

    def __init__(
        self, book: Book, procedures: Mapping[str, Procedure], calendars_of: CalendarsOf, now: datetime
    ) -> None:
        self.book, self.calendars_of, self.now = book, calendars_of, now
        self.rows = valid(book.ledger)
        bound = [row for row in self.rows if row.event in ("came_under", "version_changed")]
        self.versions = [(row, procedures[str(row.data["version"])]) for row in bound]
        self.ended = next((row.at for row in self.rows if row.event == "ended"), None)

    def lines(self) -> Iterator[Line]:
        rules = (rule for _, one in self.versions for rule in one.standing_duties)
        for key, per in dict.fromkeys((rule.key, rule.per) for rule in rules):
            if (per in OF_A_HOME) is self.book.of_home:
                for run in self._runs(key, per):
                    yield from self._of(run)

    def _runs(self, key: str, per: str) -> Iterator[_Run]:
        versions: list[_Version] = []
        first = True
        for n, (said, procedure) in enumerate(self.versions):
            rule = next((one for one in procedure.standing_duties if (one.key, one.per) == (key, per)), None)
            if rule is not None:
                first = n == 0 if not versions else first
                versions.append(_Version(said, rule, procedure))
            elif versions:
                yield _Run(tuple(versions), said.at, first)
                versions = []
        if versions:
            yield _Run(tuple(versions), self.ended, first)

    # ------------------------------------------------------------ for whom, and from when

    def _of(self, run: _Run) -> Iterator[Line]:
        for stay in self._subjects(run):
            done = self._acts(run, stay.whom or None)
            if run.versions[0].rule.clock.every:
                yield from self._again_and_again(run, stay, done)
            else:
                yield from self._once_each(run, stay, done)

    def _subjects(self, run: _Run) -> Iterator[Stay]:
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

    def _acts(self, run: _Run, whom: str | None) -> list[Happening]:
        """When it was done. A version of the document with a later day of its own is what its review led to."""
        rule = run.versions[0].rule
        own = {*rule.clock.after.events} & ITS_OWN_DOING if rule.clock.after else set()
        renewed = [new.said.seq for old, new in pairwise(run.versions) if old.dated != new.dated]
        return [
            row for row in self.rows
            if row.at <= self.now and row.data.get("whom") == whom
            and ((row.event == "done" and row.data["duty"] == rule.key) or row.event in own or row.seq in renewed)
        ]  # fmt: skip

    def _again_and_again(self, run: _Run, stay: Stay, acts: Sequence[Happening]) -> Iterator[Line]:
        start, event = self._begins(run, stay)
        for act in acts:
            if london_day(act.at) < london_day(start):
                continue
            yield from self._line(run, stay, start, event, act)
            start, event = act.at, "last_done"
        yield from self._line(run, stay, start, event, None)

    def _begins(self, run: _Run, stay: Stay) -> tuple[datetime, str]:
        """Where a recurring duty counts from before it was ever done."""
        first = run.versions[0]
        if stay.whom and stay.since > first.since:
            return stay.since, "started_work" if first.rule.per == "staff" else "admitted"
        counts_from = first.rule.clock.first_from or (first.dated if run.from_the_start else None)
        if counts_from and not stay.whom:
            return start_of(counts_from), "document_dated"
        return first.since, "came_under"

    def _once_each(self, run: _Run, stay: Stay, acts: Sequence[Happening]) -> Iterator[Line]:
        occasions = self._occasions(run, stay)
        for n, (start, event) in enumerate(occasions):
            act = next((one for one in acts if london_day(one.at) >= london_day(start)), None)
            if event in ADOPTING and n + 1 < len(occasions):  # what is adopted anew is owed anew, and no longer before
                following = occasions[n + 1][0]
                act = act if act and act.at <= following else None
                yield from self._line(run, Stay(stay.whom, start, following), start, event, act)
            else:
                yield from self._line(run, stay, start, event, act)

    def _occasions(self, run: _Run, stay: Stay) -> list[tuple[datetime, str]]:
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
            if counts and (run.from_the_start or row.at >= run.versions[0].since):
                found.setdefault(london_day(row.at), (row.at, row.event))
        return [found[day] for day in sorted(found)]

    # ------------------------------------------------------------ one line

    def _line(
        self, run: _Run, stay: Stay, start: datetime, event: str, act: Happening | None
    ) -> Iterator[Line]:
        stop = act.at if act else stay.until
        version, ended = self._due(run, start, stop or self.now)
        if ended.due is None or ended.due_at is None:
            return
        rule = version.rule
        status = self._status(ended, act, stay.until)
        if status is None:
            return
        length = rule.clock.every or rule.clock.within
        within = f"every {length}" if rule.clock.every else str(length)
        yield Line(
            key=f"{rule.key}:{stay.whom}:{london_day(start).isoformat()}",
            rule=rule,
            procedure=version.procedure,
            whom=stay.whom or None,
            due=ended.due,
            due_at=ended.due_at,
            remind_at=self._remind(version, start, ended),
            status=status,
            done=act,
            ended_at=stay.until if act is None else None,
            missed=self._missed(version, ended, stop or self.now),
            derivation=Derivation(within, event, start, ended.count, used_calendar=ended.calendar),
        )

    def _due(self, run: _Run, start: datetime, stop: datetime) -> tuple[_Version, End]:
        """When it is due, by the version then in force.

        A version that comes while it is open makes nothing late that was not: what would have been due before the new
        version began gets the new length from then, or keeps its old day if that is sooner. What was late stays so.
        """
        before = [one for one in run.versions if one.since <= start]
        version = before[-1] if before else run.versions[0]
        due = self._end(version, start)
        for later in run.versions:
            if later.since <= max(start, version.since):
                continue
            if later.since > stop or _at(due) <= later.since:
                break
            new = self._end(later, start)
            if _at(new) <= later.since:
                fresh = self._end(later, later.since)
                new = fresh if _at(fresh) < _at(due) else due
            version, due = later, new
        return version, due

    def _end(self, version: _Version, start: datetime) -> End:
        length = version.rule.clock.every or version.rule.clock.within or Within(unit="calendar_days")
        return end(length, start, self.calendars_of(version.procedure))

    def _status(self, ended: End, act: Happening | None, until: datetime | None) -> Status | None:
        if act is not None:
            on_time = act.at < _at(ended) if isinstance(ended.due, datetime) else london_day(act.at) <= _day(ended)
            return "kept" if on_time else "kept late"
        if until is not None and until <= self.now:
            return "never done" if _at(ended) <= until else None  # its time was not over: nothing was owed yet
        return "late" if _at(ended) <= self.now else "running"

    def _missed(self, version: _Version, ended: End, stop: datetime) -> int:
        """How many further times would have been due by then, had each been done on its day."""
        number, length = 0, version.rule.clock.every
        while length is not None and _at(ended) < stop:
            ended = end(length, start_of(_day(ended)), self.calendars_of(version.procedure))
            if _at(ended) > stop:
                break
            number += 1
        return number

    def _remind(self, version: _Version, start: datetime, ended: End) -> datetime | None:
        """When whoever owes it is reminded before; None when that is no later than the start."""
        ahead = version.procedure.standing.remind
        if ahead is None:
            return None
        calendar = self.calendars_of(version.procedure)[ahead.calendar or "calendar_days"]
        try:
            at = start_of(calendar.back(_day(ended), ahead.amount).due)
        except PastKnownYears:  # further ahead than anybody need be reminded of yet
            return None
        return at if at > start else None


def _at(ended: End) -> datetime:
    assert ended.due_at is not None  # noqa: S101  (nothing here is ever on hold)
    return ended.due_at


def _day(ended: End) -> date:
    assert ended.due is not None  # noqa: S101
    return london_day(ended.due) if isinstance(ended.due, datetime) else ended.due
