"""How and when whoever it is about is told, and what must come first: MEN-9 and MEN-19."""

from __future__ import annotations

from typing import Any

import pytest

from heard.procedure import Procedure
from heard.trial import Trial

CHRISTMAS_EVE = "2026-12-24 17:00"
LEAD, MANAGER = "designated_safeguarding_lead", "operational_manager"


def confirmed(procedure: Procedure, concern: str, **said: Any) -> Trial:
    """On Christmas Eve something is found that is handled apart, and a lead confirms it."""
    case = Trial(procedure, CHRISTMAS_EVE, concerns=[concern], **said)
    return case.do("confirm_concern", LEAD, "2026-12-24 18:30", concern=concern, reason="it stands")


@pytest.mark.clause("MEN-9")
@pytest.mark.parametrize(("answer", "by"), [("now", "2026-12-29"), ("later", "2027-01-20"), ("not_told", None)])
def test_how_and_when_whoever_it_is_about_is_told_is_decided_for_each_by_a_senior_manager(
    procedure: Procedure, answer: str, by: str | None
) -> None:
    case = Trial(procedure, CHRISTMAS_EVE, about=["mentor", "panel_member"])
    tell = {"duty": "tell_named_person", "whom": "named_person", "instance": "s0"}
    held = "Nobody it is about is told before it was decided how and when."
    assert case.refused("tell", **tell).sentence == held
    said: dict[str, Any] = {"decision": "tell_third_parties", "answer": answer, "instance": "s0"}
    if answer == "later":
        case.refused("decide", MANAGER, record={"how": "by letter", "reason": "so that he hears it calmly"}, **said)
        said["date"] = by
    case.refused("decide", "mentor", **said)
    assert case.refused("decide", MANAGER, **said).sentence == "This must be recorded too: how; reason."
    case.refused("decide", "panel_member_2", record={"how": "by letter", "reason": "calmly"}, **said)
    case.do("decide", MANAGER, record={"how": "by letter", "reason": "so that he hears it calmly"}, **said)
    due = {one.instance: str(one.due) for one in case.lines() if one.duty == "tell_named_person" and one.due}
    assert due == ({"s0": by} if by else {})
    if by:
        assert {one.to for one in case.lines() if one.duty == "tell_named_person"} == {("named_person",)}
        case.do("tell", **tell)
        theirs = [one for one in case.lines() if (one.duty, one.instance) == ("tell_named_person", "s0")]
        assert [one.status for one in theirs] == ["met"]
    assert procedure.duty("tell_named_person").leaves_out == ("anything about other children",)


@pytest.mark.clause("MEN-9")
def test_about_whom_it_is_decided_must_be_said_where_it_is_about_several(procedure: Procedure) -> None:
    case = Trial(procedure, CHRISTMAS_EVE, about=["mentor", "panel_member"])
    record = {"how": "by letter", "reason": "calmly"}
    said: dict[str, Any] = {"decision": "tell_third_parties", "answer": "now", "record": record}
    assert "about whom" in case.refused("decide", MANAGER, **said).sentence


@pytest.mark.clause("MEN-19")
@pytest.mark.parametrize("opens", ["concern_cleared", "lado_agreed_next_step"])
def test_nobody_whom_it_is_about_is_told_or_asked_anything_while_a_concern_is_open(
    procedure: Procedure, opens: str
) -> None:
    case = confirmed(procedure, "child_protection", about=["mentor"])
    case.happened("decided", "2026-12-24 18:40", decision="tell_third_parties", answer="now", instance="s0")
    telling: dict[str, Any] = {"whom": "named_person", "instance": "s0"}
    held = "Nobody it is about is told anything before safeguarding has said so."
    assert case.refused("tell", duty="tell_named_person", **telling).sentence == held
    assert case.refused("record", event="interview_held").sentence == held
    case.happened("responded", "2026-12-29 10:00").do("ask_to_go_on", when="2026-12-30 10:00", to="stage_3")
    assert case.refused("tell", duty="findings_to_named", **telling).sentence == held
    if opens == "concern_cleared":
        case.do("clear_concern", LEAD, concern="child_protection", reason="it was a game")
    else:
        case.happened(opens, "2027-01-04 10:00", outcome="go on")
    case.do("tell", duty="tell_named_person", **telling)
    case.do("tell", duty="findings_to_named", **telling)
    case.do("record", event="interview_held")


@pytest.mark.clause("MEN-19")
def test_where_nothing_of_the_kind_was_found_nobody_waits_for_safeguarding(procedure: Procedure) -> None:
    case = Trial(procedure, CHRISTMAS_EVE, about=["mentor"])
    case.do("record", event="interview_held")
