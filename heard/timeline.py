"""What if: a complaint received at T, with these events, is due when, and why?

Owns the imagined case behind `heard policy timeline`: it writes a small ledger and lets the real clock reckon it, so
that a procedure can be looked at before anybody complains under it. Nothing of it is kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from heard.calendar import Calendars
from heard.casefile import CaseState, replay
from heard.clock import reckon
from heard.derivation import Due
from heard.instants import LONDON, london_day
from heard.ledger import NewHappening, number
from heard.opening import has_begun, open_case, way_in
from heard.procedure import Procedure
from heard.vocabulary import EVENTS

_NEXT_STAGE = frozenset({"stage_opened", "asked_to_go_on"})
_WITH_CONCERN = ("concern_found", "concern_confirmed", "concern_cleared")


class UnknownEvent(ValueError):
    """A what-if names an event or an answer that the procedure does not have; the message says which there are."""


def known_events(procedure: Procedure) -> tuple[str, ...]:
    """Every name that a what-if may use: stages (they open), milestones, decisions' answers, concerns, events."""
    stages = [stage.key for stage in procedure.stages]
    milestones = [one.key for one in procedure.milestones]
    decisions = [*procedure.decisions, *(one for stage in procedure.stages for one in stage.decisions)]
    answers = [f"{one.key}.{answer.key}" for one in decisions for answer in one.answers]
    concerns = [f"{event}.{one.key}" for event in _WITH_CONCERN for one in procedure.concerns]
    plain = [event for event in EVENTS if event not in (*_WITH_CONCERN, "received", "decided", "milestone_reached")]
    findings = [f"responded.{finding}" for finding in procedure.words.findings]
    about = [f"named.{role.key}" for role in procedure.roles]
    return tuple(dict.fromkeys([*stages, *milestones, *answers, *concerns, *about, "panel_date", *plain, *findings]))


def _listed(procedure: Procedure) -> str:
    """The names for one line: concerns once, not once for each event of theirs."""
    concerns = [one.key for one in procedure.concerns]
    each = (*_WITH_CONCERN, "named")
    plain = [name for name in known_events(procedure) if "." not in name or name.partition(".")[0] not in each]
    events = ", ".join(f"{event}.CONCERN" for event in _WITH_CONCERN)
    roles = f"; named.ROLE with ROLE one of {', '.join(one.key for one in procedure.roles)}" if procedure.roles else ""
    said = f"; {events} with CONCERN one of {', '.join(concerns)}" if concerns else ""
    return f"{', '.join(plain)}{said}{roles}"


def imagined(
    procedure: Procedure, received_at: datetime, *, formality: str = "formal", child_age: int | None = None,
    events: Sequence[tuple[str, datetime]] = (), kind: str = "complaint", facts: Mapping[str, str] | None = None,
) -> CaseState:  # fmt: skip
    """The case that such a report and such events would make. Raises UnknownEvent, OutOfOrder or PastKnownYears."""
    received: dict[str, Any] = {
        "kind": kind, "formality": formality, "channel": "portal", "complainant": "young_person", "anonymous": False,
        "on_behalf": False, "about_a_child": True, "children": [{"age": child_age}], "category": [], "heads": [],
        "first_contact": received_at.isoformat(), "facts": dict(facts or {}),
    }  # fmt: skip
    for key, word in (facts or {}).items():
        offered = next((fact.one_of for fact in procedure.facts if fact.key == key), ())
        if word not in offered:
            answers = [f"{fact.key}={one}" for fact in procedure.facts for one in fact.one_of]
            raise UnknownEvent(f"{procedure.key} asks no {key}={word}; there are: {', '.join(answers) or 'none'}")
    allowed = known_events(procedure)
    new = list(open_case(procedure, received, received_at, received_at))
    state = replay(procedure, number(new, 0, received_at))
    for key, at in sorted(events, key=lambda one: one[1]):
        if key not in allowed:
            raise UnknownEvent(f"{procedure.key} has no event {key!r}; there are: {_listed(procedure)}")
        for happening in number([_happening(procedure, state, key, at)], state.seq, at):
            state = state.then(happening)
        state = _by_another_way(state, received_at)
    return state


