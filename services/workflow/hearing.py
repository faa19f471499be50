"""What the case service does with the facts it hears, many at a time, each batch on one desk.

A fact may come twice (the inbox lets its effect happen once), before its case, or before one that it follows on: then
it waits in a table, in the same transaction, until what it needs has come.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from heard.facts.parts import last_told
from heard.instants import moment_of
from heard.ledger import NewHappening
from services.chassis.claim import in_turn
from services.chassis.house import House
from services.chassis.work import Fact, Work
from services.workflow import casebook, kept, opening, screening, sealed
from services.workflow.casework import CaseFile, Desk
from services.workflow.sealed import CONTACT

REPORT = "report"
"""The sort of the words that a report came with; later ones have the sort that intake gives them."""
AGREED, CORRECTION = "agreed", "correction"
"""Sorts of later words by which somebody says whether what staff wrote down for them is right."""
_MESSAGES = ("message_sent", "message_failed")
"""Facts about one case; the others are about a report, and so about every case that grew out of it."""
_Heard = tuple[str, str, str, Any]
"""A report (or a linked case), a fact's name, which one it is, and what it says."""
_TOLD_ABOUT = ("duty", "rule", "seq", "event", "step", "key", "instance", "stage")


def complaints_received(house: House, work: Work, facts: Sequence[Fact]) -> None:
    """Open a case for each report that has none yet, and hear what was waiting for it."""
    _open(house, work, facts, opening.open_for)


def past_complaints_told(house: House, work: Work, facts: Sequence[Fact]) -> None:
    """The same for complaints of before, each with the days that an earlier log states."""
    _open(house, work, facts, opening.open_past)


def _open(house: House, work: Work, facts: Sequence[Fact], open_one: opening.Open) -> None:
    desk = Desk(house, work)
    reports = {fact.body["report_id"]: fact.body for fact in facts}
    in_turn(work.conn, reports)
    there = casebook.known_cases(work.conn, reports)
    new = [body for report_id, body in reports.items() if report_id not in there]
    for body in new:
        open_one(house, desk, body)
    _keep_what_was_said(house, work, new)
    opened = {body["report_id"]: [desk.files[body["report_id"]]] for body in new}
    waited = _waiting(work, list(opened))
    _hear_in_order(desk, opened, waited)
    kept.words_were_screened(work.conn, [body["words_id"] for *_, body in waited if body.get("words_id")])
    desk.put_away()


def reports_screened(house: House, work: Work, facts: Sequence[Fact]) -> None:
    """Lift the gate: subjects and concerns are in the ledger before anybody is assigned, told or shown anything."""
    _hear(house, work, facts)
    kept.words_were_screened(work.conn, [fact.body["words_id"] for fact in facts if fact.body.get("words_id")])


def safeguarding_advanced(house: House, work: Work, facts: Sequence[Fact]) -> None:
    """Take over what safeguarding found, confirmed, cleared, identified and closed, in its order and without gaps."""
    _hear(house, work, facts)


def messages_handed_over(house: House, work: Work, facts: Sequence[Fact]) -> None:
    """Record who was told what, or that somebody could not be told: a person must then do it another way."""
    _hear(house, work, [fact for fact in facts if fact.body.get("case_id")])


def words_received(house: House, work: Work, facts: Sequence[Fact]) -> None:
    """Keep later words, sealed; they are shown once safeguarding has read them."""
    desk = Desk(house, work)
    found = _cases_of(desk, [fact.body["report_id"] for fact in facts])
    rows, keys = [], []
    for fact in facts:
        files = found.get(fact.body["report_id"], [])
        screened = any(
            moment.data.get("words") == fact.body["words_id"]
            for file in files
            for moment in file.state.all("words_screened")
        )
        body = fact.body
        row, key = sealed.from_envelope(
            house.vault, body["report_id"], body["words"], body["words_id"], body["sort"],
            moment_of(body["received_at"]), screened=screened,
        )  # fmt: skip
        rows.append(row)
        keys.append(key)
        _read_back(desk, files, body)
    house.vault.keep(work.conn, *keys)
    kept.keep_words(work.conn, rows)
    desk.put_away()


def _read_back(desk: Desk, files: Sequence[CaseFile], body: Mapping[str, Any]) -> None:
    """Write down that whoever told it finds what staff wrote right, or not; once right, it stays so."""
    event = {AGREED: "record_agreed", CORRECTION: "record_disputed"}.get(body["sort"])
    for file in files if event else ():
        if file.state.linked is None and file.state.received.get("taken_by") and not file.state.first("record_agreed"):
            desk.write(file, [NewHappening(str(event), moment_of(body["received_at"]), "complainant")])


