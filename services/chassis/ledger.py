"""The ledger of a case as a table: only ever added to, in order, and every row bound to the one before.

A row's digest covers the digest before it, so that nothing can be changed or left out unseen. Words stand sealed with
a salt beside them inside the seal, and only a commitment to both enters the digest: destroying the key erases the
words and leaves the chain whole.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Table, and_, func, literal_column, or_, select
from sqlalchemy.exc import IntegrityError

from heard.ledger import Happening, to_json
from services.chassis.errors import Conflict
from services.chassis.ledger_rows import ledger_table
from services.chassis.rows import add, among
from services.chassis.tables import HOUSE
from services.chassis.vault import DataKey, Vault
from services.chassis.work import Work

_HORIZON: Any = literal_column("((pg_snapshot_xmin(pg_current_snapshot()))::text)::bigint")
START = "0" * 64
"""The digest before the first row."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a ledger is whole: how many rows it has, and the first that does not fit, with the reason."""

    whole: bool
    rows: int
    broken_at: int | None = None
    why: str | None = None


# -- writing


def append(
    work: Work,
    table: Table,
    case_id: str,
    expected_seq: int,
    happenings: Sequence[Happening],
    words: Mapping[int, str] | None = None,
) -> None:
    """Add rows after ``expected_seq``; ``words`` (by seq) are sealed. Raises ``Conflict`` when somebody was first."""
    append_many(work, table, [(case_id, expected_seq, happenings)], {case_id: words} if words else None)


def append_many(
    work: Work,
    table: Table,
    growths: Sequence[tuple[str, int, Sequence[Happening]]],
    words: Mapping[str, Mapping[int, str]] | None = None,
) -> None:
    """Add rows to many ledgers in two statements: ``(case_id, expected_seq, happenings)`` each.

    Raises ``Conflict`` when a ledger does not stand where it was expected; then nothing of the transaction may stay.
    """
    digests = _digests(work.conn, table, growths)
    keys = work.house.vault.keys(work.conn, [(case_id, "words") for case_id in words]) if words else {}
    rows: list[dict[str, Any]] = []
    for case_id, expected, happenings in growths:
        digest = digests[case_id]
        for number, happening in enumerate(happenings, expected + 1):
            if happening.seq != number:
                raise ValueError(f"row {happening.seq} of {case_id} cannot stand at place {number}")
            text = words.get(case_id, {}).get(number) if words else None
            sealed, commitment = None, None
            if text is not None:
                key = keys.get((case_id, "words"))
                if key is None:
                    key = keys[case_id, "words"] = work.house.vault.key_for(work.conn, case_id, "words")
                sealed, commitment = _seal(key, text, place(table, case_id, number))
            digest = _digest(digest, case_id, happening, commitment)
            rows.append(
                {
                    "case_id": case_id,
                    "seq": number,
                    "event": happening.event,
                    "at": happening.at,
                    "written_at": happening.written_at,
                    "by": happening.by,
                    "stage": happening.stage,
                    "data": dict(happening.data),
                    "sealed": sealed,
                    "commitment": commitment,
                    "digest": digest,
                }
            )
    if not rows:
        return
    try:
        add(work.conn, table, rows)
    except IntegrityError as fault:
        raise Conflict(growths[0][1] if len(growths) == 1 else None) from fault


def place(table: Table, case_id: str, seq: int) -> str:
    """Where a row's words are sealed for."""
    return f"{table.name}/{case_id}.{seq}/sealed"


# -- reading


def read(conn: Connection, table: Table, case_id: str) -> list[Happening]:
    """One ledger in order; empty when there is none."""
    return read_many(conn, table, [case_id])[case_id]


def read_many(conn: Connection, table: Table, case_ids: Iterable[str]) -> dict[str, list[Happening]]:
    """Several ledgers, each in order."""
    found: dict[str, list[Happening]] = {case_id: [] for case_id in case_ids}
    if found:
        rows = conn.execute(
            select(*_public(table)).where(among(table.c.case_id, found)).order_by(table.c.case_id, table.c.seq)
        )
        for row in rows:
            found[row.case_id].append(happening(row))
    return found


def read_words(conn: Connection, table: Table, vault: Vault, case_id: str) -> dict[int, str]:
    """The words of a ledger's rows, by seq. Raises ``Erased`` or ``NotForUs`` as the vault does."""
    rows = conn.execute(
        select(table.c.seq, table.c.sealed).where(table.c.case_id == case_id, table.c.sealed.is_not(None))
    ).all()
    if not rows:
        return {}
    key = vault.key(conn, case_id, "words")
    return {row.seq: _unseal(key, row.sealed, place(table, case_id, row.seq))[1] for row in rows}


