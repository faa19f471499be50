"""To whoever is kept from a case it costs the same as one that there is not: how long an answer takes tells nothing.

Told by what is done rather than by a stopwatch: the same questions go to the database, in the same order, with the same
answer. Each method that is asked by a person about a case, a record or an alert is tried; a new one without something
to send here fails.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from services.chassis.errors import HeardError
from services.chassis.house import House
from services.safeguarding.service import SafeguardingService
from services.workflow.service import WorkflowService
from tests.ground import world
from tests.safeguarding.two_houses import TwoHouses, service
from tests.workflow.case_room import CaseRoom, person, subject

KEPT_AWAY = "tobias-fennimore"
NOBODY = "0" * 32
SENT: dict[str, Any] = {
    "concern": "allegation_against_staff", "concerns": ["allegation_against_staff"], "subject": "subject_1",
    "reason": "To see what happens.", "person": NOBODY,
    "rule": "lado", "whom": "lado", "channel": "telephone", "form": "working_together.lado", "answers": {},
    "kind": "pdf", "after": 0, "at": "2026-11-23T10:00:00+00:00", "note": "By telephone.", "step": "called_off",
    "said": {}, "decision": "go_on", "outcome": "nothing", "event": "disciplinary_ended", "command": "acknowledge",
    "to": "children_act@0", "key": "a key", "rehearse": False, "how": "page", "wanted": {},
}  # fmt: skip
"""What goes along with the id, so that what is answered is about the id."""


def asked_about(kind: type, *ids: str) -> list[tuple[str, str]]:
    """``(method, the name of its id)`` of what a person may ask of a service about one thing."""
    found = []
    for name, method in inspect.getmembers(kind, inspect.isfunction):
        takes = inspect.signature(method).parameters
        found += [(name, one) for one in ids if one in takes and "person_id" in takes]
    return found


def given(method: Callable[..., Any], known: dict[str, str]) -> dict[str, Any]:
    """A value for each argument that has to be there."""
    takes = inspect.signature(method).parameters.values()
    return {one.name: known.get(one.name, SENT.get(one.name)) for one in takes
            if one.name in known or one.default is one.empty}  # fmt: skip


@contextmanager
def work_of(house: House) -> Iterator[list[str]]:
    """The questions that go to a house's database meanwhile."""
    asked: list[str] = []

    def note(conn: Any, cursor: Any, statement: str, *rest: Any) -> None:
        asked.append(re.sub(r"\s+", " ", statement))

    event.listen(house.db.engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(house.db.engine, "before_cursor_execute", note)


def answer(house: House, method: Callable[..., Any], said: dict[str, Any]) -> tuple[Any, list[str]]:
    """What is answered, and what was done for it."""
    with work_of(house) as asked:
        try:
            told: Any = method(**said)
        except HeardError as fault:
            told = type(fault).__name__, fault.as_json()
    return told, asked


def tells_nothing(house: House, asked: Any, name: str, ids: dict[str, str]) -> None:
    method = getattr(asked, name)
    there, nothing = (given(method, ids), given(method, dict.fromkeys(ids, NOBODY) | {"person_id": ids["person_id"]}))
    assert None not in (there[one] for one in there if one in inspect.signature(method).parameters), name
    told, work = answer(house, method, there)
    no_more, no_work = answer(house, method, nothing)
    assert told == no_more, name
    assert work == no_work, name
    assert work, f"{name} did not even look"


def test_a_record_that_somebody_is_kept_from_costs_what_none_costs(houses: TwoHouses) -> None:
    report = houses.submit(about=[{"name": "Tobias Fennimore"}], what_happened="Tobias Fennimore hit me in the face.")
    houses.carry()
    (alert,) = houses.safe.alerts(person_id=world.person_id("imogen-ashdale"))
    kept_away = world.person_id(KEPT_AWAY)
    assert houses.safe.alerts(person_id=kept_away) == []
    ids = {"person_id": kept_away, "report_id": alert["report_id"], "alert_id": alert["alert_id"]}
    assert report["reference"] == alert["reference"]
    methods = asked_about(SafeguardingService, "report_id", "alert_id")
    assert len(methods) > 15
    for name, _ in methods:
        tells_nothing(houses.safeguarding, service(SafeguardingService, houses.safeguarding), name, ids)


@pytest.fixture
def room(tmp_path: Path) -> Iterator[CaseRoom]:
    made = CaseRoom(tmp_path)
    yield made
    made.house.close()


def test_a_case_that_somebody_is_kept_from_costs_what_none_costs(room: CaseRoom) -> None:
    case_id = room.receives()
    room.screened(case_id, subjects=[subject(who=KEPT_AWAY)])
    assert room.case("imogen-ashdale", case_id)
    ids = {"person_id": person(KEPT_AWAY), "case_id": case_id}
    methods = asked_about(WorkflowService, "case_id")
    assert {name for name, _ in methods} >= {"case", "ledger", "act", "migrate"}
    for name, _ in methods:
        tells_nothing(room.house, service(WorkflowService, room.house), name, ids)
        tells_nothing(room.house, service(WorkflowService, room.house), name, ids | {"person_id": "somebody-else"})
