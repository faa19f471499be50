"""Where a clock ends: lengths, given dates, extensions, counting back, again and again. Rules 3 to 11 of reckoning.

Owns the choice of the arithmetic that a rule's clock asks for; `lengths.py` does it, `clock.py` makes the line of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from heard.calendar import Count
from heard.casefile import WHOLE_CASE, Pause, Visit
from heard.instants import day_of, end_of, london_day
from heard.ledger import Happening
from heard.lengths import End, day_after, end, given
from heard.met import met_at
from heard.plan import Line, plan_of
from heard.procedure import Clock, WayOn, Within
from heard.starts import Instance, Starts

NO_END = End(None, None)


class Ends(Starts):
    """The ends of a case's clocks at one time."""

    # ------------------------------------------------------------ ends (rules 3 to 11)

    def _end(self, line: Line, visit: Visit | None, instance: Instance, start: datetime | None,
             pauses: Sequence[Pause], extend: bool) -> End:  # fmt: skip
        clock, number = line.clock, visit.number if visit else WHOLE_CASE
        if clock.same_day_as:
            return self._same_day(line, visit, pauses, extend)
        if clock.before:
            return self._before(clock, number)
        if start is None:
            return NO_END
        if clock.every:
            last = met_at(self.state, line.rule, line.to, number, instance.name, last=True)
            return end(clock.every, last or start, self.calendars, pauses)
        length = clock.within or line.target
        if length is None:
            return NO_END
        if length.as_given_in:
            agreed = self.state.windows.get((number, line.rule.to)) if isinstance(line.rule, WayOn) else None
            if agreed is not None:
                return given(agreed, start, self.calendars["calendar_days"], pauses)
            told = self._given(line.key, length.as_given_in, number, instance)
            if told is not None:
                return given(told[0], told[1], self.calendars["calendar_days"], pauses)
            if length.otherwise is None:
                return NO_END
            length = length.otherwise
        longer = self._longer(line, number, instance) if extend else ()
        if longer:
            return self._extended(line, length, longer, start, pauses)
        return end(length, start, self.calendars, pauses)

    def _longer(self, line: Line, number: int, instance: Instance) -> tuple[Happening, ...]:
        """Each time that it got more time; what they agree to anew has its own."""
        longer, spell = self.state.extensions.get((number, line.key), ()), instance.spell
        return tuple(one for one in longer if spell.holds(one.seq)) if spell else longer

    def _given(self, duty: str, event: str, visit: int, instance: Instance) -> tuple[date, datetime] | None:
        """The date for this duty in the latest such event that has one, and when it was said."""
        for moment in reversed(self.state.all(event, visit)):
            if instance.subject and moment.data.get("instance") not in (None, instance.subject):
                continue
            dates = moment.data.get("dates_given") or {}
            said = dates.get(duty) or moment.data.get("date" if "decision" in moment.data else "until")
            if said:
                return day_of(said), moment.at
        return None

    def _extended(self, line: Line, length: Within, longer: Sequence[Happening], start: datetime,
                  pauses: Sequence[Pause]) -> End:  # fmt: skip
        last = longer[-1]
        rule = line.clock.extension or self.state.procedure.counting.extension_of_any
        key = length.calendar or "calendar_days"
        if last.data.get("until"):
            ended = given(day_of(last.data["until"]), last.at, self.calendars[key], pauses)
            if ended.count is None or not isinstance(ended.due, date) or length.calendar is None:
                return ended
            whole = Count(ended.due, london_day(start), self.calendars[key], ended.count.paused)
            return End(ended.due, ended.due_at, whole, ended.calendar)
        if rule is not None and rule.to is not None:
            return end(rule.to, start, self.calendars, pauses)
        ended = end(length, start, self.calendars, pauses)
        if rule is not None and rule.by is not None:
            for _ in longer:
                over = ended.due_at
                if over is None:
                    return ended
                if rule.by.calendar and isinstance(ended.due, date):
                    ended = day_after(self.calendars[rule.by.calendar], ended.due, rule.by.amount, pauses)
                else:
                    ended = end(rule.by, over - timedelta(seconds=1), self.calendars, pauses)
        return ended

    def _same_day(self, line: Line, visit: Visit | None, pauses: Sequence[Pause], extend: bool) -> End:
        """The other duty's end; what is on hold for the heads of this line, and no other, is on hold for it."""
        lines = plan_of(self.state.procedure)
        for other in lines.stages[visit.stage] if visit else lines.case:
            if other.key == line.clock.same_day_as:
                both = line.clock.pauses and other.clock.pauses
                instance = Instance(None, (), tuple(pauses) if both else self._pauses(other))
                start, _, _ = self._start(other, visit.number if visit else WHOLE_CASE, instance)
                return self._end(other, visit, instance, start, instance.pauses, extend)
        return NO_END

    def _before(self, clock: Clock, number: int) -> End:
        appointed = self.state.all(str(clock.before), number)
        if clock.at_least is None or not appointed:
            return NO_END
        calendar = self.calendars[clock.at_least.calendar or "calendar_days"]
        count = calendar.back(london_day(appointed[-1].at), clock.at_least.amount)
        return End(count.due, end_of(count.due), count, calendar)
