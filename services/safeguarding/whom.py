"""Whom a report is about: names, roles and loose words held against the people of that home.

Step 2 of a complaint's journey, beside the screen. Pure. What is surely one person is said to be that person; what
could be several leaves them all as `might_be`, unidentified, until the safeguarding lead records who is meant. In doubt
it widens: a person too many is kept away for an hour, a person too few reads a complaint about themselves.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from rapidfuzz import fuzz

from heard.people import Roster
from heard.procedure import Procedure, Role
from heard.roster import Holding
from heard.vocabulary import LEAD
from services.safeguarding.names import EMPTY, SURE, called, is_like, named_in, parts, plainly
from services.screening.lexicon import the_lexicon

_ONLY_SAFEGUARDING = (LEAD, "deputy_safeguarding_lead")
_IN_CHARGE = frozenset({"manager", "boss", "charge", "owner", "head", "director", "runs"})
_CHARGE_ROLES = ("manager", "director", "registered", "head", "nominated")


@dataclass(frozen=True, slots=True)
class Subject:
    """Somebody complained about. `person` and `identified` when there is no doubt; else everybody it `might_be`."""

    subject: str
    person: str | None
    role: str | None
    identified: bool
    might_be: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """The form it has in facts and ledgers."""
        return {
            "subject": self.subject, "person": self.person, "role": self.role, "identified": self.identified,
            "might_be": list(self.might_be),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """The provider and home a report is about, at one time, with the people who hold roles there.

    `closed_at`: the home has closed. Then those who worked there on its last day may be meant as well as those who see
    to what is left: a complaint about the past is about the people of the past. `read_at`: the words are read later
    than `at`, out of an earlier log or because they came later. Then who works there by now may be meant as well: of
    some of them the directory only knows since when they were entered in it.
    """

    procedure: Procedure
    roster: Roster
    provider: str
    home: str
    at: datetime
    closed_at: datetime | None = None
    read_at: datetime | None = None

    def staff(self) -> dict[str, tuple[str, ...]]:
        """Everybody who holds a role at this home (or all over the provider), with their roles."""
        found: dict[str, tuple[str, ...]] = {}
        for person in self.roster.people:
            held = tuple(
                h.role
                for h in self.roster.holdings_of(person)
                if h.provider == self.provider and h.home in (None, self.home) and any(map(_during(h), self._moments()))
            )
            if held:
                found[person] = held
        return found

    def holders(self, role: str) -> tuple[str, ...]:
        """Who holds a role there at one of its moments."""
        found = (p for at in self._moments() for p in self.roster.holders(role, self.provider, self.home, at))
        return tuple(dict.fromkeys(found))

    def _moments(self) -> tuple[datetime, ...]:
        late = (self.read_at,) if self.read_at is not None and self.read_at > self.at else ()
        over = self.closed_at is not None and self.closed_at <= (self.read_at or self.at)
        last = (self.closed_at - _LAST_MOMENT,) if over and self.closed_at else ()
        return (self.at, *late, *last)


_LAST_MOMENT = timedelta(microseconds=1)
"""How long before it closed a home was last open."""


def _during(holding: Holding) -> Callable[[datetime], bool]:
    def lasts(at: datetime) -> bool:
        return (holding.since is None or holding.since <= at) and (holding.until is None or at < holding.until)

    return lasts


def whom(
    about: Sequence[Mapping[str, Any]], narrative: str, place: Place, *, flagged: bool, by_worker: bool
) -> tuple[Subject, ...]:
    """The subjects of a report.

    `about`: ``{subject, name?, role?, words?}`` as the reporter gave them. `flagged`: the screen raised something, so a
    first name alone identifies nobody. `by_worker`: the screen heard of somebody who works with children, so there is a
    subject even if nobody was named.
    """
    staff = place.staff()
    found = [_given(one, place, staff, flagged) for one in about if any(one.get(k) for k in ("name", "role", "words"))]
    if flagged:
        said = [person for person in named_in(narrative, place.roster, staff) if not _already(person, found)]
        found += [Subject(f"said_{n}", None, None, False, (person,)) for n, person in enumerate(said, 1)]
    if by_worker and not found:
        found.append(_meant(Subject("somebody", None, None, False, ()), narrative, place, staff))
    return tuple(found)


def _already(person: str, found: Iterable[Subject]) -> bool:
    return any(person == one.person or person in one.might_be for one in found)


def _given(one: Mapping[str, Any], place: Place, staff: Mapping[str, tuple[str, ...]], flagged: bool) -> Subject:
    key = str(one["subject"])
    name, words = str(one.get("name") or ""), str(one.get("words") or "")
    role = role_called(str(one.get("role") or ""), place.procedure)
    by_name = called(name, place.roster, staff)
    holders = place.holders(role.key) if role else ()
    both = [p for p in by_name if p in holders]
    full = len(parts(name)) > 1
    for certain, enough in ((both, True), (by_name, full or not flagged)):
        if len(certain) == 1 and enough and is_like(name, certain[0], place.roster):
            return Subject(key, certain[0], role.key if role else None, True, ())
    if role and not name and not words and len(holders) == 1:
        return Subject(key, holders[0], role.key, True, ())
    might_be = dict.fromkeys((*by_name, *holders))
    unsure = Subject(key, None, role.key if role else None, False, tuple(might_be))
    said = " ".join(filter(None, (words, name if not by_name else "", str(one.get("role") or "") if not role else "")))
    if words or not might_be:
        return _meant(unsure, said, place, staff, narrow=bool(name and not by_name and not words))
    return unsure


def _meant(
    unsure: Subject, said: str, place: Place, staff: Mapping[str, tuple[str, ...]], *, narrow: bool = False
) -> Subject:
    """Everybody whom loose words could mean: whose name or role they speak of, else everybody who works there."""
    lexicon = the_lexicon()
    plain = lexicon.plain(said)
    meant = dict.fromkeys(unsure.might_be)
    meant.update(dict.fromkeys(named_in(said, place.roster, staff)))
    roles = {role.key for role in place.procedure.roles if not role.outside and _speaks_of(plain, role)}
    if _IN_CHARGE & set(plain.split(" ")):
        roles |= {r.key for r in place.procedure.roles if any(word in r.key for word in _CHARGE_ROLES)}
    meant.update((p, None) for p, held in staff.items() if roles & set(held))
    if not meant and not narrow:
        outside = {role.key for role in place.procedure.roles if role.outside}
        meant.update((p, None) for p, held in staff.items() if not set(held) <= outside | set(_ONLY_SAFEGUARDING))
    return Subject(unsure.subject, None, unsure.role, False, tuple(meant))


def role_called(said: str, procedure: Procedure) -> Role | None:
    """The role that somebody means by these words: its key, its name, or what it is also called."""
    wanted = plainly(said)
    if not wanted:
        return None
    for role in procedure.roles:
        if wanted in {plainly(name) for name in (role.key, role.name, *role.also_called)}:
            return role
    names = [(name, role) for role in procedure.roles for name in (role.name, *role.also_called)]
    likeness, nearest = max(
        ((fuzz.ratio(wanted, plainly(name)), n) for n, (name, _) in enumerate(names)), default=(0, 0)
    )
    return names[nearest][1] if likeness >= SURE else None


def _speaks_of(plain: str, role: Role) -> bool:
    for name in (role.name, *role.also_called):
        telling = [word for word in plainly(name).split() if word not in EMPTY]
        if telling and all(re.search(rf"(?<!\S){re.escape(word)}s?(?!\S)", plain) for word in telling):
            return True
    return False