def _keep_what_was_said(house: House, work: Work, reports: Sequence[Mapping[str, Any]]) -> None:
    """Keep the words of new reports, and who said them, sealed."""
    rows, keys = [], []
    for body in reports:
        for sort, envelope in ((REPORT, body["words"]), (CONTACT, body.get("contact"))):
            if envelope is not None:
                row, key = sealed.from_envelope(
                    house.vault, body["report_id"], envelope, _words_id(body["report_id"], sort), sort,
                    moment_of(body["received_at"]), screened=True,
                )  # fmt: skip
                rows.append(row)
                keys.append(key)
    house.vault.keep(work.conn, *keys)
    kept.keep_words(work.conn, rows)


def _hear(house: House, work: Work, facts: Sequence[Fact]) -> None:
    desk = Desk(house, work)
    reports = list(dict.fromkeys(_report_of(fact.body) for fact in facts))
    found = _cases_of(desk, reports)
    heard = [(_report_of(fact.body), fact.name, fact.message_id, fact.body) for fact in facts]
    _hear_in_order(desk, found, heard + _waiting(work, reports))
    desk.put_away()


def _waiting(work: Work, reports: Sequence[str]) -> list[_Heard]:
    """What came too early for these reports, taken out."""
    return [(row.case_id, row.fact, row.place, row.body) for row in kept.take_waiting(work.conn, reports)]


def _hear_in_order(desk: Desk, found: Mapping[str, Sequence[CaseFile]], heard: Iterable[_Heard]) -> None:
    """Hear each of these for the cases of its report; what must wait for an earlier one is kept until that has come."""
    early: list[dict[str, Any]] = []
    for report_id, name, place, body in _in_order(heard):
        files = [one for one in found.get(report_id, ()) if name not in _MESSAGES or one.id == body["case_id"]]
        waits = [not _hear_one(desk, file, name, body) for file in files] or [True]
        if any(waits):
            kept_as = {"case_id": report_id, "fact": name, "place": place, "body": _as_json(body)}
            early.append(kept_as | {"since": desk.work.now})
    if early:
        kept.keep_waiting(desk.work.conn, early)


def _cases_of(desk: Desk, reports: Sequence[str]) -> dict[str, list[CaseFile]]:
    """The cases of these reports (a linked case by its own id too). One that is being opened just now is waited for;

    one that nobody opens yet is not.
    """
    found = desk.take_up_reports(reports)
    linked = desk.take_up([one for one in reports if one not in found])
    found |= {case_id: [file] for case_id, file in linked.items()}
    missing = [report for report in reports if report not in found]
    if missing:
        in_turn(desk.work.conn, missing)
        found |= desk.take_up_reports(missing)
    return found


def _in_order(heard: Iterable[_Heard]) -> list[_Heard]:
    """The screen before the rest, and rows of a ledger in their order."""

    def place(one: _Heard) -> tuple[int, int]:
        happenings = one[3].get("happenings") or [{"seq": 0}]
        return (0 if one[1] == "report_screened" else 1, int(happenings[0]["seq"]))

    return sorted(heard, key=place)


def _hear_one(desk: Desk, file: CaseFile, name: str, body: Mapping[str, Any]) -> bool:
    """Write what one fact means for one case; False when it must wait for an earlier one."""
    if name == "report_screened":
        desk.write(file, screening.screened(desk.asked(file, "screen"), body))
        begun = [int(row["seq"]) for row in body.get("happenings") or ()]  # what they say stands in the fact itself
        file.heard_seq = max([file.heard_seq, *begun])
        return True
    if name == "safeguarding_advanced":
        rows, heard = screening.in_order(file.heard_seq, [body["happenings"]])
        for row in rows:
            desk.write(file, screening.from_safeguarding(desk.asked(file, "screen"), row))
        file.heard_seq, file.touched = heard, file.touched or bool(rows)
        return heard >= last_told(body)
    desk.write(file, [_told(file, name, body)])
    return True


def _told(file: CaseFile, name: str, body: Mapping[str, Any]) -> NewHappening:
    about = {key: value for key, value in body["about"].items() if key in _TOLD_ABOUT}
    data = {**about, "whom": body["whom"], "channel": body["channel"], "message": body["message_id"]}
    if name == "message_failed":
        return NewHappening(
            "could_not_tell", moment_of(body["at"]), "system", about.get("stage"), {**data, "why": body["why"]}
        )
    return NewHappening("told", moment_of(body["at"]), "system", about.get("stage"), data)


def _report_of(body: Mapping[str, Any]) -> str:
    return str(body.get("report_id") or body["case_id"])


def _words_id(report_id: str, sort: str) -> str:
    return report_id if sort == REPORT else hashlib.sha256(f"{report_id}/{sort}".encode()).hexdigest()[:32]


def _as_json(body: Mapping[str, Any]) -> dict[str, Any]:
    """A fact's body as it travelled: moments as text."""
    plain: dict[str, Any] = json.loads(json.dumps(body, default=lambda moment: moment.isoformat()))
    return plain
