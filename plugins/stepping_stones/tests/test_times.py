"""By when, to the day, over Christmas 2026 and Easter 2026: STS-5, STS-6, STS-7, STS-10 and STS-12."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from heard.procedure import Procedure
from heard.trial import Trial

LONDON = ZoneInfo("Europe/London")
FRIDAY_BEFORE_CHRISTMAS = "2026-12-18 16:30"
MAUNDY_THURSDAY = "2026-04-02 09:00"
CONCERN = "allegation_against_staff"


def informal(procedure: Procedure, received: str = FRIDAY_BEFORE_CHRISTMAS, **said: Any) -> Trial:
    return Trial(procedure, received, formality="informal", **said)


def asked_for_the_board(procedure: Procedure, **said: Any) -> Trial:
    """Answered on 5 January 2027; the Board asked for on the 12th."""
    case = Trial(procedure, FRIDAY_BEFORE_CHRISTMAS, child_age=3, **said)
    case.happened("responded", "2027-01-05 10:00")
    return case.do("ask_to_go_on", when="2027-01-12 10:00", to="stage_3")


# ---------------------------------------------------------------- what is promised


@pytest.mark.parametrize(
    ("clause", "received", "formality", "age", "stage", "duty", "by"),
    [
        ("STS-7", FRIDAY_BEFORE_CHRISTMAS, "formal", 3, "stage_2", "acknowledge", date(2026, 12, 29)),
        ("STS-7", FRIDAY_BEFORE_CHRISTMAS, "formal", 3, "stage_2", "respond", date(2027, 1, 15)),
        ("STS-7", FRIDAY_BEFORE_CHRISTMAS, "informal", 3, "stage_1", "respond", date(2027, 1, 15)),
        ("STS-7", MAUNDY_THURSDAY, "formal", 3, "stage_2", "acknowledge", date(2026, 4, 13)),
        ("STS-7", MAUNDY_THURSDAY, "formal", 3, "stage_2", "respond", date(2026, 4, 30)),
        ("STS-6", FRIDAY_BEFORE_CHRISTMAS, "formal", 3, "stage_2", "respond", date(2027, 1, 15)),
        ("STS-12", FRIDAY_BEFORE_CHRISTMAS, "informal", 5, "stage_1", "outcome_for_five_and_over", date(2027, 1, 7)),
        ("STS-12", FRIDAY_BEFORE_CHRISTMAS, "informal", None, "stage_1", "outcome_for_five_and_over",
         date(2027, 1, 7)),
        ("STS-12", FRIDAY_BEFORE_CHRISTMAS, "formal", 15, "stage_2", "outcome_for_five_and_over", date(2027, 1, 7)),
        ("STS-12", MAUNDY_THURSDAY, "formal", 5, "stage_2", "outcome_for_five_and_over", date(2026, 4, 22)),
    ],
)  # fmt: skip
def test_it_is_due_on_the_day_that_the_document_promises(
    procedure: Procedure, clause: str, received: str, formality: str, age: int | None, stage: str, duty: str, by: date
) -> None:
    case = Trial(procedure, received, formality=formality, child_age=age)
    line = case.line(duty, stage)
    assert (line.due, line.source, line.strength, line.to) == (by, "policy", "must", ("complainant",))
    case.happened("acknowledged" if duty == "acknowledge" else "responded", "2026-12-21 09:00")
    assert case.line(duty, stage).status in ("met", "met late")


@pytest.mark.clause("STS-7", "STS-12")
def test_stage_1_counts_from_the_day_it_was_made_and_not_from_the_day_it_was_written_in(procedure: Procedure) -> None:
    case = informal(procedure, made="2026-12-14T09:00:00+00:00", child_age=7)
    assert case.due("respond", "stage_1") == date(2027, 1, 11)
    assert case.due("outcome_for_five_and_over", "stage_1") == date(2027, 1, 3)


@pytest.mark.clause("STS-12")
@pytest.mark.parametrize(
    ("stage", "formality", "said", "owed"),
    [
        ("stage_1", "informal", {"child_age": 5}, True),
        ("stage_1", "informal", {"child_age": 4}, False),
        ("stage_1", "informal", {"child_age": None}, True),
        ("stage_1", "informal", {"child_age": 5, "about_a_child": False}, False),
        ("stage_1", "informal", {"child_age": 5, "about_a_child": False, "facts": {"service": "childcare"}}, True),
        ("stage_2", "formal", {"child_age": 5}, True),
        ("stage_2", "formal", {"child_age": 4}, False),
        ("stage_2", "formal", {"child_age": None}, True),
        ("stage_2", "formal", {"child_age": 5, "about_a_child": False}, False),
        ("stage_2", "formal", {"child_age": 5, "about_a_child": False, "facts": {"service": "childcare"}}, True),
    ],
)
def test_twenty_days_are_for_children_of_five_and_over_and_an_age_nobody_knows_counts_as_five(
    procedure: Procedure, stage: str, formality: str, said: dict[str, Any], owed: bool
) -> None:
    case = Trial(procedure, FRIDAY_BEFORE_CHRISTMAS, formality=formality, **said)
    assert case.owes("outcome_for_five_and_over", stage) is owed
    if owed:
        line = case.line("outcome_for_five_and_over", stage)
        assert (line.by, line.to) == (("registered_person",), ("complainant",))


@pytest.mark.clause("STS-12")
def test_the_law_s_own_28_days_stand_beside_the_20(procedure: Procedure) -> None:
    law = informal(procedure, child_age=5).line("early_years.outcome")
    assert (law.due, law.source) == (date(2027, 1, 15), "law")


@pytest.mark.clause("STS-7", "STS-12")
def test_stage_2_counts_anew_from_the_day_it_was_asked_for(procedure: Procedure) -> None:
    case = informal(procedure, child_age=7).happened("responded", "2026-12-22 10:00")
    case.do("ask_to_go_on", when="2026-12-23 12:00", to="stage_2")
    assert case.due("acknowledge", "stage_2") == date(2027, 1, 4)
    assert case.due("outcome_for_five_and_over", "stage_2") == date(2027, 1, 12)
    assert case.due("respond", "stage_2") == date(2027, 1, 20)


@pytest.mark.clause("STS-6")
@pytest.mark.parametrize(("channel", "owed"), [("in_person", True), ("telephone", True), ("email", False)])
def test_what_was_spoken_is_written_down_in_five_working_days_as_an_aim(
    procedure: Procedure, channel: str, owed: bool
) -> None:
    case = Trial(procedure, FRIDAY_BEFORE_CHRISTMAS, channel=channel)
    assert case.owes("write_down_what_was_said") is owed
    if owed:
        line = case.line("write_down_what_was_said")
        assert (line.due, line.strength) == (date(2026, 12, 29), "aim")
        case.happened("record_agreed", "2026-12-22 10:00")
        assert case.line("write_down_what_was_said").status == "met"


# ---------------------------------------------------------------- the Board


@pytest.mark.clause("STS-10")
@pytest.mark.parametrize(
    ("channel", "last"),
    [("email", date(2026, 4, 20)), ("letter", date(2026, 4, 22)), ("post", date(2026, 4, 22))],
)
def test_the_board_may_be_asked_for_ten_working_days_after_the_answer_arrived(
    procedure: Procedure, channel: str, last: date
) -> None:
    case = Trial(procedure, MAUNDY_THURSDAY, child_age=3)
    case.happened("responded", "2026-04-02 15:00", channel=channel)
    assert case.due("ask_for_stage_3", "stage_2") == last


@pytest.mark.clause("STS-10")
def test_a_late_request_is_taken_for_any_recorded_reason_by_the_chair(procedure: Procedure) -> None:
    late = {"to": "stage_3", "late_ground": "any recorded reason", "why": "She was in hospital."}
    case = Trial(procedure, MAUNDY_THURSDAY, child_age=3).happened("responded", "2026-04-02 15:00")
    case.refused("ask_to_go_on", when="2026-04-21 09:00", to="stage_3")
    case.refused("ask_to_go_on", "keyworker", asked_by="complainant", **late)
    case.do("ask_to_go_on", "chair_of_trustees", asked_by="complainant", **late)
    assert case.state.stage == "stage_3"
    (way,) = procedure.stage("stage_2").ways_on
    assert way.late and way.late.decided_by == ("chair_of_trustees",)


@pytest.mark.clause("STS-10")
def test_the_board_acknowledges_in_a_week_and_answers_in_twenty_working_days_from_then(procedure: Procedure) -> None:
    case = asked_for_the_board(procedure)
    assert case.due("acknowledge", "stage_3") == date(2027, 1, 19)
    assert case.due("respond", "stage_3") == date(2027, 2, 16)  # taken to be acknowledged on the seventh day
    assert case.due("respond", "stage_3", "2027-01-25") == date(2027, 2, 16)
    case.happened("acknowledged", "2027-01-13 10:00")
    assert case.line("acknowledge", "stage_3").status == "met"
    assert case.due("respond", "stage_3") == date(2027, 2, 10)
    case.happened("responded", "2027-02-01 10:00")
    assert case.line("respond", "stage_3").status == "met"


@pytest.mark.clause("STS-10")
def test_the_day_that_the_board_names_is_the_day_that_it_keeps(procedure: Procedure) -> None:
    case = asked_for_the_board(procedure)
    says: dict[str, Any] = {"contents": ["by when the Board will answer"]}
    assert "date of the answer" in case.refused("acknowledge", "chair_of_trustees", "2027-01-13 10:00", **says).sentence
    case.do("acknowledge", "chair_of_trustees", dates_given={"respond": "2027-02-03"}, **says)
    assert case.due("respond", "stage_3") == date(2027, 2, 3)


@pytest.mark.clause("STS-10")
def test_the_first_handler_is_kept_informed_when_it_comes_to_the_board_when_it_meets_and_answers(
    procedure: Procedure,
) -> None:
    case = informal(procedure, child_age=3, facts={"service": "childcare"})
    case.happened("responded", "2026-12-21 10:00")
    case.do("ask_to_go_on", when="2026-12-22 10:00", to="stage_2").happened("responded", "2027-01-05 10:00")
    case.do("ask_to_go_on", when="2027-01-12 10:00", to="stage_3")
    assert case.due("keep_first_handler_informed") == date(2027, 1, 19)
    assert case.told(*case.line("keep_first_handler_informed").to) == ("childcare_service_manager",)
    case.happened("panel_met", "2027-02-01 10:00")
    case.happened("responded", "2027-02-03 10:00")
    lines = [one.due for one in case.lines() if one.duty == "keep_first_handler_informed"]
    assert lines == [date(2027, 1, 19), date(2027, 2, 8), date(2027, 2, 10)]
    assert not asked_for_the_board(procedure).owes("keep_first_handler_informed")


# ---------------------------------------------------------------- what follows when it is late, and on hold


@pytest.mark.parametrize(
    ("clause", "stage", "told", "offers"),
    [
        ("STS-7", "stage_1", ["chief_executive"], "stage_2"),
        ("STS-7", "stage_2", ["chair_of_trustees"], "stage_3"),
        ("STS-10", "stage_3", ["trustee"], None),
    ],
)
def test_a_late_answer_is_told_upwards_and_the_next_stage_is_offered(
    procedure: Procedure, clause: str, stage: str, told: list[str], offers: str | None
) -> None:
    case = asked_for_the_board(procedure) if stage == "stage_3" else Trial(
        procedure, FRIDAY_BEFORE_CHRISTMAS, formality="informal" if stage == "stage_1" else "formal"
    )  # fmt: skip
    line = case.line("respond", stage, "2027-02-17 09:00")
    case.do("escalate", when="2027-02-17 09:00", key=line.key, step=0)
    said = case.ledger[-1].data
    assert ([one["key"] for one in said["tell"]], said.get("offers")) == (told, offers)


@pytest.mark.parametrize(
    ("clause", "stage"),
    [("STS-7", "stage_1"), ("STS-7", "stage_2"), ("STS-10", "stage_3")],
)
def test_an_answer_waits_while_it_is_on_hold_and_an_acknowledgement_never_does(
    procedure: Procedure, clause: str, stage: str
) -> None:
    said: dict[str, Any] = {"concerns": [CONCERN]}
    if stage == "stage_3":
        case = asked_for_the_board(procedure, **said)
    else:
        said["formality"] = "informal" if stage == "stage_1" else "formal"
        case = Trial(procedure, FRIDAY_BEFORE_CHRISTMAS, **said)
    when = "2027-01-12 12:00" if stage == "stage_3" else "2026-12-21 10:00"
    case.do("confirm_concern", "designated_safeguarding_lead", when, concern=CONCERN, reason="it stands")
    case.do("suspend", "vice_chair", rule="safeguarding", heads=["complaint"], reason="the LADO asks for it")
    assert case.line("respond", stage).status == "paused"
    if stage != "stage_1":
        assert case.line("acknowledge", stage).status == "running"


@pytest.mark.clause("STS-5")
@pytest.mark.parametrize(("about", "owed"), [([], True), (["keyworker"], True), (["chief_executive"], False)])
def test_the_chief_executive_gets_everything_by_the_next_working_day_settled_or_not(
    procedure: Procedure, about: list[str], owed: bool
) -> None:
    case = informal(procedure)
    for n, role in enumerate(about):
        case.happened("named", FRIDAY_BEFORE_CHRISTMAS, subject=f"s{n}", person=role, role=role, identified=True)
    assert case.due("tell_chief_executive") is None if owed else not case.owes("tell_chief_executive")
    case.happened("responded", "2026-12-24 10:00")
    assert case.owes("tell_chief_executive") is owed
    if owed:
        line = case.line("tell_chief_executive")
        assert (line.to, line.due) == (("chief_executive",), date(2026, 12, 29))


@pytest.mark.clause("STS-2")
def test_an_exception_to_confidence_is_explained_by_the_next_working_day(procedure: Procedure) -> None:
    case = Trial(procedure, FRIDAY_BEFORE_CHRISTMAS)
    assert case.due("explain_confidentiality") is None
    case.happened("disclosed", "2026-12-24 10:00", to="somebody", basis="legal duty")
    line = case.line("explain_confidentiality")
    assert line.target_at == datetime(2026, 12, 30, tzinfo=LONDON)
    assert line.to == ("complainant",)
    refused = case.refused("tell", "chief_executive", duty="explain_confidentiality", whom="complainant", contents=[])
    assert "what was told, to whom and why" in refused.sentence
