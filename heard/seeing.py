"""Who may know that a case exists.

Owns `viewers`, which of them work on it (`insiders`) and which only look in (`onlookers`), and `cleared_leads`. Nobody
the complaint is or may be about is ever among them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from heard.casefile import CaseState
from heard.exclusions import kept_away, struck, too_close
from heard.procedure import Procedure
from heard.roster import Roster
from heard.speaking_up import is_a_workers, line_management
from heard.vocabulary import GROUP, LEAD, LOOKING_IN
from heard.whom import expand

__all__ = ["cleared_leads", "insiders", "onlookers", "viewers"]


def cleared_leads(procedure: Procedure, state: CaseState, roster: Roster, now: datetime) -> tuple[str, ...]:
    """The safeguarding leads, then those who stand in for them, that the complaint cannot be about.

    Nor anybody who shares a life with somebody it is or may be about.
    """
    out = struck(procedure, state, roster)
    out = {**too_close(state, roster, out), **out}
    found = [one for one, _ in expand(procedure, state, roster, LEAD, now, set()) if one.kind == "person"]
    cleared = [one for one in found if one.key not in out]
    managing = line_management(state, roster)
    cleared = [one for one in cleared if one.key not in managing] or cleared  # rather a manager than nobody
    leads = [one.key for one in cleared if one.word == LEAD]
    return tuple(leads or [one.key for one in cleared])


def viewers(
    procedure: Procedure, state: CaseState, roster: Roster, now: datetime, *, screened: bool | None = None
) -> frozenset[str]:
    """Persons who may know that the case exists.

    Before screening (`screened` overrides what the ledger shows), and while nobody knows whom it is about: only the
    cleared safeguarding lead. After that also whoever holds a part, those who oversee the home (but in a worker's
    report of wrongdoing), and who was let look in there for a time. Never a struck one nor who shares a life with one,
    and nobody who holds no role at that home any more, whatever part they had in the case.
    """
    known = state.screened if screened is None else screened
    return insiders(procedure, state, roster, now, screened=known) | (
        onlookers(procedure, state, roster, now).keys() if known else frozenset()
    )


def insiders(
    procedure: Procedure, state: CaseState, roster: Roster, now: datetime, *, screened: bool | None = None
) -> frozenset[str]:
    """The viewers who may also do what their part and their roles let them do."""
    leads = frozenset(cleared_leads(procedure, state, roster, now))
    unknown = any(not subject.identified for subject in state.subjects.values())
    if unknown or not (state.screened if screened is None else screened):
        return leads
    received = state.received
    taking_part = {a.who for a in state.assignments if not a.is_contact and a.stood_down is None}
    taking_part |= {m for m in (*state.panel.get("members", ()), state.panel.get("chair")) if m}
    place = received.get("provider"), received.get("home")
    here = {one for one in taking_part if {*roster.roles_of(one, now, *place)} - {*LOOKING_IN}}
    overseers = {
        person
        for role in (() if is_a_workers(state) else _overseeing(procedure))
        for person in roster.holders(role, received.get("provider"), received.get("home"), now)
    }
    group = {
        person for person in roster.holders(GROUP, received.get("provider"), received.get("home"), now)
        if (known := roster.people.get(person)) is None or known.operator in (None, received.get("operator"))
    }  # fmt: skip
    kept_out = kept_away(procedure, state, roster).keys() | state.stood_down.keys()
    return (leads | ((here | overseers | group) - line_management(state, roster))) - kept_out


def onlookers(procedure: Procedure, state: CaseState, roster: Roster, now: datetime) -> Mapping[str, bool]:
    """Who only looks in on a screened case, and whether they read what was said should it be about safeguarding.

    Who visits a home for its owner, inspects or audits it reads what is open and what is closed there, while their time
    lasts. Whoever works on the case is none of them; a worker's report of wrongdoing is not shown to them.
    """
    received = state.received
    place = received.get("provider"), received.get("home")
    unknown = any(not subject.identified for subject in state.subjects.values())
    let_in = {one for role in LOOKING_IN for one in roster.holders(role, *place, now)}
    if not let_in or unknown or is_a_workers(state):
        return {}
    out = kept_away(procedure, state, roster).keys() | state.stood_down.keys()
    found: dict[str, bool] = {}
    for person in let_in - out - insiders(procedure, state, roster, now, screened=True):
        known = roster.people.get(person)
        if known is None or known.operator in (None, received.get("operator")):
            held = roster.holdings_at(person, now, *place)
            found[person] = any(one.reads_safeguarding for one in held if one.role in LOOKING_IN)
    return found


def _overseeing(procedure: Procedure) -> frozenset[str]:
    """The inside roles that the procedure's stages and records name.

    A role held for single clients oversees none, nor does one whose holders see their own cases alone.
    """
    named = {word for stage in procedure.stages for words in stage.people.values() for word in words}
    named |= {
        word for stage in procedure.stages for other in stage.instead for w in other.people.values() for word in w
    }
    named |= {word for record in procedure.records for word in record.may_see}
    inside = [role for role in procedure.roles if not role.outside and role.one_per != "client" and role.sees == "home"]
    return frozenset(role.key for role in inside if role.key in named)
