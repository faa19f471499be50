"""What is due in a case, by when, why, and whether it was kept.

Owns section 7 of the language: from a procedure's rules, a case and the calendars to one `Due` for each duty,
notification and window. A pure function: the same case, days and time give the same lines. `lengths.py` does the
arithmetic, `met.py` says whether a duty was met, `derivation.py` is the shape of the answer.

Safeguarding never waits: notification rules, and every rule whose `pauses` is false, are reckoned without pauses.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from heard.agreed import is_refused, left_by, let_go_at
from heard.calendar import Calendars
from heard.came_back import closed_unheard
from heard.casefile import WHOLE_CASE, CaseState, Pause, Visit
from heard.conditions import holds
from heard.derivation import Derivation, Due, Extended, Lateness, Status
from heard.ends import NO_END, Ends
from heard.happened import CASE_WIDE
from heard.instants import day_of, end_of, london_day, start_of
from heard.ledger import Happening
from heard.lengths import End, end
from heard.met import met_at, parties
from heard.on_hold import held
from heard.plan import Line, plan_of
from heard.procedure import Clock, LateStep, Procedure, WayOn
from heard.standing import reviews
from heard.starts import Instance
from heard.undertakings import undertaken

_THEIRS = frozenset({"complainant", "advocate", "parent"})
"""Those to whom nothing more is owed when the complaint is taken back; a stage's duty to nobody serves its answer."""
_AFTERMATH = frozenset({"responded", "response_received", "closed", "panel_met"})
"""Duties that start with one of these stay owed when the case leaves the stage; the others go with the stage."""


def reckon(state: CaseState, calendars: Calendars, now: datetime, duty: str | None = None) -> tuple[Due, ...]:
    """Every line of the case (or of one duty) at `now` (aware), what is due first at the top. Raises PastKnownYears."""
    case = state, calendars, now
    dues = [*Reckoning(*case).lines(duty), *undertaken(*case), *reviews(*case), *held(state, now)]
    return tuple(sorted((due for due in dues if duty in (None, due.duty)), key=_when))


def is_safeguardings(due: Due, procedure: Procedure) -> bool:
    """Whether safeguarding keeps this clock: a notification that follows from a concern."""
    return due.kind == "notification" and bool(procedure.notification_rule(due.duty).concern)


def due_of(
    state: CaseState, calendars: Calendars, now: datetime, duty: str, stage: str | None = None
) -> tuple[Due, ...]:
    """The lines of one duty or rule: of the latest visit to that stage, or of the whole case."""
    plan, reckoning = plan_of(state.procedure), Reckoning(state, calendars, now)
    if stage is None:
        return tuple(due for line in plan.case if line.key == duty for due in reckoning.of(line, None))
    visit = next((one for one in reversed(state.visits) if one.stage == stage), None)
    if visit is None:
        return ()
    return tuple(due for line in plan.stages[stage] if line.key == duty for due in reckoning.of(line, visit))


def begins_with_taking_back(event: str, start: datetime | None, taken_back_at: datetime) -> bool:
    """Whether a clock that counts from this event is there because the complaint was taken back."""
    return start is not None and (event == "withdrawn" or start > taken_back_at)


_FAR = datetime.max.replace(tzinfo=end_of(date(2000, 1, 1)).tzinfo)


def _when(due: Due) -> datetime:
    return due.due_at or _FAR


