"""Reports as intake keeps them: the statements behind receiving, following up and watching for the proof."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select, update

from services.chassis.claim import claim
from services.chassis.rows import add, add_new, among
from services.intake.models import equality, mails, pages_sent, reports, words


def store(conn: Connection, row: Mapping[str, Any]) -> bool:
    """Store a report; False when its retry key was used before (then nothing is stored)."""
    return bool(add_new(conn, reports, [row], reports.c.id))


def store_many(conn: Connection, rows: Sequence[Mapping[str, Any]]) -> set[str]:
    """Store reports; returns the ids of those whose retry key was not used before."""
    return add_new(conn, reports, rows, reports.c.id)


def digests_of(conn: Connection, keys: Sequence[str]) -> dict[str, str]:
    """What the reports of these retry keys said, by key."""
    asked = select(reports.c.retry_key, reports.c.retry_digest).where(among(reports.c.retry_key, keys))
    return {row.retry_key: row.retry_digest for row in conn.execute(asked)}


def by_retry_key(conn: Connection, key: str) -> Mapping[Any, Any]:
    """The report that a retry key stands for."""
    return conn.execute(select(reports).where(reports.c.retry_key == key)).mappings().one()


def store_equality(conn: Connection, report_id: str, answers: Mapping[str, Any]) -> None:
    """Store equality answers under their own key, beside no other word."""
    add(conn, equality, [{"report_id": report_id, "answers": dict(answers)}])


def by_reference(conn: Connection, reference: str) -> Mapping[Any, Any] | None:
    """What a receipt opens: id, place, receipt digest and whether safeguarding has it."""
    kept = reports.c
    place = (kept.operator, kept.provider, kept.home)
    columns = (kept.id, *place, kept.receipt_digest, kept.fresh_digest, kept.fresh_at,
               kept.received_at, kept.screened_at)  # fmt: skip
    return conn.execute(select(*columns).where(kept.reference == reference)).mappings().first()


def words_of(conn: Connection, report_id: str) -> Mapping[str, Any]:
    """What a report said, sealed as it came."""
    found: Mapping[str, Any] = conn.execute(select(reports.c.words).where(reports.c.id == report_id)).scalar_one()
    return found


def mail_taken(conn: Connection, mail_id: str) -> bool:
    """Whether this mail was taken before."""
    return conn.execute(select(mails.c.id).where(mails.c.id == mail_id)).first() is not None


def place_of(conn: Connection, report_id: str) -> Mapping[Any, Any] | None:
    """``{report_id, operator, provider, home}`` of a report."""
    kept = reports.c
    asked = select(kept.id.label("report_id"), kept.operator, kept.provider, kept.home).where(kept.id == report_id)
    return conn.execute(asked).mappings().first()


def contact_by_reference(conn: Connection, reference: str) -> Mapping[Any, Any] | None:
    """Whose report a reference is: its place, its receipt digest, and its contact, sealed."""
    kept = reports.c
    columns = (kept.id, kept.operator, kept.provider, kept.home, kept.receipt_digest, kept.contact,
               kept.fresh_digest, kept.fresh_at)  # fmt: skip
    return conn.execute(select(*columns).where(kept.reference == reference)).mappings().first()


def store_words(conn: Connection, row: Mapping[str, Any]) -> bool:
    """Store later words; False when their retry key was used before."""
    return bool(add_new(conn, words, [row], words.c.id))


def sent_later(conn: Connection, report_id: str) -> list[dict[str, str]]:
    """What came after a report from whoever sent it, oldest first: ``[{sort, at}]``, and none of the words."""
    asked = select(words.c.sort, words.c.received_at).where(words.c.report_id == report_id)
    rows = conn.execute(asked.order_by(words.c.received_at, words.c.id))
    return [{"sort": row.sort, "at": row.received_at.isoformat()} for row in rows]


def words_by_retry_key(conn: Connection, key: str) -> Mapping[Any, Any]:
    """The words that a retry key stands for."""
    return conn.execute(select(words.c.id, words.c.report_id).where(words.c.retry_key == key)).mappings().one()


def screened(conn: Connection, report_ids: Iterable[str], at: datetime, *, rest: bool) -> None:
    """Safeguarding has these reports. With `rest` nobody is called about them, and nobody need look again."""
    first = among(reports.c.id, report_ids) & reports.c.screened_at.is_(None)
    conn.execute(update(reports).where(first).values(screened_at=at, **({"look_at": None} if rest else {})))


def called_about(conn: Connection, report_id: str, ladder: Sequence[Any], at: datetime, look_at: datetime) -> None:
    """Somebody is called about a report: whom one can call, and from when on to ask whether that was handed on.

    Safeguarding has it, then: a word that it was screened which comes later ends no watch.
    """
    this, kept = reports.c.id == report_id, reports.c
    known = {"ladder": list(ladder), "screened_at": func.coalesce(kept.screened_at, at)}
    conn.execute(update(reports).where(this).values(**known))
    anew = {"look_at": look_at, "knocked_at": None, "paged": False}
    conn.execute(update(reports).where(this, kept.look_at.is_(None)).values(**anew))


def proven(conn: Connection, report_ids: Iterable[str], at: datetime) -> None:
    """Safeguarding has these reports, and no call about them waits: nobody need look again."""
    done = {"screened_at": func.coalesce(reports.c.screened_at, at), "look_at": None}
    conn.execute(update(reports).where(among(reports.c.id, report_ids)).values(**done))


def without_proof(conn: Connection, now: datetime, limit: int) -> Sequence[Any]:
    """Reports whose time has come to ask after the proof, claimed for this transaction, longest waiting first."""
    kept = reports.c
    columns = (kept.id, kept.received_at, kept.fact, kept.words, kept.contact, kept.paged, kept.ladder)
    return claim(conn, select(*columns).where(kept.look_at <= now).order_by(kept.look_at), limit)


def overdue(conn: Connection, since: datetime, limit: int) -> set[str]:
    """Reports that safeguarding does not have, as far as is known, over which nobody looked though it was time then."""
    late = select(reports.c.id).where(reports.c.look_at <= since, reports.c.screened_at.is_(None))
    return set(conn.execute(late.limit(limit)).scalars())


def look_again(conn: Connection, report_id: str, at: datetime, **done: Any) -> None:
    """Ask after the proof again at `at`, unless it came meanwhile; `done` (knocked_at, paged) says what was done."""
    waiting = (reports.c.id == report_id) & reports.c.look_at.is_not(None)
    conn.execute(update(reports).where(waiting).values(look_at=at, **done))


def note_pages(conn: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Keep the evidence of pages sent."""
    add_new(conn, pages_sent, rows, pages_sent.c.report_id)
