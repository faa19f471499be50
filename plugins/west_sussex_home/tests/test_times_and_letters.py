"""By when a complaint is acknowledged, answered and enquired into, and what each letter must say."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from heard.procedure import Procedure
from heard.trial import Trial

ANSWER = [
    "what was found, and why",
    "what was done, or will be",
    "how to ask for a formal enquiry, and who helps with that",
]
LAST_ANSWER = ["what was found, and why", "what was done, or will be", "how to reach the Ombudsman"]
IN_THEIR_WORDS = "in words that fit their age and understanding"


def answered(procedure: Procedure, received: str, when: str, finding: str = "upheld") -> Trial:
    """A complaint that the Registered Manager has answered."""
    case = Trial(procedure, received)
    return case.do("respond", "registered_manager", when, findings={"complaint": finding}, contents=ANSWER,
                   reasons_for=["complaint"])  # fmt: skip


def enquired(procedure: Procedure) -> Trial:
    """A complaint for which an enquiry was asked on 12 January 2027."""
    case = answered(procedure, "2026-12-01 10:00", "2026-12-14 10:00")
    return case.do("ask_to_go_on", "complainant", "2027-01-12 10:00", to="enquiry")


@pytest.mark.clause("WSX-6", "WSX-9", "WSX-14")
@pytest.mark.parametrize(
    ("received", "acknowledged", "answer"),
    [
        ("2026-12-18 16:30", date(2026, 12, 21), date(2027, 1, 6)),  # the Friday before Christmas
        ("2026-12-23 09:00", date(2026, 12, 26), date(2027, 1, 11)),  # three days end on Boxing Day, and stay there
        ("2026-04-01 09:00", date(2026, 4, 4), date(2026, 4, 17)),  # Easter
        ("2026-07-03 23:40", date(2026, 7, 6), date(2026, 7, 17)),  # late on a summer evening is still that day
    ],
)
def test_it_is_acknowledged_in_three_calendar_days_and_answered_in_ten_working_days(
    procedure: Procedure, received: str, acknowledged: date, answer: date
) -> None:
    case = Trial(procedure, received)
    assert (case.due("acknowledge"), case.due("respond")) == (acknowledged, answer)
    assert (case.line("acknowledge").to, case.line("respond").to) == (("complainant",), ("complainant",))


@pytest.mark.clause("WSX-6", "WSX-10")
@pytest.mark.parametrize("stage", ["local", "enquiry"])
def test_the_acknowledgement_is_in_the_childs_words_and_says_by_which_day_the_answer_comes(
    procedure: Procedure, stage: str
) -> None:
    case = Trial(procedure, "2026-12-01 10:00") if stage == "local" else enquired(procedure)
    who = "registered_manager" if stage == "local" else "service_manager"
    assert case.refused("acknowledge", who).sentence == f"It must also say: {IN_THEIR_WORDS}."
    assert case.refused("acknowledge", who, contents=[IN_THEIR_WORDS]).sentence == (
        "It must give the date of the answer."
    )
    day = {"local": "2026-12-15", "enquiry": "2027-02-16"}[stage]
    case.do("acknowledge", who, contents=[IN_THEIR_WORDS], dates_given={"respond": day})
    assert case.line("acknowledge", stage).status == "met"
    assert procedure.duty("acknowledge", stage).form == "writing"


@pytest.mark.clause("WSX-14", "WSX-9")
def test_the_answer_comes_in_writing_and_says_what_was_found_what_is_done_and_how_to_go_on(
    procedure: Procedure,
) -> None:
    case = Trial(procedure, "2026-12-01 10:00")
    refused = case.refused("respond", "registered_manager", "2026-12-14 10:00", findings={"complaint": "upheld"})
    assert refused.sentence == f"It must also say: {'; '.join(ANSWER)}."
    case.do("respond", "registered_manager", findings={"complaint": "upheld"}, contents=ANSWER)
    assert case.line("respond").status == "met"
    assert procedure.duty("respond", "local").form == procedure.duty("respond", "enquiry").form == "writing"


@pytest.mark.clause("WSX-14", "WSX-9", "WSX-10")
@pytest.mark.parametrize(("stage", "longest"), [("local", date(2026, 12, 31)), ("enquiry", date(2027, 4, 15))])
def test_the_answer_may_take_twenty_working_days_and_the_enquiry_sixty_five_if_the_child_is_told(
    procedure: Procedure, stage: str, longest: date
) -> None:
    case = Trial(procedure, "2026-12-01 10:00") if stage == "local" else enquired(procedure)
    who = "registered_manager" if stage == "local" else "service_manager"
    refused = case.refused("extend", who, duty="respond", reason="a witness is away")
    assert refused.sentence == "This is only allowed when: complainant told."
    case.do("extend", who, duty="respond", reason="a witness is away", needs_met=["complainant_told"])
    assert case.due("respond", stage) == longest


@pytest.mark.clause("WSX-14", "WSX-9", "WSX-10")
def test_while_safeguarding_goes_first_the_answers_wait_and_the_days_that_were_left_run_again(
    procedure: Procedure,
) -> None:
    for case, due in ((Trial(procedure, "2026-12-01 10:00"), date(2026, 12, 21)),
                      (enquired(procedure), date(2027, 2, 22))):  # fmt: skip
        first = case.due("respond")
        on, off = ("2026-12-04", "2026-12-10") if first == date(2026, 12, 15) else ("2027-01-15", "2027-01-21")
        case.happened("suspended", f"{on} 10:00", rule="safeguarding", heads="case")
        case.happened("resumed", f"{off} 10:00", rule="safeguarding")
        assert case.due("respond") == due


@pytest.mark.clause("WSX-9", "WSX-10")
def test_an_answer_that_is_late_lets_the_child_go_on_and_the_service_manager_hears_of_it(procedure: Procedure) -> None:
    case = Trial(procedure, "2026-12-01 10:00")
    assert case.refused("ask_to_go_on", "complainant", "2026-12-15 10:00", to="enquiry")
    line = case.line("respond", when="2026-12-16 09:00")
    case.do("escalate", when="2026-12-16 09:00", key=line.key, step=0)
    assert case.ledger[-1].data["offers"] == "enquiry"
    case.do("escalate", key=line.key, step=1)
    assert [one["key"] for one in case.ledger[-1].data["tell"]] == ["service_manager"]
    assert case.do("ask_to_go_on", "complainant", to="enquiry").state.stage == "enquiry"


@pytest.mark.clause("WSX-10", "WSX-14")
def test_the_head_of_service_hears_of_an_enquiry_that_is_late(procedure: Procedure) -> None:
    case = enquired(procedure)
    line = case.line("respond", when="2027-02-17 09:00")
    case.do("escalate", when="2027-02-17 09:00", key=line.key, step=0)
    assert [one["key"] for one in case.ledger[-1].data["tell"]] == ["head_of_service"]


@pytest.mark.clause("WSX-10", "WSX-14")
def test_the_enquiry_is_the_service_managers_and_ends_in_a_letter_in_twenty_five_working_days(
    procedure: Procedure,
) -> None:
    case = enquired(procedure)
    assert case.holder("handles") == "service_manager"
    assert (case.due("acknowledge"), case.due("respond")) == (date(2027, 1, 15), date(2027, 2, 16))
    on_thursday = answered(procedure, "2026-12-01 10:00", "2026-12-14 10:00")
    on_thursday.do("ask_to_go_on", "complainant", "2027-01-14 10:00", to="enquiry")
    assert on_thursday.due("acknowledge") == date(2027, 1, 17)  # a Sunday, and it stays there
    refused = case.refused("respond", "service_manager", "2027-02-10 10:00", findings={"complaint": "upheld"})
    assert refused.sentence == f"It must also say: {'; '.join(LAST_ANSWER)}."
    again = case.refused("respond", "registered_manager", findings={"complaint": "upheld"}, contents=LAST_ANSWER)
    assert (again.sentence, "WSX-19" in again.clause) == ("You judged an earlier stage of this case.", True)
    case.do("respond", "service_manager", findings={"complaint": "upheld"}, contents=LAST_ANSWER)
    assert case.line("respond").status == "met"
    assert [stage.key for stage in procedure.stages if stage.formal] == ["local", "enquiry"]
    assert [stage.key for stage in procedure.stages if stage.final] == ["enquiry"]


@pytest.mark.clause("WSX-10")
def test_an_enquiry_can_be_asked_for_in_twenty_working_days_of_the_answer(procedure: Procedure) -> None:
    case = answered(procedure, "2026-12-01 10:00", "2026-12-14 10:00")
    assert case.due("ask_for_enquiry") == date(2027, 1, 14)
    assert case.line("ask_for_enquiry").to == ("complainant",)


@pytest.mark.clause("WSX-10")
def test_after_that_the_service_manager_may_take_it_for_any_reason_that_is_written_down(procedure: Procedure) -> None:
    case = answered(procedure, "2026-12-01 10:00", "2026-12-14 10:00")
    assert case.refused("ask_to_go_on", "complainant", "2027-01-18 10:00", to="enquiry")
    late = {"to": "enquiry", "late_ground": "any recorded reason", "why": "in hospital over the new year"}
    assert case.refused("ask_to_go_on", "registered_manager", **late)
    assert case.do("ask_to_go_on", "service_manager", **late).state.stage == "enquiry"


@pytest.mark.clause("WSX-3", "WSX-10")
@pytest.mark.parametrize("stage", ["local", "enquiry"])
def test_a_child_is_offered_an_advocate_in_two_working_days_and_a_neighbour_is_not(
    procedure: Procedure, stage: str
) -> None:
    case = Trial(procedure, "2026-12-01 10:00").happened("stage_opened", "2026-12-18 16:30", stage=stage)
    line = case.line("offer_advocate", stage)
    assert (line.to, line.due) == (("young_person",), date(2026, 12, 22))
    case.do("record", "registered_manager" if stage == "local" else "service_manager", event="advocate_offered")
    assert case.line("offer_advocate", stage).status == "met"
    neighbour = Trial(procedure, "2026-12-01 10:00", complainant="public", about_a_child=False, children=[])
    assert not neighbour.happened("stage_opened", "2026-12-18 16:30", stage=stage).owes("offer_advocate", stage)


@pytest.mark.clause("WSX-17")
@pytest.mark.parametrize("finding", ["upheld", "partly_upheld"])
def test_what_was_upheld_in_part_or_in_full_is_learned_from_in_twenty_working_days(
    procedure: Procedure, finding: str
) -> None:
    case = answered(procedure, "2026-12-01 10:00", "2026-12-14 10:00", finding)
    assert case.due("learning_review") == date(2027, 1, 14)
    done = ["who was chosen to do the review", "the learning review form", "the talk with the staff about it"]
    found = {"what was learned": "nobody had asked the child", "what changes in practice": "we ask first"}
    review: dict[str, Any] = {"by": "registered_manager", "event": "learning_reviewed", "lessons": ["training"]}
    refused = case.refused("record", record=found, **review)
    assert refused.sentence == f"It must also say: {'; '.join(done)}."
    refused = case.refused("record", contents=done, **review)
    assert refused.sentence == f"This must be recorded too: {'; '.join(found)}."
    case.do("record", record=found, contents=done, **review)
    assert case.line("learning_review").status == "met"


@pytest.mark.clause("WSX-17")
def test_nothing_is_learned_from_what_was_not_upheld_nor_from_a_compliment(procedure: Procedure) -> None:
    case = answered(procedure, "2026-12-01 10:00", "2026-12-14 10:00", "not_upheld")
    assert case.due("learning_review") is None
    assert not Trial(procedure, "2026-12-01 10:00", kind="compliment").owes("learning_review")
