"""What each event changes in a case. Nothing is judged: what the ledger says is so.

Owns one small function for each event that changes more than the list of moments, in the table `TAKERS`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from heard.came_back import only_what_arrived
from heard.consent import consent_answered
from heard.happened import WHOLE_CASE, Assignment, Found, Head, OnHold, Pause, Subject
from heard.instants import day_of, moment_of, start_of
from heard.ledger import Happening
from heard.lengths import together
from heard.narrowing import narrowed
from heard.other_days import calendar_changed, procedure_changed
from heard.promises_kept import action_agreed, action_changed, action_over

if TYPE_CHECKING:
    from heard.casefile import CaseState


def _received(state: CaseState, happening: Happening, data: Mapping[str, Any]) -> None:
    state.received, state.received_at = data, happening.at
    if data.get("linked"):
        state.procedure = narrowed(state.procedure, str(data["linked"]))
    contact = data.get("first_contact") or data.get("first_known")
    first = min(moment_of(contact), happening.at) if contact else happening.at
    made = moment_of(data["made"]) if data.get("made") else happening.at
    state.note("made", happening, made)
    state.note("first_contact", happening, first)
    for name in ("matter_noticed", "matter_happened"):
        if data.get(name):
            state.note(name, happening, moment_of(data[name]))
    for fact, value in (data.get("facts") or {}).items():  # answered on the form, or once for the home
        state.note(f"fact_answered.{fact}", happening)
        state.note(f"fact_answered.{fact}.{value}", happening)
    for head in data.get("heads") or ():
        state.heads[head["key"]] = Head(head["key"])


def _named(state: CaseState, happening: Happening, data: Mapping[str, Any]) -> None:
    key = str(data.get("subject") or data.get("person") or data.get("role") or f"subject_{happening.seq}")
    roles = tuple(dict.fromkeys([*(data.get("roles") or ()), *([data["role"]] if data.get("role") else [])]))
    before = state.subjects.get(key)
    heads = tuple(dict.fromkeys([*(before.heads if before else ()), *([data["head"]] if data.get("head") else [])]))
    person = data.get("person")
    identified = bool(data.get("identified", person is not None))
    might_be = () if identified and person else tuple(data.get("might_be") or (before.might_be if before else ()))
    at = before.at if before else happening.at
    works_for = data.get("works_for") or (before.works_for if before else None)
    roles = roles or (before.roles if before else ())
    state.subjects[key] = Subject(key, person, roles, heads, identified, might_be, works_for, at)


def _concern_found(state: CaseState, happening: Happening, data: Mapping[str, Any]) -> None:
    key = str(data["concern"])
    known = min(moment_of(data["known_at"]), happening.at) if data.get("known_at") else happening.at
    before = state.concerns.get(key)
    closed = state.moments.get("safeguarding_closed", ())
    if before is None or before.cleared_at is not None or (closed and before.seq <= closed[-1].seq):
        by_screen = bool(data.get("by_screen", happening.by == "screen"))
        state.concerns[key] = Found(key, happening.at, known, by_screen, happening.seq)
    state.note("first_known", happening, known)


def _concern_confirmed(state: CaseState, happening: Happening, data: Mapping[str, Any]) -> None:
    key = str(data["concern"])
    found = state.concerns.get(key) or Found(key, happening.at, happening.at, False, happening.seq)
    state.concerns[key] = replace(found, confirmed_at=found.confirmed_at or happening.at, cleared_at=None)


def _concern_cleared(state: CaseState, happening: Happening, data: Mapping[str, Any]) -> None:
    key = str(data["concern"])
    if key in state.concerns:
        state.concerns[key] = replace(state.concerns[key], cleared_at=happening.at)


def _suspended(state: CaseState, happening: Happening, data: Mapping[str, Any]) -> None:
    heads, rule = _heads_of(data), str(data.get("rule"))
    review = day_of(data["review_by"]) if data.get("review_by") else None
    state.on_hold[rule] = OnHold(rule, heads, happening.at, review, bool(data.get("withheld")))
    pause = Pause(happening.at, None)
    if not heads:
        state.case_pauses = (*state.case_pauses, pause)
    for key in heads:
        if key in state.heads:
            state.heads[key] = replace(state.heads[key], pauses=(*state.heads[key].pauses, pause))


def _suspension_reviewed(state: CaseState, happening: Happening, data: Mapping[str, Any]) -> None:
    rule = str(data.get("rule"))
    if rule in state.on_hold and data.get("review_by"):
        state.on_hold[rule] = replace(state.on_hold[rule], review_by=day_of(data["review_by"]))


def _resumed(state: CaseState, happening: Happening, data: Mapping[str, Any]) -> None:
    hold = state.on_hold.pop(str(data.get("rule")), None)
    if hold is None:
        return
    heads = _heads_of(data)
    if not hold.heads:
        state.case_pauses = _end(state.case_pauses, hold.since, happening.at)
    ended = [key for key in hold.heads if not heads or key in heads]
    for key in ended:
        if key in state.heads:
            state.heads[key] = replace(state.heads[key], pauses=_end(state.heads[key].pauses, hold.since, happening.at))
    left = tuple(key for key in hold.heads if key not in ended)
    if left:
        state.on_hold[hold.rule] = replace(hold, heads=left)


def _assigned(state: CaseState, happening: Happening, data: Mapping[str, Any]) -> None:
    who = data.get("person") or data.get("contact")
    if who and state.visits:
        number = state.visit_of(happening)
        one = Assignment(
            str(data["part"]), str(who), not data.get("person"), number, state.visits[number].stage,
            rung=data.get("rung") or data.get("as"),
        )  # fmt: skip
        kept = tuple(
            replace(a, stood_down="replaced") if a.part == one.part and a.visit == number and not a.stood_down else a
            for a in state.assignments
        )
        state.assignments = (*kept, one)


def _stood_down(state: CaseState, happening: Happening, data: Mapping[str, Any]) -> None:
    who, why = str(data["person"]), str(data.get("why") or "stood down")
    state.assignments = tuple(
        replace(a, stood_down=why)
        if a.who == who and a.stood_down is None and data.get("part") in (None, a.part)
        else a
        for a in state.assignments
    )
    if data.get("conflict", True):
        state.stood_down[who] = why


def _responded(state: CaseState, happening: Happening, data: Mapping[str, Any]) -> None:
    for key, finding in (data.get("findings") or {}).items():
        if key in state.heads:
            state.heads[key] = replace(state.heads[key], finding=str(finding))
    for finding in dict.fromkeys((data.get("findings") or {}).values()):
        state.note(f"responded.{finding}", happening)
    if state.visits:
        number = state.visit_of(happening)
        state.assignments = tuple(
            replace(a, answered=True) if a.visit == number and a.stood_down is None else a for a in state.assignments
        )


def _head_added(state: CaseState, happening: Happening, data: Mapping[str, Any]) -> None:
    key = str(data.get("key") or data.get("head"))
    since = start_of(day_of(data["since"])) if data.get("since") else None
    state.heads.setdefault(key, Head(key, since=since))


def _heads_merged(state: CaseState, happening: Happening, data: Mapping[str, Any]) -> None:
    one, into = state.heads.get(str(data["key"])), state.heads.get(str(data["into"]))
    if one is None or into is None:
        return
    state.heads[one.key] = replace(one, merged_into=into.key)
    since = min(one.since, into.since) if one.since and into.since else None
    pauses, also = together(one.pauses, into.pauses), (*into.also, *one.about)
    state.heads[into.key] = replace(into, since=since, pauses=pauses, also=also)


def _head_withdrawn(state: CaseState, happening: Happening, data: Mapping[str, Any]) -> None:
    key = str(data.get("key") or data.get("head"))
    if key in state.heads:
        state.heads[key] = replace(state.heads[key], withdrawn=True)


def _decided(state: CaseState, happening: Happening, data: Mapping[str, Any]) -> None:
    decision, answer = str(data["decision"]), str(data["answer"])
    state.answers[decision] = answer
    state.decided[(decision, data.get("instance"))] = answer
    state.note(f"{decision}.{answer}", happening)


def _milestone(state: CaseState, happening: Happening, data: Mapping[str, Any]) -> None:
    state.note(str(data["milestone"]), happening)


def _fact(state: CaseState, happening: Happening, data: Mapping[str, Any]) -> None:
    state.facts[str(data["fact"])] = data.get("value")
    state.note(f"fact_answered.{data['fact']}", happening)
    state.note(f"fact_answered.{data['fact']}.{data.get('value')}", happening)


SAID_ANEW = ("kind", "formality", "category", "matter", "severity", "about_authority_functions")
"""What of the report may be said anew: somebody looked, and it is something else than it seemed."""


def _reclassified(state: CaseState, happening: Happening, data: Mapping[str, Any]) -> None:
    changed = {key: value for key, value in data.items() if key in SAID_ANEW}
    state.received = {**state.received, **changed}


def _extended(state: CaseState, happening: Happening, data: Mapping[str, Any]) -> None:
    key = (state.visit_of(happening) if data.get("of_case") is not True else WHOLE_CASE, str(data["duty"]))
    state.extensions[key] = (*state.extensions.get(key, ()), happening)


def _excused(state: CaseState, happening: Happening, data: Mapping[str, Any]) -> None:
    visit = WHOLE_CASE if data.get("of_case") else state.visit_of(happening)
    state.excused[(visit, str(data["duty"]), data.get("instance"))] = happening.at


def _window_agreed(state: CaseState, happening: Happening, data: Mapping[str, Any]) -> None:
    state.windows[(state.visit_of(happening), str(data["way"]))] = day_of(data["until"])


def _panel_formed(state: CaseState, happening: Happening, data: Mapping[str, Any]) -> None:
    state.panel = {**state.panel, "members": tuple(data.get("members") or ()), "chair": data.get("chair")}


def _panel_arranged(state: CaseState, happening: Happening, data: Mapping[str, Any]) -> None:
    state.panel = {**state.panel, "date": day_of(data["date"])}
    state.note("panel_date", happening, start_of(day_of(data["date"])))


def _recorded(state: CaseState, happening: Happening, data: Mapping[str, Any]) -> None:
    key = str(data.get("record") or "complaint")
    state.records[key] = state.records.get(key, frozenset()) | frozenset(data.get("fields") or ())


def _escalated(state: CaseState, happening: Happening, data: Mapping[str, Any]) -> None:
    state.fired = state.fired | {(str(data.get("key") or data["duty"]), int(data.get("step", 0)))}


def _screened(state: CaseState, happening: Happening, data: Mapping[str, Any]) -> None:
    state.screened_at = state.screened_at or happening.at


def _passed_on(state: CaseState, happening: Happening, data: Mapping[str, Any]) -> None:
    if not data.get("heads"):
        state.passed_to = str(data["to"])


def _closed(state: CaseState, happening: Happening, data: Mapping[str, Any]) -> None:
    state.closed_at, state.outcome = happening.at, data.get("outcome")
    if state.visits and state.visits[-1].left_at is None:
        state.visits = (*state.visits[:-1], replace(state.visits[-1], left_at=happening.at))


def _withdrawn(state: CaseState, happening: Happening, data: Mapping[str, Any]) -> None:
    state.withdrawn_at = happening.at


def _reopened(state: CaseState, happening: Happening, data: Mapping[str, Any]) -> None:
    if state.withdrawn_at is not None:  # made again: the days between count for nobody
        state.case_pauses = (*state.case_pauses, Pause(state.withdrawn_at, happening.at))
    state.closed_at = state.outcome = state.withdrawn_at = state.passed_to = None
    if state.visits:
        state.visits = (*state.visits[:-1], replace(state.visits[-1], left_at=None))


def _heads_of(data: Mapping[str, Any]) -> tuple[str, ...]:
    heads = data.get("heads")
    return () if heads in (None, "case") or not heads else tuple(heads)


def _end(pauses: tuple[Pause, ...], since: datetime, until: datetime) -> tuple[Pause, ...]:
    return tuple(Pause(p.since, until) if p.since == since and p.until is None else p for p in pauses)


TAKERS: dict[str, Callable[[CaseState, Happening, Mapping[str, Any]], None]] = {
    "received": _received, "named": _named, "concern_found": _concern_found,
    "concern_confirmed": _concern_confirmed, "concern_cleared": _concern_cleared,
    "suspended": _suspended, "suspension_reviewed": _suspension_reviewed,
    "resumed": _resumed, "assigned": _assigned, "stood_down": _stood_down,
    "responded": _responded, "head_added": _head_added,
    "head_withdrawn": _head_withdrawn, "heads_merged": _heads_merged, "decided": _decided,
    "milestone_reached": _milestone, "consent_answered": consent_answered,
    "fact_answered": _fact, "reclassified": _reclassified, "extended": _extended,
    "duty_excused": _excused, "window_agreed": _window_agreed,
    "panel_formed": _panel_formed, "panel_arranged": _panel_arranged,
    "recorded": _recorded, "escalated": _escalated, "screened": _screened,
    "told": only_what_arrived, "could_not_tell": only_what_arrived,
    "passed_on": _passed_on, "closed": _closed, "withdrawn": _withdrawn,
    "reopened": _reopened, "calendar_changed": calendar_changed,
    "procedure_changed": procedure_changed,
    "action_agreed": action_agreed, "action_changed": action_changed,
    "action_done": action_over, "action_let_go": action_over,
}  # fmt: skip
