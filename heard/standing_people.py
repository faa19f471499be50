"""Who owes a standing duty, for whom it is owed among the staff, and who sees how it stands.

Owns the people of `standing_duties.py`. Nobody here is complained of: what stands on these pages is never about a case.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from heard.keeping import StandingDuty
from heard.procedure import Procedure, Role
from heard.roster import Holding, Roster
from heard.standing_times import Stay
from heard.vocabulary import GROUP

STAFF = "staff"
"""The directory's word for somebody who works at a home and holds no role of its procedure."""


def inside_roles(procedure: Procedure) -> frozenset[str]:
    """The roles of those who work here: not of those who come from outside."""
    return frozenset(role.key for role in procedure.roles if not role.outside) | {STAFF}


def staff_of(roster: Roster, procedure: Procedure, provider: str, since: datetime) -> tuple[Stay, ...]:
    """Everybody who works or worked for a provider, each stretch of time once; `since` for one without a beginning."""
    roles = inside_roles(procedure)
    found: list[Stay] = []
    for person in roster.people.values():
        if not person.outside:
            spans = [(one.since or since, one.until) for one in _theirs(roster, person.id, roles, provider)]
            found += [Stay(person.id, *span) for span in _joined(spans)]
    return tuple(found)


def works_at(roster: Roster, procedure: Procedure, person: str, provider: str, at: datetime) -> frozenset[str | None]:
    """The homes of the provider at which somebody works at that time; None among them: at all of them."""
    roles = inside_roles(procedure)
    held = _theirs(roster, person, roles, provider)
    return frozenset(one.home for one in held if (one.since is None or one.since <= at) and _lasts(one, at))


def managers(roster: Roster, procedure: Procedure, provider: str, home: str | None, at: datetime) -> tuple[str, ...]:
    """Who manages a home (or, without one, the whole provider): by the directory, else whoever handles complaints."""
    place = home or provider
    said = tuple(one.a for one in roster.relations if one.kind == "manages_the_service" and one.b == place)
    if said:
        return said
    known = {role.key: role for role in procedure.roles}
    formal = next((stage for stage in procedure.stages if stage.formal), procedure.stages[0])
    for word in formal.people.get("handles", ()):
        if word in known and _oversees(known[word]):
            found = _holders(roster, word, provider, home, at)
            if found:
                return found
    return ()


def owed_by(
    rule: StandingDuty, procedure: Procedure, roster: Roster, operator: str, provider: str, home: str | None,
    at: datetime,
) -> tuple[str, ...]:  # fmt: skip
    """Who owes it: the holders of its `by`, else the manager; whoever oversees the group where there is neither.

    Somebody who is away is passed over while another is there.
    """
    found = tuple(one for word in rule.by for one in roster.holders(word, provider, home, at))
    found = found or managers(roster, procedure, provider, home, at)
    found = found or tuple(
        one for one in roster.holders(GROUP, provider, home, at)
        if one in roster.people and roster.people[one].operator == operator
    )  # fmt: skip
    here = tuple(one for one in found if not roster.is_away(one, at))
    return tuple(dict.fromkeys(here or found))


def who_sees(
    roster: Roster, procedure: Procedure, operator: str, provider: str, home: str | None, at: datetime
) -> frozenset[str]:
    """Everybody of the operator who works there, and whoever oversees the group."""
    roles = inside_roles(procedure) | {GROUP}
    return frozenset(
        person.id for person in roster.people.values()
        if person.operator == operator and roles & {*roster.roles_of(person.id, at, provider, home)}
    )  # fmt: skip


def turns_of(roster: Roster, people: Iterable[str], after: datetime) -> Iterator[datetime]:
    """The moments to come at which a role of one of these begins or ends."""
    for person in people:
        for one in roster.holdings_of(person):
            yield from (at for at in (one.since, one.until) if at is not None and at > after)


def _theirs(roster: Roster, person: str, roles: frozenset[str], provider: str) -> list[Holding]:
    return [one for one in roster.holdings_of(person) if one.role in roles and one.provider == provider]


def _holders(roster: Roster, role: str, provider: str, home: str | None, at: datetime) -> tuple[str, ...]:
    """Who holds it there; for the whole provider, only those who hold it for all of its homes."""
    found = roster.holders(role, provider, home, at)
    if home is not None:
        return found
    whole = {one.person for person in found for one in roster.holdings_of(person)
             if one.role == role and one.home is None and _lasts(one, at)}  # fmt: skip
    return tuple(one for one in found if one in whole)


def _oversees(role: Role) -> bool:
    return not role.outside and role.sees == "home" and role.one_per != "client"


def _lasts(one: Holding, at: datetime) -> bool:
    return one.until is None or one.until > at


def _joined(spans: Iterable[tuple[datetime, datetime | None]]) -> list[tuple[datetime, datetime | None]]:
    """Stretches of time in order, those that touch joined."""
    found: list[tuple[datetime, datetime | None]] = []
    for since, until in sorted(spans, key=lambda span: span[0]):
        last = found[-1] if found else None
        if last and (last[1] is None or since <= last[1]):
            found[-1] = last[0], None if last[1] is None or until is None else max(last[1], until)
        elif until is None or until > since:
            found.append((since, until))
    return found
