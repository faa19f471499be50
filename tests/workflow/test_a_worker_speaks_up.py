"""A worker's report of wrongdoing in the case service: who sees it, and who reads whose it is."""

from __future__ import annotations

import json
from typing import Any

import pytest

from services.chassis.errors import NotFound
from tests.workflow.case_room import CaseRoom

LEAD, HANDLER, COLLEAGUE = "imogen-ashdale", "tobias-fennimore", "saskia-thornbury"
SPEAKS_UP = {"kind": "whistleblowing", "formality": None, "complainant": "staff", "about_a_child": False}


NAME = "Wilhelmina Faircloth"


def signed(room: CaseRoom, **changes: Any) -> str:
    """A screened report with the name of whoever sent it."""
    report = room.report(**changes)
    key = room.intake.new_key(report["report_id"], "contact")
    room.hears("complaint_received", report | {"contact": room.intake.envelope(key, {"name": NAME})})
    room.screened(report["report_id"])
    return str(report["report_id"])


def test_only_the_lead_and_whoever_deals_with_it_see_it_and_only_the_lead_reads_whose_it_is(room: CaseRoom) -> None:
    ordinary = signed(room)
    assert ordinary in room.cases(COLLEAGUE)
    case_id = signed(room, **SPEAKS_UP)
    assert case_id not in room.cases(COLLEAGUE)
    with pytest.raises(NotFound):
        room.case(COLLEAGUE, case_id)
    assert NAME in json.dumps(room.case(LEAD, case_id))
    assert NAME not in json.dumps(room.case(HANDLER, case_id))
    assert NAME in json.dumps(room.case(HANDLER, ordinary))
