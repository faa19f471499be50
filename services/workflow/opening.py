"""A report becomes a case.

The clocks count from its receipt, and nothing else happens yet: nobody is assigned, told or shown anything until
safeguarding has screened it. A report whose procedure nobody here knows is parked for a person, never guessed at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
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
    procedure = _procedure(house.procedures.in_force, report, received_at)
    file = _laid(desk, report, procedure, received_at)
    rows = list(open_case(procedure, received(report, received_at, procedure), received_at, desk.now))
    desk.write(file, [*rows, *_written_down(report, received_at)])
    return file


def _written_down(report: Mapping[str, Any], received_at: datetime) -> Iterator[NewHappening]:
    """It is in writing: as it came, or once a member of staff wrote it down, with what they asked and read back."""
    taken_by, at = report.get("taken_by"), report.get("taken_at")
    by, when = (str(taken_by), moment_of(at)) if taken_by and at else ("system", received_at)
    yield NewHappening("recorded", when, by, None, {"record": FIRST_HEAD})
    if report.get("read_back") == "agreed":
        yield NewHappening("record_agreed", when, by)
    if report.get("consent"):
        yield NewHappening("consent_answered", when, by, None, {"of": "young_person", "answer": report["consent"]})


def open_past(house: House, desk: Desk, report: Mapping[str, Any]) -> CaseFile:
    """Lay a case for a ``past_complaint_told`` on the desk, with what the earlier log states. Raises Permanent."""
    received_at = moment_of(report["received_at"])
    procedure = _procedure(house.procedures.judging, report, received_at)
    file = _laid(desk, report, procedure, received_at)
    told = received(report, received_at, procedure)
    past = Past(**{name: report["past"].get(name) for name in Past.__dataclass_fields__})
    desk.write(file, ledger_of(procedure, told, past, received_at, report["imported_at"]))
    return file


def _procedure(
    find: Callable[[str, date], Procedure], report: Mapping[str, Any], received_at: datetime
) -> Procedure:
    try:
        return find(report["procedure"], london_day(received_at))
    except UnknownProcedure as fault:
        raise Permanent(f"report {report['report_id']}: {fault}") from fault


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
    taken = {name: report[name] for name in ("taken_by", "read_back") if report.get(name)}
    taken |= {name: moment_of(report[name]).isoformat() for name in ("taken_at", "matter_noticed") if report.get(name)}
    return taken | {
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
