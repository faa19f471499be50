"""Safeguarding records as they are kept. Staff's questions pass `visible_to`, the machinery's do not.

What staff may see is `record_viewers`, derived from the ledger and who is who in the same transaction as every growth
of the ledger; PostgreSQL's row-level security says the same a second time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, delete, func, or_, select, tuple_, union, update

from services.chassis.claim import claim
from services.chassis.errors import NotFound
from services.chassis.rows import add, add_new, among
from services.safeguarding.models import alerts, calls_made, record_viewers, records, words

Row = Mapping[Any, Any]


def visible_to(person_id: str, report_id: Column[str]) -> ColumnElement[bool]:
    """The condition that a report's record is one that this person may see."""
    return report_id.in_(select(record_viewers.c.report_id).where(record_viewers.c.person_id == person_id))


# -- reports and their words


def open_new(conn: Connection, rows: Sequence[Row]) -> set[str]:
    """Store records that do not exist yet; returns the ids of those that are new."""
    return add_new(conn, records, rows, records.c.report_id)


def standing(conn: Connection, report_ids: Iterable[str], *, to_change: bool = False) -> dict[str, Row]:
    """Records by id; `to_change` holds them until this transaction ends."""
    query = select(records).where(among(records.c.report_id, report_ids))
    if to_change:
        query = query.order_by(records.c.report_id).with_for_update()
    return {row["report_id"]: row for row in conn.execute(query).mappings()}


def seen(conn: Connection, person_id: str, report_id: str) -> Row:
    """A record that this person may see. Raises `NotFound`: there is none, or it is not for them to know of."""
    query = select(records).where(records.c.report_id == report_id, visible_to(person_id, records.c.report_id))
    found = conn.execute(query).mappings().first()
    if found is None:
        raise NotFound
    return found


def store(conn: Connection, report_id: str, values: Mapping[str, Any]) -> None:
    """Change what a record's row says."""
    conn.execute(update(records).where(records.c.report_id == report_id).values(dict(values)))


def keep_words(conn: Connection, rows: Sequence[Row]) -> set[str]:
    """Store words that are not here yet; returns the ids of those that are new."""
    return add_new(conn, words, rows, words.c.id)


def words_of(conn: Connection, person_id: str, report_id: str) -> Sequence[Row]:
    """Every inbound word of a report, oldest first, if this person may see it."""
    query = select(words).where(words.c.report_id == report_id, visible_to(person_id, words.c.report_id))
    return conn.execute(query.order_by(words.c.at)).mappings().all()


def held_words(conn: Connection, report_ids: Iterable[str]) -> Sequence[Row]:
    """Words that came before their reports."""
    return conn.execute(select(words).where(among(words.c.report_id, report_ids), words.c.held)).mappings().all()


def let_go(conn: Connection, words_ids: Iterable[str]) -> None:
    """These words are held back no longer."""
    conn.execute(update(words).where(among(words.c.id, words_ids)).values(held=False))


def take_to_weigh(conn: Connection, now: datetime, until: datetime) -> Row | None:
    """The words that have waited longest for it to be weighed what they mean; nobody else takes them before `until`."""
    waiting = select(words.c.id).where(words.c.weigh_at <= now, words.c.held.is_(False)).order_by(words.c.weigh_at)
    taken = claim(conn, waiting, 1)
    if not taken:
        return None
    mine = update(words).where(words.c.id == taken[0].id).values(weigh_at=until)
    return conn.execute(mine.returning(*words.c)).mappings().one()


def were_weighed(conn: Connection, words_id: str, again: datetime | None) -> bool:
    """These words are weighed, for good or until they are weighed `again`; whether they still had to be."""
    done = update(words).where(words.c.id == words_id, words.c.weigh_at.is_not(None)).values(weigh_at=again)
    return conn.execute(done.returning(words.c.id)).first() is not None


def to_be_weighed(conn: Connection) -> int:
    """How many words wait for it."""
    return int(conn.execute(select(func.count()).where(words.c.weigh_at.is_not(None))).scalar_one())


def to_look_at_again(conn: Connection, version: int, limit: int) -> Sequence[Any]:
    """Open records whose people were last chosen by an older who-is-who, claimed."""
    query = select(records).where(records.c.closed_at.is_(None), records.c.roster_version < version)
    return claim(conn, query.order_by(records.c.roster_version), limit)


# -- the wall


