"""What a person is shown of the tables: every question here is asked in somebody's name and passes the wall.

A test reads this file: each ``select`` names ``visible_to``. Nothing else in the service reads for people.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, case, func, select

from heard.ledger import Happening
from services.chassis.ledger import happening
from services.chassis.rows import among
from services.workflow.models import case_reads, case_terms, cases, due_lines, words, words_seen
from services.workflow.models import ledger as ledger_rows
from services.workflow.wall import visible_to
from services.workflow.writing_to_us import ENDS

PAGE = 50
"""How many cases one page of a list holds."""


def the_case(conn: Connection, person_id: str, case_id: str) -> Row[Any] | None:
    """The case's row, or None: it does not exist, or this person may not know that it does."""
    return conn.execute(select(cases).where(cases.c.id == case_id, visible_to(person_id, cases.c.id))).first()


def which_of(conn: Connection, person_id: str, case_ids: Sequence[str]) -> set[str]:
    """Those of these cases that this person may see."""
    asked = select(cases.c.id).where(among(cases.c.id, case_ids), visible_to(person_id, cases.c.id))
    return set(conn.execute(asked).scalars())


def linked_cases(conn: Connection, person_id: str, case_ids: Sequence[str]) -> dict[str, Row[Any]]:
    """Those of these cases that this person may see, by id."""
    asked = select(cases).where(among(cases.c.id, case_ids), visible_to(person_id, cases.c.id))
    return {row.id: row for row in conn.execute(asked)}


def its_ledger(conn: Connection, person_id: str, case_id: str) -> list[Happening]:
    """The rows of its ledger, in order."""
    rows = conn.execute(
        select(ledger_rows)
        .where(ledger_rows.c.case_id == case_id, visible_to(person_id, ledger_rows.c.case_id))
        .order_by(ledger_rows.c.seq)
    )
    return [happening(row) for row in rows]


def its_words(conn: Connection, person_id: str, case_id: str) -> Sequence[Row[Any]]:
    """What was written in it, sealed, oldest first; later messages only once safeguarding has read them."""
    return conn.execute(
        select(words)
        .where(words.c.case_id == case_id, words.c.screened.is_(True), visible_to(person_id, words.c.case_id))
        .order_by(words.c.at, words.c.id)
    ).all()


def seen_up_to(conn: Connection, person_id: str, case_id: str) -> int | None:
    """The row of the ledger up to which this person was shown what was said in it; None: they never looked."""
    theirs = words_seen.c.case_id == case_id, words_seen.c.person_id == person_id
    asked = select(words_seen.c.seq).where(*theirs, visible_to(person_id, words_seen.c.case_id))
    seen: int | None = conn.execute(asked).scalar()
    return seen


def unread_messages(conn: Connection, person_id: str) -> Sequence[Row[Any]]:
    """``(case_id, reference, home, state, at)`` of the cases that concern them and in which somebody wrote since they
    looked, the longest waiting first. Only what safeguarding has read counts; of a case that is over, for whoever
    never looked, only what was written since.
    """
    rows = [*_in_open_cases(conn, person_id), *_in_cases_that_are_over(conn, person_id)]
    return sorted(rows, key=lambda row: (row.at, row.case_id))


def _in_open_cases(conn: Connection, person_id: str) -> Sequence[Row[Any]]:
    theirs = words_seen.c.case_id == cases.c.id, words_seen.c.person_id == person_id
    since = func.min(ledger_rows.c.at).label("at")
    columns: tuple[Any, ...] = (cases.c.id.label("case_id"), cases.c.reference, cases.c.home, cases.c.state, since)
    return conn.execute(
        select(*columns)
        .join(ledger_rows, ledger_rows.c.case_id == cases.c.id)
        .outerjoin(words_seen, and_(*theirs))
        .where(
            visible_to(person_id, cases.c.id),
            cases.c.hears == person_id,
            cases.c.state == "open",
            ledger_rows.c.event == "words_screened",
            ledger_rows.c.seq > func.coalesce(words_seen.c.seq, 0),
        )
        .group_by(cases.c.id)
    ).all()


