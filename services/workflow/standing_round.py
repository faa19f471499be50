"""What happens by itself with standing duties: books begin and end, versions change, people are reminded.

Every place of the directory has a book. It is looked at again when something in it falls due, when who is who changes,
and when its provider's procedure has another version. A reminder is a row of the book and a fact for notifications, in
one transaction; what the rows say has been reminded is not reminded again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row

from heard.instants import london_day, moment_of
from heard.ledger import Happening, NewHappening
from heard.procedure import Procedure
from heard.registry import UnknownProcedure
from heard.roster import Roster
from heard.standing_duties import Line, standing
from heard.standing_people import owed_by, staff_of, turns_of, who_sees, works_at
from heard.standing_times import Book
from services.chassis.errors import Stale
from services.chassis.house import House
from services.chassis.work import Work
from services.workflow import standing_books as kept
from services.workflow.waking import UNRECKONABLE

AT_ONCE = 20
"""How many books one tick looks at."""
_RESTS = timedelta(hours=1)
_PATIENCE = timedelta(hours=1)
"""Whoever writes down that a young person came writes down next that they were told: nobody is reminded in between."""
SOON, LATE = "soon", "late"

Place = tuple[str, str]
"""A provider and one of its homes; "" for the provider as a whole."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A place that stands under a procedure; `until` is the day on which a home closes.

    `version` is None while no version of its procedure is in force here: it goes on by the one that it had.
    """

    operator: str
    version: str | None
    until: datetime | None = None


def go_round(house: House) -> int:
    """Begin, end and look again at what needs it; how many books that were. 0 while nobody knows who is who."""
    try:
        roster = house.roster()
    except Stale:
        return 0
    now, wanted = house.clock.now(), places(house)
    with house.db.reading() as conn:
        rows = kept.in_use(conn)
    here = {(row.provider, row.home) for row in rows}
    lacking = {place: one.version for place, one in wanted.items() if place not in here and not _over(one, now)}
    missing = [(place, version) for place, version in lacking.items() if version][:AT_ONCE]
    for (provider, home), version in missing:
        place = {"operator": wanted[provider, home].operator, "provider": provider, "home": home}
        with house.working() as work:
            kept.begin(work, place, version)
    again = [row.id for row in rows if _needs_a_look(row, wanted.get((row.provider, row.home)), roster, now)][:AT_ONCE]
    for book_id in again:
        _alone(house, roster, wanted, book_id)
    return len(missing) + len(again)


def look(house: House, work: Work, row: Row[Any], roster: Roster, wanted: Wanted | None, written: int = 0) -> None:
    """Bring a locked book up to date: its end, its version, whom it reminds, who reads it, when it wakes again.

    `written`: how many rows it grew by in this transaction.
    """
    seq = row.seq + written
    ledger = kept.ledger_of(work.conn, row.id)
    rows = list(_turns(row, wanted, work.now))
    if rows:
        ledger += kept.write(work, row, seq, rows)
        seq += len(rows)
    version = next(one.data["version"] for one in reversed(ledger) if "version" in one.data)
    ended = next((one.at for one in ledger if one.event == "ended"), None)
    procedure = house.procedures.pinned(version)
    lines = lines_of(house, row, ledger, roster, work.now)
    calls = [] if ended else list(_calls(row, procedure, lines, ledger, roster, work.now))
    if calls:
        for one in kept.write(work, row, seq, calls):
            work.publish("standing_duty_reminded", _fact(row, version, one))
        seq += len(calls)
    viewers = who_sees(roster, procedure, row.operator, row.provider, row.home or None, work.now)
    kept.settle(
        work.conn, row.id, viewers, seq=seq, procedure_version=version, ended_at=ended, roster_version=roster.version,
        wakes_at=None if ended else _wakes_at(row, lines, ledger, roster, wanted, work.now),
        owed=[] if ended else [_owed(row, line, procedure, roster, work.now) for line in lines if line.is_open],
    )  # fmt: skip


def lines_of(
    house: House, row: Row[Any], ledger: Sequence[Happening], roster: Roster, now: datetime
) -> tuple[Line, ...]:
    """What is and was owed in a book. Raises PastKnownYears."""
    named = {str(one.data["version"]) for one in ledger if "version" in one.data}
    procedures = {version: house.procedures.pinned(version) for version in named}
    latest = next(str(one.data["version"]) for one in reversed(ledger) if "version" in one.data)
    staff = () if row.home else staff_of(roster, procedures[latest], row.provider, ledger[0].at)
    return standing(Book(ledger, bool(row.home), staff), procedures, house.calendars, now)


def place_of(row: Row[Any], line: Line, procedure: Procedure, roster: Roster, now: datetime) -> str | None:
    """The home whose people see to it: the book's own, or the one at which that member of staff works."""
    if row.home or line.rule.per != "staff" or line.whom is None:
        return row.home or None
    homes = works_at(roster, procedure, line.whom, row.provider, now)
    return next(iter(homes)) if len(homes) == 1 else None


# ---------------------------------------------------------------- which places there are


def places(house: House) -> dict[Place, Wanted]:
    """Every provider and home of the directory with the version of its procedure that is in force today."""
    found: dict[Place, Wanted] = {}
    today = london_day(house.clock.now())
    for key, provider in house.who.entries("provider").items():
        try:
            version: str | None = house.procedures.in_force(provider["procedure"], today).version
        except UnknownProcedure:
            version = None
        found[key, ""] = Wanted(provider["operator"], version)
    for key, home in house.who.entries("home").items():
        whole = found.get((home["provider"], ""))
        if whole is not None:
            closes = moment_of(home["closed_at"]) if home.get("closed_at") else None
            found[home["provider"], key] = Wanted(home["operator"], whole.version, closes)
    return found