def let_see(conn: Connection, viewers: Mapping[str, Mapping[str, str]], fresh: Iterable[str] = ()) -> None:
    """Set who may see each record: ``{report_id: {person: why}}``. `fresh` records had nobody yet."""
    known = set(viewers) - set(fresh)
    if known:
        conn.execute(delete(record_viewers).where(among(record_viewers.c.report_id, known)))
    rows = [
        {"report_id": report_id, "person_id": person, "why": why}
        for report_id, people in viewers.items()
        for person, why in people.items()
    ]
    add_new(conn, record_viewers, rows, record_viewers.c.report_id)


def seen_by(conn: Connection, people: Iterable[str]) -> Sequence[Any]:
    """``(person, provider, home, why)``: where these people see records, as the lead or because they were called."""
    theirs = among(record_viewers.c.person_id, people)
    places = select(record_viewers.c.person_id, records.c.provider, records.c.home, record_viewers.c.why)
    return conn.execute(
        places.join(records, records.c.report_id == record_viewers.c.report_id).where(theirs).distinct()
    ).all()


def sees_no_more(conn: Connection, person_id: str, provider: str, home: str, why: str) -> int:
    """Take from this person what they see of that home for that reason; how many records."""
    there = select(records.c.report_id).where(records.c.provider == provider, records.c.home == home)
    mine = (record_viewers.c.person_id == person_id) & (record_viewers.c.why == why)
    taken = delete(record_viewers).where(mine, record_viewers.c.report_id.in_(there))
    return len(conn.execute(taken.returning(record_viewers.c.report_id)).all())


# -- alerts and calls


def raise_alerts(conn: Connection, rows: Sequence[Row]) -> None:
    """Store new alerts."""
    add(conn, alerts, rows)


def note_calls(conn: Connection, rows: Sequence[Row]) -> None:
    """Store calls as they are made."""
    add(conn, calls_made, rows)


def alerts_to_call(conn: Connection, now: datetime, limit: int) -> Sequence[Any]:
    """Alerts whose next call is due, claimed by their records: everybody holds the record before its alerts."""
    due = select(alerts).where(alerts.c.next_call_at <= now).order_by(alerts.c.next_call_at)
    waiting = due.join(records, records.c.report_id == alerts.c.report_id).with_only_columns(records.c.report_id)
    held = {row.report_id for row in claim(conn, waiting, limit, of=records)}
    return conn.execute(due.where(among(alerts.c.report_id, held))).all() if held else ()


def alert(conn: Connection, alert_id: str, *, to_change: bool = False) -> Row | None:
    """An alert, without a wall."""
    query = select(alerts).where(alerts.c.id == alert_id)
    return conn.execute(query.with_for_update() if to_change else query).mappings().first()


def open_alert(conn: Connection, report_id: str) -> Row | None:
    """The alert of a report that nobody has answered yet, held until this transaction ends."""
    query = select(alerts).where(alerts.c.report_id == report_id, alerts.c.answered_at.is_(None)).with_for_update()
    return conn.execute(query).mappings().first()


def store_alert(conn: Connection, alert_id: str, values: Mapping[str, Any]) -> None:
    """Change what an alert's row says."""
    conn.execute(update(alerts).where(alerts.c.id == alert_id).values(dict(values)))


def calls_of(conn: Connection, alert_ids: Iterable[str]) -> dict[str, list[Row]]:
    """The calls of each alert, in order."""
    return _calls(conn, calls_made.c.alert_id, alert_ids, calls_made.c.attempt)


def calls_of_reports(conn: Connection, report_ids: Iterable[str]) -> dict[str, list[Row]]:
    """The calls made about each report, in order."""
    return _calls(conn, calls_made.c.report_id, report_ids, calls_made.c.at)


