"""What a young person is said to have done: a case of its own in which they are told, heard and stood by."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from heard.procedure import Procedure
from heard.trial import Trial

HOUSE = "house_manager"
TOLD = ["what is said, and not who said it", "that they may answer, or not", "that an advocate can help them"]
OUTCOME = ["what was decided and why", "what happens next", "how to say that they disagree, and who can help them"]
REVIEW = ["why there is a review", "when and where", "that an advocate or somebody they trust may come with them"]
COPIED = ["what was said, their side and what was decided", "nothing that says who complained"]
BECAUSE: dict[str, Any] = {"record": {"reason": "what both of them said"}}
UNNAMED: dict[str, Any] = {"leaves_out": ["who complained"]}
"""Somebody has made sure that it does not say who complained."""


def behaviour(procedure: Procedure) -> Trial:
    """The young person's own case, as it begins on the Friday before Christmas."""
    first = Trial(procedure, "2026-12-18 16:30", complainant="public")
    return first.do("decide", HOUSE, decision="open_behaviour", answer="yes").second_case()


def heard(procedure: Procedure) -> Trial:
    """The same, when they were told, were offered an advocate and gave their side."""
    case = behaviour(procedure)
    case.do("tell", HOUSE, duty="tell_young_person", whom="young_person", contents=TOLD, **UNNAMED)
    case.do("record", HOUSE, event="advocate_offered")
    return case.do("reach", HOUSE, "2026-12-23 10:00", milestone="young_person_heard")


def reviewed(procedure: Procedure) -> Trial:
    """The same, after a conduct review on Christmas Eve."""
    case = heard(procedure).do("decide", HOUSE, decision="conduct_review", answer="yes", **BECAUSE)
    return case.do("reach", HOUSE, "2026-12-24 10:00", milestone="conduct_review_held")


def decided(case: Trial, decision: str, answer: str, when: str | None = None) -> Trial:
    return case.do("decide", str(case.holder("handles")), when, decision=decision, answer=answer, **BECAUSE)


@pytest.mark.clause("INF-6")
@pytest.mark.parametrize("kind", ["complaint", "concern", "comment"])
def test_staff_say_whether_it_is_about_a_young_person_and_only_a_compliment_is_not_asked_about(
    procedure: Procedure, kind: str
) -> None:
    case = Trial(procedure, "2026-12-18 16:30", kind=kind)
    who = str(case.holder("handles"))
    assert case.refused("decide", "director", decision="open_behaviour", answer="yes")
    assert not [row for row in case.do("decide", who, decision="open_behaviour", answer="no").ledger
                if row.event == "linked_case_opened"]  # fmt: skip
    thanks = Trial(procedure, "2026-12-18 16:30", kind="compliment")
    assert (
        thanks.refused("decide", HOUSE, decision="open_behaviour", answer="yes").sentence == "This is not asked here."
    )


@pytest.mark.clause("INF-6")
def test_it_is_a_case_of_the_young_person_that_does_not_say_who_complained(procedure: Procedure) -> None:
    case = behaviour(procedure)
    assert (case.state.stage, case.holder("handles")) == ("behaviour", HOUSE)
    assert case.state.received["about_a_child"] and "complainant" not in case.state.received
    two = Trial(procedure, "2026-12-18 16:30", children=[{"age": 15}, {"age": 16}])
    two.do("decide", HOUSE, decision="open_behaviour", answer="yes")
    two.do("open_linked", HOUSE, linked="behaviour", reason="there was another young person")
    assert "children" not in two.second_case().state.received  # nobody has said yet which of them it is


@pytest.mark.clause("INF-6")
@pytest.mark.parametrize(
    ("duty", "due"),
    [("tell_young_person", date(2026, 12, 22)), ("offer_advocate", date(2026, 12, 22)),
     ("offer_to_step_in", date(2026, 12, 22)), ("hear_young_person", date(2026, 12, 29))],
)  # fmt: skip
def test_they_are_told_offered_help_and_an_advocate_in_two_working_days_and_heard_in_five(
    procedure: Procedure, duty: str, due: date
) -> None:
    line = behaviour(procedure).line(duty)
    assert (line.to, line.due) == (("young_person",), due)


@pytest.mark.clause("INF-6")
def test_they_hear_what_is_said_and_not_who_said_it(procedure: Procedure) -> None:
    case = behaviour(procedure)
    refused = case.refused("tell", HOUSE, duty="tell_young_person", whom="young_person")
    assert refused.sentence == f"It must also say: {'; '.join(TOLD)}."
    for stage, duty in (("behaviour", "tell_young_person"), ("behaviour", "tell_outcome"),
                        ("behaviour_review", "tell_of_review"), ("behaviour_review", "tell_outcome")):  # fmt: skip
        assert procedure.duty(duty, stage).leaves_out == ("who complained",), duty


