"""A report becomes a case.

The clocks count from its receipt, and nothing else happens yet: nobody is assigned, told or shown anything until
safeguarding has screened it. A report whose procedure nobody here knows is parked for a person, never guessed at.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from heard.case import open_case
from heard.casefile import CaseState
from heard.imported import Past, ledger_of
from heard.instants import london_day, moment_of
from heard.ledger import NewHappening
from heard.procedure import Procedure
from heard.registry import UnknownProcedure
from heard.speaking_up import WHISTLEBLOWING
from services.chassis.errors import Permanent
from services.chassis.house import House
from services.workflow.casework import CaseFile, Desk

FIRST_HEAD = "complaint"
"""The key of what is complained of until somebody has told its heads apart."""


Open = Callable[[House, Desk, Mapping[str, Any]], CaseFile]


def open_for(house: House, desk: Desk, report: Mapping[str, Any]) -> CaseFile:
    """Lay a new case for a ``complaint_received`` on the desk. Raises Permanent when its procedure is not installed."""
    received_at = moment_of(report["received_at"])
    try:
        procedure = house.procedures.in_force(report["procedure"], london_day(received_at))
    except UnknownProcedure as fault:
        raise Permanent(f"report {report['report_id']}: {fault}") from fault
    file = _laid(desk, report, procedure, received_at)
    rows = list(open_case(procedure, received(report, received_at, procedure), received_at, desk.now))
    rows.append(
        NewHappening("recorded", received_at, "system", None, {"record": FIRST_HEAD})
    )  # what came in is in writing
    desk.write(file, rows)
    return file


def open_past(house: House, desk: Desk, report: Mapping[str, Any]) -> CaseFile:
    """Lay a case for a ``past_complaint_told`` on the desk, with what the earlier log states. Raises Permanent."""
    received_at = moment_of(report["received_at"])
    try:
        procedure = house.procedures.judging(report["procedure"], london_day(received_at))
    except UnknownProcedure as fault:
        raise Permanent(f"report {report['report_id']}: {fault}") from fault
    file = _laid(desk, report, procedure, received_at)
    told = received(report, received_at, procedure)
    past = Past(**{name: report["past"].get(name) for name in Past.__dataclass_fields__})
    desk.write(file, ledger_of(procedure, told, past, received_at, report["imported_at"]))
    return file


def _laid(desk: Desk, report: Mapping[str, Any], procedure: Procedure, received_at: datetime) -> CaseFile:
    return desk.lay(
        CaseFile(
            id=report["report_id"], report_id=report["report_id"], reference=report["reference"],
            operator=report["operator"], provider=report["provider"], home=report["home"],
            received_at=received_at, procedure=procedure, state=CaseState(procedure),
        )
    )  # fmt: skip


def received(report: Mapping[str, Any], received_at: datetime, procedure: Procedure) -> dict[str, Any]:
    """The data of the first row: who complained about what, by which way; no names and no words.

    What is of a kind that this procedure does not know (a worry, where there are only complaints) is a complaint. An
    answer that it does not offer is none: the question is put again to whoever works on the case.
    """
    offered = {fact.key: fact.one_of for fact in procedure.facts}
    about_a_child = bool(report["about_a_child"])
    return {
        "kind": report["kind"] if report["kind"] in (*procedure.words.kinds, WHISTLEBLOWING) else "complaint",
        "formality": report.get("formality"),
        "channel": report["channel"],
        "made": received_at.isoformat(),
        "first_contact": min(moment_of(report["first_known"]), received_at).isoformat(),
        "complainant": report["complainant"],
        "anonymous": bool(report["anonymous"]),
        "contactable": bool(report["contactable"]),
        "advocate_wanted": bool(report.get("advocate_wanted")),
        "advocate_refused": bool(report.get("advocate_refused")),
        "on_behalf": about_a_child and report["complainant"] != "young_person",
        "about_a_child": about_a_child,
        "children": [{"age": age} for age in report.get("child_ages") or ()],
        "category": list(report.get("categories") or ()),
        "facts": {key: word for key, word in (report.get("facts") or {}).items() if word in offered.get(key, ())},
        "heads": [{"key": FIRST_HEAD}],
        "provider": report["provider"],
        "home": report["home"],
        "operator": report["operator"],
    }
