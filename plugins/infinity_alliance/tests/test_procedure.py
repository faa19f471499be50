"""Infinity Alliance's procedure: what every plugin must hold, and what this document promises."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from heard.calendar import Calendars
from heard.conditions import holds
from heard.derivation import Due
from heard.procedure import Procedure
from heard.registry import load_procedures
from heard.testing import ProcedureConformance
from heard.timeline import imagined, timeline

LONDON = ZoneInfo("Europe/London")


class TestProcedure(ProcedureConformance):
    key = "infinity_alliance"
    last_clause = 17


@pytest.fixture(scope="module")
def procedure() -> Procedure:
    return load_procedures().get("infinity_alliance")


@pytest.mark.parametrize(
    ("stage", "duty", "within", "after", "clause", "source"),
    [
        ("informal", "resolve", "5 working days", "stage_opened", "INF-2", "policy"),
        ("formal", "acknowledge", "3 working days", "stage_opened", "INF-17", "house default"),
        ("formal", "check_what_was_written", "2 working days", "stage_opened", "INF-4", "house default"),
        ("formal", "respond", "28 calendar days", "stage_opened", "INF-7", "policy"),
        ("appeal", "respond", "15 working days", "stage_opened", "INF-9", "policy"),
        ("behaviour", "tell_young_person", "2 working days", "stage_opened", "INF-6", "house default"),
        ("behaviour", "offer_advocate", "2 working days", "stage_opened", "INF-6", "house default"),
        ("behaviour", "hear_young_person", "5 working days", "stage_opened", "INF-6", "house default"),
        ("thanks", "pass_on_compliment", "5 working days", "stage_opened", "INF-7", "house default"),
        (None, "brief_record", "24 hours", "received", "INF-2", "house default"),
        (None, "copy_to_folder", "2 working days", "responded", "INF-13", "house default"),
    ],
)
def test_each_promise_has_the_length_and_the_start_of_its_clause(
    procedure: Procedure, stage: str | None, duty: str, within: str, after: str, clause: str, source: str
) -> None:
    rule = procedure.duty(duty, stage)
    assert str(rule.clock.within) == within
    assert rule.clock.after and rule.clock.after.events == (after,)
    assert clause in rule.clause and rule.source == source


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


def reckoned(
    procedure: Procedure, received: str, *events: tuple[str, str], formality: str = "formal", kind: str = "complaint"
) -> tuple[Due, ...]:
    happened = [(key, at(when)) for key, when in events]
    state = imagined(procedure, at(received), formality=formality, events=happened, kind=kind)
    return timeline(procedure, state, Calendars.of(procedure), at(events[-1][1] if events else received))


def due(lines: tuple[Due, ...], duty: str, stage: str) -> date | datetime | None:
    return next(one.due for one in lines if (one.duty, one.stage) == (duty, stage))


@pytest.mark.parametrize(
    ("received", "acknowledge", "respond"),
    [
        ("2026-12-18T16:30", date(2026, 12, 23), date(2027, 1, 15)),
        ("2026-12-23T09:00", date(2026, 12, 30), date(2027, 1, 20)),
        ("2026-04-01T09:00", date(2026, 4, 8), date(2026, 4, 29)),
        ("2026-04-02T23:30", date(2026, 4, 9), date(2026, 4, 30)),
    ],
)
def test_a_formal_complaint_is_acknowledged_in_three_working_days_and_answered_in_28_calendar_days(
    procedure: Procedure, received: str, acknowledge: date, respond: date
) -> None:
    line = reckoned(procedure, received)
    assert (due(line, "acknowledge", "formal"), due(line, "respond", "formal")) == (acknowledge, respond)


@pytest.mark.parametrize(
    ("received", "settled"),
    [("2026-12-18T16:30", date(2026, 12, 29)), ("2026-12-23T09:00", date(2027, 1, 4)),
     ("2026-04-01T09:00", date(2026, 4, 10)), ("2026-04-02T09:00", date(2026, 4, 13))],
)  # fmt: skip
def test_an_informal_one_is_settled_in_five_working_days_of_being_raised(
    procedure: Procedure, received: str, settled: date
) -> None:
    assert due(reckoned(procedure, received, formality="informal"), "resolve", "informal") == settled


def test_the_28_days_count_from_the_formal_complaint_and_not_from_what_was_raised_before(procedure: Procedure) -> None:
    line = reckoned(procedure, "2026-12-18T16:30", ("formal", "2027-01-04T10:00"), formality="informal")
    assert due(line, "respond", "formal") == date(2027, 2, 1)


def test_the_appeal_may_be_made_for_ten_working_days_and_is_answered_in_fifteen(procedure: Procedure) -> None:
    line = reckoned(procedure, "2026-03-02T09:00", ("responded", "2026-03-26T12:00"), ("appeal", "2026-04-02T17:00"))
    assert due(line, "ask_for_appeal", "formal") == date(2026, 4, 13)  # Good Friday and Easter Monday are no days
    assert due(line, "respond", "appeal") == date(2026, 4, 27)


def test_an_appeal_out_of_time_is_a_question_to_a_person_and_a_letter_counts_from_its_arrival(
    procedure: Procedure,
) -> None:
    (way,) = procedure.stage("formal").ways_on
    assert way.late and way.late.accepted_if == ("any recorded reason",) and way.when_over == "ask"
    assert str(procedure.counting.deemed_received["letter"]) == "2 working days"


def test_the_informal_way_never_stands_before_the_formal_one(procedure: Procedure) -> None:
    (way,) = procedure.stage("informal").ways_on
    assert way.at_any_time and "complainant" in way.asked_by
    (step,) = procedure.duty("resolve", "informal").clock.if_late
    assert step.offers == "formal"


def test_whoever_settled_it_informally_may_look_into_it_but_nobody_judges_twice(procedure: Procedure) -> None:
    assert procedure.stage("informal").judges == ()
    assert procedure.stage("formal").judges == procedure.stage("appeal").judges == ("handles",)
    assert "decided_an_earlier_stage" in procedure.conflicts.never_handles


def ladders_about(procedure: Procedure, stage: str) -> dict[str, Mapping[str, tuple[str, ...]]]:
    """Who holds the parts of a stage when the complaint is about the holder of a role, by that role."""
    return {
        role: other.people
        for other in procedure.stage(stage).instead
        for test in (other.only_if.walk() if other.only_if else ())
        if test.key == "about_role" and isinstance(test.wants, tuple)
        for role in test.wants
    }


def test_managers_and_directors_who_are_complained_of_are_looked_into_from_outside(procedure: Procedure) -> None:
    about = ladders_about(procedure, "formal")
    assert set(about) == {"director", "registered_manager", "nominated_individual"}
    assert {people["handles"] for people in about.values()} == {("external_investigator",)}
    assert about["registered_manager"]["oversees"] == ("director",) and "oversees" not in about["director"]
    assert procedure.role("external_investigator").filled_by == ("childrens_home_improvement",)
    assert procedure.contact("childrens_home_improvement").phones[0].number == "07725 743249"


def test_nobody_settles_informally_what_is_said_about_those_they_work_for(procedure: Procedure) -> None:
    about = ladders_about(procedure, "informal")
    for senior in ("director", "registered_manager", "nominated_individual"):
        assert about[senior] == ladders_about(procedure, "formal")[senior]
    assert about["house_manager"]["handles"] == ("registered_manager", "director", "external_investigator")


def test_each_answer_is_copied_into_the_folder_and_not_the_first_one_alone(procedure: Procedure) -> None:
    first = (("responded", "2026-12-22T10:00"), ("copied_to_folder", "2026-12-23T10:00"))
    later = (("formal", "2026-12-24T10:00"), ("responded", "2027-01-12T10:00"))
    line = reckoned(procedure, "2026-12-18T16:30", *first, *later, formality="informal")
    copies = [(one.due, one.status) for one in line if one.duty == "copy_to_folder"]
    assert copies == [(date(2026, 12, 24), "met"), (date(2027, 1, 14), "running")]


def test_each_person_who_was_praised_is_told_and_the_log_asks_no_investigation_of_it(procedure: Procedure) -> None:
    assert procedure.duty("pass_on_compliment", "thanks").per == "named_person"
    line = reckoned(procedure, "2026-12-18T16:30", ("named.house_manager", "2026-12-18T16:31"), kind="compliment")
    assert due(line, "pass_on_compliment", "thanks") == date(2026, 12, 29)
    for kind, asked in (("compliment", "compliments_log"), ("complaint", "log"), ("comment", "log")):
        state = imagined(procedure, at("2026-12-18T16:30"), kind=kind)
        needed = [one.key for one in procedure.records if one.needed_to == "close" and holds(one.only_if, state)]
        assert needed == [asked]


def test_a_comment_too_may_be_about_what_a_young_person_did(procedure: Procedure) -> None:
    for kind, asked in (("comment", True), ("concern", True), ("complaint", True), ("compliment", False)):
        state = imagined(procedure, at("2026-12-18T16:30"), kind=kind)
        assert holds(procedure.decision("open_behaviour").only_if, state) is asked


def test_what_a_young_person_is_said_to_have_done_is_a_case_that_does_not_say_who_complained(
    procedure: Procedure,
) -> None:
    (linked,) = procedure.linked_cases
    assert (linked.about, linked.does_not_carry, linked.reading) == ("young_person", ("who complained",), "A-INF-5")
    assert {answer.key: answer.opens for answer in procedure.decision("open_behaviour").answers}["yes"] == linked.key
    for stage in ("behaviour", "behaviour_review"):
        for duty in procedure.stage(stage).duties:
            assert "complainant" not in duty.to
            if duty.contains:
                assert duty.leaves_out == ("who complained",), duty.key


def test_it_ends_with_no_action_support_a_warning_letter_or_a_behaviour_review(procedure: Procedure) -> None:
    ends = {answer.key for answer in procedure.decision("after_review").answers}
    assert ends == {"no_action", "support", "warning_letter", "behaviour_review"}
    assert {answer.key for answer in procedure.decision("without_review").answers} == {"no_action", "support"}
    held = {name for gate in procedure.gates for name in gate.holds_back if gate.reading == "A-INF-5"}
    assert {"conduct_review", "without_review", "after_review"} <= held


def test_each_answer_to_the_neighbour_says_that_it_was_dealt_with_and_no_more(procedure: Procedure) -> None:
    for stage in ("informal", "formal", "appeal"):
        duty = procedure.stage(stage).duty("say_dealt_with")
        assert duty.clock.met_by == ("responded",)
        assert duty.contains == ("that it was dealt with, and nothing more about any young person",)


def test_compliments_and_complaints_are_both_counted_every_six_months(procedure: Procedure) -> None:
    (report,) = (one for one in procedure.reports if one.key == "six_monthly_review")
    assert str(report.clock.every) == str(report.covers) == "6 months"
    assert {"received", "compliments", "trends", "lessons"} <= set(report.measures)


def test_ofsted_may_be_asked_at_any_time_and_the_ombudsman_after_the_appeal(procedure: Procedure) -> None:
    ofsted, ombudsman = procedure.contact("ofsted"), procedure.contact("ombudsman")
    assert ofsted.offered and ofsted.offered.any_time and ofsted.phones[0].number == "0300 123 4666"
    assert ombudsman.offered and ombudsman.offered.after_stage == "appeal"
    assert "how to appeal, and by when" in procedure.duty("respond", "formal").contains


def test_every_concern_calls_the_safeguarding_lead_although_the_text_is_silent(procedure: Procedure) -> None:
    rule = procedure.notification_rule("safeguarding_lead")
    assert {concern.key for concern in procedure.concerns} == set(rule.concern)
    assert (rule.source, rule.reading) == ("house default", "A-INF-8")
    assert procedure.role("deputy_safeguarding_lead").must_be_filled


def test_something_is_told_outside_on_four_grounds_only(procedure: Procedure) -> None:
    assert procedure.disclosure and len(procedure.disclosure.allowed_on) == 4
    assert "inspection by a regulator" in procedure.disclosure.allowed_on
