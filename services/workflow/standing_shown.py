"""What people are shown of standing duties: the places that are theirs, one place with its reasons, the count.

Every question passes the wall (`standing_books`). A note is opened for whoever wrote it and for those who answer for
the place: it is about the work, and yet somebody may have written more than they should.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row

from heard.instants import london_day, months_on, start_of
from heard.ledger import Happening
from heard.procedure import Procedure
from heard.roster import Roster
from heard.standing_duties import Line
from heard.standing_people import owed_by, works_at
from heard.standing_rules import standing_rules
from heard.standing_times import valid, young_people
from services.chassis.errors import NotFound
from services.chassis.house import House
from services.workflow import sealed
from services.workflow import standing_books as books
from services.workflow.standing_doing import events_of, items_of, overseers
from services.workflow.standing_round import is_soon, lines_of, place_of

_SHOWN_BACK = 12
"""Months for which what was done stays on the page."""
ERASED = "erased"


def places(house: House, person_id: str) -> dict[str, Any]:
    """``{now, places: [{book_id, provider_name, home, home_name, late, soon, next}]}``: homes first, then providers."""
    now = house.clock.now()
    with house.db.seen_by(person_id) as conn:
        rows = [row for row in books.the_books(conn, person_id) if row.ended_at is None]
    found = [_place(house, row) | _counts(row.owed, now) for row in rows]
    found.sort(key=lambda one: (not one["home"], one["provider_name"], one["home_name"] or ""))
    return {"now": now.isoformat(), "places": found}


def mine(house: House, person_id: str, now: datetime) -> list[dict[str, Any]]:
    """What this person owes that is late or due soon, the earliest first: for their list for today."""
    with house.db.seen_by(person_id) as conn:
        rows = [row for row in books.the_books(conn, person_id) if row.ended_at is None]
    found: dict[tuple[str, str, str | None], dict[str, Any]] = {}
    for row in rows:
        for one in row.owed:
            late = datetime.fromisoformat(one["due_at"]) <= now
            if person_id not in one["owed_by"] or not (late or _is_soon(one, now)):
                continue
            kind = row.id, one["duty"], one["home"]
            said = {"says": one["says"], "clause": one["clause"], "due": one["due"], "late": late, "many": 0}
            line = found.setdefault(kind, _place(house, row) | said)
            line |= {"many": line["many"] + 1, "late": line["late"] or late, "due": min(line["due"], one["due"])}
    return sorted(found.values(), key=lambda one: str(one["due"]))


def place(house: House, person_id: str, book_id: str) -> dict[str, Any]:
    """One place: what is late, due and done there, why, and what may be written down. Raises NotFound."""
    now, roster = house.clock.now(), house.roster()
    with house.db.seen_by(person_id) as conn:
        row = books.the_book(conn, person_id, book_id)
        if row is None:
            raise NotFound
        ledger = books.its_ledger(conn, person_id, book_id)
        words = books.its_words(conn, person_id, book_id)
        others = [one for one in books.the_books(conn, person_id, row.provider) if one.id != row.id]
    looking = _Looking(house, row, ledger, roster, now, person_id, words)
    return _place(house, row) | {
        "now": now.isoformat(),
        "ended": row.ended_at.isoformat() if row.ended_at else None,
        "lines": looking.lines(),
        "young_people": looking.young(),
        "events": list(events_of(looking.procedure, of_home=bool(row.home))) if row.ended_at is None else [],
        "written": looking.written(),
        "staff": looking.staff(),
        "sees_to_it": looking.sees_to_it,
        "beside": [_place(house, one) | _counts(one.owed, now) for one in others
                   if one.ended_at is None and (not one.home or not row.home)],
    }  # fmt: skip


def counted(house: House, person_id: str, provider: str, since: str, until: str) -> dict[str, Any]:
    """Each standing duty of a provider over those days: kept in time, kept late, late, never done, still open.

    A time that it was owed counts on its last day, and as late for as long as it is open. Only the places that this
    person may read.
    """
    first, last = date.fromisoformat(since), date.fromisoformat(until)
    now, roster = house.clock.now(), house.roster()
    found: dict[tuple[str, str], dict[str, Any]] = {}
    with house.db.seen_by(person_id) as conn:
        rows = books.the_books(conn, person_id, provider)
        ledgers = {row.id: books.its_ledger(conn, person_id, row.id) for row in rows}
    for row in rows:
        for line in lines_of(house, row, ledgers[row.id], roster, now):
            if not _counts_in(line, first, last):
                continue
            said = {"duty": line.rule.key, "says": line.rule.says, "clause": list(line.rule.clause),
                    "source": line.rule.source, "per": line.rule.per}  # fmt: skip
            sums = dict.fromkeys(("on_time", "kept_late", "late", "never_done", "open", "missed"), 0)
            one = found.setdefault((line.rule.key, line.rule.per), said | sums)
            one[_KIND[line.status]] += 1
            one["missed"] += line.missed
    duties = list(found.values())
    total = {kind: sum(one[kind] for one in duties) for kind in ("on_time", "kept_late", "late", "never_done", "open")}
    return {"duties": duties, **total}


_KIND = {"kept": "on_time", "kept late": "kept_late", "late": "late", "never done": "never_done", "running": "open"}


def _counts_in(line: Line, first: date, last: date) -> bool:
    day, done = _last_day(line), london_day(line.done.at) if line.done else None
    if line.is_open:
        return (line.status == "late" and day <= last) or first <= day <= last
    over = done or (london_day(line.ended_at) if line.ended_at else day)
    return first <= day <= last or first <= over <= last


@dataclass(frozen=True)
class _Looking:
    """One person looking at one book."""

    house: House
    row: Row[Any]
    ledger: Sequence[Happening]
    roster: Roster
    now: datetime
    person_id: str
    words: Sequence[Row[Any]]

    @property
    def procedure(self) -> Procedure:
        return self.house.procedures.pinned(self.row.procedure_version)

    @property
    def sees_to_it(self) -> bool:
        return self.person_id in overseers(self.row, self.procedure, self.roster, self.now)

    def lines(self) -> list[dict[str, Any]]:
        back = start_of(months_on(london_day(self.now), -_SHOWN_BACK))
        opened, marks = self._opened(), self._marks()
        found = lines_of(self.house, self.row, self.ledger, self.roster, self.now)
        return [
            self._line(line, opened, marks) for line in found
            if line.is_open or max(line.due_at, line.done.at if line.done else line.due_at) >= back
        ]  # fmt: skip

    def young(self) -> list[dict[str, Any]]:
        """Those who live here, and those who left and are not forgotten."""
        marks = self._marks()
        found = [
            {"id": one.whom, "mark": marks.get(one.whom, ERASED), "since": one.since.isoformat(),
             "until": one.until.isoformat() if one.until else None}
            for one in young_people(self.ledger)
        ]  # fmt: skip
        return [one for one in found if one["until"] is None or one["mark"] != ERASED]

    def written(self) -> list[dict[str, Any]]:
        """What people wrote down, the newest first; what was struck out too."""
        struck = {row.data["row"] for row in self.ledger if row.event == "struck_out"}
        standing, marks = {row.seq for row in valid(self.ledger)}, self._marks()
        may, rules = self.sees_to_it, {rule.key: rule.says for rule in standing_rules(self.procedure)}
        return [
            {"seq": row.seq, "event": row.event, "duty": row.data.get("duty"),
             "says": rules.get(str(row.data.get("duty"))), "at": row.at.isoformat(),
             "written_at": row.written_at.isoformat(), "by": self._name(row.by), "whom": self._whom(row, marks),
             "struck_out": row.seq in struck,
             "may_strike_out": row.seq in standing and row.event != "struck_out" and (may or row.by == self.person_id)}
            for row in sorted(self.ledger, key=lambda one: -one.seq)
            if row.by != "system" and row.event != "forgotten" and row.seq not in self._strikes()
        ][:50]  # fmt: skip

    def staff(self) -> list[dict[str, Any]]:
        """Those who work here, for "who did it"."""
        home = self.row.home or None
        here = []
        for person in self.roster.people.values():
            if person.operator == self.row.operator and not person.outside:
                homes = works_at(self.roster, self.procedure, person.id, self.row.provider, self.now)
                if homes and (home is None or None in homes or home in homes):
                    here.append({"id": person.id, "name": person.name})
        return sorted(here, key=lambda one: one["name"])

    # ------------------------------------------------------------ within

    def _line(self, line: Line, opened: Mapping[str, Mapping[str, str]], marks: Mapping[str, str]) -> dict[str, Any]:
        rule, home = line.rule, place_of(self.row, line, self.procedure, self.roster, self.now)
        owing = owed_by(rule, line.procedure, self.roster, self.row.operator, self.row.provider, home, self.now)
        whom = marks.get(line.whom or "", ERASED) if rule.per == "young_person" else self._name(line.whom)
        return {
            "key": line.key, "duty": rule.key, "says": rule.says, "clause": list(rule.clause), "source": rule.source,
            "reading": rule.reading, "per": rule.per, "whom": line.whom, "whom_name": whom if line.whom else None,
            "home": home, "home_name": self._home(home), "owed_by": [self._name(one) for one in owing],
            "items": list(items_of(rule)), "due": line.due.isoformat(), "due_at": line.due_at.isoformat(),
            "status": line.status, "soon": is_soon(line, self.now), "missed": line.missed,
            "days_late": self._days_late(line), "why": line.derivation.sentence,
            "done": self._done(line.done, opened) if line.done else None,
            "ended_at": line.ended_at.isoformat() if line.ended_at and not line.is_open else None,
        }  # fmt: skip

    def _done(self, row: Happening, opened: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
        said = opened.get(str(row.data.get("words")), {})
        open_to_me = row.by == self.person_id or self.sees_to_it
        return {
            "seq": row.seq, "on": row.at.isoformat(), "by": self._name(str(row.data.get("by") or row.by)),
            "written_by": self._name(row.by), "written_at": row.written_at.isoformat(),
            "ticked": list(row.data.get("ticked") or ()), "left_out": list(row.data.get("left_out") or ()),
            "note": said.get("note") if open_to_me else None,
            "why": {name.removeprefix("why."): text for name, text in said.items() if name != "note" and open_to_me},
        }  # fmt: skip

    def _days_late(self, line: Line) -> int:
        if line.status not in ("late", "kept late"):
            return 0
        return (london_day(line.done.at if line.done else self.now) - _last_day(line)).days

    def _opened(self) -> dict[str, dict[str, str]]:
        with self.house.db.reading() as conn:
            return sealed.opened(self.house.vault, conn, self.words)

    def _marks(self) -> dict[str, str]:
        """The marks of the young people that can still be opened."""
        return {key: said["mark"] for key, said in self._opened().items()
                if "mark" in said and said["mark"] != sealed.GONE}  # fmt: skip

    def _strikes(self) -> frozenset[int]:
        return frozenset(row.seq for row in self.ledger if row.event == "struck_out")

    def _whom(self, row: Happening, marks: Mapping[str, str]) -> str | None:
        young = row.data.get("young_person")
        whom = young or row.data.get("whom")
        if not whom:
            return None
        return self._name(whom) if whom in self.roster.people else marks.get(str(whom), ERASED)

    def _name(self, person: str | None) -> str | None:
        known = self.roster.people.get(person or "")
        return known.name if known else person

    def _home(self, home: str | None) -> str | None:
        return str((self.house.who.entry("home", home) or {}).get("name")) if home else None


def _place(house: House, row: Row[Any]) -> dict[str, Any]:
    provider = house.who.entry("provider", row.provider) or {}
    home = house.who.entry("home", row.home) or {} if row.home else {}
    return {
        "book_id": row.id, "provider": row.provider, "provider_name": str(provider.get("name") or ""),
        "home": row.home or None, "home_name": str(home.get("name") or "") if row.home else None,
    }  # fmt: skip


def _counts(owed: Iterable[Mapping[str, Any]], now: datetime) -> dict[str, Any]:
    late = [one for one in owed if datetime.fromisoformat(one["due_at"]) <= now]
    ahead = [one for one in owed if datetime.fromisoformat(one["due_at"]) > now]
    nearest = min(ahead, key=lambda one: str(one["due_at"]), default=None)
    return {
        "late": len(late), "soon": sum(_is_soon(one, now) for one in ahead),
        "next": {"says": nearest["says"], "due": nearest["due"]} if nearest else None,
    }  # fmt: skip


def _is_soon(one: Mapping[str, Any], now: datetime) -> bool:
    return bool(one["remind_at"]) and datetime.fromisoformat(one["remind_at"]) <= now


def _last_day(line: Line) -> date:
    return london_day(line.due) if isinstance(line.due, datetime) else line.due