def _calls(conn: Connection, of: Column[str], ids: Iterable[str], order: Column[Any]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {one: [] for one in ids}
    for row in conn.execute(select(calls_made).where(among(of, found)).order_by(order)).mappings():
        found[row[of.name]].append(row)
    return found


def store_calls(conn: Connection, outcomes: Mapping[tuple[str, int], Mapping[str, Any]]) -> dict[tuple[str, int], Row]:
    """Write down what became of calls, by (alert, attempt); returns those calls."""
    for (alert_id, attempt), values in outcomes.items():
        these = (calls_made.c.alert_id == alert_id) & (calls_made.c.attempt == attempt)
        if values:
            conn.execute(update(calls_made).where(these).values(dict(values)))
    key = tuple_(calls_made.c.alert_id, calls_made.c.attempt)
    rows = conn.execute(select(calls_made).where(key.in_(list(outcomes)))).mappings()
    return {(row["alert_id"], row["attempt"]): row for row in rows}


def call_now(conn: Connection, alert_id: str, now: datetime) -> None:
    """A call did not get through: the next is due at once, unless somebody has answered."""
    conn.execute(update(alerts).where(alerts.c.id == alert_id, alerts.c.answered_at.is_(None)).values(next_call_at=now))


def board(conn: Connection, person_id: str, since: datetime) -> Sequence[Row]:
    """The alerts this person may see with their records: unanswered first, then those answered after `since`."""
    query = (
        select(alerts, records.c.reference, records.c.provider, records.c.home, records.c.received_at,
               records.c.procedure_version, records.c.closed_at)
        .join(records, records.c.report_id == alerts.c.report_id)
        .where(visible_to(person_id, records.c.report_id))
        .where(or_(alerts.c.answered_at.is_(None), records.c.closed_at.is_(None), alerts.c.answered_at > since))
    )  # fmt: skip
    return (
        conn.execute(query.order_by(alerts.c.answered_at.is_not(None), alerts.c.raised_at.desc()).limit(200))
        .mappings()
        .all()
    )


def seen_alert(conn: Connection, person_id: str, alert_id: str) -> Row | None:
    """One alert, if this person may see the record it is about."""
    query = select(alerts).where(alerts.c.id == alert_id, visible_to(person_id, alerts.c.report_id))
    return conn.execute(query).mappings().first()


def standing_still(conn: Connection, since: datetime, limit: int) -> set[str]:
    """Reports with an unanswered alert whose next call was due then, or with a call made then and not handed over."""
    waits = alerts.c.answered_at.is_(None)
    unmade = select(alerts.c.report_id).where(waits, alerts.c.next_call_at <= since)
    unsent = (
        select(alerts.c.report_id)
        .join(calls_made, calls_made.c.alert_id == alerts.c.id)
        .where(waits, calls_made.c.at <= since, calls_made.c.sent_at.is_(None), calls_made.c.failed_at.is_(None))
    )
    return set(conn.execute(union(unmade, unsent).limit(limit)).scalars())


def waits_to_be_called(conn: Connection, report_id: str) -> bool:
    """Whether nobody has answered an alert of this report, and a call about it waits or none of them got through."""
    waits = (alerts.c.report_id == report_id) & alerts.c.answered_at.is_(None)
    asked = select(calls_made.c.sent_at, calls_made.c.failed_at).select_from(alerts)
    made = conn.execute(asked.outerjoin(calls_made, calls_made.c.alert_id == alerts.c.id).where(waits)).all()
    on_its_way = any(one.sent_at is None and one.failed_at is None for one in made)
    got_through = any(one.sent_at is not None and one.failed_at is None for one in made)
    return bool(made) and (on_its_way or not got_through)


def alerts_to_answer(conn: Connection, person_id: str, since: datetime) -> Sequence[Row]:
    """The alerts that this person may answer: unanswered ones, then those raised after `since`; the newest first."""
    query = select(alerts).where(visible_to(person_id, alerts.c.report_id))
    query = query.where(or_(alerts.c.answered_at.is_(None), alerts.c.raised_at > since))
    order = (alerts.c.answered_at.is_not(None), alerts.c.raised_at.desc())
    return conn.execute(query.order_by(*order).limit(200)).mappings().all()


def unanswered(conn: Connection) -> int:
    """How many alerts nobody has answered."""
    asked = select(func.count()).select_from(alerts).where(alerts.c.answered_at.is_(None))
    return int(conn.execute(asked).scalar_one())


def viewers_of(conn: Connection, report_id: str) -> Sequence[str]:
    """The persons who may see a record."""
    query = select(record_viewers.c.person_id).where(record_viewers.c.report_id == report_id)
    return conn.execute(query).scalars().all()


def alerts_of(conn: Connection, report_id: str) -> Sequence[Row]:
    """Every alert there was about a report, in order. Behind the wall like the record itself."""
    return (
        conn.execute(select(alerts).where(alerts.c.report_id == report_id).order_by(alerts.c.raised_at))
        .mappings()
        .all()
    )