def ledger_since(conn: Connection, table: Table, position: str | None, limit: int = 500) -> dict[str, Any]:
    """A page of all ledgers after ``position`` (None: from the beginning), JSON-able.

    ``{happenings: [{case_id, seq, event, ...}], position, more}``. Rows that earlier ones might still follow are held
    back, so a reader that goes on from ``position`` misses nothing.
    """
    tx, after = (int(part) for part in (position or "0.0").split("."))
    later = or_(table.c.tx > tx, and_(table.c.tx == tx, table.c.position > after))
    query = select(table.c.tx, table.c.position, *_public(table)).where(later)
    if conn.dialect.name == "postgresql":
        query = query.where(table.c.tx < _HORIZON)
    rows = conn.execute(query.order_by(table.c.tx, table.c.position).limit(limit)).all()
    if rows:
        position = f"{rows[-1].tx}.{rows[-1].position}"
    return {
        "happenings": [{"case_id": row.case_id} | to_json(happening(row)) for row in rows],
        "position": position or "0.0",
        "more": len(rows) == limit,
    }


def digests(conn: Connection, table: Table, case_id: str) -> dict[int, str]:
    """The digest of each row of one ledger, by seq, so that two copies can be held against each other."""
    rows = conn.execute(select(table.c.seq, table.c.digest).where(table.c.case_id == case_id).order_by(table.c.seq))
    return {row.seq: row.digest for row in rows}


def verify(conn: Connection, table: Table, case_id: str, vault: Vault | None = None) -> Verdict:
    """Go over the chain of one ledger; with a vault, hold words that still open against their commitments."""
    digest, expected = START, 0
    keys = vault.keys(conn, [(case_id, "words")]) if vault is not None and _has_key(conn, case_id) else {}
    for row in conn.execute(select(table).where(table.c.case_id == case_id).order_by(table.c.seq)):
        expected += 1
        if row.seq != expected:
            return Verdict(False, expected - 1, expected, "a row is missing")
        digest = _digest(digest, case_id, happening(row), row.commitment)
        if digest != row.digest:
            return Verdict(False, expected, row.seq, "the row was changed")
        key = keys.get((case_id, "words"))
        if key is not None and row.sealed is not None:
            salt, text = _unseal(key, row.sealed, place(table, case_id, row.seq))
            if _commitment(salt, text) != row.commitment:
                return Verdict(False, expected, row.seq, "the words were changed")
    return Verdict(True, expected)


# -- within


def _has_key(conn: Connection, case_id: str) -> bool:
    keys = HOUSE.keys
    found = select(keys.c.key_id).where(keys.c.case_id == case_id, keys.c.destroyed_at.is_(None))
    return conn.execute(found.limit(1)).first() is not None


def _public(table: Table) -> list[Any]:
    return [table.c[name] for name in ("case_id", "seq", "event", "at", "written_at", "by", "stage", "data")]


def happening(row: Any) -> Happening:
    """A row of a ledger's table as the engine reads it."""
    return Happening(row.seq, row.event, row.at, row.written_at, row.by, row.stage, row.data)


def _digests(conn: Connection, table: Table, growths: Sequence[tuple[str, int, Sequence[Happening]]]) -> dict[str, str]:
    """The digest after which each ledger goes on."""
    last: dict[str, tuple[int, str]] = {}
    standing = [case_id for case_id, expected, _ in growths if expected]
    if standing:
        ends = select(table.c.case_id, func.max(table.c.seq).label("seq")).where(among(table.c.case_id, standing))
        end = ends.group_by(table.c.case_id).subquery()
        is_end = (table.c.case_id == end.c.case_id) & (table.c.seq == end.c.seq)
        rows = conn.execute(select(table.c.case_id, table.c.seq, table.c.digest).join(end, is_end))
        last = {row.case_id: (row.seq, row.digest) for row in rows}
    for case_id, expected, _ in growths:
        actual = last.get(case_id, (0, START))[0]
        if actual != expected:
            raise Conflict(expected, actual)
    return {case_id: last.get(case_id, (0, START))[1] for case_id, _, _ in growths}


def _digest(before: str, case_id: str, happening: Happening, commitment: str | None) -> str:
    said = to_json(happening) | {
        "case_id": case_id,
        "at": _plain(happening.at),
        "written_at": _plain(happening.written_at),
        "commitment": commitment,
    }
    text = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(f"{before}\n{text}".encode()).hexdigest()


def _plain(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def _commitment(salt: bytes, text: str) -> str:
    return hashlib.sha256(salt + text.encode()).hexdigest()


def _seal(key: DataKey, text: str, where: str) -> tuple[bytes, str]:
    salt = os.urandom(16)
    return key.seal(salt + text.encode(), where), _commitment(salt, text)


def _unseal(key: DataKey, sealed: bytes, where: str) -> tuple[bytes, str]:
    plain = key.open_bytes(sealed, where)
    return plain[:16], plain[16:].decode()


__all__ = [
    "Verdict", "append", "append_many", "digests", "ledger_since", "ledger_table", "read", "read_many",
    "read_words", "verify",
]  # fmt: skip