def _in_cases_that_are_over(conn: Connection, person_id: str) -> Sequence[Row[Any]]:
    theirs = words_seen.c.case_id == cases.c.id, words_seen.c.person_id == person_id
    ends = ledger_rows.alias("ends")
    ended = (
        select(func.max(ends.c.seq))
        .where(ends.c.case_id == cases.c.id, ends.c.event.in_(ENDS), visible_to(person_id, ends.c.case_id))
        .correlate(cases)
        .scalar_subquery()
    )
    at = ledger_rows.c.at
    columns: tuple[Any, ...] = (cases.c.id.label("case_id"), cases.c.reference, cases.c.home, cases.c.state, at)
    return conn.execute(
        select(*columns)
        .join(ledger_rows, and_(ledger_rows.c.case_id == cases.c.id, ledger_rows.c.seq == cases.c.last_said))
        .outerjoin(words_seen, and_(*theirs))
        .where(
            visible_to(person_id, cases.c.id),
            cases.c.hears == person_id,
            cases.c.last_said.is_not(None),
            cases.c.last_said > func.coalesce(words_seen.c.seq, ended),
        )
    ).all()


def who_read(conn: Connection, person_id: str, case_id: str) -> Sequence[Row[Any]]:
    """Who looked at which page of it, how often, first and last: ``person_id, what, times, first, last``."""
    times, first, last = func.count().label("times"), func.min(case_reads.c.at), func.max(case_reads.c.at)
    return conn.execute(
        select(case_reads.c.person_id, case_reads.c.what, times, first.label("first"), last.label("last"))
        .where(case_reads.c.case_id == case_id, visible_to(person_id, case_reads.c.case_id))
        .group_by(case_reads.c.person_id, case_reads.c.what)
        .order_by(last.desc(), case_reads.c.person_id)
    ).all()


def the_cases(conn: Connection, person_id: str, state: str | None, page: int) -> tuple[Sequence[Row[Any]], int]:
    """One page (from 1) of the cases this person may see, newest first, and how many there are in all."""
    asked = [cases.c.state == state] if state else []
    count = select(func.count()).select_from(cases).where(visible_to(person_id, cases.c.id), *asked)
    rows = conn.execute(
        select(cases)
        .where(visible_to(person_id, cases.c.id), *asked)
        .order_by(cases.c.received_at.desc(), cases.c.id)
        .limit(PAGE)
        .offset(PAGE * (page - 1))
    ).all()
    total = conn.execute(count).scalar_one()
    return rows, int(total)


def found(
    conn: Connection,
    person_id: str,
    page: int,
    *,
    reference: str | None,
    exactly: Mapping[str, str],
    handler: str | None,
    since: datetime | None,
    before: datetime | None,
    terms: Sequence[tuple[str, str]],
    among_these: Iterable[str] | None,
) -> Sequence[Row[Any]]:
    """One page (from 1) of this person's cases that are all of this, newest first, and one more where there are more.

    `exactly` names columns, `terms` what ``finding`` keeps of a case; a handler of ``nobody`` is none.
    """
    asked: list[ColumnElement[bool]] = [cases.c[name] == value for name, value in exactly.items()]
    asked += [cases.c.reference == reference] if reference is not None else []
    asked += [cases.c.handler.is_(None) if handler == "nobody" else cases.c.handler == handler] if handler else []
    asked += [cases.c.received_at >= since] if since else []
    asked += [cases.c.received_at < before] if before else []
    asked += [_has(person_id, sort, term) for sort, term in terms]
    asked += [among(cases.c.id, among_these)] if among_these is not None else []
    return conn.execute(
        select(cases)
        .where(visible_to(person_id, cases.c.id), *asked)
        .order_by(cases.c.received_at.desc(), cases.c.id.desc())
        .limit(PAGE + 1)
        .offset(PAGE * (page - 1))
    ).all()


