"""A case gets the reference that its provider's own document writes: once, when it is registered, and for good.

It holds initials, so it stands sealed among the case's words; the ledger says only that it was given. Two that would be
the same are told apart by a number, counted by the database in the transaction that writes the row, so that no two
replicas give the same one and a number taken for a row that was never written goes back.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Row, select, update

from heard.instants import london_day
from heard.ledger import Happening, NewHappening
from heard.numbering import GIVEN, initials, registrar, written
from heard.speaking_up import is_a_workers
from services.chassis.house import House
from services.chassis.rows import add_new
from services.chassis.tables import new_id
from services.workflow import sealed
from services.workflow.models import reference_counts, words
from services.workflow.own_words import WRITTEN

if TYPE_CHECKING:
    from services.workflow.casework import CaseFile, Desk

_FIELD = "0:reference"


def register(desk: Desk, file: CaseFile) -> list[NewHappening]:
    """The row that gives a case its reference; none while it is not to be registered, or has one."""
    held, rule = registrar(file.state), file.procedure.reference
    if held is None or rule is None:
        return []
    known, day = _known(desk, file, held.who), london_day(file.received_at)
    n = _count(desk, file, written(rule, day, known, 0))
    words_id = new_id()
    desk.seal_words(file, words_id, GIVEN, {_FIELD: written(rule, day, known, n)})
    return [NewHappening(GIVEN, desk.now, "system", file.state.stage, {"words": words_id, "reference": WRITTEN})]


def reference_in(ledger: Sequence[Happening], opened: Mapping[str, Mapping[str, str]]) -> str | None:
    """The reference of a case, from its ledger and its opened words; None while it has none."""
    given = next((row.data.get("words") for row in ledger if row.event == GIVEN), None)
    return opened.get(str(given), {}).get(_FIELD)


def reference_of(desk: Desk, file: CaseFile) -> str | None:
    """The reference of a case on the desk; None while it has none."""
    given = file.state.first(GIVEN)
    rows = _words(desk.work.conn, words.c.id == given.data["words"]) if given else []
    return reference_in(file.state.ledger, sealed.opened(desk.house.vault, desk.work.conn, rows))


def _known(desk: Desk, file: CaseFile, handler: str) -> dict[str, str]:
    """What the pattern may be filled with. Whoever stays unnamed is written as the document says."""
    house, facts = desk.house, {**(file.state.received.get("facts") or {}), **file.state.facts}
    rows = _words(desk.work.conn, (words.c.case_id == file.id) & (words.c.sort == sealed.CONTACT))
    said = sealed.opened(house.vault, desk.work.conn, rows)
    told = () if is_a_workers(file.state) else said.values()
    name = next((one["name"] for one in told if one.get("name", sealed.GONE) != sealed.GONE), "")
    unnamed = (file.procedure.reference.if_anonymous if file.procedure.reference else None) or ""
    return {
        "handler_initials": initials(_name(house, desk, file, handler)),
        "complainant_initials": initials(name) or unnamed,
        "site": str((house.who.entry("home", file.home) or {}).get("name", "")),
        "programme": str(facts.get("programme") or ""),
    }


def _name(house: House, desk: Desk, file: CaseFile, who: str) -> str:
    person = desk.roster.people.get(who) if desk.roster else None
    if person is not None:
        return person.name
    outside = {one.key: one.name for one in file.procedure.contacts}
    outside |= {one.key: one.name for one in file.procedure.roles}
    return outside.get(who, who.replace("_", " "))


def _count(desk: Desk, file: CaseFile, reference: str) -> int:
    """Which one this is of the references that would be the same. Counted under a keyed digest, as it holds names."""
    said = f"{file.provider}\x1f{reference}".encode()
    mark = hmac.new(desk.house.vault.derive("references"), said, "sha256").hexdigest()
    conn, counts = desk.work.conn, reference_counts
    add_new(conn, counts, [{"provider": file.provider, "mark": mark, "n": 0}], counts.c.mark)
    this = (counts.c.provider == file.provider) & (counts.c.mark == mark)
    return int(conn.execute(update(counts).where(this).values(n=counts.c.n + 1).returning(counts.c.n)).scalar_one())


def _words(conn: Connection, which: Any) -> Sequence[Row[Any]]:
    return conn.execute(select(words).where(which)).all()
