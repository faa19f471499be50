"""A case goes over to another version of its procedure: who decides it, what is different then, and when it cannot."""

from __future__ import annotations

import json
from typing import Any

import pytest

from heard.procedure_file import read_content
from services.chassis.errors import NotFound, Refused
from services.chassis.tables import HOUSE
from services.workflow import migrating
from tests.workflow.case_room import CaseRoom, person, subject

OPERATOR, HANDLER = "maren-oakshott", "imogen-ashdale"


def other_version(room: CaseRoom, **changes: Any) -> str:
    """A version of the group's procedure in which stage 1 answers in 15 working days, kept beside the installed one.

    `gone` leaves a duty out, `also` adds one, `renamed` calls the stage something else.
    """
    content = json.loads(room.house.procedures.get(room.group.procedure).content)
    first = next(one for one in content["procedure"]["stages"] if one["key"] == "stage_1")
    for duty in first["duties"]:
        if duty["key"] == "respond":
            duty["within"] = {"working_days": 15}
    first["duties"] = [one for one in first["duties"] if one["key"] != changes.get("gone")] + changes.get("also", [])
    if changes.get("renamed"):
        content = json.loads(json.dumps(content).replace('"stage_1"', f'"{changes["renamed"]}"'))
    procedure = read_content(json.dumps(content))
    with room.house.db.writing() as conn:
        conn.execute(HOUSE.procedures.insert().values(version=procedure.version, content=procedure.content))
    return procedure.version


def go_over(room: CaseRoom, who: str, case_id: str, to: str, reason: str = "The document was revised") -> Any:
    return migrating.migrate(room.house, person(who), case_id, to, reason)


def test_it_goes_by_the_other_version_and_says_from_which_why_and_what_is_different(room: CaseRoom) -> None:
    case_id = room.opens()
    began = room.case(HANDLER, case_id)["procedure"]["version"]
    to = other_version(room)
    would = migrating.rehearse(room.house, person(OPERATOR), case_id, to)
    assert [(one["duty"], one["change"], one["was"], one["is"]) for one in would["changes"]] == [
        ("respond", "another_day", "2026-12-07", "2026-12-14")
    ]
    assert room.rows(case_id, "procedure_changed") == []
    assert go_over(room, OPERATOR, case_id, to) == would
    page = room.case(HANDLER, case_id)
    assert page["procedure"] == page["procedure"] | {"version": to, "began_with": began}
    (said,) = [one["sentence"] for one in page["ledger"] if one["event"] == "procedure_changed"]
    assert began in said and to in said and "Why: The document was revised." in said
    assert "due Monday 14 December 2026 (before: Monday 7 December 2026)" in said
    assert room.promise(case_id, "respond") == ("2026-12-14", "to come")
    (promise,) = [one for one in room.follow(case_id)["promises"] if one["by"] == "2026-12-14"]
    assert promise["moved"].startswith("We had said Monday 7 December 2026. The rules that we follow have changed")
    (row,) = room.rows(case_id, "procedure_changed")
    assert row.data["tell"] == ["complainant"] and row.by == person(OPERATOR)
    assert row.data["reason"] == "written down"  # somebody's own words are sealed, and safeguarding reads them
    assert room.published()[-1]["procedure_version"] == to


def test_asked_again_nothing_is_done(room: CaseRoom) -> None:
    case_id, to = room.opens(), other_version(room)
    go_over(room, OPERATOR, case_id, to)
    assert go_over(room, OPERATOR, case_id, to)["changes"] == []
    assert len(room.rows(case_id, "procedure_changed")) == 1


def test_a_duty_that_is_new_gone_or_late_at_once_is_named(room: CaseRoom) -> None:
    case_id = room.opens()
    room.move_to("2026-11-24 10:00")
    more = {"key": "ring", "says": "Ring them", "to": ["complainant"], "within": {"hours": 2}, "after": "received",
            "clause": "IOI-20"}  # fmt: skip
    would = migrating.rehearse(room.house, person(OPERATOR), case_id, other_version(room, gone="contact", also=[more]))
    by_duty = {one["duty"]: one for one in would["changes"]}
    assert (by_duty["ring"]["change"], by_duty["ring"]["status"]) == ("new", "late")
    assert by_duty["contact"]["change"] == "gone"


def test_a_stage_that_there_is_no_more_keeps_the_case_where_it_is(room: CaseRoom) -> None:
    case_id = room.opens()
    to = other_version(room, renamed="first_look")
    would = migrating.rehearse(room.house, person(OPERATOR), case_id, to)
    assert would["changes"] == [] and "has no such stage" in would["obstacles"][0]
    with pytest.raises(Refused, match="It stands in Stage 1"):
        go_over(room, OPERATOR, case_id, to)
    assert room.rows(case_id, "procedure_changed") == []


def test_a_version_of_another_provider_or_of_nobody_is_refused(room: CaseRoom) -> None:
    case_id = room.opens()
    others = room.house.procedures.get("children_act").version
    with pytest.raises(Refused, match="another provider"):
        go_over(room, OPERATOR, case_id, others)
    with pytest.raises(Refused, match="no version"):
        go_over(room, OPERATOR, case_id, "ioi_support@2031-01-01#nothing")
    with pytest.raises(Refused, match="reason"):
        go_over(room, OPERATOR, case_id, other_version(room), " ")


def test_only_the_operator_of_the_group_decides_it_and_a_hidden_case_does_not_exist(room: CaseRoom) -> None:
    case_id, to = room.opens(), other_version(room)
    for do in (lambda: go_over(room, HANDLER, case_id, to),
               lambda: migrating.rehearse(room.house, person(HANDLER), case_id, to)):  # fmt: skip
        with pytest.raises(Refused, match="Only the operator of the group"):
            do()
    with pytest.raises(NotFound):
        go_over(room, "hollis-underbridge", case_id, to)
    about_them = room.receives()
    room.screened(about_them, subjects=[subject(who=OPERATOR)])
    with pytest.raises(NotFound):
        go_over(room, OPERATOR, about_them, to)
    with pytest.raises(NotFound):
        migrating.rehearse(room.house, person(OPERATOR), about_them, to)
