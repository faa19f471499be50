"""Everything that might be offered on a case page now, before it is tried: protecting, duties, decisions, moves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from heard.assigning import parts_to_give
from heard.calendar import Calendars
from heard.casefile import CaseState
from heard.clock import reckon
from heard.commands import IN_OWN_WORDS, shut_gates
from heard.conditions import holds
from heard.derivation import Due
from heard.handling import duties_kept_by
from heard.instants import london_day
from heard.linking import may_open
from heard.offer import Candidate, Needs
from heard.opening import way_in
from heard.owing import lessons, longer, not_reached, owed
from heard.panels import NOT_YET, cannot_sit, first_day, unfit
from heard.people import insiders, parts_of
from heard.questions import questions
from heard.roster import Roster
from heard.telling_outside import offered
from heard.vocabulary import EVENTS
from heard.writing_down import LEARNED, OWN_COMMAND


def candidates(state: CaseState, now: datetime, calendars: Calendars, roster: Roster) -> Iterator[Candidate]:
    """The candidates in the order of the page. Whether each is allowed, `heard.actions` tries."""
    yield from _raising(state)
    if state.screened and state.linked is None:
        yield Candidate("write", "Write to the person who complained", more={"words": "recorded"})
    yield from _concerns(state)
    yield offered(state)
    if not state.is_open:
        yield Candidate("reopen", "Take the case up again", needs=Needs(texts=("reason",)))
    dues = reckon(state, calendars, now)
    yield from _promised(state, now, roster)
    if state.closed_at is not None:
        yield from not_reached(state, dues)
        yield from _ways(state, dues, now)
        return
    if state.passed_to is not None:
        yield from owed(state, [due for due in dues if due.derivation.event == "passed_on"], now)
        yield from _records(state)
        yield Candidate("close", "Close the case: another body deals with it", {"outcome": "passed_on"})
        return
    yield from _safeguarding(state, roster)
    yield from parts_to_give(state, roster, now)
    there = [*owed(state, dues, now)]
    yield from there
    yield from _opening_gates(state, there)
    yield from longer(state, dues, now)
    asked = {one.name for one in there} & {"answer_consent"}  # by a duty, in its own words
    yield from (one for one in questions(state) if one.name not in asked)
    yield from _panel(state, now, calendars, roster, dues)
    yield from _windows(state, dues)
    yield from _ways(state, dues, now)
    yield from _second_cases(state)
    yield from _endings(state, dues, now)


SOMETHING_ELSE = "something else"
"""A remedy that the procedure's list does not name."""


def _promised(state: CaseState, now: datetime, roster: Roster) -> Iterator[Candidate]:
    """What was promised and is still to be done, in a closed case too; and, in an open one, something more."""
    rule, may_see = state.procedure.promised, tuple(sorted(insiders(state.procedure, state, roster, now)))
    remedies = state.procedure.words.remedies
    who = Needs(choices={"owner": may_see}, dates=("by_day",))
    today = {"by_day": london_day(now).isoformat()}
    if state.is_open and state.screened:
        sort = {"remedy": (*remedies, SOMETHING_ELSE)} if remedies else {}
        choices = {**sort, **who.choices, "told": ("yes", "no")}
        needs = Needs(choices=choices, texts=("what",), dates=who.dates)
        yield Candidate("agree_action", "Say what will be done, by whom and by when", {}, needs, rule.clause, today)
    for one in state.undertakings.values():
        data, called = {"action": one.key}, f"promise {one.key}" + (f", {one.remedy}" if one.remedy else "")
        if one.is_open:
            done = Needs(texts=("evidence",))
            yield Candidate("finish_action", f"Say what shows that it is done: {called}", data, done, rule.clause)
            other = Needs(choices=who.choices, texts=("reason",), dates=who.dates)
            more = {"by_day": one.by_day.isoformat(), "owner": one.owner}
            yield Candidate("change_action", f"Another day or another person: {called}", data, other, rule.clause,
                             more)  # fmt: skip
            yield Candidate("drop_action", f"Let go: {called}", data, Needs(texts=("reason",)), rule.clause)


