"""Opens the second case that a row of the first asks for: its own file, ledger and place, in the same transaction.

``heard.linking`` says how its ledger begins. It goes by the version of the procedure that promised it, and belongs to
the same report: what safeguarding says about that reaches both. The words do not: they stay with the first case, and
the page of each shows the way to the other only to somebody who may see both.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from heard.casefile import CaseState, replay
from heard.ledger import Happening, NewHappening, number
from heard.linking import begins
from services.chassis.tables import new_id

if TYPE_CHECKING:
    from services.workflow.casework import CaseFile, Desk

NEVER_ROUTED = -1
"""The roster version of a case whose people were not chosen yet, or by an old list: it is tried again."""
OPENED = "linked_case_opened"
CONFLICT_IN_THE_FIRST = "stood down from the case that this one grew out of"
LINKS = frozenset({OPENED, "linked_to"})
"""Rows that name another case."""
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def with_ids(rows: Sequence[NewHappening]) -> list[NewHappening]:
    """The rows, each that opens a second case with the id that the case will have."""
    return [
        replace(row, data={**row.data, "case": new_id()})
        if row.event == OPENED and not row.data.get("outside")
        else row
        for row in rows
    ]


def lay_opened(desk: Desk, first: CaseFile, rows: Sequence[Happening]) -> None:
    """Lay the second cases that these rows of a case open on the desk; ``put_away`` stores all of it or nothing."""
    for row in rows:
        if row.event == OPENED and row.data.get("case"):
            begun = number(begins(first.state, first.id, row), 0, desk.now)
            state = replay(desk.house.procedures.pinned(first.procedure.version), begun)
            desk.lay(
                replace(
                    first, id=str(row.data["case"]), reference=_reference(), received_at=row.at,
                    procedure=state.procedure, state=state, stored_seq=0, told_seq=0, roster_version=NEVER_ROUTED,
                    terms_version=0, touched=True, new=list(begun), letters=[], raised=[], written=[],
                )
            )  # fmt: skip


def stand_down_there_too(desk: Desk, first: CaseFile) -> None:
    """Whoever stood down from a case for a conflict does so in each case on the desk that has grown out of it.

    Which conflict it was stays with the first case: somebody may read the second and not the first.
    """
    grown = {str(row.data["case"]) for row in first.state.ledger if row.event == OPENED and row.data.get("case")}
    gone = [row for row in first.new if row.event == "stood_down" and row.data.get("conflict", True)]
    for case_id in sorted(grown & desk.files.keys()):
        second = desk.files[case_id]
        for person in dict.fromkeys(str(row.data["person"]) for row in gone):
            if person not in second.state.stood_down:
                data = {"person": person, "why": CONFLICT_IN_THE_FIRST, "conflict": True}
                desk.write(second, [NewHappening("stood_down", desk.now, "system", second.state.stage, data)])


# ---------------------------------------------------------------- what somebody may see of the other case


def named_in(rows: Sequence[Happening]) -> list[str]:
    """The other cases that a ledger names."""
    return [str(row.data["case"]) for row in rows if row.event in LINKS and row.data.get("case")]


def without_others(rows: Sequence[Happening], seen: Mapping[str, Any]) -> list[Happening]:
    """The rows without the ids of other cases but those that the reader may see."""
    return [
        replace(row, data={key: value for key, value in row.data.items() if key != "case"})
        if row.event in LINKS and row.data.get("case") not in seen
        else row
        for row in rows
    ]


def shown_links(state: CaseState, seen: Mapping[str, Any]) -> list[dict[str, Any]]:
    """``{case_id, reference, name, way, state}`` of each linked case that the reader may see."""
    names = {one.key: one.name for one in state.procedure.linked_cases}
    return [
        {
            "case_id": other.id, "reference": other.reference, "name": names.get(row.data["linked"]),
            "way": "opened" if row.event == OPENED else "grew_from", "state": other.state,
        }
        for row in state.ledger if row.event in LINKS and (other := seen.get(str(row.data.get("case"))))
    ]  # fmt: skip


def _reference() -> str:
    """An opaque reference, like a report's: it tells nothing of the first case."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(3))
