"""Who is who at one moment: persons, the roles they hold, who is away, on call, married to or managed by whom.

Owns the immutable copy of the directory that every decision about people is made with; `people.py` resolves a
procedure's words on it. It knows nothing of cases.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with an id. `works_for` are the organisations that employ them; `outside`: none of the provider's."""

    id: str
    operator: str | None
    name: str
    works_for: tuple[str, ...] = ()
    outside: bool = False


@dataclass(frozen=True, slots=True)
class Holding:
    """A role held at a home, or everywhere at a provider (`home` None), or in the whole group (`provider` None too)."""

    person: str
    role: str
    provider: str | None = None
    home: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    reads_safeguarding: bool = False
    """Of somebody who only looks in: whether they also read what was said where there is a safeguarding concern."""


@dataclass(frozen=True, slots=True)
class Absence:
    """A time in which somebody is away and is passed over."""

    person: str
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class OnCall:
    """A time in which somebody answers first for a role."""

    person: str
    role: str
    since: datetime | None = None
    until: datetime | None = None
    provider: str | None = None
    home: str | None = None


@dataclass(frozen=True, slots=True)
class Relation:
    """A fact between a person and a person or a thing.

    `spouse_or_partner` (a and b), `manages` (a manages b), `manages_the_service` (b: a home or provider),
    `employee`, `director`, `elected_member` (b: the provider), and `employed_until`, `elected_until`,
    `directed_until` (b: an ISO date).
    """

    kind: str
    a: str
    b: str


class Roster:
    """An immutable copy of who is who, with indexes. `version` and `as_of` say which one it is."""

    __slots__ = (
        "_absences",
        "_by_person",
        "_by_role",
        "_on_call",
        "_related",
        "as_of",
        "people",
        "relations",
        "version",
    )

    def __init__(
        self,
        people: Iterable[Person] | Mapping[str, Person] = (),
        holdings: Iterable[Holding] = (),
        absences: Iterable[Absence] = (),
        on_call: Iterable[OnCall] = (),
        relations: Iterable[Relation] = (),
        version: int = 0,
        as_of: datetime | None = None,
    ) -> None:
        listed = people.values() if isinstance(people, Mapping) else people
        self.people: Mapping[str, Person] = {person.id: person for person in listed}
        self.relations = tuple(relations)
        self.version, self.as_of = version, as_of
        self._by_role: dict[str, list[Holding]] = {}
        self._by_person: dict[str, list[Holding]] = {}
        for holding in holdings:
            self._by_role.setdefault(holding.role, []).append(holding)
            self._by_person.setdefault(holding.person, []).append(holding)
        self._absences: dict[str, list[Absence]] = {}
        for absence in absences:
            self._absences.setdefault(absence.person, []).append(absence)
        self._on_call = tuple(on_call)
        self._related: dict[tuple[str, str], set[str]] = {}
        for relation in self.relations:
            self._related.setdefault((relation.kind, relation.a), set()).add(relation.b)
            if relation.kind == "spouse_or_partner":
                self._related.setdefault((relation.kind, relation.b), set()).add(relation.a)

    def holders(self, role: str, provider: str | None, home: str | None, at: datetime) -> tuple[str, ...]:
        """Who holds a role for that home at that time: those of the home, of the provider, then of the group."""
        found = [
            (_nearness(holding, home), n, holding.person)
            for n, holding in enumerate(self._by_role.get(role, ()))
            if _at(holding.since, holding.until, at) and _covers(holding.provider, holding.home, provider, home)
        ]
        on_call = self.on_call(role, provider, home, at)
        ordered = [person for _, _, person in sorted(found)]
        return tuple(dict.fromkeys([*(one for one in on_call if one in ordered), *ordered]))

    def on_call(self, role: str, provider: str | None, home: str | None, at: datetime) -> tuple[str, ...]:
        """Who answers first for a role at that time."""
        return tuple(
            duty.person
            for duty in self._on_call
            if duty.role == role
            and _at(duty.since, duty.until, at)
            and _covers(duty.provider, duty.home, provider, home)
        )

    def roles_of(
        self, person: str, at: datetime, provider: str | None = None, home: str | None = None
    ) -> tuple[str, ...]:
        """The roles somebody holds at that time: at that provider, and for that home, if they are given."""
        return tuple(dict.fromkeys(holding.role for holding in self.holdings_at(person, at, provider, home)))

    def is_away(self, person: str, at: datetime) -> bool:
        """Whether somebody is away at that time."""
        return any(_at(absence.since, absence.until, at) for absence in self._absences.get(person, ()))

    def related(self, kind: str, a: str) -> frozenset[str]:
        """Everything that stands in that relation to `a`."""
        return frozenset(self._related.get((kind, a), ()))

    def managers_of(self, person: str) -> tuple[str, ...]:
        """Who manages somebody."""
        return tuple(relation.a for relation in self.relations if relation.kind == "manages" and relation.b == person)

    def employer_of(self, person: str, provider: str | None) -> str | None:
        """Who employs somebody, seen from that provider: "provider", "other_organisation", or None if nobody knows."""
        known = self.people.get(person)
        if known is None or not (known.works_for or known.outside):
            return None
        return "provider" if provider in known.works_for else "other_organisation"

    def was_until(self, kind: str, person: str) -> tuple[date, ...]:
        """The dates on which an earlier tie (`employed_until` ...) of somebody ended."""
        return tuple(date.fromisoformat(text[:10]) for text in self.related(kind, person))

    def holdings_at(self, person: str, at: datetime, provider: str | None, home: str | None) -> tuple[Holding, ...]:
        """What somebody holds at that time that covers that home."""
        return tuple(
            holding for holding in self._by_person.get(person, ())
            if _at(holding.since, holding.until, at) and _covers(holding.provider, holding.home, provider, home)
        )  # fmt: skip

    def holdings_of(self, person: str) -> tuple[Holding, ...]:
        """Every role somebody holds or held."""
        return tuple(self._by_person.get(person, ()))


def _at(since: datetime | None, until: datetime | None, at: datetime) -> bool:
    return (since is None or since <= at) and (until is None or at < until)


def _covers(provider: str | None, home: str | None, case_provider: str | None, case_home: str | None) -> bool:
    return (provider is None or case_provider is None or provider == case_provider) and (
        home is None or case_home is None or home == case_home
    )


def _nearness(holding: Holding, home: str | None) -> int:
    return 0 if holding.home is not None and holding.home == home else 1 if holding.provider is not None else 2