@pytest.mark.clause("INF-6")
@pytest.mark.parametrize("ground", ["not possible", "the young person does not wish it"])
def test_help_in_sorting_it_out_is_offered_where_that_can_be_done(procedure: Procedure, ground: str) -> None:
    case = behaviour(procedure)
    assert case.refused("excuse", HOUSE, duty="offer_to_step_in", ground="no time")
    assert case.do("excuse", HOUSE, duty="offer_to_step_in", ground=ground).line("offer_to_step_in").status == "excused"


@pytest.mark.clause("INF-6")
def test_nobody_answers_what_they_were_not_told_and_nothing_is_decided_before_they_had_an_advocate_and_were_heard(
    procedure: Procedure,
) -> None:
    case = behaviour(procedure)
    review: dict[str, Any] = {"decision": "conduct_review", "answer": "yes"} | BECAUSE
    assert case.refused("reach", HOUSE, milestone="young_person_heard").clause == ("INF-6",)
    case.do("tell", HOUSE, duty="tell_young_person", whom="young_person", contents=TOLD, **UNNAMED)
    case.do("reach", HOUSE, milestone="young_person_heard")
    assert case.line("hear_young_person").status == "met"
    assert "advocate" in case.refused("decide", HOUSE, **review).sentence
    case.do("record", HOUSE, event="advocate_offered")
    assert case.line("offer_advocate").status == "met"
    assert case.do("decide", HOUSE, **review).state.answers["conduct_review"] == "yes"


@pytest.mark.clause("INF-6")
@pytest.mark.parametrize(
    ("decision", "missing"),
    [("conduct_review", "advocate"), ("without_review", "advocate"), ("after_review", "advocate"),
     ("without_review", "side"), ("after_review", "side")],
)  # fmt: skip
def test_each_decision_about_them_waits_for_the_advocate_and_for_their_side(
    procedure: Procedure, decision: str, missing: str
) -> None:
    case = behaviour(procedure)
    if missing == "side":
        case.happened("advocate_offered", "2026-12-21 10:00")
    else:
        case.happened("milestone_reached", "2026-12-21 10:00", milestone="young_person_heard")
    if decision != "conduct_review":
        answer = "no" if decision == "without_review" else "yes"
        case.happened("decided", "2026-12-21 11:00", decision="conduct_review", answer=answer)
        case.happened("milestone_reached", "2026-12-21 12:00", milestone="conduct_review_held")
    answer = "yes" if decision == "conduct_review" else "support"
    refused = case.refused("decide", HOUSE, decision=decision, answer=answer, **BECAUSE)
    why = {"advocate": "was not offered an advocate", "side": "was not heard"}[missing]
    assert refused.sentence == f"Nothing is decided about a young person who {why}."


@pytest.mark.clause("INF-6")
def test_a_conduct_review_may_be_held_in_ten_working_days_with_them(procedure: Procedure) -> None:
    case = heard(procedure)
    assert not case.owes("hold_conduct_review")
    assert case.refused("decide", "director", decision="conduct_review", answer="yes", **BECAUSE)
    refused = case.refused("decide", HOUSE, decision="conduct_review", answer="yes")
    assert refused.sentence == "This must be recorded too: reason."
    decided(case, "conduct_review", "yes", "2026-12-24 10:00")
    line = case.line("hold_conduct_review")
    assert (line.to, line.due) == (("young_person",), date(2027, 1, 12))
    case.do("reach", HOUSE, milestone="conduct_review_held")
    assert case.line("hold_conduct_review").status == "met"
    none = decided(heard(procedure), "conduct_review", "no")
    assert not none.owes("hold_conduct_review")


@pytest.mark.clause("INF-6")
def test_too_early_nothing_is_decided(procedure: Procedure) -> None:
    early = behaviour(procedure).happened("advocate_offered", "2026-12-18 17:00")
    assert early.refused("decide", HOUSE, decision="conduct_review", answer="yes", **BECAUSE)
    waiting = decided(heard(procedure), "conduct_review", "yes")
    too_early = waiting.refused("decide", HOUSE, decision="after_review", answer="support", **BECAUSE)
    assert too_early.sentence == "It is too early to decide this."
    not_asked = waiting.refused("decide", HOUSE, decision="without_review", answer="support", **BECAUSE)
    assert not_asked.sentence == "This is not asked here."
    without = decided(heard(procedure), "conduct_review", "no")
    without.happened("milestone_reached", "2026-12-24 10:00", milestone="conduct_review_held")
    assert without.refused("decide", HOUSE, decision="after_review", answer="support", **BECAUSE).sentence == (
        "This is not asked here."
    )