def _raising(state: CaseState) -> Iterator[Candidate]:
    """What everybody who may see a case may do at any time, closed or not."""
    if state.procedure.concerns:
        called = {one.key: one.says for one in state.procedure.concerns}
        needs = Needs(choices={"concern": tuple(called)}, texts=("reason",), called=called)
        yield Candidate("raise_concern", "Raise a safeguarding concern", needs=needs)


def _concerns(state: CaseState) -> Iterator[Candidate]:
    """What the lead may say of each concern, whoever has the case and whether or not it is closed."""
    concerns = tuple(one.key for one in state.procedure.concerns)
    for found in state.open_concerns:
        name = state.procedure.concern(found.concern).says if found.concern in concerns else found.concern
        if found.confirmed_at is None:
            yield Candidate(
                "confirm_concern", f"Confirm: {name}", {"concern": found.concern}, Needs(texts=("reason",))
            )
        yield Candidate("clear_concern", f"Clear: {name}", {"concern": found.concern}, Needs(texts=("reason",)))
    if state.open_concerns:
        yield Candidate("close_safeguarding", "Record that safeguarding has ended", {"event": "safeguarding_closed"},
                         Needs(texts=("outcome",)))  # fmt: skip


def _safeguarding(state: CaseState, roster: Roster) -> Iterator[Candidate]:
    for rule in state.procedure.suspensions:
        if rule.key in state.on_hold:
            yield Candidate("review_suspension", "Look again at what is on hold", {"rule": rule.key},
                             Needs(texts=("reason",)), rule.clause)  # fmt: skip
            yield Candidate("resume", "Let it go on", {"rule": rule.key}, clause=rule.clause)
        elif holds(rule.when, state):
            heads = tuple(one.key for one in state.living_heads()) if "heads" in (rule.covers, rule.may_cover) else ()
            needs = Needs(choices={"heads": heads} if heads else {}, texts=("reason",))
            more = {"heads": list(heads) if rule.covers == "heads" else []} if heads else {}
            yield Candidate("suspend", rule.says or "Put it on hold", {"rule": rule.key}, needs, rule.clause, more)
    for subject in state.subjects.values():
        if not subject.identified:
            people = subject.might_be or tuple(roster.people)
            yield Candidate(
                "identify", "Record who is meant", {"subject": subject.key}, Needs(choices={"person": people})
            )


def _panel(
    state: CaseState, now: datetime, calendars: Calendars, roster: Roster, dues: tuple[Due, ...]
) -> Iterator[Candidate]:
    rules, received = state.stage_rule, state.received
    if rules is None or rules.panel is None:
        return
    panel = rules.panel
    place = received.get("provider"), received.get("home")
    roles = [one.role for one in (panel.members.of_which, panel.members) if one]  # those who must sit stand first
    roles += [panel.chair.role] if panel.chair and panel.chair.among_members else []
    held = dict.fromkeys(p for one in roles for p in roster.holders(one, *place, now))
    bars = {p: cannot_sit(state, roster, rules.key, p, panel.members.role, now) for p in held}
    sits = [p for p, why in bars.items() if why is None]
    leading = roster.holders(panel.chair.role, *place, now) if panel.chair else ()
    leads = {p: bars.get(p) or cannot_sit(state, roster, rules.key, p, str(panel.chair.role), now)
             for p in leading if panel.chair}  # fmt: skip
    chairs = tuple(p for p, why in leads.items() if why is None)
    bars |= {p: f"cannot lead it: {why}" for p, why in leads.items() if why and not bars.get(p)}
    chair = next(iter(chairs), None)
    wanted = panel.members.exactly or panel.members.usually or panel.members.at_least or 1
    members = list(dict.fromkeys([*([chair] if chair and panel.chair and panel.chair.among_members else []), *sits]))[
        :wanted
    ]
    met = any(m.visit == (state.visit.number if state.visit else -1) for m in state.moments.get("panel_met", ()))
    gone = {} if met else unfit(state, roster, now)
    formed = bool(state.panel.get("members")) and not gone
    bars |= gone
    if not formed:
        choices = {"members": tuple(sits), "chair": chairs} if panel.chair else {"members": tuple(sits)}
        needs = Needs(choices=choices, cannot={p: why for p, why in bars.items() if why})
        yield Candidate("form_panel", "Say who sits on the panel", {}, needs, panel.clause,
                         {"members": members, "chair": chair})  # fmt: skip
    elif state.panel.get("date") is None:
        meets = next((d.last_day for d in dues if d.duty == "panel_meets" and d.last_day), None)
        needs = Needs(dates=("date",), texts=("place",))
        day = max(meets or london_day(now) + timedelta(days=30), first_day(state, calendars, now))
        yield Candidate("arrange_panel", "Appoint the panel's day", {}, needs, panel.clause,
                         {"date": day.isoformat()})  # fmt: skip
    elif not met:
        how = {"decided_by": (*panel.decides_by, NOT_YET)} if panel.decides_by else {}
        needs = Needs(contents=panel.order, choices=how, texts=("attended",))
        yield Candidate("panel_met", "Record that the panel met", {}, needs, panel.clause)


