"""The one place where the ledger of a case grows.

A ``Desk`` is one transaction's worth of work. Cases are taken up (locked, replayed) or opened on it, rows are written
on them, and ``put_away`` stores everything at once: the rows, what follows from them (who handles it, who may see it,
what is due, when it wakes), and the fact that tells the other services. Many cases cost few statements.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from heard.casefile import CaseState, replay
from heard.clock import reckon
from heard.commands import Actor, Asked
from heard.derivation import Due
from heard.ledger import Happening, NewHappening, number, to_json
from heard.people import Roster, viewers
from heard.procedure import Procedure
from services.chassis.errors import Conflict, Stale
from services.chassis.house import House
from services.chassis.work import Work
from services.workflow import casebook, handing_on, kept, lateness, linking, new_days, registering, routing, sealed
from services.workflow.finding import kinds_and_categories
from services.workflow.handing_on import Raised, Written
from services.workflow.linking import NEVER_ROUTED
from services.workflow.writing_to_us import whom_it_concerns

QUIET = frozenset({"told", "answered", "could_not_tell", "had_seen", "calendar_changed"})
"""Rows that change nothing on which somebody decides: no reason to make them look again."""


@dataclass(slots=True)
class Letter:
    """Words of row ``seq`` that go out to somebody."""

    seq: int
    to: str
    text: str


@dataclass(slots=True)
class CaseFile:
    """One case on the desk: what it is, what is so in it now, and what was added since it was taken up."""

    id: str
    report_id: str
    reference: str
    operator: str
    provider: str
    home: str
    received_at: datetime
    procedure: Procedure
    state: CaseState
    stored_seq: int = 0
    told_seq: int = 0
    """The last row that other services know of: none while nobody but the cleared lead may know of the case."""
    heard_seq: int = 0
    roster_version: int = NEVER_ROUTED
    days_version: int = 0
    """The calendar by which its days were last reckoned."""
    counts_until: datetime | None = None
    terms_version: int = 0
    """The way in which what it is found by was last written."""
    found_by: frozenset[tuple[str, str]] = frozenset()
    """Its kind and categories when it was taken up."""
    wakes_at: datetime | None = None
    hears: str | None = None  # whom it concerns when whoever complained writes
    touched: bool = False
    new: list[Happening] = field(default_factory=list)
    letters: list[Letter] = field(default_factory=list)
    raised: list[Raised] = field(default_factory=list)
    written: list[Written] = field(default_factory=list)

    @property
    def place(self) -> dict[str, str]:
        """The tenant, the provider and the home."""
        return {"operator": self.operator, "provider": self.provider, "home": self.home}

    @property
    def condition(self) -> str:
        """open, passed_on or closed."""
        if self.state.closed_at is not None:
            return "closed"
        return "passed_on" if self.state.passed_to else "open"


class Desk:
    """The cases of one transaction. ``put_away`` must be called before the transaction ends."""

    def __init__(self, house: House, work: Work) -> None:
        self.house, self.work, self.now = house, work, work.now
        self.files: dict[str, CaseFile] = {}
        try:
            self.roster: Roster | None = house.roster()
        except Stale:
            self.roster = None  # nobody is chosen and nobody is shown anything by an old list
        self.days = house.who.days()

    def lay(self, file: CaseFile) -> CaseFile:
        """Put a case that is being opened on the desk."""
        file.days_version = self.days.version
        self.files[file.id] = file
        return file

    def take_up(self, case_ids: Iterable[str]) -> dict[str, CaseFile]:
        """The cases of these ids that exist, locked and replayed, by id."""
        wanted = sorted({one for one in case_ids if one not in self.files})
        self._lay_all(casebook.lock_cases(self.work.conn, wanted))
        return {one: self.files[one] for one in case_ids if one in self.files}

    def take_up_reports(self, report_ids: Iterable[str]) -> dict[str, list[CaseFile]]:
        """The cases that grew out of these reports (usually one each), locked and replayed, by report."""
        reports = set(report_ids)
        self._lay_all(casebook.lock_cases_of_reports(self.work.conn, sorted(reports)))
        self.take_up(casebook.cases_of_reports(self.work.conn, sorted(reports)))  # opened while we waited for the first
        found: dict[str, list[CaseFile]] = {}
        for file in self.files.values():
            if file.report_id in reports:
                found.setdefault(file.report_id, []).append(file)
        return found

    def _lay_all(self, rows: Sequence[Any]) -> None:
        rows = [row for row in rows if row.id not in self.files]
        ledgers = casebook.ledgers(self.work.conn, [row.id for row in rows])
        self.days = self.house.who.days(max((row.days_version for row in rows), default=0))  # never by older ones
        for row in rows:
            state = replay(self.house.procedures.pinned(row.procedure_version), ledgers[row.id])
            self.files[row.id] = CaseFile(
                id=row.id, report_id=row.report_id, reference=row.reference, operator=row.operator,
                provider=row.provider, home=row.home, received_at=row.received_at, procedure=state.procedure,
                state=state, stored_seq=row.seq, heard_seq=row.heard_seq, roster_version=row.roster_version,
                days_version=row.days_version, terms_version=row.terms_version, hears=row.hears,
            )  # fmt: skip
            file = self.files[row.id]
            file.told_seq = file.stored_seq if _is_told(file.state) else 0
            file.found_by = kinds_and_categories(file.state)

    def expect(self, file: CaseFile, expected_seq: int | None) -> None:
        """Raise Conflict unless the case still stands where the person saw it, but for letters handed over since."""
        since = [] if expected_seq is None else file.state.ledger[expected_seq:]
        if (expected_seq or 0) > file.state.seq or any(row.event not in QUIET for row in since):
            raise Conflict(expected=expected_seq, actual=file.state.seq)

    def write(self, file: CaseFile, new: Sequence[NewHappening]) -> tuple[Happening, ...]:
        """Add rows to a case, and open the second cases they ask for; they count at once for whatever is asked next."""
        rows = number(linking.with_ids(new), file.state.seq, self.now)
        for row in rows:
            file.state = file.state.then(row) if file.state.seq else replay(file.procedure, [row])
        file.new.extend(rows)
        file.touched = True
        linking.lay_opened(self, file, rows)
        return rows

    def asked(self, file: CaseFile, name: str, data: Mapping[str, Any] | None = None, by: Actor | None = None) -> Asked:
        """Something asked of a case, with everything it is judged by."""
        actor = by or Actor("system")
        calendars, roster = self.house.calendars(file.procedure, self.days), self.roster or Roster()
        return Asked(file.state, name, data or {}, actor, self.now, calendars, roster)

    def actor(self, file: CaseFile, person_id: str) -> Actor:
        """A member of staff with the roles they hold for this case's home: not those of another home."""
        roles = (self.roster or Roster()).roles_of(person_id, self.now, file.provider, file.home)
        return Actor(person_id, roles)

    def seal_words(self, file: CaseFile, words_id: str, sort: str, texts: dict[str, str]) -> None:
        """Keep what somebody wrote in a case, sealed under the case's key."""
        vault, conn = self.house.vault, self.work.conn
        kept.keep_words(conn, [sealed.written_here(vault, conn, file.id, words_id, sort, self.now, texts)])

    def dues(self, file: CaseFile) -> tuple[Due, ...]:
        """What is owed in a case now."""
        return reckon(file.state, self.house.calendars(file.procedure, self.days), self.now)

    def look_again(self, case_ids: Sequence[str]) -> int:
        """Settle these cases anew and put them away; how many there were."""
        found = self.take_up(case_ids)
        for file in found.values():
            file.touched = True
        self.put_away()
        return len(found)

    def let_rest(self, case_id: str, until: datetime) -> None:
        """Let nothing fall due until then in a case whose dates cannot be reckoned; who may see it is seen to."""
        for file in self.take_up([case_id]).values():
            casebook.show(self.work.conn, {file.id: self._viewers(file)})
            version = self.roster.version if self.roster else NEVER_ROUTED
            casebook.let_rest(self.work.conn, file.id, until, version)

    # ------------------------------------------------------------ putting away

    def put_away(self) -> None:
        """Choose people, let fall due what has fallen due, store, and tell the other services. All or nothing."""
        touched = [file for file in self.files.values() if file.touched]
        shown: dict[str, dict[str, str]] = {}
        owed: list[tuple[CaseFile, list[Due]]] = []
        for file in touched:
            routed_by = file.roster_version
            dues = self._settle(file)
            owed.append((file, [due for due in dues if lateness.is_owed(due, file.state)]))
            file.wakes_at = lateness.wakes_at(file.state, dues, file.received_at, self._alarm_after)
            file.counts_until = new_days.counts_until(dues, self.now)
            if kinds_and_categories(file.state) != file.found_by:
                file.terms_version = 0  # a tick writes anew what it is found by
            file.hears = whom_it_concerns(file.state, self.roster, self.now) if self.roster else file.hears
            quiet = bool(file.new) and all(row.event in QUIET for row in file.new)
            if not quiet or file.roster_version != routed_by:
                shown[file.id] = self._viewers(file)
        casebook.store(self.work, touched)
        casebook.show(self.work.conn, shown)
        casebook.keep_due_lines(self.work.conn, owed)
        for file in touched:
            if file.new and _is_told(file.state):
                self.work.publish("case_advanced", self._advanced(file))
        for file in self.files.values():
            handing_on.hand_on(self.work, file)

    @property
    def _alarm_after(self) -> timedelta:
        return lateness.alarm_after(self.house.settings.page_after)

    def _settle(self, file: CaseFile) -> tuple[Due, ...]:
        """People first, then whatever fell due: each step may call for the other, so until nothing is left to do."""
        self.write(file, self._other_days(file))
        if not file.state.screened:
            alarm = lateness.unscreened(file.state, file.received_at, self._alarm_after, self.roster, self.now)
            if alarm:
                self.write(file, alarm)
            return self.dues(file) if alarm else ()
        while True:
            if self.roster is not None:
                self.write(file, routing.choose(file.state, self.roster, self.now))
                self.write(file, self._what_they_saw(file))
                self.write(file, registering.register(self, file))
                file.roster_version = self.roster.version
            else:
                file.roster_version = NEVER_ROUTED
            dues = self.dues(file)
            steps = lateness.steps(file.state, dues, self.roster, self.now)
            if not steps:
                return dues
            taken = self.write(file, steps)
            file.raised += lateness.raised(taken)
            if self.roster is not None:
                calendars = self.house.calendars(file.procedure, self.days)
                self.write(file, lateness.closing(file.state, taken, self.roster, calendars, self.now))

    def _other_days(self, file: CaseFile) -> list[NewHappening]:
        """What it meant for this case that days were proclaimed, or taken back, since it was last reckoned."""
        turns, before = self.days.since(file.days_version), file.days_version
        file.days_version = self.days.version
        if not turns:
            return []
        then = self.house.calendars(file.procedure, self.days, before)
        return new_days.changed(file.state, then, self.house.calendars(file.procedure, self.days), turns, self.now)

    def _what_they_saw(self, file: CaseFile) -> list[NewHappening]:
        """For each person who turned out to be complained of: what they had looked at until then, once."""
        if not any(row.event in ("named", "stood_down") for row in file.new):
            return []
        noted = {moment.data.get("person") for moment in file.state.all("had_seen")}
        rows: list[NewHappening] = []
        for subject in file.state.subjects.values():
            if subject.person and subject.person not in noted:
                seen = kept.reads_of(self.work.conn, file.id, subject.person)
                if seen:
                    rows.append(routing.had_seen(subject.person, seen, self.now))
        return rows

    def _viewers(self, file: CaseFile) -> dict[str, str]:
        if self.roster is None or not _is_told(file.state):
            return {}
        holders = {one.who for one in file.state.assignments if one.stood_down is None}
        may_see = viewers(file.procedure, file.state, self.roster, self.now)
        return {person: "assigned" if person in holders else "role" for person in may_see}

    def _advanced(self, file: CaseFile) -> dict[str, Any]:
        vault, conn = self.house.vault, self.work.conn
        return {
            **file.place,
            "case_id": file.id,
            "reference": file.reference,
            "procedure_version": file.procedure.version,
            "stage": file.state.stage, "hears": file.hears,
            "happenings": [to_json(row) for row in file.state.ledger[file.told_seq :]],
            "letters": [
                {"seq": one.seq, "to": one.to, "words": sealed.letter(vault, conn, file.id, one.text)}
                for one in file.letters
            ],
        }


def _is_told(state: CaseState) -> bool:
    """Whether other services hear of a case yet: once it is screened, or once it waited for that too long.

    Until then there is nothing that they could do with its rows; the first fact brings them all.
    """
    return state.screened or bool(state.fired)