def _by_another_way(state: CaseState, received_at: datetime) -> CaseState:
    """The case where its way in leads now: whom it is about, or how serious it is, may lead elsewhere."""
    way = way_in(state)
    if way is None or way.starts_at in (None, state.stage) or len(state.visits) != 1 or has_begun(state):
        return state
    opened = NewHappening("stage_opened", received_at, "system", way.starts_at, {"stage": way.starts_at})
    return state.then(number([opened], state.seq, received_at)[0])


def _happening(procedure: Procedure, state: CaseState, key: str, at: datetime) -> NewHappening:
    stages = [stage.key for stage in procedure.stages]
    if key in _NEXT_STAGE:
        after = stages.index(state.stage) + 1 if state.stage in stages else 0
        if after >= len(stages):
            raise UnknownEvent(f"{procedure.key} has no stage after {state.stage}; stages: {', '.join(stages)}")
        key = stages[after]
    if key in stages:
        return NewHappening("stage_opened", at, "system", key, {"stage": key})
    if any(one.key == key for one in procedure.milestones):
        return NewHappening("milestone_reached", at, "system", state.stage, {"milestone": key})
    if key == "panel_date":
        return NewHappening("panel_arranged", at, "system", state.stage, {"date": london_day(at).isoformat()})
    event, _, rest = key.partition(".")
    if event in _WITH_CONCERN:
        return NewHappening(event, at, "system", None, {"concern": rest})
    if event in EVENTS:
        return NewHappening(event, at, "system", state.stage, _least(procedure, event, rest, at))
    return NewHappening("decided", at, "system", state.stage, {"decision": event, "answer": rest})


def _least(procedure: Procedure, event: str, rest: str, at: datetime) -> dict[str, Any]:
    """The least that an event must say to be read."""
    rule = procedure.suspensions[0].key if procedure.suspensions else "suspension"
    least: dict[str, dict[str, Any]] = {
        "suspended": {"rule": rule, "heads": "case"}, "suspension_reviewed": {"rule": rule}, "resumed": {"rule": rule},
        "consent_answered": {"answer": rest or "given"}, "panel_arranged": {"date": london_day(at).isoformat()},
        "head_added": {"key": "head"}, "head_withdrawn": {"key": "head"},
        "heads_merged": {"key": "head", "into": "one"}, "extended": {"duty": "respond"},
        "duty_excused": {"duty": "respond"}, "passed_on": {"to": "another body"}, "escalated": {"duty": "respond"},
        "named": {"subject": "somebody", "identified": False} | ({"role": rest} if rest else {}),
        "stood_down": {"person": "somebody"},
        "responded": {"findings": {"complaint": rest}} if rest else {},
        "assigned": {"part": "handles", "contact": "somebody"}, "fact_answered": {"fact": "fact"},
        "window_agreed": {"way": "", "until": (london_day(at) + timedelta(days=28)).isoformat()},
    }  # fmt: skip
    return least.get(event, {})


def timeline(procedure: Procedure, state: CaseState, calendars: Calendars, now: datetime) -> tuple[Due, ...]:
    """Every line of an imagined case, what is due first at the top; what no longer applies is left out."""
    return tuple(due for due in reckon(state, calendars, now) if due.status != "lapsed")


def in_words(due: date | datetime | None) -> str:
    """A due moment for a table: 'Tue 22 Dec 2026', with the London time for hours, or a dash."""
    if due is None:
        return "-"
    return f"{due.astimezone(LONDON):%a %-d %b %Y %H:%M}" if isinstance(due, datetime) else f"{due:%a %-d %b %Y}"
