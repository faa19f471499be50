"""What is kept beside the cases: sealed words, who looked, what a command was answered, facts that must wait, and
what is over and of which it is to be seen anew who sees it.

Inside the transaction of whoever asks, like everything in ``casebook``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, func, insert, select, update

from services.chassis.claim import claim
from services.chassis.rows import add, among, put
from services.workflow.models import case_reads, case_viewers, cases, commands, waiting, words, words_seen


def keep_words(conn: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Keep sealed words: the rows that ``sealed`` makes."""
    add(conn, words, rows)


def words_were_screened(conn: Connection, words_ids: Sequence[str]) -> None:
    """Later words that safeguarding has read are shown from now on."""
    if words_ids:
        conn.execute(update(words).where(among(words.c.id, words_ids)).values(screened=True))


def note_read(conn: Connection, case_ids: Iterable[str], person_id: str, what: str, at: datetime) -> None:
    """Record that somebody looked."""
    rows = [{"case_id": one, "person_id": person_id, "what": what, "at": at} for one in case_ids]
    add(conn, case_reads, rows)


def note_seen(conn: Connection, case_id: str, person_id: str, seq: int) -> None:
    """Record up to which row of the ledger somebody was shown what was said."""
    put(conn, words_seen, [{"case_id": case_id, "person_id": person_id, "seq": seq}])


def last_read(conn: Connection, case_id: str) -> datetime | None:
    """When anybody last opened a case."""
    asked = select(func.max(case_reads.c.at)).where(case_reads.c.case_id == case_id)
    last: datetime | None = conn.execute(asked).scalar_one()
    return last


def reads_of(conn: Connection, case_id: str, person_id: str) -> list[tuple[str, datetime]]:
    """What somebody looked at in a case, and when."""
    asked = select(case_reads.c.what, case_reads.c.at).where(
        case_reads.c.case_id == case_id, case_reads.c.person_id == person_id
    )
    return [(row.what, row.at) for row in conn.execute(asked.order_by(case_reads.c.id))]


def earlier_answer(conn: Connection, person_id: str, key: str) -> Row[Any] | None:
    """What this person was answered when they sent this command before."""
    return conn.execute(select(commands).where(commands.c.person_id == person_id, commands.c.key == key)).first()


def keep_answer(conn: Connection, row: Mapping[str, Any]) -> None:
    """Keep the answer to a command: ``{person_id, key, case_id, digest, answer, at}``."""
    conn.execute(insert(commands).values(dict(row)))


def keep_waiting(conn: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Hold facts until what they follow has come: ``{case_id, fact, place, body, since}`` each."""
    here = {
        (row.case_id, row.fact, row.place)
        for row in conn.execute(
            select(waiting.c.case_id, waiting.c.fact, waiting.c.place).where(
                among(waiting.c.case_id, {row["case_id"] for row in rows})
            )
        )
    }
    new = {(row["case_id"], row["fact"], row["place"]): dict(row) for row in rows}
    left = [row for place, row in new.items() if place not in here]
    add(conn, waiting, left)


def take_waiting(conn: Connection, case_ids: Sequence[str]) -> Sequence[Row[Any]]:
    """The facts that wait for these cases, taken out, in the order in which they came."""
    if not case_ids:
        return []
    mine = among(waiting.c.case_id, case_ids)
    rows = conn.execute(select(waiting).where(mine).order_by(waiting.c.since, waiting.c.place)).all()
    if rows:
        conn.execute(delete(waiting).where(mine))
    return rows


def let_be_shown(conn: Connection, homes: Iterable[str], people: Iterable[str], version: int) -> None:
    """Of the cases that are over, of these homes or seen by these people: see anew who sees them.

    By this who-is-who or a later one.
    """
    seen = select(case_viewers.c.case_id).where(among(case_viewers.c.person_id, people))
    over = (cases.c.state != "open") & (among(cases.c.home, homes) | cases.c.id.in_(seen))
    conn.execute(update(cases).where(over).values(shown_from=version))


def any_to_show(conn: Connection, version: int) -> bool:
    """Whether there are such cases as ``to_show`` claims."""
    return conn.execute(_to_show(version).limit(1)).first() is not None


def to_show(conn: Connection, version: int, limit: int) -> list[str]:
    """Cases that are over and wait for that, claimed for this transaction: they wait no longer."""
    ids = [row.id for row in claim(conn, _to_show(version), limit)]
    if ids:
        conn.execute(update(cases).where(among(cases.c.id, ids)).values(shown_from=None))
    return ids


def _to_show(version: int) -> Select[Any]:
    return select(cases.c.id).where(cases.c.shown_from <= version).order_by(cases.c.shown_from)
