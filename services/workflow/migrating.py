"""Moving a case to another version of its procedure: asked by whoever oversees the group, one case a transaction.

The wall comes first: a case that this person may not see does not exist. Where the other version does not know what is
in the case, it stays. Which version a case began with stands in its ledger and on its page for ever.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from heard.casefile import CaseState, replay
from heard.ledger import NewHappening
from heard.migrating import CHANGED, Change, changes, obstacles, read_by
from heard.procedure import Procedure
from heard.registry import UnknownProcedure
from heard.vocabulary import GROUP
from services.chassis.errors import NotFound, Refused
from services.chassis.house import House
from services.workflow import shown
from services.workflow.acting import write_down
from services.workflow.casework import Desk
from services.workflow.new_days import may_be_told

_TOLD = ("another_day", "gone")
_WHO = "Only the operator of the group decides that a case goes over to another version."


def rehearse(house: House, person_id: str, case_id: str, to: str) -> dict[str, Any]:
    """What would become different: ``{case_id, reference, from, to, obstacles, changes}``. Raises NotFound, Refused."""
    other = _version(house, to)
    with house.db.seen_by(person_id) as conn:
        row = shown.the_case(conn, person_id, case_id)
        if row is None:
            raise NotFound
        rows = shown.its_ledger(conn, person_id, case_id)
    _may(house, person_id, row.provider, row.home)
    state = replay(house.procedures.pinned(row.procedure_version), rows)
    stops = obstacles(state, other)
    differs = _differs(house, state, other) if not stops else ()
    return _said(case_id, row.reference, state.procedure.version, to, stops, differs)


def migrate(house: House, person_id: str, case_id: str, to: str, reason: str) -> dict[str, Any]:
    """Do it; the same answer. Asked again, nothing is done. Raises NotFound, Refused with every obstacle, Stale."""
    other = _version(house, to)
    if not reason.strip():
        raise Refused("This needs a reason.", None, "Say why the case goes over: it stands in its ledger.")
    with house.db.seen_by(person_id) as conn:
        if shown.the_case(conn, person_id, case_id) is None:
            raise NotFound
    with house.working() as work:
        desk = Desk(house, work)
        file = desk.take_up([case_id]).get(case_id)
        if file is None or shown.the_case(work.conn, person_id, case_id) is None:
            raise NotFound
        _may(house, person_id, file.provider, file.home)
        began = file.procedure.version
        if began == to:
            return _said(case_id, file.reference, began, to, (), ())
        if stops := obstacles(file.state, other):
            raise Refused(" ".join(stops), None, "It stays with the version it began with.")
        differs = _differs(house, file.state, other)
        file.state = read_by(file.state, other)
        file.procedure = file.state.procedure
        data: dict[str, Any] = {"from": began, "to": to, "reason": reason.strip(),
                                "changes": [one.as_json() for one in differs]}  # fmt: skip
        if any(one.promised and one.change in _TOLD for one in differs) and may_be_told(file.state):
            data["tell"] = ["complainant"]
        rows = [NewHappening(CHANGED, work.now, person_id, None, data)]
        write_down(desk, file, person_id, rows, {"reason": reason.strip()})
        desk.put_away()
    return _said(case_id, file.reference, began, to, (), differs)


def _version(house: House, to: str) -> Procedure:
    try:
        return house.procedures.pinned(to)
    except UnknownProcedure as fault:
        said = f"{str(fault)[:1].upper()}{str(fault)[1:]}."
        raise Refused(said, None, "heard policy list names the versions.") from fault


def _may(house: House, person_id: str, provider: str, home: str) -> None:
    if GROUP not in house.roster().roles_of(person_id, house.clock.now(), provider, home):
        raise Refused(_WHO, None, "Ask them.")


def _differs(house: House, state: CaseState, other: Procedure) -> tuple[Change, ...]:
    return changes(state, house.calendars(state.procedure), read_by(state, other), house.calendars(other),
                   house.clock.now())  # fmt: skip


def _said(
    case_id: str, reference: str, began: str, to: str, stops: Sequence[str], differs: Sequence[Change]
) -> dict[str, Any]:
    return {"case_id": case_id, "reference": reference, "from": began, "to": to, "obstacles": list(stops),
            "changes": [one.as_json() for one in differs]}  # fmt: skip
