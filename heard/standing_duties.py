"""What is owed without any complaint: by when, for whom, why, and whether it was done in time.

Owns the reckoning of `standing_rules`: from the ledger of one place (a home, or a provider as a whole) to one
`Line` for each time that a duty was or is owed. It stands beside a complaint's journey: nobody need complain for a
child to be told how, or for somebody to look through a month's complaints. A pure function, like `clock.py`.

The first entry of a ledger says since when the place is under the procedure (`came_under`); `version_changed` that it
goes by another version from then on, `ended` that the place has closed or gone. What was done is `done`, or the event
that a duty counts from, when that is its own doing (`policy_reviewed`). A recurring duty counts from the last time it
was done, so what was missed is one line that is late, with the number of times that were missed, and not ten lines.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Literal, NamedTuple

from heard.calendar import Calendars, PastKnownYears
from heard.derivation import Derivation
from heard.instants import london_day, start_of
from heard.keeping import StandingDuty
from heard.ledger import Happening
from heard.lengths import End, end
from heard.procedure import Procedure
from heard.standing_rules import standing_rules
from heard.standing_times import ADOPTING, OF_A_HOME, Book, Occasions, Run, Stay, Version
from heard.when import Within

Status = Literal["running", "late", "kept", "kept late", "never done"]


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


CalendarsOf = Callable[[Procedure], Calendars]


def standing(
    book: Book, procedures: Mapping[str, Procedure], calendars_of: CalendarsOf, now: datetime
) -> tuple[Line, ...]:
    """Every line of a place at `now` (aware), in the order in which they fall due. `procedures`: each version by name.

    Raises PastKnownYears for a duty that counts working days beyond those known.
    """
    found = _Round(book, procedures, calendars_of, now).lines()
    return tuple(sorted(found, key=lambda line: (line.due_at, line.key)))


class _Round(Occasions):
    """One walk over the duties of a place at one time."""

    def __init__(
        self, book: Book, procedures: Mapping[str, Procedure], calendars_of: CalendarsOf, now: datetime
    ) -> None:
        super().__init__(book, procedures, now)
        self.calendars_of = calendars_of

    def lines(self) -> Iterator[Line]:
        rules = (rule for _, one in self.versions for rule in standing_rules(one))
        for key, per in dict.fromkeys((rule.key, rule.per) for rule in rules):
            if (per in OF_A_HOME) is self.book.of_home:
                for run in self.runs(key, per):
                    yield from self._of(run)

    def _of(self, run: Run) -> Iterator[Line]:
        for stay in self.subjects(run):
            done = self.acts(run, stay.whom or None)
            if run.versions[0].rule.clock.every:
                yield from self._again_and_again(run, stay, done)
            else:
                yield from self._once_each(run, stay, done)

    def _again_and_again(self, run: Run, stay: Stay, acts: Sequence[Happening]) -> Iterator[Line]:
        start, event = self.begins(run, stay)
        for act in acts:
            if london_day(act.at) < london_day(start):
                continue
            yield from self._line(run, stay, start, event, act)
            start, event = act.at, "last_done"
        yield from self._line(run, stay, start, event, None)

    def _once_each(self, run: Run, stay: Stay, acts: Sequence[Happening]) -> Iterator[Line]:
        occasions = self.occasions(run, stay)
        for n, (start, event) in enumerate(occasions):
            act = next((one for one in acts if london_day(one.at) >= london_day(start)), None)
            if event in ADOPTING and n + 1 < len(occasions):  # what is adopted anew is owed anew, and no longer before
                following = occasions[n + 1][0]
                act = act if act and act.at <= following else None
                yield from self._line(run, Stay(stay.whom, start, following), start, event, act)
            else:
                yield from self._line(run, stay, start, event, act)

    # ------------------------------------------------------------ one line

    def _line(
        self, run: Run, stay: Stay, start: datetime, event: str, act: Happening | None
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

    def _due(self, run: Run, start: datetime, stop: datetime) -> tuple[Version, End]:
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

    def _end(self, version: Version, start: datetime) -> End:
        length = version.rule.clock.every or version.rule.clock.within or Within(unit="calendar_days")
        return end(length, start, self.calendars_of(version.procedure))

    def _status(self, ended: End, act: Happening | None, until: datetime | None) -> Status | None:
        if act is not None:
            on_time = act.at < _at(ended) if isinstance(ended.due, datetime) else london_day(act.at) <= _day(ended)
            return "kept" if on_time else "kept late"
        if until is not None and until <= self.now:
            return "never done" if _at(ended) <= until else None  # its time was not over: nothing was owed yet
        return "late" if _at(ended) <= self.now else "running"

    def _missed(self, version: Version, ended: End, stop: datetime) -> int:
        """How many further times would have been due by then, had each been done on its day."""
        number, length = 0, version.rule.clock.every
        while length is not None and _at(ended) < stop:
            ended = end(length, start_of(_day(ended)), self.calendars_of(version.procedure))
            if _at(ended) > stop:
                break
            number += 1
        return number

    def _remind(self, version: Version, start: datetime, ended: End) -> datetime | None:
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