def _opening_gates(state: CaseState, there: Sequence[Candidate]) -> Iterator[Candidate]:
    """What a gate waits for, where no duty asks for it: whoever is held back must be able to do it."""
    offered = {str(one.data.get("event") or one.data.get("milestone")) for one in there}
    milestones = {one.key for one in state.procedure.milestones}
    for shut in shut_gates(state):
        for until in shut.until:
            recorded = until in milestones or (until in EVENTS and until not in OWN_COMMAND)
            if until in offered or not recorded:
                continue
            offered.add(until)
            name, key = ("reach", "milestone") if until in milestones else ("record", "event")
            label = f"{until.replace('_', ' ').capitalize()}. {shut.says}"
            yield Candidate(name, label, {key: until}, clause=shut.clause)


def _ways(state: CaseState, dues: tuple[Due, ...], now: datetime) -> Iterator[Candidate]:
    last = state.visits[-1] if state.visits else None
    windows = [due for due in dues if last and due.kind == "window" and due.visit == last.number]
    over = {due.duty for due in windows if due.due_at is not None and due.due_at <= now}
    for way in state.procedure.stage(last.stage).ways_on if last else ():
        choices = {"grounds": way.grounds} if way.grounds else {}
        accepted = way.late.accepted_if if way.late else ()
        late = _reason("late_ground", accepted) if f"ask_for_{way.to}" in over else Needs()
        needs = Needs(way.contains, way.needs, {**choices, **late.choices}, late.texts)
        label = "Go on to" if not way.back else "Go back to"
        name = state.procedure.stage(way.to).name
        if holds(way.only_if, state):
            yield Candidate("ask_to_go_on", f"{label} {name}", {"to": way.to}, needs, way.clause)


def _reason(key: str, accepted: tuple[str, ...]) -> Needs:
    """How the form asks for a reason: one of those accepted; in words too, where one of them says nothing by itself."""
    if {*accepted} <= IN_OWN_WORDS:
        return Needs(texts=(key,))
    return Needs(choices={key: accepted}, texts=("why",) if IN_OWN_WORDS & {*accepted} else ())


def _windows(state: CaseState, dues: tuple[Due, ...]) -> Iterator[Candidate]:
    """Where the two sides agree until when the next step may be asked for: the agreeing, while that time runs."""
    last = state.visits[-1] if state.visits else None
    for way in state.procedure.stage(last.stage).ways_on if last else ():
        length = way.clock.within
        if last is None or length is None or length.as_given_in != "window_agreed":
            continue
        for due in dues:
            if (due.duty, due.visit, due.status) == (f"ask_for_{way.to}", last.number, "running") and due.due:
                label = f"Agree until when they may ask for {state.procedure.stage(way.to).name}"
                yield Candidate("agree_window", label, {"way": way.to}, Needs(dates=("until",)), way.clause,
                                 {"until": due.due.isoformat()})  # fmt: skip