def _over(wanted: Wanted, now: datetime) -> bool:
    return wanted.until is not None and wanted.until <= now


def _needs_a_look(row: Row[Any], wanted: Wanted | None, roster: Roster, now: datetime) -> bool:
    woken = row.wakes_at is not None and row.wakes_at <= now
    changed = wanted is None or wanted.version not in (None, row.procedure_version)
    return woken or changed or row.roster_version != roster.version


def _alone(house: House, roster: Roster, wanted: Mapping[Place, Wanted], book_id: str) -> None:
    """One book in a transaction of its own; one that cannot be reckoned rests for an hour, loudly."""
    try:
        with house.working() as work:
            row = kept.lock(work.conn, book_id, wait=False)
            if row is not None and row.ended_at is None:
                look(house, work, row, roster, wanted.get((row.provider, row.home)))
    except UNRECKONABLE as fault:
        house.log.error("standing_duties_cannot_be_reckoned", book=book_id, exc_info=fault)
        house.metrics.ticks_failed.labels("go_round").inc()
        with house.db.writing() as conn:
            kept.rest(conn, book_id, house.clock.now() + _RESTS, roster.version)


def _turns(row: Row[Any], wanted: Wanted | None, now: datetime) -> Iterator[NewHappening]:
    """That the place is gone or closed, or goes by another version from now on."""
    if wanted is None or _over(wanted, now):
        yield NewHappening("ended", wanted.until if wanted and wanted.until else now, "system")
    elif wanted.version not in (None, row.procedure_version):
        yield NewHappening("version_changed", now, "system", None, {"version": wanted.version})


# ---------------------------------------------------------------- who is reminded, and when it wakes again


def _calls(
    row: Row[Any], procedure: Procedure, lines: Sequence[Line], ledger: Sequence[Happening], roster: Roster,
    now: datetime,
) -> Iterator[NewHappening]:  # fmt: skip
    """Whom to remind of what, once when it is due soon and once when it is late; what is alike goes together."""
    fresh = _just_came(ledger, now)
    done = {(one.data["when"], key) for one in ledger if one.event == "reminded" for key in one.data["lines"]}
    groups: dict[tuple[str, str, str | None], list[Line]] = {}
    for line in lines:
        when = LATE if line.status == "late" else SOON if is_soon(line, now) else None
        if when and (when, line.key) not in done and line.whom not in fresh:
            groups.setdefault((line.rule.key, when, place_of(row, line, procedure, roster, now)), []).append(line)
    for (duty, when, home), these in groups.items():
        to = owed_by(these[0].rule, procedure, roster, row.operator, row.provider, home, now)
        if to:  # with nobody to remind it waits until the directory names somebody; the page shows it meanwhile
            said = {"duty": duty, "when": when, "home": home, "lines": [one.key for one in these], "to": list(to),
                    "due": min(one.due for one in these).isoformat()}  # fmt: skip
            yield NewHappening("reminded", now, "system", None, said)


def _just_came(ledger: Sequence[Happening], now: datetime) -> dict[str, datetime]:
    """The young people whose coming was written down a moment ago, with when that is over."""
    came = [one for one in ledger if one.data.get("young_person") and one.written_at + _PATIENCE > now]
    return {str(one.data["young_person"]): one.written_at + _PATIENCE for one in came}


def is_soon(line: Line, now: datetime) -> bool:
    """Whether it falls due so soon that whoever owes it has been reminded."""
    return line.status == "running" and line.remind_at is not None and line.remind_at <= now


def _fact(row: Row[Any], version: str, happening: Happening) -> dict[str, Any]:
    said = happening.data
    return {
        "operator": row.operator, "provider": row.provider, "home": said["home"] or row.home, "book_id": row.id,
        "seq": happening.seq, "procedure_version": version, "duty": said["duty"], "when": said["when"],
        "due": said["due"], "many": len(said["lines"]), "whom": said["to"], "at": happening.at.isoformat(),
    }  # fmt: skip


def _wakes_at(
    row: Row[Any], lines: Sequence[Line], ledger: Sequence[Happening], roster: Roster, wanted: Wanted | None,
    now: datetime,
) -> datetime | None:  # fmt: skip
    ahead = [at for line in lines if line.is_open for at in (line.remind_at, line.due_at) if at and at > now]
    ahead += turns_of(roster, (one.id for one in roster.people.values() if one.operator == row.operator), now)
    ahead += _just_came(ledger, now).values()
    if wanted and wanted.until and wanted.until > now:
        ahead.append(wanted.until)
    return min(ahead, default=None)


def _owed(row: Row[Any], line: Line, procedure: Procedure, roster: Roster, now: datetime) -> dict[str, Any]:
    """What is open, as the lists show it: ids and codes, and who owes it."""
    home = place_of(row, line, procedure, roster, now)
    return {
        "key": line.key, "duty": line.rule.key, "says": line.rule.says, "clause": list(line.rule.clause),
        "per": line.rule.per, "due": line.due.isoformat(), "due_at": line.due_at.isoformat(),
        "remind_at": line.remind_at.isoformat() if line.remind_at else None, "home": home,
        "owed_by": list(owed_by(line.rule, procedure, roster, row.operator, row.provider, home, now)),
    }  # fmt: skip
