"""Somebody other than the complainant, whom a decision touches, appeals in a case of their own: MEN-16."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from heard.procedure import Procedure
from heard.trial import Trial

LONDON = ZoneInfo("Europe/London")
ANSWERED = "2026-12-18 10:00"
SINCE = "2026-12-18 16:30"
DIRECTOR, MANAGER = "director", "operational_manager"
OPEN: dict[str, Any] = {"linked": "third_party_appeal", "reason": "he lost his place in the group"}
FILE = ["what_was_decided_before", "how_it_affects_them", "what_they_asked_for", "findings", "actions"]


def decided(procedure: Procedure, finding: str = "upheld") -> Trial:
    """A formal complaint that was answered with that finding."""
    case = Trial(procedure, "2026-12-07 10:00")
    return case.happened("responded", ANSWERED, findings={"complaint": finding})


def appealed(procedure: Procedure) -> Trial:
    """The appeal that somebody else made on the same afternoon."""
    return decided(procedure).do("open_linked", DIRECTOR, SINCE, **OPEN).second_case()


@pytest.mark.clause("MEN-16")
@pytest.mark.parametrize("finding", ["upheld", "partly_upheld", "not_upheld"])
def test_whatever_was_decided_whoever_it_touches_may_appeal_and_the_panel_hears_them(
    procedure: Procedure, finding: str
) -> None:
    case = decided(procedure, finding)
    Trial(procedure, "2026-12-07 10:00").refused("open_linked", DIRECTOR, **OPEN)  # nothing was decided yet
    case.do("open_linked", DIRECTOR, SINCE, **OPEN)
    second = case.second_case()
    assert (second.state.stage, second.state.received["complainant"]) == ("stage_3", "affected_person")


@pytest.mark.clause("MEN-16")
def test_it_carries_nothing_of_who_complained_or_of_what_they_said_in_confidence(procedure: Procedure) -> None:
    case = decided(procedure).do("open_linked", DIRECTOR, SINCE, **OPEN)
    assert {*case.ledger[-1].data["without"]} == {"who complained", "what they said in confidence"}
    rule = procedure.duty("acknowledge_appeal", "stage_3")
    assert {*rule.leaves_out} == {"who complained", "what anybody said in confidence"}


@pytest.mark.clause("MEN-16")
def test_it_is_acknowledged_like_a_formal_complaint_with_who_deals_with_it_and_when_they_are_heard(
    procedure: Procedure,
) -> None:
    case = appealed(procedure)
    line = case.line("acknowledge_appeal")
    assert (line.due, line.to) == (datetime(2026, 12, 21, 16, 30, tzinfo=LONDON), ("complainant",))
    letter = [
        "the name of the person dealing with it",
        "by when the panel will meet",
        "that they may come, and bring a friend or relative",
    ]
    assert case.refused("acknowledge", contents=[]).sentence == f"It must also say: {'; '.join(letter)}."
    case.do("acknowledge", contents=letter)
    assert case.line("acknowledge_appeal").status == "met"
    assert not decided(procedure).do("ask_to_go_on", when=SINCE, to="stage_3").owes("acknowledge_appeal")


@pytest.mark.clause("MEN-16")
@pytest.mark.parametrize("answer", ["yes", "no"])
def test_whether_it_changes_what_was_decided_is_said_by_who_handles_it_once_it_is_answered(
    procedure: Procedure, answer: str
) -> None:
    said: dict[str, Any] = {"decision": "changes_what_was_decided", "answer": answer}
    ordinary = decided(procedure).refused("decide", DIRECTOR, **said)
    assert ordinary.sentence == "This is not asked here."
    case = appealed(procedure)
    handler = str(case.holder("handles"))
    assert "too early" in case.refused("decide", handler, **said).sentence
    case.happened("responded", "2027-01-12 10:00")
    assert case.refused("decide", handler, **said).sentence == "This must be recorded too: reason."
    said["record"] = {"reason": "he was not there that day"}
    case.refused("decide", "mentor", **said)
    case.do("decide", handler, **said)
    row = next(one.data for one in case.ledger if one.event == "decided")
    assert row.get("tell") == (["complaints_coordinator", MANAGER] if answer == "yes" else None)


@pytest.mark.clause("MEN-16")
def test_it_is_closed_when_its_own_record_is_whole(procedure: Procedure) -> None:
    case = appealed(procedure).do("withdraw", reason="he has his place again")
    refused = case.refused("close", outcome="withdrawn")
    assert refused.sentence == f"The record lacks: {', '.join(FILE).replace('_', ' ')}."
    case.do("record", record="appeal_by_somebody_else", fields=FILE)
    case.do("close", outcome="withdrawn")
    (rule,) = [one for one in procedure.records if one.key == "appeal_by_somebody_else"]
    assert {*rule.may_see} == {"handler", "panel", "complaints_coordinator"}
