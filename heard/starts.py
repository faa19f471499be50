"""Which instances a clock has in a case, and when each starts: rules 1, 2 and 7 of reckoning.

Owns `Instance` (a head, a subject, a concern, a later occasion) and the start of each, deemed or real. `ends.py` goes
on from there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from heard.agreed import Spell, spells
from heard.calendar import Calendars
from heard.came_back import arrived
from heard.casefile import WHOLE_CASE, CaseState, Found, Head, Moment, Pause, Visit
from heard.conditions import heads_meant
from heard.lengths import end, merged
from heard.plan import ON_FINDING, Line
from heard.procedure import After


class Instance(NamedTuple):
    """One instance of a rule: which head, subject or concern it is for, and since when."""

    name: str | None
    heads: tuple[str, ...] = ()
    pauses: tuple[Pause, ...] = ()
    subject: str | None = None
    found: tuple[Found, ...] = ()
    started: Moment | None = None
    ended: int | None = None
    spell: Spell | None = None


def _since(pauses: tuple[Pause, ...], visit: Visit | None) -> tuple[Pause, ...]:
    """The pauses that can touch a clock of this visit: those that were not over when it began."""
    return tuple(p for p in pauses if visit is None or p.until is None or p.until > visit.opened_at)


class Starts:
    """The instances of a case's clocks at one time, and their starts."""

    def __init__(self, state: CaseState, calendars: Calendars, now: datetime) -> None:
        self.state, self.calendars, self.now = state, calendars, now
        self.case_pauses = merged(state.case_pauses)
        self.living = state.living_heads()
        self.heads_differ = any(head.pauses != self.living[0].pauses for head in self.living)
        self.pauses = self._held(self.living[0]) if self.living else self.case_pauses

    # ------------------------------------------------------------ instances (rule 1 and 7)

    def _instances(self, line: Line, visit: Visit | None) -> Iterator[Instance]:
        state, rule = self.state, line.rule
        if line.concerns:
            yield from self._by_concern(line)
        elif rule.per == "head":
            for head in heads_meant(rule.only_if, state):
                yield Instance(head.key, (head.key,), self._held(head) if line.clock.pauses else ())
        elif line.clock.pauses and line.kind != "notification" and self.heads_differ:
            yield from self._by_pauses(tuple(self._plain(line, visit)), visit)
        else:
            yield from self._plain(line, visit)

    def _by_pauses(self, plain: Sequence[Instance], visit: Visit | None) -> Iterator[Instance]:
        """Each instance once for the heads that were on hold at the same times."""
        groups: dict[tuple[Pause, ...], list[str]] = {}
        for head in self.living:
            groups.setdefault(_since(self._held(head), visit), []).append(head.key)
        for one in plain:
            for pauses, heads in groups.items():
                if len(groups) == 1:  # what was on hold in an earlier stage sets nothing apart in this one
                    yield one._replace(pauses=pauses)
                else:
                    name = f"{one.name}.{heads[0]}" if one.name else heads[0]
                    yield one._replace(name=name, heads=tuple(heads), pauses=pauses)

    def _plain(self, line: Line, visit: Visit | None) -> Iterator[Instance]:
        """The instances as the rule asks for them, whatever was on hold."""
        state, rule = self.state, line.rule
        if rule.per == "named_person":
            for subject in state.subjects.values():
                yield Instance(subject.key, (), self._pauses(line), subject.key)
        elif rule.per == "young_person":
            children = state.received.get("children") or ()
            for n, child in enumerate(children, 1):
                yield Instance(
                    str(child.get("id") or f"child_{n}") if len(children) > 1 else None, (), self._pauses(line)
                )
        elif line.clock.again_after:
            yield from self._again(line, visit)
        elif line.agreed:
            for n, one in enumerate(spells(state, line.agreed)):
                ended = one.end.seq if one.end else None
                yield Instance(f"again_{n}" if n else None, (), self._pauses(line), None, (), one.start, ended, one)
        else:
            yield Instance(None, (), self._pauses(line))

    def _held(self, head: Head) -> tuple[Pause, ...]:
        return merged((*self.state.case_pauses, *head.pauses)) if head.pauses else self.case_pauses

    def _pauses(self, line: Line) -> tuple[Pause, ...]:
        """The pauses of a clock, where the heads have the same; whatever its file says, telling never waits."""
        return self.pauses if line.clock.pauses and line.kind != "notification" else ()

    def _by_concern(self, line: Line) -> Iterator[Instance]:
        """One for each time that concerns of the rule were found; concerns found together are told together."""
        groups: dict[datetime, list[Found]] = {}
        for found in self.state.concerns.values():
            if found.concern in line.concerns:
                groups.setdefault(found.at, []).append(found)
        for together in groups.values():
            yield Instance(together[0].concern, found=tuple(together))

    def _again(self, line: Line, visit: Visit | None) -> Iterator[Instance]:
        number = visit.number if visit else WHOLE_CASE
        first = self._first(line.clock.after, number) if line.clock.after else None
        later = [m for event in line.clock.again_after for m in self.state.all(event, number)]
        begun = sorted({m.seq: m for m in later if first is None or (m.seq > first.seq and m.at > first.at)}.values(),
                       key=lambda m: m.seq)  # fmt: skip
        starts = [first, *begun] if first else list(begun)
        if not starts:
            yield Instance(None, (), self._pauses(line))
        for n, start in enumerate(starts):
            ended = starts[n + 1].seq if n + 1 < len(starts) else None
            yield Instance(None if n == 0 else f"again_{n}", (), self._pauses(line), started=start, ended=ended)

    # ------------------------------------------------------------ starts (rule 2)

    def _first(self, after: After | None, visit: int, instance: Instance | None = None) -> Moment | None:
        if after is None:
            return None
        best: Moment | None = None
        for event in after.events:
            moment = self._moment(event, visit, instance)
            if moment is not None and (best is None or moment.at < best.at):
                best = moment
        return best

    def _moment(self, event: str, visit: int, instance: Instance | None) -> Moment | None:
        state = self.state
        if event == "response_received":
            return self._response_received(visit)
        if instance is not None and instance.found:
            found = instance.found[0]
            if event == "concern_found":
                return Moment(found.at, found.seq, WHOLE_CASE, {})
            if event == "first_known":
                return Moment(min(one.known_at for one in instance.found), found.seq, WHOLE_CASE, {})
            if event == "concern_confirmed":
                confirmed = [one.confirmed_at for one in instance.found if one.confirmed_at]
                return Moment(min(confirmed), found.seq, WHOLE_CASE, {}) if confirmed else None
        if event == "received" and instance is not None and (said_later := self._said_later(instance)):
            return said_later
        if event == "named" and instance is not None and instance.subject:
            subject = state.subjects[instance.subject]
            return Moment(subject.at, 1, WHOLE_CASE, {})
        if event == "first_known" and event not in state.moments:
            return state.first("first_contact")
        if instance is not None and instance.subject:  # what was decided about somebody else starts nothing here
            theirs = (None, instance.subject)
            return next((m for m in state.all(event, visit) if m.data.get("instance") in theirs), None)
        return state.first(event, visit)

    def _said_later(self, instance: Instance) -> Moment | None:
        """When the one thing that an instance is for was first said, if that was after the complaint came in."""
        head = self.state.heads[instance.heads[0]] if len(instance.heads) == 1 else None
        added = [one for one in self.state.all("head_added") if head and one.data.get("key") in head.about]
        return Moment(head.since, added[-1].seq, WHOLE_CASE, {}) if head and head.since and added else None

    def said_after(self, instance: Instance) -> int:
        """The number of the entry that told this one thing apart, if it was said later; what came before is not about

        it. 0 where it was said with the complaint.
        """
        said = self._said_later(instance)
        return said.seq if said else 0

    def _response_received(self, visit: int) -> Moment | None:
        """When the answer reached the complainant: recorded, or deemed from how it was sent (G4)."""
        state = self.state
        actual = state.first("response_received", visit)
        answers = state.all("responded", visit)
        if actual or not answers:
            return actual
        sent = arrived(state, answers[-1])  # what was on hold is answered later: the time runs from the last answer
        if sent is None:
            return None
        posted = state.procedure.counting.deemed_received.get(str(sent.data.get("channel") or ""))
        if posted is None:
            return sent
        there = end(posted, sent.at, self.calendars)
        if not isinstance(there.due, date) or there.due_at is None:
            return sent
        return sent._replace(at=there.due_at - timedelta(hours=12))

    def _start(self, line: Line, visit: int, instance: Instance) -> tuple[datetime | None, bool, str]:
        """The start, whether it is deemed, and the name of the event it starts with."""
        after = line.clock.after
        if instance.started is not None:
            again = (instance.name or "").startswith("again_") and instance.spell is None
            return instance.started.at, False, line.clock.again_after[0] if again or after is None else after.events[0]
        if after is None and line.concerns:
            after = ON_FINDING
        if after is None:
            return None, False, ""
        moment = self._first(after, visit, instance)
        limit = after.no_later_than
        if limit is not None:
            base = self._first(After(events=limit.after), visit, instance)
            if base is not None:
                latest = end(limit.within, base.at, self.calendars).due_at
                if latest is not None and (moment is None or moment.at >= latest):
                    return latest - timedelta(seconds=1), True, after.events[0]
        if moment is None:
            return None, False, after.events[0]
        return moment.at, False, after.events[0]