def _second_cases(state: CaseState) -> Iterator[Candidate]:
    for linked in state.procedure.linked_cases:
        if may_open(state, linked):
            label = f"Open a second case: {linked.name}" + ("" if linked.asked_by else ", about another young person")
            yield Candidate("open_linked", label, {"linked": linked.key}, Needs(texts=("reason",)), linked.clause)


INTERVIEW = "interview_held"


def _interviews(state: CaseState) -> Iterator[Candidate]:
    """In a stage that somebody investigates: each person who is heard, as often as there is one."""
    rules = state.stage_rule
    if rules is not None and "investigates" in parts_of(state.procedure, state, rules.key):
        needs = Needs(texts=("interviewed",))
        yield Candidate("record", "Record an interview", {"event": INTERVIEW}, needs, rules.clause)


def _learning(state: CaseState) -> Iterator[Candidate]:
    """What an answered complaint teaches, where no duty asks for it (that one is offered with what is owed)."""
    duty = any(LEARNED in one.clock.met_by for one in state.procedure.duties)
    if state.first("responded") and not duty and not state.first(LEARNED):
        needs = Needs(choices=lessons(state, LEARNED))
        yield Candidate("record", "Record what was learned from it", {"event": LEARNED}, needs,
                        more={name: list(words[:1]) for name, words in needs.choices.items()})  # fmt: skip


def _records(state: CaseState) -> Iterator[Candidate]:
    for rule in (one for one in state.procedure.records if holds(one.only_if, state)):
        missing = [one for one in rule.fields if one not in state.records.get(rule.key, frozenset())]
        if missing:
            kept = duties_kept_by(state, "recorded")  # writing down what a record lacks is writing it down
            said = tuple(dict.fromkeys(item for duty in kept for item in duty.contains))
            needed = tuple(dict.fromkeys(item for duty in kept for item in duty.needs))
            needs = Needs(said, needed, {"fields": tuple(missing)})
            label = f"Complete the record: {rule.says}"
            yield Candidate("record", label, {"record": rule.key}, needs, rule.clause, {"fields": missing})


def _endings(state: CaseState, dues: tuple[Due, ...], now: datetime) -> Iterator[Candidate]:
    yield from _interviews(state)
    yield from _learning(state)
    yield from _records(state)
    bases = state.procedure.disclosure.allowed_on if state.procedure.disclosure else ()
    for way in state.procedure.ways_in:
        if way.passes_to and way.needs and holds(way.only_if, state):
            needs = Needs(needs_met=way.needs, choices={"basis": bases} if bases else {})
            yield Candidate("pass_on", f"Pass it on. {way.says}", {"to": way.passes_to}, needs, way.clause)
    if not state.visits and (barred := way_in(state)):
        grounds = barred.late.accepted_if if barred.late else ()
        needs = Needs(choices={"reason": grounds} if grounds else {}, texts=("why",) if grounds else ("reason",))
        yield Candidate("accept_late", "Take it although it is out of time", {}, needs, barred.clause)
        yield Candidate("refuse_late", "Do not take it: it is out of time", {}, Needs(texts=("reason",)), barred.clause,
                        {"words": "recorded"})  # fmt: skip
    if state.withdrawn_at is None and (state.linked is None or state.received.get("complainant")):
        yield Candidate("withdraw", "Record that the complainant withdraws it", {}, Needs(texts=("reason",)))
    withdrawn = state.withdrawn_at is not None
    if withdrawn:
        yield Candidate("reopen", "Record that they make it again", {}, Needs(texts=("reason",)))
    satisfied = () if withdrawn else ("complainant_satisfied",)
    window = any(due.kind == "window" and due.status == "running" for due in dues)
    last = state.visits[-1].number if state.visits else None
    over = any(due.kind == "window" and due.visit == last and due.due_at and due.due_at <= now for due in dues)
    outcome = "withdrawn" if withdrawn else "window_over" if over else "answered"
    yield Candidate("close", "Close the case", {"outcome": outcome},
                     Needs(needs_met=satisfied if window else ()))  # fmt: skip
