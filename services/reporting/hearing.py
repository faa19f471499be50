"""What reporting does with the facts it hears: keep their rows, and note which cases must be worked out anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from heard.facts.parts import last_told
from services.chassis.work import Fact, Work
from services.reporting import readbook

CASE, SAFEGUARDING = "case", "safeguarding"


def cases_advanced(work: Work, facts: Sequence[Fact]) -> None:
    """Keep the new rows of cases. A fact that comes again, or late, takes nothing back of what a later one said."""
    in_order = sorted((fact.body for fact in facts), key=last_told)
    readbook.keep(work.conn, CASE, [(body["case_id"], plain(row)) for body in in_order for row in body["happenings"]])
    newest = readbook.last_kept(work.conn, CASE, {body["case_id"] for body in in_order})
    late = [body for body in in_order if last_told(body) < newest[body["case_id"]]]
    readbook.know(work.conn, [_case(body["case_id"], body) for body in late])
    version = "procedure_version"
    now = [body for body in in_order if last_told(body) == newest[body["case_id"]]]
    readbook.advance(work.conn, [_case(body["case_id"], body) | {version: body[version]} for body in now])


def safeguarding_advanced(work: Work, facts: Sequence[Fact]) -> None:
    """Keep the new rows of safeguarding's records, those with which they begin too."""
    grown = [fact for fact in facts if fact.body["happenings"]]
    readbook.know(work.conn, [_case(fact.body["report_id"], fact.body) for fact in grown])
    rows = [(fact.body["report_id"], plain(row)) for fact in grown for row in fact.body["happenings"]]
    readbook.keep(work.conn, SAFEGUARDING, rows)


def plain(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row as it is kept: moments as ISO 8601."""
    moments = {
        name: row[name] if isinstance(row[name], str) else row[name].isoformat() for name in ("at", "written_at")
    }
    kept = {name: row.get(name) for name in ("seq", "event", "by", "stage")}
    return {**kept, **moments, "data": dict(row.get("data") or {})}


def _case(case_id: str, body: Mapping[str, Any]) -> dict[str, Any]:
    place = {name: body[name] for name in ("operator", "provider", "home")}
    return {"id": case_id, "reference": body.get("reference") or "", **place}
