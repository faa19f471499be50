"""A service's own copy of who is who, and of the days proclaimed, kept from the directory's facts; how fresh it is.

Each change has a version that counts up by one; a gap is closed with a snapshot. Freshness is real elapsed time since
the directory last said that it stands where the copy stands: with a copy too old, exclusions fail closed.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, delete, select, update

from heard.proclaimed import Proclamations
from heard.roster import Absence, Holding, OnCall, Person, Relation, Roster
from services.chassis.errors import Stale
from services.chassis.rows import add_new, put
from services.chassis.tables import HOUSE
from services.chassis.work import Fact, Work

if TYPE_CHECKING:
    from services.chassis.house import House

LOOK = 0.5  # seconds for which the last look at the version holds
Entries = Mapping[str, Mapping[str, Any]]

_SAYS_WHOSE = {"provider": "operator", "home": "operator", "person": "operator", "contact": "operator",
               "holding": "person", "absence": "person", "on_call": "person"}  # fmt: skip
"""Where an entry says whose it is: the operator, or a person who is one's."""


class PeopleCopy:
    """Who is who, as one service knows it."""

    def __init__(self, house: House) -> None:
        self.house = house
        self._looked = float("-inf")
        self._version, self._wanted = -1, 0
        self._confirmed: datetime | None = None
        self._loaded = -1
        self._entries: dict[str, dict[str, dict[str, Any]]] = {}
        self._slugs: dict[str, str] = {}
        self._roster = Roster()
        self._days = Proclamations()

    # -- asking

    def roster(self, *, even_if_stale: bool = False) -> Roster:
        """The people as decisions need them. Raises ``Stale`` when the directory has not confirmed the copy lately."""
        self._refresh()
        if not even_if_stale and self.age() > self.house.settings.stale_after:
            raise Stale
        return self._roster

    def as_kept(self, conn: Connection) -> Roster:
        """The people as they stand in this very transaction: what a change that is just being taken in leaves."""
        copy = HOUSE.directory_copy
        entries: dict[str, dict[str, dict[str, Any]]] = {}
        for row in conn.execute(select(copy.c.kind, copy.c.id, copy.c.data)):
            entries.setdefault(row.kind, {})[row.id] = {"id": row.id} | row.data
        return roster_of(entries)

    def roster_version(self, conn: Connection) -> int:
        """The version that the roster has, or will have, by what stands in this very transaction."""
        version = conn.execute(select(HOUSE.directory_state.c.version)).scalar() or 0
        copy = HOUSE.directory_copy
        days = conn.execute(select(copy.c.data).where(copy.c.kind == "bank_holiday")).scalars()
        return int(version) - Proclamations.of(days).version

    def groups_of(self, conn: Connection, entries: Sequence[Mapping[str, Any]]) -> frozenset[str] | None:
        """The operators whose homes these changes can concern; None when that cannot be said of one of them."""
        if any(one["data"] is None or one["kind"] not in _SAYS_WHOSE for one in entries):
            return None
        said = [(_SAYS_WHOSE[one["kind"]], one["data"]) for one in entries]
        copy, people = HOUSE.directory_copy, {data["person"] for key, data in said if key == "person"}
        asked = select(copy.c.id, copy.c.data).where(copy.c.kind == "person", copy.c.id.in_(people))
        known = {row.id: row.data.get("operator") for row in conn.execute(asked)}
        groups = [known.get(data["person"]) if key == "person" else data.get(key) for key, data in said]
        return None if None in groups else frozenset(map(str, groups))

    def age(self) -> float:
        """Real seconds since the directory confirmed this copy; infinite when it never did."""
        self._refresh()
        return (datetime.now(UTC) - self._confirmed).total_seconds() if self._confirmed else float("inf")

    def version(self) -> int:
        """The version at which this copy stands."""
        self._refresh()
        return max(self._version, 0)

    def behind(self) -> bool:
        """Whether the directory is known to be further than this copy."""
        self._refresh()
        return self._wanted > self._version

    def days(self, at_least: int = 0) -> Proclamations:
        """The bank holidays proclaimed after the published ones: looked up anew if not known up to that version."""
        self._refresh()
        if self._days.version < at_least:
            self._looked = float("-inf")
            self._refresh()
        return self._days

    def entries(self, kind: str) -> Entries:
        """All entries of a kind (operator, provider, home, person, contact ...), by id."""
        self._refresh()
        return self._entries.get(kind, {})

    def entry(self, kind: str, entry_id: str) -> Mapping[str, Any] | None:
        """One entry with its id in it, or None."""
        return self.entries(kind).get(entry_id)

    def home(self, slug_or_id: str) -> Mapping[str, Any] | None:
        """A home by its public slug or its id, or None: looked up anew if not known, it may just have been opened."""
        found = self._home(slug_or_id)
        if found is None:
            self._looked = float("-inf")
            found = self._home(slug_or_id)
        return found

    def _home(self, slug_or_id: str) -> Mapping[str, Any] | None:
        homes = self.entries("home")
        return homes.get(slug_or_id) or homes.get(self._slugs.get(slug_or_id, ""))

    # -- keeping

    def take_changes(self, work: Work, facts: Sequence[Fact]) -> list[dict[str, Any]]:
        """Apply the changes that follow on without a gap; returns the entries that changed."""
        version, wanted, confirmed = self._state(work.conn)
        changed: list[dict[str, Any]] = []
        for fact in sorted(facts, key=lambda fact: int(fact.body["version"])):
            said = int(fact.body["version"])
            wanted = max(wanted, said)
            if said == version + 1:
                version = said
                changed += fact.body["entries"]
                confirmed = max(filter(None, (confirmed, fact.published_at)))
        self._store(work.conn, changed, version)
        self._note(work.conn, version, wanted, confirmed)
        return changed

    def take_confirmations(self, work: Work, facts: Sequence[Fact]) -> None:
        """Note until when the copy is known to be fresh, or that it is behind."""
        version, wanted, confirmed = self._state(work.conn)
        for fact in facts:
            said = int(fact.body["version"])
            wanted = max(wanted, said)
            if said <= version:
                confirmed = max(filter(None, (confirmed, fact.published_at)))
        self._note(work.conn, version, wanted, confirmed)

    def take_snapshot(self, work: Work, snapshot: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Apply what the directory answered to "what is new since": ``{version, entries, whole}``."""
        version, wanted, _ = self._state(work.conn)
        said = int(snapshot["version"])
        if said < version:  # facts overtook the answer
            return []
        entries: list[dict[str, Any]] = list(snapshot["entries"])
        if snapshot["whole"]:
            work.conn.execute(delete(HOUSE.directory_copy))
        self._store(work.conn, entries, said)
        self._note(work.conn, said, max(wanted, said), datetime.now(UTC))
        return entries

    # -- within

    def _state(self, conn: Connection) -> tuple[int, int, datetime | None]:
        state = HOUSE.directory_state
        add_new(conn, state, [{"id": 1, "version": 0, "wanted": 0}], state.c.id)
        row = conn.execute(select(state).with_for_update()).one()
        return row.version, row.wanted, row.confirmed_at

    def _note(self, conn: Connection, version: int, wanted: int, confirmed: datetime | None) -> None:
        conn.execute(update(HOUSE.directory_state).values(version=version, wanted=wanted, confirmed_at=confirmed))
        self._looked = float("-inf")

    def _store(self, conn: Connection, entries: Sequence[Mapping[str, Any]], version: int) -> None:
        copy = HOUSE.directory_copy
        latest = {(entry["kind"], entry["id"]): entry["data"] for entry in entries}
        rows = [
            {"kind": kind, "id": entry_id, "data": dict(data), "version": version}
            for (kind, entry_id), data in latest.items()
            if data is not None
        ]
        if rows:
            put(conn, copy, rows)
        for (kind, entry_id), data in latest.items():
            if data is None:
                conn.execute(delete(copy).where(copy.c.kind == kind, copy.c.id == entry_id))

    def _refresh(self) -> None:
        if time.monotonic() - self._looked < LOOK:
            return
        state, copy = HOUSE.directory_state, HOUSE.directory_copy
        with self.house.db.reading() as conn:
            row = conn.execute(select(state)).first()
            self._looked = time.monotonic()
            version, wanted, confirmed = (row.version, row.wanted, row.confirmed_at) if row else (0, 0, None)
            rows = conn.execute(select(copy.c.kind, copy.c.id, copy.c.data)).all() if version != self._loaded else None
        self._wanted, self._confirmed = wanted, confirmed
        if rows is not None:
            entries: dict[str, dict[str, dict[str, Any]]] = {}
            for found in rows:
                entries.setdefault(found.kind, {})[found.id] = {"id": found.id} | found.data
            self._entries = entries
            self._slugs = {str(home.get("slug")): home_id for home_id, home in entries.get("home", {}).items()}
            self._days = Proclamations.of(entries.get("bank_holiday", {}).values())
            # Each turn of the calendar is a change of its own, and no reason to choose anybody again.
            self._roster = roster_of(entries, version - self._days.version, confirmed)
            self._loaded = version
        self._version = version


def roster_of(
    entries: Mapping[str, Mapping[str, Mapping[str, Any]]], version: int = 0, as_of: datetime | None = None
) -> Roster:
    """The roster that entries (by kind, then by id, each with its id in it) make."""

    def of(kind: str) -> list[Mapping[str, Any]]:
        return list(entries.get(kind, {}).values())

    return Roster(
        people=[
            Person(
                id=one["id"],
                operator=one.get("operator"),
                name=one.get("name", ""),
                works_for=tuple(one.get("works_for") or ()),
                outside=bool(one.get("outside")),
            )
            for one in of("person")
        ],
        holdings=[
            Holding(
                one["person"], one["role"], one.get("provider"), one.get("home"), *_span(one),
                reads_safeguarding=bool(one.get("reads_safeguarding")),
            )
            for one in of("holding")
        ],
        absences=[Absence(one["person"], *_span(one)) for one in of("absence")],
        on_call=[
            OnCall(one["person"], one["role"], *_span(one), one.get("provider"), one.get("home"))
            for one in of("on_call")
        ],
        relations=[Relation(one["kind"], one["a"], one["b"]) for one in of("relation")],
        version=version,
        as_of=as_of,
    )


def _span(entry: Mapping[str, Any]) -> tuple[datetime | None, datetime | None]:
    since, until = entry.get("since"), entry.get("until")
    return (datetime.fromisoformat(since) if since else None, datetime.fromisoformat(until) if until else None)
