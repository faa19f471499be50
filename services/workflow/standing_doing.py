"""What people write down of standing duties: that something was done, that a young person came or left, a mistake.

Whoever may read a book may write in it. Each item that the rule asks for is ticked, or it is explained why not. Words
and a young person's mark are sealed; those of one young person under a key of their own, so that they can be erased
alone. Words are handed to safeguarding, which screens them like all that anybody writes. A repeated click is the same
act and gets the same answer.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row

from heard.instants import london_day, moment_of
from heard.keeping import StandingDuty
from heard.ledger import Happening, NewHappening
from heard.procedure import Procedure
from heard.roster import Roster
from heard.standing_people import managers, owed_by, works_at
from heard.standing_rules import MADE, makes_a_report, standing_rules
from heard.standing_times import ARRIVING, ITS_OWN_DOING, OF_A_HOME, valid, young_people
from heard.vocabulary import GROUP
from services.chassis.errors import Invalid, KeyReused, NotAllowed, NotFound
from services.chassis.house import House
from services.chassis.tables import new_id
from services.chassis.work import Work
from services.workflow import kept, sealed
from services.workflow import standing_books as books
from services.workflow.standing_round import look, places

LONGEST_MARK, LONGEST_NOTE = 20, 2000
_LONG_AGO = date(2000, 1, 1)

Data = Mapping[str, Any]


def items_of(rule: StandingDuty) -> tuple[str, ...]:
    """What must be ticked or explained when it is written down as done: to whom, with which contents, what recorded."""
    return (*(f"to:{word}" for word in rule.to), *rule.contains, *rule.must_record)


def events_of(procedure: Procedure, *, of_home: bool) -> tuple[str, ...]:
    """The events that somebody writes down here, because a duty counts from them."""
    rules = [rule for rule in standing_rules(procedure) if (rule.per in OF_A_HOME) is of_home]
    made = {rule.report for rule in rules if makes_a_report(rule)}
    counting = (rule for rule in rules if rule.clock.after and rule.report not in made)  # else its making says so
    used = {event for rule in counting for event in (rule.clock.after.events if rule.clock.after else ())}
    if any(rule.per == "young_person" for rule in rules):
        used |= {"admitted"}
    return tuple(one for one in (*ARRIVING, MADE, "adopted") if one in used)


def act(
    house: House, person_id: str, book_id: str, command: str, data: Data, key: str | None = None
) -> dict[str, Any]:
    """Do one thing: ``done``, ``happened``, ``left``, ``strike_out`` or ``forget``. ``{book_id, seq}``.

    Raises NotFound, Invalid (with each field's fault), NotAllowed, KeyReused, Conflict or Stale.
    """
    if command not in _COMMANDS:
        raise Invalid({"command": [f"There is: {', '.join(_COMMANDS)}."]})
    asked = json.dumps([book_id, command, dict(data)], sort_keys=True).encode()
    digest = hmac.new(house.vault.derive("repeated acts"), asked, "sha256").hexdigest()
    roster = house.roster()
    with house.db.seen_by(person_id) as conn:
        if books.the_book(conn, person_id, book_id) is None:
            raise NotFound
    with house.working() as work:
        row = books.lock(work.conn, book_id)
        if row is None or row.ended_at is not None:
            raise NotFound
        if key is not None and (earlier := kept.earlier_answer(work.conn, person_id, key)) is not None:
            if earlier.digest != digest:
                raise KeyReused
            return dict(earlier.answer)
        writing = _Writing(house, work, row, roster, person_id)
        written = [one for one in [_COMMANDS[command](writing, data)] if one is not None]
        books.write(work, row, row.seq, written)
        look(house, work, row, roster, places(house).get((row.provider, row.home)), len(written))
        answer = {"book_id": book_id, "seq": row.seq + len(written)}
        if key is not None:
            once = {"person_id": person_id, "key": key, "case_id": book_id, "digest": digest, "answer": answer}
            kept.keep_answer(work.conn, once | {"at": work.now})
        return answer


class _Writing:
    """One person at one book."""

    def __init__(self, house: House, work: Work, row: Row[Any], roster: Roster, person_id: str) -> None:
        self.house, self.work, self.row, self.roster, self.me = house, work, row, roster, person_id
        self.ledger = books.ledger_of(work.conn, row.id)
        self.procedure = house.procedures.pinned(row.procedure_version)

    def done(self, data: Data) -> NewHappening:
        rule = self._rule(str(data.get("duty") or ""))
        whom = self._whom(rule, data.get("whom"))
        items, faults = items_of(rule), dict[str, list[str]]()
        ticked = [one for one in items if one in (data.get("ticked") or ())]
        explained = {one: str(said).strip() for one, said in dict(data.get("explained") or {}).items() if one in items}
        for one in items:
            if one not in ticked and not explained.get(one):
                faults[f"item.{items.index(one)}"] = ["Tick it, or say why it was left out."]
            elif one not in ticked and len(explained[one]) > LONGEST_NOTE:
                faults[f"item.{items.index(one)}"] = [f"Use at most {LONGEST_NOTE} letters."]
        by = str(data.get("by") or self.me)
        if by not in self.roster.people or self.roster.people[by].operator != self.row.operator:
            faults["by"] = ["Choose who did it."]
        at = self._when(data, faults)
        note = self._text(data, "note", LONGEST_NOTE, faults)
        if faults:
            raise Invalid(faults)
        left_out = [one for one in items if one not in ticked]
        said = {"duty": rule.key, "whom": whom, "by": by, "ticked": ticked, "left_out": left_out}
        words = {"note": note} if note else {}
        words |= {f"why.{items.index(one)}": explained[one] for one in left_out}
        if words:
            owner = whom if rule.per == "young_person" and whom else self.row.id
            said["words"] = self._note(owner, words)
        if makes_a_report(rule):
            return NewHappening(MADE, at, self.me, None, said | {"report": rule.report})
        event = next((one for one in (rule.clock.after.events if rule.clock.after else ()) if one in ITS_OWN_DOING), "")
        return NewHappening(event if event and rule.clock.every else "done", at, self.me, None, said)

    def happened(self, data: Data) -> NewHappening:
        event, faults = str(data.get("event") or ""), dict[str, list[str]]()
        if event not in events_of(self.procedure, of_home=bool(self.row.home)):
            faults["event"] = ["Nothing here counts from that."]
        at = self._when(data, faults)
        if event not in ARRIVING:
            if faults:
                raise Invalid(faults)
            return NewHappening(event, at, self.me)
        known = str(data.get("young_person") or "")
        mark = self._text(data, "mark", LONGEST_MARK, faults)
        if known and known not in {stay.whom for stay in young_people(self.ledger)}:
            faults["young_person"] = ["Choose one of those who are here."]
        if not known and not mark:
            faults["mark"] = ["Enter initials or your own number for them, not their whole name."]
        if faults:
            raise Invalid(faults)
        whom = known or new_id()
        if not known:
            self._seal(whom, whom, {"mark": mark})
        return NewHappening(event, at, self.me, None, {"young_person": whom})

    def left(self, data: Data) -> NewHappening:
        faults: dict[str, list[str]] = {}
        at, whom = self._when(data, faults), str(data.get("young_person") or "")
        here = {stay.whom: stay for stay in young_people(self.ledger) if stay.until is None}
        if whom not in here:
            faults["young_person"] = ["Choose one of those who are here."]
        elif london_day(at) < london_day(here[whom].since):
            faults["on"] = ["That is before they came."]
        if faults:
            raise Invalid(faults)
        return NewHappening("left", max(at, here[whom].since), self.me, None, {"young_person": whom})

    def strike_out(self, data: Data) -> NewHappening:
        faults: dict[str, list[str]] = {}
        said = self._text(data, "why", LONGEST_NOTE, faults)
        row = next((one for one in valid(self.ledger) if one.seq == data.get("row") and _by_a_person(one)), None)
        if row is None:
            raise NotFound
        if row.by != self.me and not self._sees_to_it():
            raise NotAllowed("Whoever wrote it down can take it back, and whoever manages the home.")
        if not said:
            faults["why"] = ["Say why it is wrong."]
        if faults:
            raise Invalid(faults)
        owner = str(row.data.get("young_person") or row.data.get("whom") or "")
        theirs = owner if owner in {stay.whom for stay in young_people(self.ledger)} else self.row.id
        words = self._note(theirs, {"note": said})
        return NewHappening("struck_out", self.work.now, self.me, None, {"row": row.seq, "words": words})

    def forget(self, data: Data) -> NewHappening | None:
        """Erase a young person's mark and what was written about them; what was done and when stays."""
        whom = str(data.get("young_person") or "")
        stays = {stay.whom: stay for stay in young_people(self.ledger)}
        if whom not in stays:
            raise NotFound
        if not self._sees_to_it():
            raise NotAllowed("Whoever manages the home can do this.")
        if stays[whom].until is None:
            raise Invalid({"young_person": ["They are still here. Write down first that they have left."]})
        if not self.house.vault.erase(self.work.conn, whom, self.work.now):
            return None
        return NewHappening("forgotten", self.work.now, self.me, None, {"young_person": whom})

    # ------------------------------------------------------------ within

    def _rule(self, duty: str) -> StandingDuty:
        of_home = bool(self.row.home)
        for rule in standing_rules(self.procedure):
            if rule.key == duty and (rule.per in OF_A_HOME) is of_home:
                return rule
        raise Invalid({"duty": ["Nothing of that name is owed here."]})

    def _whom(self, rule: StandingDuty, said: Any) -> str | None:
        if rule.per not in ("staff", "young_person"):
            return None
        whom = str(said or "")
        if rule.per == "young_person":
            gone = {row.data["young_person"] for row in self.ledger if row.event == "forgotten"}
            known = whom in {stay.whom for stay in young_people(self.ledger)} - gone
        else:
            known = bool(works_at(self.roster, self.procedure, whom, self.row.provider, self.work.now))
        if not known:
            raise Invalid({"whom": ["Choose for whom it was done."]})
        return whom

    def _when(self, data: Data, faults: dict[str, list[str]]) -> datetime:
        today = london_day(self.work.now)
        try:
            day = date.fromisoformat(str(data.get("on") or today.isoformat()))
        except ValueError:
            day = None
        if day is None or day < _LONG_AGO:
            faults["on"] = ["Give a date like 2026-11-30."]
            return self.work.now
        if day > today:
            faults["on"] = ["That day is still to come."]
        return min(moment_of(day.isoformat()), self.work.now)

    def _text(self, data: Data, name: str, longest: int, faults: dict[str, list[str]]) -> str:
        said = str(data.get(name) or "").strip()
        if len(said) > longest:
            faults[name] = [f"Use at most {longest} letters."]
        return said

    def _note(self, owner: str, texts: Mapping[str, str]) -> str:
        """Seal what somebody wrote, and let safeguarding screen it: it may say more than the duty asks for."""
        words_id, vault = self._seal(new_id(), owner, texts), self.house.vault
        words = vault.envelope(vault.key_for(self.work.conn, owner, sealed.WORDS), texts)
        place = {name: getattr(self.row, name) for name in ("operator", "provider", "home")}
        about = {"note_id": words_id, "by": self.me, "written_at": self.work.now.isoformat(), "words": words}
        self.work.publish("standing_note_written", place | about)
        return words_id

    def _seal(self, words_id: str, owner: str, texts: Mapping[str, str]) -> str:
        row = sealed.written_here(self.house.vault, self.work.conn, owner, words_id, "standing", self.work.now, texts)
        books.keep_words(self.work.conn, self.row.id, row)
        return words_id

    def _sees_to_it(self) -> bool:
        return self.me in overseers(self.row, self.procedure, self.roster, self.work.now)


def overseers(row: Row[Any], procedure: Procedure, roster: Roster, now: datetime) -> frozenset[str]:
    """Who answers for a place: those who owe something there, whoever manages it, whoever oversees the group."""
    home = row.home or None
    rules = [rule for rule in standing_rules(procedure) if rule.by]
    owing = {one for rule in rules for one in owed_by(rule, procedure, roster, row.operator, row.provider, home, now)}
    group = {one for one in roster.holders(GROUP, row.provider, home, now)
             if one in roster.people and roster.people[one].operator == row.operator}  # fmt: skip
    return frozenset(owing | group | {*managers(roster, procedure, row.provider, home, now)})


def _by_a_person(row: Happening) -> bool:
    return row.by != "system" and row.event not in ("struck_out", "forgotten")


_COMMANDS = {
    "done": _Writing.done, "happened": _Writing.happened, "left": _Writing.left, "strike_out": _Writing.strike_out,
    "forget": _Writing.forget,
}  # fmt: skip