@pytest.mark.clause("INF-6", "INF-13")
@pytest.mark.parametrize(
    ("decision", "answer"),
    [("without_review", "no_action"), ("without_review", "support"), ("after_review", "no_action"),
     ("after_review", "support"), ("after_review", "warning_letter")],
)  # fmt: skip
def test_whatever_is_decided_they_are_told_why_in_two_working_days_and_a_copy_names_no_complainant(
    procedure: Procedure, decision: str, answer: str
) -> None:
    case = reviewed(procedure) if decision == "after_review" else decided(heard(procedure), "conduct_review", "no")
    question: dict[str, Any] = {"decision": decision, "answer": answer}
    assert case.refused("decide", HOUSE, **question).sentence == "This must be recorded too: reason."
    assert case.refused("decide", "director", **question, **BECAUSE)
    decided(case, decision, answer, "2026-12-24 12:00")
    assert (case.line("tell_outcome").to, case.due("tell_outcome")) == (("young_person",), date(2026, 12, 30))
    refused = case.refused("tell", HOUSE, duty="tell_outcome", whom="young_person")
    assert refused.sentence == f"It must also say: {'; '.join(OUTCOME)}."
    assert case.due("copy_to_folder") == date(2026, 12, 30)
    refused = case.refused("record", HOUSE, event="copied_to_folder")
    assert refused.sentence == f"It must also say: {'; '.join(COPIED)}."
    case.do("record", HOUSE, event="copied_to_folder", contents=COPIED, **UNNAMED)
    assert case.line("copy_to_folder").status == "met"


@pytest.mark.clause("INF-6", "INF-13")
@pytest.mark.parametrize("answer", ["no_action", "support", "warning_letter"])
def test_a_behaviour_review_is_held_by_the_registered_manager_and_ends_in_one_of_three_ways(
    procedure: Procedure, answer: str
) -> None:
    case = decided(reviewed(procedure), "after_review", "behaviour_review", "2026-12-24 12:00")
    manager = "registered_manager"
    assert (case.state.stage, case.holder("handles")) == ("behaviour_review", manager)
    told, held = case.line("tell_of_review"), case.line("hold_behaviour_review")
    assert (told.to, told.due) == (("young_person",), date(2026, 12, 30))
    assert (held.to, held.due) == (("young_person",), date(2027, 1, 12))
    refused = case.refused("tell", manager, duty="tell_of_review", whom="young_person")
    assert refused.sentence == f"It must also say: {'; '.join(REVIEW)}."
    agreed: dict[str, Any] = {"decision": "agreed_in_review", "answer": answer}
    assert case.refused("decide", manager, **agreed, **BECAUSE).sentence == "It is too early to decide this."
    case.do("reach", manager, "2026-12-31 10:00", milestone="behaviour_review_held")
    assert case.line("hold_behaviour_review").status == "met"
    assert case.refused("decide", manager, **agreed).sentence == "This must be recorded too: reason."
    assert case.refused("decide", "director", **agreed, **BECAUSE)
    decided(case, "agreed_in_review", answer)
    assert case.line("tell_outcome").to == ("young_person",)
    assert case.due("tell_outcome") == case.due("copy_to_folder") == date(2027, 1, 5)
    refused = case.refused("tell", manager, duty="tell_outcome", whom="young_person")
    assert refused.sentence == f"It must also say: {'; '.join(OUTCOME)}."
    refused = case.refused("record", manager, event="copied_to_folder")
    assert refused.sentence == f"It must also say: {'; '.join(COPIED)}."
    case.do("record", manager, event="copied_to_folder", contents=COPIED, **UNNAMED)
    assert case.line("copy_to_folder").status == "met"


@pytest.mark.clause("INF-6")
def test_their_case_is_not_closed_before_their_side_and_what_was_decided_are_in_the_log(procedure: Procedure) -> None:
    case = decided(decided(heard(procedure), "conduct_review", "no"), "without_review", "no_action")
    case.do("excuse", HOUSE, duty="offer_to_step_in", ground="not possible")
    case.do("tell", HOUSE, duty="tell_outcome", whom="young_person", contents=OUTCOME, **UNNAMED)
    case.do("record", HOUSE, event="copied_to_folder", contents=COPIED, **UNNAMED)
    refused = case.refused("close", HOUSE, outcome="resolved")
    assert refused.sentence == ("The record lacks: what was said, their side, advocate offered, what was decided.")
    fields = ["what_was_said", "their_side", "advocate_offered", "what_was_decided"]
    case.do("record", HOUSE, record="behaviour_log", fields=fields).do("close", HOUSE, outcome="resolved")
    assert not case.state.is_open
    (log,) = [record for record in procedure.records if record.key == "behaviour_log"]
    assert log.may_see == ("handler", HOUSE, "registered_manager")


@pytest.mark.clause("INF-13")
def test_no_copy_in_a_young_persons_folder_says_who_complained(procedure: Procedure) -> None:
    for stage in ("behaviour", "behaviour_review"):
        assert procedure.duty("copy_to_folder", stage).leaves_out == ("who complained",)
    assert procedure.duty("copy_to_folder").leaves_out == ("who complained, unless it is needed",)
