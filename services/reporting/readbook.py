"""Where ledger rows and what was worked out of them are kept."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, func, or_, select, true, update

from heard.ledger import Happening, from_json
from services.chassis.claim import claim
from services.chassis.rows import add, add_new, among, change, put
from services.reporting.models import case_rows, case_viewers, cases


def know(conn: Connection, these: Iterable[Mapping[str, Any]]) -> None:
    """Note that these cases exist (``{id, operator, provider, home, reference}``) and must be worked out anew."""
    _note(conn, these, only=("dirty",))


def advance(conn: Connection, these: Iterable[Mapping[str, Any]]) -> None:
    """The same of cases whose own ledgers grew, which say more of them: ``procedure_version`` too."""
    _note(conn, these, only=("reference", "procedure_version", "dirty"))


def _note(conn: Connection, these: Iterable[Mapping[str, Any]], only: Sequence[str]) -> None:
    rows = {one["id"]: {"seq": 0, "dirty": True, **one} for one in these}
    if rows:
        put(conn, cases, [rows[one] for one in sorted(rows)], only)


def keep(conn: Connection, ledger: str, rows: Sequence[tuple[str, Mapping[str, Any]]]) -> None:
    """Keep rows of a ledger (``(case, row)``), each once."""
    new = [{"ledger": ledger, "case_id": case_id, "seq": int(row["seq"]), "row": dict(row)} for case_id, row in rows]
    add_new(conn, case_rows, new, case_rows.c.case_id)


def last_kept(conn: Connection, ledger: str, case_ids: Iterable[str]) -> dict[str, int]:
    """The last row that is kept of these cases' ledgers, by case."""
    asked = select(case_rows.c.case_id, func.max(case_rows.c.seq)).group_by(case_rows.c.case_id)
    found = conn.execute(asked.where(case_rows.c.ledger == ledger, among(case_rows.c.case_id, case_ids)))
    return {case_id: seq for case_id, seq in found}


def again(conn: Connection, groups: Collection[str] | None) -> None:
    """Who is who changed in these groups (None: in any): who may count which of their cases is worked out anew."""
    theirs = cases.c.operator.in_(groups) if groups is not None else true()
    conn.execute(update(cases).where(cases.c.procedure_version.is_not(None), theirs).values(dirty=True))


def to_do(conn: Connection, now: datetime, most: int, provider: str | None = None) -> Sequence[Row[Any]]:
    """Cases to work out anew, claimed for this transaction; those of one provider are waited for."""
    due = or_(cases.c.dirty, cases.c.again_at <= now)
    asked = select(cases).where(cases.c.procedure_version.is_not(None), due).order_by(cases.c.id)
    if provider is None:
        return claim(conn, asked, most)
    return conn.execute(asked.where(cases.c.provider == provider).limit(most).with_for_update()).all()


def rows_of(conn: Connection, case_ids: Sequence[str]) -> dict[tuple[str, str], list[Happening]]:
    """The rows of these cases, by (ledger, case), in order."""
    asked = select(case_rows).where(among(case_rows.c.case_id, case_ids)).order_by(case_rows.c.seq)
    found: dict[tuple[str, str], list[Happening]] = {}
    for one in conn.execute(asked):
        found.setdefault((one.ledger, one.case_id), []).append(from_json(one.row))
    return found


def store(conn: Connection, worked_out: Sequence[Mapping[str, Any]], viewers: Mapping[str, Iterable[str]]) -> None:
    """Write what was worked out of cases (their columns, with ``id``), and let exactly their viewers count them."""
    change(conn, cases, [{**one, "dirty": False} for one in worked_out])
    conn.execute(delete(case_viewers).where(among(case_viewers.c.case_id, viewers)))
    rows = [
        {"case_id": case_id, "person_id": person, "why": "viewer"}
        for case_id, persons in viewers.items()
        for person in sorted(persons)
    ]
    add(conn, case_viewers, rows)


def visible_to(person_id: str) -> Select[Any]:
    """The wall: the cases that this person may see, and so the only ones in any number that they are shown."""
    mine = select(case_viewers.c.case_id).where(case_viewers.c.person_id == person_id)
    return select(cases).where(cases.c.id.in_(mine))


def countable(conn: Connection, person_id: str, provider: str, since: datetime, until: datetime) -> Sequence[Row[Any]]:
    """The cases of a provider received from `since` until before `until` that a person may see, oldest first."""
    asked = visible_to(person_id).where(
        cases.c.provider == provider,
        cases.c.received_at >= since,
        cases.c.received_at < until,
        cases.c.summary.is_not(None),
    )
    return conn.execute(asked.order_by(cases.c.received_at, cases.c.id)).all()


def still_to_do(conn: Connection) -> int:
    """How many cases wait to be worked out anew."""
    return int(conn.execute(select(func.count()).select_from(cases).where(cases.c.dirty)).scalar_one())


def forget(conn: Connection) -> None:
    """Drop everything that can be made again."""
    for table in (case_viewers, case_rows, cases):
        conn.execute(delete(table))