class Reckoning(Ends):
    """One walk over a case's clocks at one time."""

    def lines(self, duty: str | None = None) -> Iterator[Due]:
        """Every line (or those of one duty), in the order of the procedure."""
        for line, visit in self.plan():
            if duty is None or line.key == duty:
                yield from self.of(line, visit)

    def plan(self) -> Iterator[tuple[Line, Visit | None]]:
        """Every rule with a clock, in the order of the procedure, once for each visit to its stage."""
        plan = plan_of(self.state.procedure)
        for visit in self.state.visits:
            for line in plan.stages[visit.stage]:
                yield line, visit
        for line in plan.case:
            yield line, None

    def of(self, line: Line, visit: Visit | None) -> Iterator[Due]:
        """The lines of one rule: one for each instance, none for a rule that never applied here."""
        if line.concerns and not self.state.concerns:
            return
        applies = holds(line.rule.only_if, self.state)
        if not applies and not line.may_lapse:
            return
        dues = (self._due(line, visit, instance, applies) for instance in self._instances(line, visit))
        known = (due for due in dues if due is not None)
        yield from left_by(known) if line.agreed and line.rule.per == "case" else known

    # ------------------------------------------------------------ the line (rules 12 to 14)

    def _due(self, line: Line, visit: Visit | None, instance: Instance, applies: bool) -> Due | None:
        clock, rule, number = line.clock, line.rule, visit.number if visit else WHOLE_CASE
        met = self._met(line, number, instance)
        then = self._in_its_time(line, visit, instance, met)
        if then is not self:
            return then._due(line, visit, instance, applies)
        start, deemed, event = self._start(line, number, instance)
        pauses = instance.pauses
        if met is not None:
            pauses = tuple(Pause(p.since, p.until or met) for p in pauses if p.since < met)
        ended = self._end(line, visit, instance, start, pauses, True)
        longer = self._longer(line, number, instance)
        first = self._end(line, visit, instance, start, pauses, False) if longer or clock.same_day_as else ended
        status = self._status(line, visit, instance, applies, start, met, ended, event)
        if status is None:
            return None
        aim = end(line.target, start, self.calendars, pauses) if line.target is not None and start else NO_END
        key = f"{visit.stage if visit else 'case'}:{line.key}:{max(number, 0)}:{instance.name or ''}"
        return Due(
            key=key,
            stage=visit.stage if visit else None,
            duty=line.key,
            instance=instance.name,
            says=rule.says or (f"Ask to go on to {self.state.procedure.stage(rule.to).name}"
                               if isinstance(rule, WayOn) and line.kind == "window" else rule.key),
            clause=rule.clause,
            source=rule.source,
            strength=clock.strength,
            kind=line.kind,
            to=line.to,
            starts=start,
            within=line.within,
            due=ended.due,
            due_at=ended.due_at,
            first_due=first.due,
            status=status,
            met_at=met,
            derivation=self._proof(line, key, start, deemed, event, ended, longer, pauses),
            late_steps=self._late_steps(clock, ended.due_at) if status in ("running", "late") else (),
            target=aim.due,
            target_at=aim.due_at,
            remind_at=self._remind(rule, ended) if isinstance(rule, WayOn) else None,
            lateness=_lateness(line, status, aim.due_at, self.now, met),
            reading=rule.reading,
            visit=number,
            by=line.by,
            pauses=clock.pauses,
            heads=instance.heads,
        )  # fmt: skip

    def _in_its_time(self, line: Line, visit: Visit | None, instance: Instance, met: datetime | None) -> Reckoning:
        """The reckoning with the days that were known when this was done, or when its time was over.

        What was kept, let go or missed before a bank holiday was proclaimed or taken back is not judged anew.
        """
        if not self.calendars.earlier:
            return self
        number = visit.number if visit else WHOLE_CASE
        done = met or let_go_at(self.state, line.key, number, instance.name, instance.spell)
        for known_until, calendars in self.calendars.earlier:
            if self.state.received_at is not None and known_until <= self.state.received_at:
                continue
            then = Reckoning(self.state, calendars, self.now)
            if done is not None and done <= known_until:
                return then
            start, _, _ = then._start(line, number, instance)
            due_at = then._end(line, visit, instance, start, instance.pauses, True).due_at
            if due_at is not None and due_at <= known_until:
                return then
        return self

    def _met(self, line: Line, number: int, instance: Instance) -> datetime | None:
        state, clock = self.state, line.clock
        if line.kind == "window":
            way = line.rule
            asked = (
                m for m in state.all("asked_to_go_on", number) if isinstance(way, WayOn) and m.data["to"] == way.to
            )
            return next((m.at for m in asked), None)
        if clock.every:
            ends = [m.at for event in clock.until for m in state.all(event, number)]
            return min(ends, default=None)
        since = instance.spell.since if instance.spell else instance.started.seq if instance.started else 0
        if instance.found:
            since = instance.found[0].seq
        elif line.rule.per == "head":
            since = self.said_after(instance)
        whose = instance.subject or instance.name
        return met_at(state, line.rule, line.to, number, whose, since=since, before=instance.ended,
                      heads=instance.heads)  # fmt: skip

    def _status(self, line: Line, visit: Visit | None, instance: Instance, applies: bool, start: datetime | None,
                met: datetime | None, ended: End, event: str) -> Status | None:  # fmt: skip
        state, number, due_at = self.state, visit.number if visit else WHOLE_CASE, ended.due_at
        if met is not None:
            return "met late" if due_at is not None and met >= due_at and not line.clock.every else "met"
        if let_go_at(state, line.key, number, instance.name, instance.spell) is not None:
            return "excused"
        cleared = instance.found and all(one.cleared_at for one in instance.found)
        if not applies or cleared or (start is None and line.agreed and is_refused(state)):
            return "lapsed"
        over = instance.spell.end.at if instance.spell and instance.spell.end else None
        if instance.ended is not None and over is None:
            return "late" if _over(due_at, self.now) and not self._to_nobody(line) else "lapsed"
        unheard = closed_unheard(state, line.rule, visit)  # it is owed to them still
        stopped = None if unheard else self._stopped(visit, event, start) or self._taken_back(line, visit, event, start)
        stopped = min(filter(None, (stopped, over)), default=None)
        if line.kind == "window":
            if start is None:
                return "lapsed" if stopped else "waiting"
            return "lapsed" if stopped or _over(due_at, self.now) else "running"
        if stopped is not None:
            return "late" if _over(due_at, stopped) and not self._to_nobody(line) else "lapsed"
        if self._to_nobody(line):
            return "lapsed" if "complainant" in line.to else "waiting"  # nobody can be told (yet)
        if line.clock.before and due_at is None:
            gone = state.first(line.clock.before, number) if not line.clock.at_least else None
            return "late" if gone else "waiting" if line.clock.at_least else "running"
        if ended.left is not None:
            return "paused"
        if due_at is None:
            return "waiting" if start is None else "running"
        return "late" if due_at <= self.now else "running"

    def _to_nobody(self, line: Line) -> bool:
        """Whether this case has none of those whom the duty is owed to."""
        by_telling = line.clock.met_by in ((), ("told",))
        return bool(line.to) and by_telling and not parties(self.state, line.rule, line.to)

    def _stopped(self, visit: Visit | None, event: str, start: datetime | None) -> datetime | None:
        """When the stage was left, or the case ended, so that nothing more is owed; None while it is."""
        state = self.state
        stays = event in _AFTERMATH and (start is not None or event in CASE_WIDE)  # a stage left is answered no more
        if visit is not None and visit.left_at is not None and not stays:
            return visit.left_at
        if state.closed_at is not None:
            return state.closed_at
        if state.passed_to is not None and event != "passed_on":  # what passing it on brings is still owed
            passed = state.first("passed_on")
            return passed.at if passed else None
        return None

    def _taken_back(self, line: Line, visit: Visit | None, event: str, start: datetime | None) -> datetime | None:
        """When this ended because the complaint was taken back: what was owed to those who made it, and the answer.

        What a case owes to others (its record, who must hear of it, seeing the young person) goes on, and so does
        whatever begins with the taking back.
        """
        at = self.state.withdrawn_at
        if at is None or line.kind == "notification" or begins_with_taking_back(event, start, at):
            return None
        theirs = {*line.to} <= _THEIRS and (visit is not None or bool(line.to))
        return at if theirs else None

    def _late_steps(self, clock: Clock, due_at: datetime | None) -> tuple[tuple[datetime, LateStep], ...]:
        if due_at is None:
            return ()
        return tuple(
            (end(step.further, due_at, self.calendars).due_at or due_at if step.further else due_at, step)
            for step in clock.if_late
        )

    def _remind(self, way: WayOn, ended: End) -> datetime | None:
        if way.remind is None or ended.due is None:
            return None
        last = london_day(ended.due) if isinstance(ended.due, datetime) else ended.due
        return start_of(self.calendars[way.remind.calendar or "calendar_days"].back(last, way.remind.amount).due)

    def _proof(self, line: Line, key: str, start: datetime | None, deemed: bool, event: str, ended: End,
               longer: Sequence[Happening], pauses: tuple[Pause, ...]) -> Derivation:  # fmt: skip
        extended = tuple(
            Extended(h.at, day_of(h.data["until"]) if h.data.get("until") else None, str(h.data.get("reason", "")))
            for h in longer
        )
        moved = self.state.moved_days.get(key, ())
        return Derivation(line.within, event, start, ended.count, pauses, extended, ended.calendar, deemed, ended.left,
                          moved, line.counting)  # fmt: skip


def _over(due_at: datetime | None, now: datetime) -> bool:
    return due_at is not None and due_at <= now


def _lateness(line: Line, status: Status, target: datetime | None, now: datetime, met: datetime | None) -> Lateness:
    if status in ("late", "met late"):
        if line.clock.strength == "aim":
            return "aim missed"
        if line.clock.strength == "comparison":
            return ""
        return "ageing" if line.clock.within is None and line.clock.promptly else "breach"
    if status in ("running", "met") and target is not None and target <= (met or now):
        return "ageing"
    return ""