def _has(person_id: str, sort: str, term: str) -> ColumnElement[bool]:
    """That a case has this term: asked of each case as the list goes down, as most have the commoner ones."""
    return (
        select(case_terms.c.case_id)
        .where(
            case_terms.c.case_id == cases.c.id,
            case_terms.c.sort == sort,
            case_terms.c.term == term,
            visible_to(person_id, case_terms.c.case_id),
        )
        .exists()
    )


def with_all(conn: Connection, person_id: str, sort: str, terms: Sequence[str]) -> set[str]:
    """Those of this person's cases that have every one of these terms: few have a name, so they are found first."""
    found: list[set[str]] = []
    for term in terms:
        asked = select(case_terms.c.case_id).where(
            case_terms.c.sort == sort, case_terms.c.term == term, visible_to(person_id, case_terms.c.case_id)
        )
        found.append(set(conn.execute(asked).scalars()))
    return set.intersection(*found)


def the_due_lines(conn: Connection, person_id: str) -> Sequence[Row[Any]]:
    """What is owed in this person's cases, the earliest first; what has no moment yet comes last."""
    return conn.execute(
        select(
            due_lines,
            cases.c.reference,
            cases.c.provider,
            cases.c.home,
            cases.c.stage.label("case_stage"),
            cases.c.handler,
        )
        .join(cases, cases.c.id == due_lines.c.case_id)
        .where(visible_to(person_id, due_lines.c.case_id))
        .order_by(due_lines.c.due_at.is_(None), due_lines.c.due_at, due_lines.c.case_id, due_lines.c.line)
    ).all()


def the_due_lines_of(conn: Connection, person_id: str, case_ids: Sequence[str]) -> Sequence[Row[Any]]:
    """What is owed in these of their cases, the earliest first."""
    return conn.execute(
        select(due_lines)
        .where(among(due_lines.c.case_id, case_ids), visible_to(person_id, due_lines.c.case_id))
        .order_by(due_lines.c.due_at.is_(None), due_lines.c.due_at)
    ).all()


def imported_of(conn: Connection, person_id: str, case_ids: Sequence[str]) -> dict[str, str | None]:
    """When those of these cases were brought here that come from an earlier log, by case."""
    rows = conn.execute(
        select(ledger_rows.c.case_id, ledger_rows.c.data).where(
            ledger_rows.c.case_id.in_(case_ids), ledger_rows.c.seq == 1, visible_to(person_id, ledger_rows.c.case_id)
        )
    )
    return {row.case_id: row.data.get("imported") for row in rows}


def how_many_open(conn: Connection, person_id: str) -> tuple[int, int]:
    """How many open cases this person may see, and how many of them nobody handles."""
    row = conn.execute(
        select(func.count(), func.count(cases.c.handler)).where(
            visible_to(person_id, cases.c.id), cases.c.state == "open"
        )
    ).one()
    return int(row[0]), int(row[0] - row[1])


def by_home(conn: Connection, person_id: str, now: datetime) -> Sequence[Row[Any]]:
    """``(home, provider, open, late, unassigned)`` of this person's cases, home by home; late counts cases."""
    is_open = cases.c.state == "open"
    overdue = select(due_lines.c.case_id).where(visible_to(person_id, due_lines.c.case_id), due_lines.c.due_at <= now)
    return conn.execute(
        select(
            cases.c.home,
            cases.c.provider,
            func.count(case((is_open, 1))).label("open"),
            func.count(case((is_open & cases.c.id.in_(overdue), 1))).label("late"),
            func.count(case((is_open & cases.c.handler.is_(None), 1))).label("unassigned"),
        )
        .where(visible_to(person_id, cases.c.id))
        .group_by(cases.c.home, cases.c.provider)
    ).all()


def received_since(conn: Connection, person_id: str, first: datetime) -> Sequence[Row[Any, Any]]:
    """``(home, received_at)`` of each of this person's cases that came in from then on."""
    return conn.execute(
        select(cases.c.home, cases.c.received_at).where(visible_to(person_id, cases.c.id), cases.c.received_at >= first)
    ).all()
