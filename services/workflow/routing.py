"""Who holds which part of a case: chosen as persons, chosen again whenever something changes, never a struck one.

Asked after every row, at each stage and at each change in who is who. Somebody whom the complaint turns out to be about
is stood down at once; somebody who left or is away makes room. Where nobody inside is left the route leads outside, and
loudly: the bodies that the procedure names are told, and where even that fails, the group. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from heard.casefile import Assignment, CaseState
from heard.exclusions import MAY_BE_SUBJECT
from heard.ledger import NewHappening
from heard.opening import out_of_time, way_in
from heard.people import Roster, Route, is_the_panels, kept_away, ladder_of_part, off_the_ladder, parts_of, resolve
from heard.speaking_up import MANAGES, line_management
from heard.vocabulary import GROUP
from heard.whom import expand
from services.workflow.telling import reached

OUT_OF_TIME = "out_of_time"
LEFT = "holds no role here any more"
NOT_THEIRS_NOW = "the procedure gives it to somebody else, by what is known now"


def choose(state: CaseState, roster: Roster, now: datetime) -> list[NewHappening]:
    """The ``stood_down``, ``assigned`` and alarm rows that are needed now; none when everybody is rightly placed."""
    if any(not subject.identified for subject in state.subjects.values()):
        return []  # until somebody knows whom it is about, only the cleared safeguarding lead may know of it
    if state.is_open and not state.visits:
        return _waits_for_a_decision(state, roster, now)
    if not state.is_open or state.visit is None or state.stage_rule is None:
        return []
    rows: list[NewHappening] = []
    out = dict.fromkeys(line_management(state, roster), MANAGES) | dict(kept_away(state.procedure, state, roster))
    free: set[str] = set()
    for held in _holders(state):
        why = out.get(held.who)
        if why is None and off_the_ladder(state.procedure, state, roster, held.part, held.who, now):
            rows.append(_stood_down(state, held, NOT_THEIRS_NOW, now, conflict=False))
            free.add(held.part)
        elif why is None and (left := gone(state, roster, held, now)):
            other = resolve(state.procedure, state, roster, held.part, now)
            if other.who == held.who or (other.who is None and left != LEFT):
                continue
            rows.append(_stood_down(state, held, left, now, conflict=False))
            free.add(held.part)
        elif why is not None:
            rows.append(_stood_down(state, held, why, now, conflict=why not in (MAY_BE_SUBJECT, MANAGES)))
            free.add(held.part)
    for part in parts_of(state.procedure, state, state.visit.stage):
        if part in free or (state.holder(part) is None and not _appointed(state, part)):
            rows.extend(_assign(state, roster, part, now))
    return rows


def _waits_for_a_decision(state: CaseState, roster: Roster, now: datetime) -> list[NewHappening]:
    """Say once to whoever decides about it that a complaint came in after its time: it waits for nobody in silence."""
    way = way_in(state)
    if way is None or (OUT_OF_TIME, 0) in state.fired or not out_of_time(state, way):
        return []
    tell = [*(way.late.decided_by if way.late else ())] or [GROUP]
    to = reached(state, roster, tell, now) or reached(state, roster, [GROUP], now)
    data = {"key": OUT_OF_TIME, "duty": OUT_OF_TIME, "step": 0, "tell": tell, "to": to, "clause": list(way.clause)}
    return [NewHappening("escalated", now, "system", None, data)]


def had_seen(person: str, reads: Sequence[tuple[str, datetime]], now: datetime) -> NewHappening:
    """What somebody who had to go had looked at until then: each sort of page, and when it was last opened."""
    last: dict[str, str] = {}
    for what, at in reads:
        last[what] = max(at.isoformat(), last.get(what, ""))
    return NewHappening("had_seen", now, "system", None, {"person": person, "times": len(reads), "last": last})


def _holders(state: CaseState) -> list[Assignment]:
    number = state.visits[-1].number
    return [one for one in state.assignments if one.visit == number and one.stood_down is None and not one.is_contact]


def _appointed(state: CaseState, part: str) -> bool:
    """Whether the part is the panel's, or for a role that somebody must appoint: then it waits for that act."""
    stage = state.visits[-1].stage
    if is_the_panels(state.procedure, state, part, stage):
        return True
    ladder = ladder_of_part(state.procedure, state, part, stage)
    roles = {role.key: role for role in state.procedure.roles}
    return bool(ladder) and bool(roles[ladder[0]].appointed_by if ladder[0] in roles else False)


def gone(state: CaseState, roster: Roster, held: Assignment, now: datetime) -> str | None:
    """Why the holder cannot go on, though nothing speaks against them: left this home, gave the role up, or away.

    Open work belongs to the role it came with: when a home changes its manager, it passes to the new one. Somebody
    appointed by name keeps it for as long as they hold any role at this home.
    """
    place = state.received.get("provider"), state.received.get("home")
    if not roster.roles_of(held.who, now, *place):
        return LEFT
    if roster.is_away(held.who, now):
        return "away"
    role = next((one for one in state.procedure.roles if one.key == held.rung), None)
    if role is not None and held.who not in _behind(state, roster, role.key, now):
        return f"is the {role.name} here no longer"
    return None


def _behind(state: CaseState, roster: Roster, role: str, now: datetime) -> set[str]:
    """Everybody who may answer for a role: its holders, those it is filled by, those who stand in."""
    return {one.key for one, _ in expand(state.procedure, state, roster, role, now, set())}


def _assign(state: CaseState, roster: Roster, part: str, now: datetime) -> list[NewHappening]:
    route = resolve(state.procedure, state, roster, part, now)
    number = state.visits[-1].number
    if route.who is None:
        return _alarm(state, roster, f"nobody:{part}:{number}", part, route, now, (GROUP,))
    who = {"person": route.who} if route.kind == "person" else {"contact": route.who}
    data: dict[str, Any] = {"part": part, **who, "as": route.rung, "why": route.sentence, "declaration": "asked"}
    rows = [NewHappening("assigned", now, "system", state.stage, data)]
    more = state.procedure.conflicts.also_tell if _led_outside(state, route) else ()
    return rows + _alarm(state, roster, f"outside:{part}:{number}", part, route, now, more)


def _led_outside(state: CaseState, route: Route) -> bool:
    """Whether a conflict left nobody inside, so that a body outside has it, or a person in an outside role."""
    outside = {role.key for role in state.procedure.roles if role.outside}
    return (route.kind != "person" or route.rung in outside) and any(why != "away" for _, why in route.struck)


def _alarm(
    state: CaseState, roster: Roster, key: str, part: str, route: Route, now: datetime, more: tuple[str, ...]
) -> list[NewHappening]:
    """Say aloud that a route led outside, or nowhere; once."""
    tell = list(dict.fromkeys([*route.also_tell, *more]))
    if not tell or (key, 0) in state.fired:
        return []
    to = reached(state, roster, tell, now)
    data = {"key": key, "duty": "route", "step": 0, "part": part, "tell": tell, "to": to, "why": route.sentence}
    return [NewHappening("escalated", now, "system", state.stage, data)]


def _stood_down(state: CaseState, held: Assignment, why: str, now: datetime, *, conflict: bool) -> NewHappening:
    data = {"part": held.part, "person": held.who, "why": why, "conflict": conflict}
    return NewHappening("stood_down", now, "system", state.stage, data)
