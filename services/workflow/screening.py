"""What safeguarding says about a case, as rows of the case's own ledger.

``report_screened`` lifts the gate: only now may anybody be assigned, told or shown the case, and it brings whom the
complaint may be about and which concerns were found. ``safeguarding_advanced`` brings what people confirm, clear,
identify and close afterwards. Both may tell the same thing; the ledger takes it once. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from heard.casefile import CaseState
from heard.commands import Asked
from heard.exclusions import MAY_BE_SUBJECT
from heard.instants import moment_of
from heard.ledger import NewHappening
from heard.opening import reconsidered

COPIED = frozenset(
    [
        "concern_found",
        "concern_confirmed",
        "concern_cleared",
        "named",
        "lado_agreed_next_step",
        "safeguarding_closed",
        "disciplinary_closed",
        "proceedings_closed",
    ]
)
"""What the case keeps of the safeguarding ledger; calls, alerts and referrals stay there."""


def screened(asked: Asked, report: Mapping[str, Any]) -> list[NewHappening]:
    """The rows that a ``report_screened`` adds: subjects, concerns, that the screen was passed, and what follows."""
    at, state = moment_of(report["screened_at"]), asked.state
    rows = [
        NewHappening("named", at, "screen", None, _subject(asked, one))
        for one in report["subjects"]
        if not _known_subject(state, one)
    ]
    for one in report["concerns"]:
        if not _open(state, one["concern"]):
            known = {"by_screen": True, "because": list(one["because"]), "known_at": _known_at(state, at)}
            rows.append(NewHappening("concern_found", at, "screen", None, {"concern": one["concern"], **known}))
    words = report.get("words_id")
    if words is None and state.screened_at is None:
        rows.append(NewHappening("screened", at, "screen", None, {"priority": report["priority"]}))
    elif words is not None and state.linked is None:  # what is said after the report is said of the first case
        data = {"words": words, "priority": report["priority"]}
        rows.append(NewHappening("words_screened", at, "screen", None, data))
    return _with_what_follows(asked, rows)


def from_safeguarding(asked: Asked, happening: Mapping[str, Any]) -> list[NewHappening]:
    """The rows that one row of the safeguarding ledger adds; none when the case knows it or has no use for it.

    What was on hold for a procedure that has now ended goes on, unless the lead said that it waits for more: a clock
    nobody thought about must run.
    """
    state, event, data = asked.state, happening["event"], dict(happening.get("data") or {})
    if event not in COPIED:
        return []
    if event == "named":
        if _known_subject(state, data):
            return []
        data = _subject(asked, data)
    if event == "concern_found" and _open(state, str(data.get("concern"))):
        return []
    at, by = moment_of(happening["at"]), str(happening["by"])
    rows = [NewHappening(event, at, by, None, data)]
    for hold in state.on_hold.values():
        rule = next((one for one in state.procedure.suspensions if one.key == hold.rule), None)
        if rule is not None and event in rule.ends_with and data.get("go_on", True):
            rows.append(NewHappening("resumed", at, by, None, {"rule": hold.rule, "heads": list(hold.heads) or "case"}))
    return _with_what_follows(asked, rows)


def _with_what_follows(asked: Asked, rows: list[NewHappening]) -> list[NewHappening]:
    """Another way in, a case passed on, people who stand down. Who only *might* be meant may come back later."""
    return [
        replace(one, data={**one.data, "conflict": False})
        if one.event == "stood_down" and one.data.get("why") == MAY_BE_SUBJECT
        else one
        for one in reconsidered(asked, rows)
    ]


def in_order(heard: int, batches: Sequence[Sequence[Mapping[str, Any]]]) -> tuple[list[Mapping[str, Any]], int]:
    """The rows that follow on what was heard without a gap, and how far the case has then heard."""
    rows = {int(row["seq"]): row for batch in batches for row in batch}
    following: list[Mapping[str, Any]] = []
    while heard + 1 in rows:
        heard += 1
        following.append(rows[heard])
    return following, heard


def _subject(asked: Asked, one: Mapping[str, Any]) -> dict[str, Any]:
    person = one.get("person")
    provider = asked.state.received.get("provider")
    return {
        "subject": one["subject"],
        "person": person,
        "role": one.get("role"),
        "roles": list(asked.roster.roles_of(person, asked.now, provider)) if person else [],
        "works_for": asked.roster.employer_of(person, provider) if person else None,
        "head": one.get("head"),
        "identified": bool(one.get("identified")),
        "might_be": list(one.get("might_be") or ()),
    }


def _known_subject(state: CaseState, one: Mapping[str, Any]) -> bool:
    known = state.subjects.get(str(one.get("subject") or ""))
    if known is None:
        return False
    same_person = known.person == one.get("person") and known.identified == bool(one.get("identified"))
    return same_person and (known.identified or set(one.get("might_be") or ()) <= set(known.might_be))


def _open(state: CaseState, concern: str) -> bool:
    return concern in {found.concern for found in state.open_concerns}


def _known_at(state: CaseState, at: datetime) -> str:
    """A concern in the report itself was known to whoever first heard it; one in later words, when those were read."""
    contact = state.first("first_contact")
    return (contact.at if contact and state.screened_at is None else at).isoformat()
