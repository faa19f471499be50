"""Who must be kept away from a case, and why.

Owns three answers. `struck`: the persons the complaint is about (or may be about). `kept_away`: these, and whoever
shares a life with one of them: they never handle, decide, are told or see. `barred`: whoever may know of the case and
still not hold a certain part in it. Always persons, never roles: one person may hold four. `whom.py`, `calling.py` and
`seeing.py` ask before they name anybody.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime

from heard.casefile import CaseState
from heard.instants import london_day, months_on
from heard.procedure import Barred, Procedure, Role
from heard.roster import Roster
from heard.speaking_up import MANAGES, line_management
from heard.vocabulary import LOOKING_IN

IS_SUBJECT = "the complaint is about them"
MAY_BE_SUBJECT = "the complaint may be about them"
HOLDS_ROLE_COMPLAINED_OF = "the complaint is about the role they hold"
PARTNER = "is the spouse or partner of somebody the complaint is or may be about"
JUDGED = "judged an earlier stage of this case"


WHY: dict[str, str] = {
    "employee": "works for the provider",
    "director": "directs the provider",
    "elected_member": "sits on the provider's council or board",
    "spouse_or_partner_of_those": "is the spouse or partner of somebody who works for, directs or is elected to it",
    "manages_named_person": "manages somebody the complaint is about",
    "managed_by_named_person": "is managed by somebody the complaint is about",
    "manages_the_service": "manages the service that the complaint is about",
    "handled_this_case": "had a part in this complaint before",
    "involved_in_the_substance": "had a part in what it is about",
    "independent_person_of_this_case": "was the Independent Person of this complaint",
    "named_person": "is somebody the complaint is about",
}
"""Why a relation keeps somebody out, as it stands on a page."""


def struck(procedure: Procedure, state: CaseState, roster: Roster) -> Mapping[str, str]:
    """Each person the complaint is or may be about, on any head, with the reason."""
    found: dict[str, str] = {}
    received = state.received
    for subject in state.subjects.values():
        for person in subject.might_be:
            found.setdefault(person, MAY_BE_SUBJECT)
        if subject.person is None:
            for role in subject.roles:
                for person in roster.holders(role, received.get("provider"), received.get("home"), subject.at):
                    found.setdefault(person, HOLDS_ROLE_COMPLAINED_OF)
        else:
            found[subject.person] = IS_SUBJECT
    return found


def kept_away(procedure: Procedure, state: CaseState, roster: Roster) -> Mapping[str, str]:
    """Each person who must neither have a part in it nor hear of it: the struck, and their spouses and partners."""
    out = struck(procedure, state, roster)
    return {**_partners(roster, out), **out}


def _partners(roster: Roster, out: Iterable[str]) -> dict[str, str]:
    return {other: PARTNER for person in out for other in roster.related("spouse_or_partner", person)}


def too_close(state: CaseState, roster: Roster, struck_out: Iterable[str]) -> Mapping[str, str]:
    """Who is not struck and still must not be called about it, with the reason: they share a life with one who is,

    or stood down from the case themselves.
    """
    out = frozenset(struck_out)
    near = _partners(roster, out) | dict(state.stood_down)
    return {person: why for person, why in near.items() if person not in out}


def barred(
    procedure: Procedure, state: CaseState, roster: Roster, person: str, part: str, stage: str | None,
    role: Role | None, now: datetime,
) -> str | None:  # fmt: skip
    """Why a person who is not struck may still not hold a part in that stage, or None if they may."""
    if person in state.stood_down:
        return f"stood down from this case ({state.stood_down[person]})"
    if person in line_management(state, roster):
        return MANAGES
    if (near := roster.related("spouse_or_partner", person)) and near & struck(procedure, state, roster).keys():
        return PARTNER
    if stage is not None and judged_before(procedure, state, person, part, stage):
        return JUDGED
    for word in procedure.conflicts.never_handles:
        if word not in ("named_person", "decided_an_earlier_stage") and _is(
            word, procedure, state, roster, person, now
        ):
            return WHY[word]
    for bar in role.may_not_be if role else ():
        if _fails(bar, procedure, state, roster, person, now):
            return WHY[bar.who] + (f", or did in the last {bar.in_last}" if bar.in_last else "")
    return None


def judged_before(procedure: Procedure, state: CaseState, who: str, part: str, stage: str) -> bool:
    """Whether this part judges, and this person or named body outside judged another stage, or what is appealed."""
    if part not in procedure.stage(stage).judges:
        return False
    return who in (state.received.get("judged") or ()) or any(
        a.who == who
        and a.stage != stage
        and (a.answered or a.stood_down is None)
        and a.part in procedure.stage(a.stage).judges
        for a in state.assignments
    )


def _fails(bar: Barred, procedure: Procedure, state: CaseState, roster: Roster, person: str, now: datetime) -> bool:
    if _is(bar.who, procedure, state, roster, person, now):
        return True
    if bar.in_last is None:
        return False
    months = bar.in_last.amount * (12 if bar.in_last.unit == "years" else 1)
    since = months_on(london_day(now), -months)
    ended = {"employee": "employed_until", "elected_member": "elected_until", "director": "directed_until"}
    return _recently(ended.get(bar.who), bar.who, state, roster, person, since)


def _recently(tie: str | None, who: str, state: CaseState, roster: Roster, person: str, since: date) -> bool:
    if tie and any(day >= since for day in roster.was_until(tie, person)):
        return True
    return who == "employee" and any(
        h.until is not None and london_day(h.until) >= since and h.provider == state.received.get("provider")
        for h in roster.holdings_of(person)
        if h.role not in LOOKING_IN
    )


def _is(word: str, procedure: Procedure, state: CaseState, roster: Roster, person: str, now: datetime) -> bool:
    test = _TIES.get(word)
    return test is not None and test(procedure, state, roster, person, now)


Tie = Callable[[Procedure, CaseState, Roster, str, datetime], bool]


def _subjects(state: CaseState) -> set[str]:
    return {subject.person for subject in state.subjects.values() if subject.person}


def _employed(procedure: Procedure, state: CaseState, roster: Roster, person: str, now: datetime) -> bool:
    outside = {role.key for role in procedure.roles if role.outside} | {*LOOKING_IN}
    inside = [role for role in roster.roles_of(person, now, state.received.get("provider")) if role not in outside]
    known = roster.people.get(person)
    provider = state.received.get("provider")
    return bool(inside) or bool(roster.related("employee", person)) or bool(known and provider in known.works_for)


def _directs(procedure: Procedure, state: CaseState, roster: Roster, person: str, now: datetime) -> bool:
    held = roster.roles_of(person, now, state.received.get("provider"))
    return "director" in held or bool(roster.related("director", person))


def _elected(procedure: Procedure, state: CaseState, roster: Roster, person: str, now: datetime) -> bool:
    return bool(roster.related("elected_member", person))


def _partner(procedure: Procedure, state: CaseState, roster: Roster, person: str, now: datetime) -> bool:
    return any(
        test(procedure, state, roster, other, now)
        for other in roster.related("spouse_or_partner", person)
        for test in (_employed, _directs, _elected)
    )


_TIES: dict[str, Tie] = {
    "employee": _employed,
    "director": _directs,
    "elected_member": _elected,
    "spouse_or_partner_of_those": _partner,
    "manages_named_person": lambda p, s, r, who, now: bool(r.related("manages", who) & _subjects(s)),
    "managed_by_named_person": lambda p, s, r, who, now: bool(set(r.managers_of(who)) & _subjects(s)),
    "manages_the_service": lambda p, s, r, who, now: bool(r.related("manages_the_service", who)),
    "handled_this_case": lambda p, s, r, who, now: any(a.who == who for a in s.assignments),
    "involved_in_the_substance": lambda p, s, r, who, now: who in s.stood_down,
    "independent_person_of_this_case": lambda p, s, r, who, now: any(
        a.who == who and a.part == "observes" for a in s.assignments
    ),
    "named_person": lambda p, s, r, who, now: who in struck(p, s, r),
}
