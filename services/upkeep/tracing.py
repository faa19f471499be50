"""`heard erase-person`: what one person told us, over all reports; what of it can go, and what stays and why.

Somebody may ask that what is held about them goes. Reports are found by who told them: the name that was given, an
address or a number. Looking opens these and nothing else, report by report, and changes nothing. Only if it was asked
for, it also reads what was written in each report, its cases and its safeguarding record, and lists where the name
stands in it, without a word of it. What another person told is theirs: it is listed, and only a decision about that one
report erases it. Nor does anything go of which a case is open, which safeguarding needs, or which a clause or a law
asks to keep. The rest goes as one report does (`erasing`), one after the other: a run that was broken off is begun
again.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from heard.casefile import replay
from heard.instants import london_day
from heard.kept import kept
from heard.public_view import day_in_words
from services.chassis.house import House
from services.chassis.settings import Settings
from services.chassis.vault import Erased
from services.intake import erasing as at_intake
from services.safeguarding import erasing as at_safeguarding
from services.upkeep import erasing
from services.workflow import erasing as at_workflow
from services.workflow.finding import parts_of

TOLD, CHILD, ABOUT, PERHAPS = "told us", "the child whom it is about", "complained about", "perhaps they"
WITHIN = "named in what was written"
_SOURCES = {"policy": "the provider's own procedure", "law": "law", "house default": "a default of this house"}
_WHERE = "who told each report, the child's name that was given, and whom it is said to be about"
_ELSEWHERE = (
    "pictures, recordings and files; young people under "
    "What we keep doing, who stand there by initials (whoever manages the home forgets them there); staff, who stand "
    "in the directory; reports that were erased."
)
LOOKED_AT = (
    f"Looked at: {_WHERE}. Not looked at: names within what anybody wrote (--words looks there too); {_ELSEWHERE}"
)
LOOKED_AT_WORDS_TOO = (
    f"Looked at: {_WHERE}; and what was written in each report, its cases and its safeguarding record: the "
    "report, messages, letters, notes and forms, for the whole name as it was given here, or an address or number of "
    "theirs. Not looked at: a name that is spelt "
    f"otherwise there, or only the first name; {_ELSEWHERE}"
)
_NUMBER = 9  # the last digits of a telephone number, however it was written


@dataclass(frozen=True, slots=True)
class Person:
    """Whom somebody asks about: by name, and by addresses and numbers that are theirs."""

    name: str
    emails: frozenset[str] = frozenset()
    phones: frozenset[str] = frozenset()

    def is_at(self, address: str) -> bool:
        """Whether that is an address or a number of theirs."""
        digits = re.sub(r"\D", "", address)
        known = {re.sub(r"\D", "", one)[-_NUMBER:] for one in self.phones}
        return address.strip().casefold() in self.emails or (len(digits) >= _NUMBER and digits[-_NUMBER:] in known)

    def stands_in(self, text: str) -> bool:
        """Whether all of their name, or an address or a number of theirs, stands in what somebody wrote."""
        own, said = set(parts_of(self.name)), text.casefold()
        digits = re.sub(r"[^\d+a-z]", "", said)
        numbers = (re.sub(r"\D", "", one)[-_NUMBER:] for one in self.phones)
        named = len(own) > 1 and own <= set(parts_of(text))
        return named or any(one in said for one in self.emails) or any(one and one in digits for one in numbers)

    def has(self, name: str) -> bool | None:
        """Whether that is their name; None for one that it might be: a part of it, or more."""
        own, given = set(parts_of(self.name)), set(parts_of(name))
        if not own or not given:
            return False
        return True if own == given and len(own) > 1 else (None if own <= given or given <= own else False)


@dataclass(frozen=True, slots=True)
class Trace:
    """A report in which somebody stands: as what, and why it stays, if it does."""

    report_id: str
    reference: str
    home: str
    received: date
    part: str
    stays: tuple[str, ...] = field(default=())


def traces(settings: Settings, person: Person, now: datetime, *, words: bool = False) -> list[Trace]:
    """Every report in which this person stands, the oldest first. Nothing is changed.

    ``words``: also those in whose words, or in the words of whose cases and record, they are named.
    """
    with erasing.houses(settings) as houses:
        return [_judged(houses, trace, now) for trace in _found(houses, person, words=words)]


def _found(houses: Mapping[str, House], person: Person, *, words: bool) -> Iterator[Trace]:
    intake = houses["intake"]
    with intake.db.reading() as conn:
        homes = {home_id: str(one["name"]) for home_id, one in intake.who.entries("home").items()}
        for row in at_intake.every_report(conn):
            try:
                keys = intake.vault.keys(conn, [(row.id, "contact"), (row.id, "words")])
            except Erased:
                continue
            opened: dict[str, dict[str, str]] = {}
            for sealed in filter(None, (row.contact, row.words)):
                wraps = dict(keys[row.id, sealed["class"]].wraps)
                opened[sealed["class"]] = intake.vault.open_envelope({**sealed, "wraps": wraps})
            part = _part(person, opened.get("contact", {}), opened.get("words", {}), str(row.fact.get("complainant")))
            if part is None and words and _is_named(houses, person, row.id, opened.get("words", {})):
                part = WITHIN
            if part:
                home = homes.get(row.home, row.home)
                yield Trace(row.id, row.reference, home, london_day(row.received_at), part)


def _is_named(houses: Mapping[str, House], person: Person, report_id: str, words: Mapping[str, str]) -> bool:
    """Whether they are named in what a report says, or in what was written in its cases and on its record."""
    if any(person.stands_in(text) for text in words.values()):
        return True
    workflow, safeguarding = houses["workflow"], houses["safeguarding"]
    with workflow.db.reading() as conn:
        written = at_workflow.written_in(workflow, conn, at_workflow.cases_of(conn, report_id))
        if any(person.stands_in(text) for text in written):
            return True
    with safeguarding.db.reading() as conn:
        return any(person.stands_in(text) for text in at_safeguarding.written_in(safeguarding, conn, report_id))


def _part(person: Person, contact: Mapping[str, str], words: Mapping[str, str], who: str) -> str | None:
    """As what somebody stands in a report, or None."""
    theirs = any(person.is_at(contact.get(name, "")) for name in ("email", "phone", "safe_contact"))
    name, child = person.has(contact.get("name", "")), person.has(contact.get("child_name", ""))
    if theirs or name or (child and who == "young_person"):
        return TOLD
    if child:
        return CHILD
    about = [person.has(str(one.get("name") or "")) for one in json.loads(words.get("about") or "[]")]
    if True in about:
        return ABOUT
    return PERHAPS if None in (name, child, *about) else None


def _judged(houses: Mapping[str, House], trace: Trace, now: datetime) -> Trace:
    """The same with every reason for which it stays."""
    stays: list[str] = []
    if trace.part == PERHAPS:
        stays.append("The name is theirs only in part: look whether it is they.")
    elif trace.part == WITHIN:
        stays.append("It is somebody else's report, and they are named in it: read it, and decide.")
    elif trace.part != TOLD:
        stays.append("Somebody else told us this.")
    workflow = houses["workflow"]
    with workflow.db.reading() as conn:
        case_ids = at_workflow.cases_of(conn, trace.report_id)
        rows = at_workflow.ledgers_of(conn, case_ids)
    why = erasing.in_the_way(houses, trace.report_id, sorted({trace.report_id, *case_ids}))
    return Trace(
        trace.report_id, trace.reference, trace.home, trace.received, trace.part,
        (*stays, *([why] if why else []), *dict.fromkeys(_kept(workflow, rows, now))),
    )  # fmt: skip


def _kept(workflow: House, rows: Sequence[tuple[str, Sequence[Any]]], now: datetime) -> Iterator[str]:
    for version, happenings in rows:
        state = replay(workflow.procedures.pinned(version), happenings)
        for one in kept(state, workflow.calendars(state.procedure)):
            if one.asks_on(london_day(now)):
                until = f"until {day_in_words(one.until)}" if one.until else "for longer than is known here"
                says = f" ({one.rule.says})" if one.rule.says else ""
                yield f"Kept {until}: {', '.join(one.rule.clause)}{says}, {_SOURCES[one.rule.source]}."
