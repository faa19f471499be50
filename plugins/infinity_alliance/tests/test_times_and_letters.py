"""By when it is settled, answered and heard again, and what each letter must say."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from heard.instants import moment_of
from heard.procedure import Procedure
from heard.trial import Trial

SETTLED = ["what was done", "that they may complain formally: in writing, on the form or by word of mouth"]
ANSWER = [
    "what was found and why",
    "what will be done",
    "how to appeal, and by when",
    "outside bodies: the council, Ofsted",
]
LAST_ANSWER = [
    "what was looked at again, anything new included", "what was found and why", "that this answer is final",
    "outside bodies that can still be asked",
]  # fmt: skip
UPHELD: dict[str, Any] = {"findings": {"complaint": "upheld"}}


def answered(procedure: Procedure, received: str, when: str, **said: Any) -> Trial:
    """A formal complaint that was talked over with them and answered by whoever deals with it."""
    case = Trial(procedure, received, **said)
    who = str(case.holder("handles"))
    case.do("tell", who, when, duty="talk_it_over", whom="complainant")
    return case.do("respond", who, contents=ANSWER, **UPHELD)


def appealed(procedure: Procedure, when: str = "2026-04-02 17:00") -> Trial:
    """An appeal against an answer that was given before Easter."""
    case = answered(procedure, "2026-03-02 09:00", "2026-03-26 12:00")
    return case.do("ask_to_go_on", "complainant", when, to="appeal")


@pytest.mark.clause("INF-2")
@pytest.mark.parametrize(
    ("received", "settled"),
    [("2026-12-18 16:30", date(2026, 12, 29)), ("2026-12-23 09:00", date(2027, 1, 4)),
     ("2026-04-01 09:00", date(2026, 4, 10)), ("2026-04-02 09:00", date(2026, 4, 13))],
)  # fmt: skip
def test_an_informal_one_is_settled_in_five_working_days_of_being_raised(
    procedure: Procedure, received: str, settled: date
) -> None:
    assert Trial(procedure, received, formality="informal").due("resolve") == settled


@pytest.mark.clause("INF-2")
def test_whoever_settles_it_says_what_was_done_and_that_they_may_complain_formally(procedure: Procedure) -> None:
    case = Trial(procedure, "2026-12-18 16:30", formality="informal")
    refused = case.refused("respond", "staff_on_duty", "2026-12-21 10:00")
    assert refused.sentence == f"It must also say: {'; '.join(SETTLED)}."
    case.do("respond", "staff_on_duty", contents=SETTLED)
    assert case.line("resolve").status == "met"


@pytest.mark.clause("INF-2")
def test_what_is_not_settled_in_time_may_be_made_formal_and_the_house_manager_hears_of_it(procedure: Procedure) -> None:
    case = Trial(procedure, "2026-12-18 16:30", formality="informal")
    line = case.line("resolve", when="2026-12-30 09:00")
    case.do("escalate", when="2026-12-30 09:00", key=line.key, step=0)
    step = case.ledger[-1].data
    assert (step["offers"], [one["key"] for one in step["tell"]]) == ("formal", ["house_manager"])


@pytest.mark.clause("INF-2")
@pytest.mark.parametrize(
    "ground",
    ["not satisfied with what was offered", "it could not be settled in time", "too serious to settle informally"],
)
def test_staff_take_it_further_on_three_grounds_and_whoever_complains_on_none(
    procedure: Procedure, ground: str
) -> None:
    def case() -> Trial:
        return Trial(procedure, "2026-12-18 16:30", formality="informal")

    further = {"to": "formal", "asked_by": "handler"}
    assert case().refused("ask_to_go_on", "staff_on_duty", grounds="tired of it", **further)
    assert case().do("ask_to_go_on", "staff_on_duty", grounds=ground, **further).state.stage == "formal"
    assert case().do("ask_to_go_on", "complainant", to="formal").state.stage == "formal"


@pytest.mark.clause("INF-7")
@pytest.mark.parametrize(
    ("received", "answer"),
    [("2026-12-18 16:30", date(2027, 1, 15)), ("2026-12-23 09:00", date(2027, 1, 20)),
     ("2026-04-01 09:00", date(2026, 4, 29)), ("2026-04-02 23:30", date(2026, 4, 30))],
)  # fmt: skip
def test_every_formal_complaint_has_its_full_answer_in_twenty_eight_calendar_days(
    procedure: Procedure, received: str, answer: date
) -> None:
    case = Trial(procedure, received)
    assert case.due("respond") == answer and case.line("respond").to == ("complainant",)


@pytest.mark.clause("INF-7")
def test_the_28_days_count_from_the_formal_complaint_and_not_from_what_was_raised_before(procedure: Procedure) -> None:
    case = Trial(procedure, "2026-12-18 16:30", formality="informal")
    case.do("ask_to_go_on", "complainant", "2027-01-04 10:00", to="formal")
    assert case.due("respond", "formal") == date(2027, 2, 1)


@pytest.mark.clause("INF-7", "INF-8", "INF-9")
def test_the_answer_says_what_was_found_what_is_done_how_to_appeal_and_whom_outside_to_ask(
    procedure: Procedure,
) -> None:
    case = Trial(procedure, "2026-12-18 16:30")
    case.do("tell", "house_manager", duty="talk_it_over", whom="complainant")
    assert case.refused("respond", "house_manager", **UPHELD).sentence == f"It must also say: {'; '.join(ANSWER)}."
    case.do("respond", "house_manager", contents=ANSWER, **UPHELD)
    assert case.line("respond").status == "met"


@pytest.mark.clause("INF-7")
def test_an_answer_that_is_late_is_told_to_the_registered_manager_and_the_director(procedure: Procedure) -> None:
    case = Trial(procedure, "2026-12-18 16:30")
    line = case.line("respond", when="2027-01-16 09:00")
    case.do("escalate", when="2027-01-16 09:00", key=line.key, step=0)
    assert [one["key"] for one in case.ledger[-1].data["tell"]] == ["registered_manager", "director"]


@pytest.mark.clause("INF-7")
@pytest.mark.parametrize("ground", ["not possible", "they do not wish it"])
def test_somebody_of_the_management_talks_it_over_before_the_answer_where_that_can_be_done(
    procedure: Procedure, ground: str
) -> None:
    case = Trial(procedure, "2026-12-18 16:30")
    assert case.refused("respond", "house_manager", contents=ANSWER, **UPHELD).clause == ("INF-7",)
    assert case.refused("excuse", "house_manager", duty="talk_it_over", ground="no time")
    case.do("excuse", "house_manager", duty="talk_it_over", ground=ground)
    assert case.do("respond", "house_manager", contents=ANSWER, **UPHELD).line("respond").status == "met"


@pytest.mark.clause("INF-17", "INF-10")
@pytest.mark.parametrize(
    ("received", "acknowledged"),
    [("2026-12-18 16:30", date(2026, 12, 23)), ("2026-12-23 09:00", date(2026, 12, 30)),
     ("2026-04-01 09:00", date(2026, 4, 8)), ("2026-04-02 23:30", date(2026, 4, 9))],
)  # fmt: skip
def test_it_is_acknowledged_in_three_working_days_with_whom_outside_they_can_ask(
    procedure: Procedure, received: str, acknowledged: date
) -> None:
    case = Trial(procedure, received)
    assert case.due("acknowledge") == acknowledged
    said = [
        "who deals with it and how to reach them", "by which day they have an answer",
        "whom outside they can ask to look into it",
    ]  # fmt: skip
    assert case.refused("acknowledge", "house_manager").sentence == f"It must also say: {'; '.join(said)}."
    case.do("acknowledge", "house_manager", contents=said)
    assert case.line("acknowledge").status == "met"


@pytest.mark.clause("INF-17")
def test_an_appeal_is_acknowledged_in_three_working_days_too(procedure: Procedure) -> None:
    case = appealed(procedure)
    assert case.due("acknowledge", "appeal") == date(2026, 4, 9)
    said = ["who looks at it", "by which day they have an answer", "that they may send anything new"]
    assert case.refused("acknowledge", "director").sentence == f"It must also say: {'; '.join(said)}."
    case.do("acknowledge", "director", contents=said)
    assert case.line("acknowledge", "appeal").status == "met"


@pytest.mark.clause("INF-4")
@pytest.mark.parametrize("channel", ["in_person", "telephone"])
def test_what_staff_wrote_down_is_gone_through_with_them_in_two_working_days(
    procedure: Procedure, channel: str
) -> None:
    case = Trial(procedure, "2026-12-18 16:30", channel=channel)
    line = case.line("check_what_was_written")
    assert (line.to, line.due) == (("complainant",), date(2026, 12, 22))
    said = ["that it says what they think", "that they agree to its being filed for them"]
    refused = case.refused("record", "house_manager", event="record_agreed")
    assert refused.sentence == f"It must also say: {'; '.join(said)}."
    case.do("record", "house_manager", event="record_agreed", contents=said)
    assert case.line("check_what_was_written").status == "met"
    assert not Trial(procedure, "2026-12-18 16:30", channel="letter").owes("check_what_was_written")


@pytest.mark.clause("INF-9")
def test_an_appeal_may_be_made_for_ten_working_days_and_is_answered_in_fifteen(procedure: Procedure) -> None:
    assert answered(procedure, "2026-03-02 09:00", "2026-03-26 12:00").due("ask_for_appeal") == date(2026, 4, 13)
    case = appealed(procedure)
    assert case.due("respond", "appeal") == date(2026, 4, 27)  # Good Friday and Easter Monday are no days
    refused = case.refused("respond", "director", "2026-04-20 10:00", **UPHELD)
    assert refused.sentence == f"It must also say: {'; '.join(LAST_ANSWER)}."
    case.do("respond", "director", contents=LAST_ANSWER, **UPHELD)
    assert case.line("respond", "appeal").status == "met"
    assert procedure.duty("respond", "appeal").form == "writing"
    assert str(procedure.counting.deemed_received["letter"]) == "2 working days"


@pytest.mark.clause("INF-9")
def test_an_appeal_out_of_time_is_a_question_to_whoever_would_hear_it(procedure: Procedure) -> None:
    case = answered(procedure, "2026-03-02 09:00", "2026-03-26 12:00")
    assert case.refused("ask_to_go_on", "complainant", "2026-04-14 09:00", to="appeal")
    late = {"to": "appeal", "late_ground": "any recorded reason", "why": "the letter went to the wrong house"}
    assert case.refused("ask_to_go_on", "registered_manager", **late)
    assert case.do("ask_to_go_on", "director", **late).state.stage == "appeal"
    (way,) = procedure.stage("formal").ways_on
    assert way.late and way.late.decided_by == ("director", "external_investigator")


@pytest.mark.clause("INF-3", "INF-6", "INF-9")
def test_the_formal_complaint_and_its_appeal_are_the_formal_ones_and_nothing_follows_the_appeal(
    procedure: Procedure,
) -> None:
    case = Trial(procedure, "2026-12-18 16:30", formality="informal", kind="comment")
    assert case.do("ask_to_go_on", "complainant", to="formal").state.received["kind"] == "complaint"
    assert [stage.key for stage in procedure.stages if stage.formal] == ["formal", "appeal"]
    assert [stage.key for stage in procedure.stages if stage.final] == ["appeal", "behaviour_review"]
    assert procedure.stage("appeal").ways_on == ()


@pytest.mark.clause("INF-2")
def test_what_was_said_is_written_down_in_a_day_by_whoever_heard_it_even_if_it_is_settled_at_once(
    procedure: Procedure,
) -> None:
    case = Trial(procedure, "2026-12-18 16:30", formality="informal")
    line = case.line("brief_record")
    assert (line.by, line.due) == (("receiver",), moment_of("2026-12-19 16:30"))
    case.do("record", "staff_on_duty", record="log", fields=["details"])
    assert case.line("brief_record").status == "met"
