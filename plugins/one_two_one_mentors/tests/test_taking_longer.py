"""An answer that is late, takes longer or waits, and the time between stages: MEN-4, MEN-8, MEN-12, MEN-17, MEN-18."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from heard.offers import candidates
from heard.procedure import Procedure
from heard.trial import Trial

LONDON = ZoneInfo("Europe/London")
FRIDAY_BEFORE_CHRISTMAS = "2026-12-18 16:30"
DIRECTOR = ["director"]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


# ---------------------------------------------------------------- the answer, late, longer, on hold


@pytest.mark.clause("MEN-8", "MEN-12")
def test_a_late_answer_is_told_to_the_coordinator_and_the_appeal_is_open(procedure: Procedure) -> None:
    case = Trial(procedure, FRIDAY_BEFORE_CHRISTMAS)
    line = case.line("respond", "stage_2", "2027-01-07 09:00")
    assert line.status == "late"
    case.do("escalate", when="2027-01-07 09:00", key=line.key, step=0)
    said = case.ledger[-1].data
    assert ([one["key"] for one in said["tell"]], said["offers"]) == (["director"], "stage_3")
    case.do("ask_to_go_on", to="stage_3")
    assert case.state.stage == "stage_3"


@pytest.mark.clause("MEN-12")
@pytest.mark.parametrize("reason", ["rare and exceptional circumstances", "criminal proceedings"])
def test_more_than_ten_days_only_when_rare_and_exceptional_approved_and_told(
    procedure: Procedure, reason: str
) -> None:
    case = Trial(procedure, FRIDAY_BEFORE_CHRISTMAS)
    longer: dict[str, Any] = {"duty": "respond", "reason": reason, "until": "2027-03-31"}
    refused = case.refused("extend", "director", **longer).sentence
    assert refused == "This is only allowed when: complaints coordinator approved, complainant told."
    met = ["complaints_coordinator_approved", "complainant_told"]
    case.refused("extend", "director", **{**longer, "reason": "much to do"}, needs_met=met)
    case.do("extend", "director", needs_met=met, **longer)
    assert case.due("respond", "stage_2") == date(2027, 3, 31)
    extension = procedure.duty("respond", "stage_2").clock.extension
    assert extension and extension.without_cap


@pytest.mark.clause("MEN-18")
@pytest.mark.parametrize(
    "reason", ["criminal proceedings", "it is impossible, or would be wrong, to keep to the time"]
)
def test_any_other_time_may_be_altered_when_the_complainant_is_told_why(procedure: Procedure, reason: str) -> None:
    case = Trial(procedure, FRIDAY_BEFORE_CHRISTMAS)
    longer: dict[str, Any] = {"duty": "first_answer", "reason": reason, "until": "2027-01-15"}
    assert "complainant told" in case.refused("extend", "director", **longer).sentence
    told = ["complainant_told"]
    case.refused("extend", "director", **{**longer, "reason": "much to do"}, needs_met=told)
    case.do("extend", "director", needs_met=told, **longer)
    assert case.due("first_answer", "stage_2") == date(2027, 1, 15)
    rule = procedure.counting.extension_of_any
    assert rule and rule.without_cap


@pytest.mark.parametrize(
    ("clause", "stage", "said", "duty"),
    [
        ("MEN-8", "stage_1", {"formality": "informal"}, "settle"),
        ("MEN-12", "stage_2", {}, "respond"),
        ("MEN-14", "stage_3", {"about": DIRECTOR}, "panel_meets"),
    ],
)
def test_what_is_on_hold_waits_and_giving_the_reference_never_does(
    procedure: Procedure, clause: str, stage: str, said: dict[str, Any], duty: str
) -> None:
    case = Trial(procedure, FRIDAY_BEFORE_CHRISTMAS, concerns=["disciplinary"], **said)
    case.do("confirm_concern", "designated_safeguarding_lead", concern="disciplinary", reason="it stands")
    case.do("suspend", "operational_manager", rule="handled_separately", heads=["complaint"], reason="discipline")
    assert case.line(duty, stage).status == "paused"
    if stage != "stage_1":
        assert case.line("give_reference", stage).status == "running"


# ---------------------------------------------------------------- between the stages


@pytest.mark.parametrize(
    ("clause", "stage", "formality", "to"),
    [("MEN-17", "stage_1", "informal", "stage_2"), ("MEN-4", "stage_1", "informal", "stage_2"),
     ("MEN-17", "stage_2", "formal", "stage_3"), ("MEN-14", "stage_2", "formal", "stage_3")],
)  # fmt: skip
def test_the_next_stage_may_be_asked_for_until_the_day_agreed_and_else_for_twenty_working_days(
    procedure: Procedure, clause: str, stage: str, formality: str, to: str
) -> None:
    case = Trial(procedure, "2026-11-02 09:00", formality=formality)
    window = f"ask_for_{to}"
    assert case.due(window, stage) is None
    case.happened("responded", "2026-11-10 12:00", channel="email")
    line = case.line(window, stage)
    assert (line.due, line.remind_at) == (date(2026, 12, 8), at("2026-12-01 00:00"))
    posted = Trial(procedure, "2026-11-02 09:00", formality=formality)
    assert posted.happened("responded", "2026-11-10 12:00", channel="letter").due(window, stage) == date(2026, 12, 10)
    offered = candidates(case.state, case.now, case.calendars, case.roster)
    assert [one.data["way"] for one in offered if one.name == "agree_window"] == [to]
    case.do("agree_window", "director", way=to, until="2027-01-15")
    assert case.due(window, stage) == date(2027, 1, 15)
    assert next(one for one in procedure.stage(stage).ways_on if one.clock.within).when_over == "close"


@pytest.mark.clause("MEN-18")
def test_a_letter_counts_as_received_two_working_days_after_it_was_sent(procedure: Procedure) -> None:
    case = Trial(procedure, "2026-12-14 09:00").happened("responded", "2026-12-24 12:00", channel="letter")
    assert case.due("ask_for_stage_3", "stage_2") == date(2027, 1, 28)


@pytest.mark.parametrize(
    ("clause", "formality", "to"), [("MEN-17", "informal", "stage_2"), ("MEN-17", "formal", "stage_3")]
)
@pytest.mark.parametrize("ground", ["a child", "illness", "other good reason"])
def test_a_late_request_is_taken_for_a_child_in_illness_or_for_another_good_reason(
    procedure: Procedure, clause: str, formality: str, to: str, ground: str
) -> None:
    case = Trial(procedure, "2026-11-02 09:00", formality=formality).happened("responded", "2026-11-10 12:00")
    late = {"to": to, "asked_by": "complainant", "why": "She was away."}
    assert "ended on" in case.refused("ask_to_go_on", "director", "2026-12-09 09:00", **late).sentence
    case.refused("ask_to_go_on", "mentor", late_ground=ground, **late)
    case.do("ask_to_go_on", "director", late_ground=ground, **late)
    assert case.state.stage == to
    way = next(one for one in procedure.stage("stage_1" if to == "stage_2" else "stage_2").ways_on if one.late)
    assert way.late and {*way.late.accepted_if} == {"a child", "illness", "other good reason"}
    assert way.late.decided_by == ("complaints_coordinator",)
