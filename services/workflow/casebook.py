"""Where cases are kept: the machinery's side of the tables (what people are shown is read in ``shown``).

Everything is done for many cases in few statements, inside the transaction of the desk that asks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Connection, Row, Select, delete, false, func, select, update

from heard.derivation import Due
from heard.instants import start_of
from heard.ledger import Happening
from heard.proclaimed import Proclamations
from services.chassis import ledger as chain
from services.chassis.claim import claim
from services.chassis.rows import add, among, change
from services.chassis.work import Work
from services.workflow.models import case_viewers, cases, due_lines, words
from services.workflow.models import ledger as ledger_rows
from services.workflow.writing_to_us import last_said

if TYPE_CHECKING:
    from services.workflow.casework import CaseFile


# ---------------------------------------------------------------- cases and their ledgers


def known_cases(conn: Connection, case_ids: Iterable[str]) -> set[str]:
    """Which of these cases there are."""
    return set(conn.execute(select(cases.c.id).where(among(cases.c.id, case_ids))).scalars())


def cases_of(conn: Connection, case_ids: Sequence[str]) -> Sequence[Row[Any]]:
    """The rows of these cases in the order of their ids, for whoever only looks."""
    return conn.execute(select(cases).where(among(cases.c.id, case_ids)).order_by(cases.c.id)).all()


def lock_cases(conn: Connection, case_ids: Sequence[str]) -> Sequence[Row[Any]]:
    """The rows of these cases, locked in the order of their ids so that two desks never wait for each other."""
    if not case_ids:
        return []
    return conn.execute(select(cases).where(among(cases.c.id, case_ids)).order_by(cases.c.id).with_for_update()).all()


def lock_cases_of_reports(conn: Connection, report_ids: Sequence[str]) -> Sequence[Row[Any]]:
    """The same, for all cases that grew out of these reports."""
    if not report_ids:
        return []
    return conn.execute(
        select(cases).where(among(cases.c.report_id, report_ids)).order_by(cases.c.id).with_for_update()
    ).all()


def cases_of_reports(conn: Connection, report_ids: Sequence[str]) -> list[str]:
    """The ids of all cases that grew out of these reports, as they stand at this statement."""
    if not report_ids:
        return []
    return list(conn.execute(select(cases.c.id).where(among(cases.c.report_id, report_ids))).scalars())


def first_of_report(conn: Connection, report_id: str) -> Row[Any] | None:
    """The case that a report opened, or None while it is not open yet."""
    return conn.execute(select(cases).where(cases.c.report_id == report_id).order_by(cases.c.id != report_id)).first()


def ledgers(conn: Connection, case_ids: Sequence[str]) -> dict[str, list[Happening]]:
    """The ledgers of these cases, each in order."""
    return chain.read_many(conn, ledger_rows, case_ids)


def is_whole(conn: Connection, case_id: str) -> bool:
    """Whether the chain of a ledger is unbroken."""
    return chain.verify(conn, ledger_rows, case_id).whole


def ledger_since(conn: Connection, position: str | None, limit: int) -> dict[str, Any]:
    """A page of all ledgers, for whoever rebuilds from them."""
    page = chain.ledger_since(conn, ledger_rows, position, limit)
    ids = {row["case_id"] for row in page["happenings"]}
    asked = select(
        cases.c.id, cases.c.reference, cases.c.operator, cases.c.provider, cases.c.home, cases.c.procedure_version
    )
    about = {row.id: row for row in conn.execute(asked.where(among(cases.c.id, ids)))} if ids else {}
    for row in page["happenings"]:
        case = about[row["case_id"]]
        row |= {
            "reference": case.reference, "operator": case.operator, "provider": case.provider, "home": case.home,
            "procedure_version": case.procedure_version,
        }  # fmt: skip
    return page


def first_words(conn: Connection, case_id: str) -> Sequence[Row[Any]]:
    """The words that a case began with, sealed."""
    return conn.execute(select(words).where(words.c.case_id == case_id, words.c.id == case_id)).all()


def store(work: Work, files: Sequence[CaseFile]) -> None:
    """Write the new rows of these cases and where each now stands."""
    add(work.conn, cases, [_row(file) for file in files if not file.stored_seq])
    moved = [{"id": file.id, **_position(file)} for file in files if file.stored_seq]
    change(work.conn, cases, moved)
    chain.append_many(work, ledger_rows, [(file.id, file.stored_seq, file.new) for file in files if file.new])
    for file in files:
        file.stored_seq = file.state.seq


def _row(file: CaseFile) -> dict[str, Any]:
    return {
        "id": file.id,
        "report_id": file.report_id,
        "reference": file.reference,
        **file.place,
        "received_at": file.received_at,
        **_position(file),
    }


def _position(file: CaseFile) -> dict[str, Any]:
    handler = file.state.holder("handles")
    return {
        "procedure_version": file.procedure.version,
        "screened_at": file.state.screened_at,
        "seq": file.state.seq,
        "heard_seq": file.heard_seq,
        "roster_version": file.roster_version,
        "stage": file.state.stage,
        "state": file.condition,
        "handler": handler.who if handler else None,
        "wakes_at": file.wakes_at,
        "days_version": file.days_version,
        "counts_until": file.counts_until,
        "terms_version": file.terms_version,
        "hears": file.hears,
        "last_said": last_said(file.state),
    }


# ---------------------------------------------------------------- what follows from them


def show(conn: Connection, shown: Mapping[str, Mapping[str, str]]) -> None:
    """Let exactly these persons see these cases: ``{case: {person: why}}``."""
    if shown:
        conn.execute(delete(case_viewers).where(among(case_viewers.c.case_id, shown)))
    rows = [
        {"case_id": case_id, "person_id": person, "why": why}
        for case_id, persons in shown.items()
        for person, why in persons.items()
    ]
    add(conn, case_viewers, rows)


def keep_due_lines(conn: Connection, owed: Sequence[tuple[CaseFile, Sequence[Due]]]) -> None:
    """Replace what is due in these cases."""
    before = [file.id for file, _ in owed if file.stored_seq]
    if before:
        conn.execute(delete(due_lines).where(among(due_lines.c.case_id, before)))
    rows = [
        {
            "case_id": file.id,
            "line": due.key,
            "due_at": due.due_at,
            "strength": due.strength,
            "shown": _line(due)
            | {"imported": file.state.received.get("imported")}
            | {"holders": {one.part: one.who for one in file.state.assignments if one.stood_down is None}},
        }
        for file, dues in owed
        for due in dues
    ]
    add(conn, due_lines, rows)


def _line(due: Due) -> dict[str, Any]:
    return {
        "stage": due.stage,
        "duty": due.duty,
        "instance": due.instance,
        "says": due.says,
        "clause": list(due.clause),
        "source": due.source,
        "to": list(due.to),
        "by": list(due.by),
        "within": due.within,
        "due": due.due.isoformat() if due.due else None,
        "paused": due.status == "paused",
        "left": due.derivation.left,
        "lateness_if_late": "aim missed" if due.strength == "aim" else due.lateness or "breach",
        "why": due.derivation.sentence,
        "reading": due.reading,
        "moved": due.derivation.moved_as_json(),
        "target": due.target.isoformat() if due.target else None,
    }


# ---------------------------------------------------------------- what is claimed, one batch at a time


def waking(conn: Connection, now: datetime, limit: int) -> list[str]:
    """Cases in which something falls due by itself, claimed for this transaction, the longest waiting first."""
    due = select(cases.c.id).where(cases.c.wakes_at <= now).order_by(cases.c.wakes_at, cases.c.id)
    return [row.id for row in claim(conn, due, limit)]


def screened_of(conn: Connection, case_ids: Sequence[str]) -> list[str]:
    """Those of these cases that exist and are screened."""
    asked = select(cases.c.id).where(among(cases.c.id, case_ids), cases.c.screened_at.is_not(None))
    return list(conn.execute(asked).scalars())


def let_rest(conn: Connection, case_id: str, until: datetime, roster_version: int) -> None:
    """Let a case sleep until then, whatever becomes of the calendar meanwhile."""
    rests = {"wakes_at": until, "roster_version": roster_version, "counts_until": None}
    conn.execute(update(cases).where(cases.c.id == case_id).values(**rests))


def any_routed_before(conn: Connection, version: int) -> bool:
    """Whether there are such cases as ``routed_before`` claims."""
    return conn.execute(_to_route_again(version).limit(1)).first() is not None


def routed_before(conn: Connection, version: int, limit: int) -> list[str]:
    """Open, screened cases whose people were chosen by an older who-is-who, claimed for this transaction."""
    return [row.id for row in claim(conn, _to_route_again(version), limit)]


def _to_route_again(version: int) -> Select[Any]:
    routed_by_an_older = (cases.c.state == "open") & (cases.c.roster_version < version)
    asked = select(cases.c.id).where(routed_by_an_older, cases.c.screened_at.is_not(None))
    return asked.order_by(cases.c.roster_version)  # as the index has them: by id, all that are done would be passed by


def any_by_older_days(conn: Connection, version: int) -> bool:
    """Whether there are cases with days to come that were last reckoned by an older calendar."""
    return conn.execute(_by_older_days(version).limit(1)).first() is not None


def crossed(conn: Connection, days: Proclamations, limit: int) -> list[str]:
    """Cases in which something is still to come when a day that changed is over, claimed for this transaction."""
    return [row.id for row in claim(conn, _crossed(conn, days), limit)]


def also_crossed(conn: Connection, days: Proclamations, after: str, limit: int) -> list[str]:
    """The same after this id, for whoever only looks."""
    asked = _crossed(conn, days).order_by(None).order_by(cases.c.id).where(cases.c.id > after)
    return list(conn.execute(asked.limit(limit)).scalars())


def leave_as_they_are(conn: Connection, days: Proclamations, limit: int) -> int:
    """Cases in which everything is over before such a day need no look: they count as reckoned by the new days."""
    ids = [row.id for row in claim(conn, _by_older_days(days.version).where(~_touches(conn, days)), limit)]
    if ids:
        conn.execute(update(cases).where(among(cases.c.id, ids)).values(days_version=days.version))
    return len(ids)


def _by_older_days(version: int) -> Select[Any]:
    older = (cases.c.days_version < version) & cases.c.counts_until.is_not(None)
    return select(cases.c.id).where(older).order_by(cases.c.days_version, cases.c.counts_until)


def _crossed(conn: Connection, days: Proclamations) -> Select[Any]:
    return _by_older_days(days.version).where(_touches(conn, days))


def _touches(conn: Connection, days: Proclamations) -> ColumnElement[bool]:
    """Whether the last moment that counts comes after the first day that changed since the case was reckoned."""
    oldest = conn.execute(select(func.min(cases.c.days_version)).where(cases.c.counts_until.is_not(None))).scalar()
    first = min((turn.about.day for turn in days.since(oldest or 0)), default=None)
    return cases.c.counts_until > start_of(first) if first else false()


# ---------------------------------------------------------------- counts for the metrics


def count(conn: Connection, which: str, now: datetime) -> int:
    """duties_overdue, cases_unscreened or cases_unassigned, over all cases."""
    if which == "duties_overdue":
        asked = select(func.count()).where(due_lines.c.due_at <= now, due_lines.c.strength == "must")
    elif which == "cases_unscreened":
        asked = select(func.count()).where(cases.c.screened_at.is_(None))
    else:
        asked = select(func.count()).where(
            cases.c.state == "open", cases.c.screened_at.is_not(None), cases.c.handler.is_(None)
        )
    return int(conn.execute(asked).scalar_one())
