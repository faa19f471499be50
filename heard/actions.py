"""What somebody may do on a case now, what they may not, and why.

Owns the list behind the buttons of a case page. Each candidate comes with a form: fixed data, what must be ticked, what
must be chosen. It is tried with the form filled in, by the very function that would carry it out, so that what is
offered here is what `decide` allows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from heard.calendar import Calendars
from heard.casefile import CaseState
from heard.clock import reckon
from heard.commands import Actor, Command, Refused
from heard.conditions import holds
from heard.deciding import decide
from heard.derivation import Due
from heard.exclusions import struck
from heard.instants import london_day
from heard.people import viewers
from heard.procedure import Duty, NotificationRule
from heard.roster import Roster
from heard.vocabulary import EVENTS
from heard.writing_down import OWN_COMMAND


@dataclass(frozen=True, slots=True)
class Needs:
    """What the form must ask: `contents` to tick, `needs_met` to confirm, `choices` by field, `texts` to write."""

    contents: tuple[str, ...] = ()
    needs_met: tuple[str, ...] = ()
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    texts: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    record: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Action:
    """One thing to do. `data` is what the command always carries; `example` is a form filled in as it was tried."""

    name: str
    label: str
    allowed: bool
    why_not: str
    clause: tuple[str, ...]
    needs: Needs
    data: Mapping[str, Any]
    example: Mapping[str, Any]
    instead: str = ""


@dataclass(frozen=True, slots=True)
class _Candidate:
    name: str
    label: str
    data: Mapping[str, Any] = field(default_factory=dict)
    needs: Needs = Needs()
    clause: tuple[str, ...] = ()
    more: Mapping[str, Any] = field(default_factory=dict)

    def filled(self) -> dict[str, Any]:
        """The data with every box ticked, the first choice taken and a word in every text field."""
        form: dict[str, Any] = dict(self.data)
        if self.needs.contents:
            form["contents"] = list(self.needs.contents)
        if self.needs.needs_met:
            form["needs_met"] = list(self.needs.needs_met)
        form |= {key: words[0] for key, words in self.needs.choices.items() if words}
        form |= {key: "recorded" for key in self.needs.texts}
        if self.needs.record:
            form["record"] = {key: "recorded" for key in self.needs.record}
        return form | dict(self.more)


def actions(state: CaseState, actor: Actor, now: datetime, calendars: Calendars, roster: Roster) -> tuple[Action, ...]:
    """What the actor may do now, and what they may not and why. Nothing for who must not see the case."""
    if actor.is_person and actor.id not in viewers(state.procedure, state, roster, now):
        return ()
    found = []
    for one in _candidates(state, now, calendars, roster):
        form = one.filled()
        try:
            decide(state, Command(one.name, form), actor=actor, now=now, calendars=calendars, roster=roster)
        except Refused as no:
            found.append(Action(one.name, one.label, False, no.sentence, no.clause or one.clause, one.needs, one.data,
                                form, no.instead))  # fmt: skip
        else:
            found.append(Action(one.name, one.label, True, "", one.clause, one.needs, one.data, form))
    return tuple(found)


def _candidates(state: CaseState, now: datetime, calendars: Calendars, roster: Roster) -> Iterator[_Candidate]:
    if not state.is_open:
        yield _Candidate("reopen", "Take the case up again", needs=Needs(texts=("reason",)))
        yield from _ways(state)
        return
    dues = reckon(state, calendars, now)
    yield from _safeguarding(state, roster)
    yield from _people(state, roster)
    yield from _owed(state, dues, now)
    yield from _questions(state)
    yield from _panel(state, now, calendars, roster, dues)
    yield from _ways(state)
    yield from _endings(state, dues)


def _safeguarding(state: CaseState, roster: Roster) -> Iterator[_Candidate]:
    concerns = tuple(one.key for one in state.procedure.concerns)
    if concerns:
        yield _Candidate("raise_concern", "Raise a safeguarding concern", needs=Needs(choices={"concern": concerns}))
    for found in state.open_concerns:
        name = state.procedure.concern(found.concern).says if found.concern in concerns else found.concern
        if found.confirmed_at is None:
            yield _Candidate(
                "confirm_concern", f"Confirm: {name}", {"concern": found.concern}, Needs(texts=("reason",))
            )
        yield _Candidate("clear_concern", f"Clear: {name}", {"concern": found.concern}, Needs(texts=("reason",)))
    if state.open_concerns:
        yield _Candidate("close_safeguarding", "Record that safeguarding has ended", {"event": "safeguarding_closed"},
                         Needs(texts=("outcome",)))  # fmt: skip
    for rule in state.procedure.suspensions:
        if rule.key in state.on_hold:
            yield _Candidate("review_suspension", "Look again at what is on hold", {"rule": rule.key},
                             Needs(texts=("reason",)), rule.clause)  # fmt: skip
            yield _Candidate("resume", "Let it go on", {"rule": rule.key}, clause=rule.clause)
        elif holds(rule.when, state):
            heads = tuple(state.heads) if "heads" in (rule.covers, rule.may_cover) else ()
            more = {"heads": list(heads)} if rule.covers == "heads" and heads else {}
            yield _Candidate("suspend", rule.says or "Put it on hold", {"rule": rule.key}, Needs(texts=("reason",)),
                             rule.clause, more)  # fmt: skip
    for subject in state.subjects.values():
        if not subject.identified:
            people = subject.might_be or tuple(roster.people)
            yield _Candidate(
                "identify", "Record who is meant", {"subject": subject.key}, Needs(choices={"person": people})
            )


def _people(state: CaseState, roster: Roster) -> Iterator[_Candidate]:
    rules = state.stage_rule
    for part in rules.people if rules else ():
        held = state.holder(part)
        if held is None:
            yield _Candidate("assign", f"Assign: {part}", {"part": part}, clause=rules.clause if rules else ())
        else:
            yield _Candidate("stand_down", f"Take {part} away from who holds it", {"part": part, "person": held.who},
                             Needs(texts=("why",)))  # fmt: skip


def _owed(state: CaseState, dues: tuple[Due, ...], now: datetime) -> Iterator[_Candidate]:
    done: set[tuple[str, str]] = set()
    for due in dues:
        if due.kind == "window" or due.status not in ("running", "late", "paused", "waiting"):
            continue
        rule = _rule(state, due)
        if rule is None:
            continue
        for one in _meeting(state, due, rule):
            if (one.name, str(sorted(one.data.items()))) not in done:
                done.add((one.name, str(sorted(one.data.items()))))
                yield one
        longer = rule.clock.extension or (state.procedure.counting.extension_of_any if isinstance(rule, Duty) else None)
        if longer and due.status in ("running", "late") and isinstance(due.due, date):
            more = (
                {"until": (max(due.due, london_day(now)) + timedelta(days=1)).isoformat()} if longer.without_cap else {}
            )
            needs = Needs(longer.contains, longer.needs, {"reason": longer.reasons} if longer.reasons else {},
                          () if longer.reasons else ("reason",), ("until",))  # fmt: skip
            yield _Candidate("extend", f"Take longer: {due.says}", {"duty": due.duty}, needs, due.clause, more)
        if rule.clock.excused_if:
            data = {"duty": due.duty} | ({"instance": due.instance} if due.instance else {})
            yield _Candidate(
                "excuse", f"Let go: {due.says}", data, Needs(choices={"ground": rule.clock.excused_if}), due.clause
            )


def _rule(state: CaseState, due: Due) -> Duty | NotificationRule | None:
    if due.kind == "notification":
        return state.procedure.notification_rule(due.duty)
    return state.procedure.duty(due.duty, due.stage)


_COMMAND_OF = {"acknowledged": "acknowledge", "responded": "respond", "first_answered": "answer_first"}


def _meeting(state: CaseState, due: Due, rule: Duty | NotificationRule) -> Iterator[_Candidate]:
    """The commands that would meet a duty."""
    if not rule.clock.met_by:
        data: dict[str, Any] = {"rule" if due.kind == "notification" else "duty": due.duty}
        if rule.per == "named_person" and due.instance:
            data["instance"] = due.instance
        for word in due.to:
            choices = {"channel": rule.channels} if rule.channels else {}
            yield _Candidate("tell", f"Told {word.replace('_', ' ')}: {due.says}", data | {"whom": word},
                             Needs(rule.contains, (), choices, (), (), rule.must_record), due.clause)  # fmt: skip
        return
    event = rule.clock.met_by[0]
    needed = rule.needs if isinstance(rule, Duty) else ()
    if any(one.key == event for one in state.procedure.milestones):
        yield _Candidate("reach", due.says, {"milestone": event}, Needs(rule.contains, needed), due.clause)
    elif event == "consent_answered":
        yield _Candidate(
            "answer_consent", due.says, {}, Needs(choices={"answer": ("given", "refused", "lacks_capacity")})
        )
    elif event in _COMMAND_OF:
        yield _answer(state, _COMMAND_OF[event], event, due)
    elif event in EVENTS and event not in OWN_COMMAND:
        yield _Candidate("record", due.says, {"event": event}, Needs(rule.contains, needed), due.clause)


def _answer(state: CaseState, command: str, event: str, due: Due) -> _Candidate:
    """Acknowledging and answering meet several duties at once, and must say what all of them want."""
    rules = state.stage_rule
    duties = [one for one in (*(rules.duties if rules else ()), *state.procedure.duties)
              if event in one.clock.met_by and holds(one.only_if, state)]  # fmt: skip
    contents = tuple(dict.fromkeys(item for one in duties for item in one.contains))
    needed = tuple(dict.fromkeys(item for one in duties for item in one.needs))
    more: dict[str, Any] = {}
    choices: dict[str, tuple[str, ...]] = {}
    if command == "respond":
        held = {h.key for h in state.living_heads() if h.pauses and h.pauses[-1].until is None}
        finding = next(iter(state.procedure.words.findings), "not_determined")
        more["findings"] = {h.key: finding for h in state.living_heads() if h.key not in held}
        more["reasons_for"] = list(more["findings"])
        choices = {f"finding of {key}": state.procedure.words.findings for key in more["findings"]}
    dates = tuple(one.gives_date_for for one in duties if one.gives_date_for)
    if dates:
        more["dates_given"] = {key: due.due.isoformat() if isinstance(due.due, date) else "" for key in dates}
    label = {"acknowledge": "Acknowledge", "respond": "Answer"}.get(command, due.says)
    return _Candidate(command, label, {}, Needs(contents, needed, choices, (), dates), due.clause, more)


def _questions(state: CaseState) -> Iterator[_Candidate]:
    rules = state.stage_rule
    for question in (*(rules.decisions if rules else ()), *state.procedure.decisions):
        instances = list(state.subjects) if question.per == "named_person" else [None]
        for instance in instances if holds(question.only_if, state) else ():
            if (question.key, instance) in state.decided:
                continue
            answers = tuple(answer.key for answer in question.answers)
            data = {"decision": question.key} | ({"instance": instance} if instance else {})
            needed = question.answers[0].needs if question.answers else ()
            yield _Candidate("decide", question.asks, data,
                             Needs((), needed, {"answer": answers}, record=question.must_record),
                             question.clause)  # fmt: skip
    for fact in state.procedure.facts:
        known = fact.key in state.facts or (fact.about == "home" and fact.key in (state.received.get("facts") or {}))
        if not known:
            yield _Candidate(
                "answer_fact", fact.asks, {"fact": fact.key}, Needs(choices={"value": fact.one_of}), fact.clause
            )


def _panel(
    state: CaseState, now: datetime, calendars: Calendars, roster: Roster, dues: tuple[Due, ...]
) -> Iterator[_Candidate]:
    rules, received = state.stage_rule, state.received
    if rules is None or rules.panel is None:
        return
    panel = rules.panel
    out = struck(state.procedure, state, roster)
    sits = [
        p
        for p in roster.holders(panel.members.role, received.get("provider"), received.get("home"), now)
        if p not in out
    ]
    chairs = (
        roster.holders(panel.chair.role, received.get("provider"), received.get("home"), now) if panel.chair else ()
    )
    chair = next((one for one in chairs if one not in out), None)
    wanted = panel.members.exactly or panel.members.at_least or 1
    members = list(dict.fromkeys([*([chair] if chair and panel.chair and panel.chair.among_members else []), *sits]))[
        :wanted
    ]
    if not state.panel.get("members"):
        choices = {"members": tuple(sits), "chair": chairs}
        yield _Candidate("form_panel", "Say who sits on the panel", {}, Needs(choices=choices), panel.clause,
                         {"members": members, "chair": chair})  # fmt: skip
    elif state.panel.get("date") is None:
        meets = next((d.due for d in dues if d.duty == "panel_meets" and isinstance(d.due, date)), None)
        needs = Needs(dates=("date",), texts=("place",))
        yield _Candidate("arrange_panel", "Appoint the panel's day", {}, needs, panel.clause,
                         {"date": (meets or london_day(now) + timedelta(days=30)).isoformat()})  # fmt: skip
    elif not any(m.visit == (state.visit.number if state.visit else -1) for m in state.moments.get("panel_met", ())):
        yield _Candidate("panel_met", "Record that the panel met", {}, clause=panel.clause)


def _ways(state: CaseState) -> Iterator[_Candidate]:
    last = state.visits[-1] if state.visits else None
    for way in state.procedure.stage(last.stage).ways_on if last else ():
        late = {"late_ground": way.late.accepted_if} if way.late else {}
        needs = Needs(way.contains, way.needs, {**({"grounds": way.grounds} if way.grounds else {}), **late})
        label = "Go on to" if not way.back else "Go back to"
        yield _Candidate(
            "ask_to_go_on", f"{label} {state.procedure.stage(way.to).name}", {"to": way.to}, needs, way.clause
        )


def _endings(state: CaseState, dues: tuple[Due, ...]) -> Iterator[_Candidate]:
    for rule in state.procedure.records:
        missing = [one for one in rule.fields if one not in state.records.get(rule.key, frozenset())]
        if missing:
            yield _Candidate("record", f"Complete the record: {rule.says}", {"record": rule.key},
                             Needs(choices={"fields": tuple(missing)}), rule.clause, {"fields": missing})  # fmt: skip
    if not state.visits:
        yield _Candidate("accept_late", "Take it although it is out of time", {}, Needs(texts=("reason",)))
        yield _Candidate("refuse_late", "Do not take it: it is out of time", {}, Needs(texts=("reason",)))
    if state.withdrawn_at is None:
        yield _Candidate("withdraw", "Record that the complainant withdraws it")
    withdrawn = state.withdrawn_at is not None
    satisfied = () if withdrawn else ("complainant_satisfied",)
    window = any(due.kind == "window" and due.status == "running" for due in dues)
    yield _Candidate("close", "Close the case", {"outcome": "withdrawn" if withdrawn else "answered"},
                     Needs(needs_met=satisfied if window else ()))  # fmt: skip
