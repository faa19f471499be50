"""What is written down before a case is closed, looked through each month, and owed without any complaint."""

from __future__ import annotations

from datetime import date

import pytest

from heard.procedure import Procedure, StandingDuty
from heard.standing_trial import Round
from heard.trial import Trial


def standing(procedure: Procedure, key: str) -> StandingDuty:
    """What is owed without any complaint, by its key."""
    (found,) = [one for one in procedure.standing_duties if one.key == key]
    return found


@pytest.mark.clause("WSX-1", "WSX-16")
@pytest.mark.parametrize("kind", ["compliment", "comment"])
def test_nothing_closes_before_the_log_says_with_whom_it_was_shared_how_and_what_changed(
    procedure: Procedure, kind: str
) -> None:
    case = Trial(procedure, "2026-11-23 09:00", kind=kind)
    refused = case.refused("close", "registered_manager", outcome="answered")
    assert refused.sentence == "The record lacks: shared with, how it was shared, what changed."
    (log,) = [record for record in procedure.records if record.key == "feedback_log"]
    assert log.needed_to == "close" and log.only_if is None


@pytest.mark.clause("WSX-12", "WSX-15", "WSX-17")
def test_each_month_the_manager_and_customer_relations_see_what_came_what_repeats_and_what_was_learned(
    procedure: Procedure,
) -> None:
    (report,) = [one for one in procedure.reports if one.key == "feedback_review"]
    assert (str(report.clock.every), str(report.covers)) == ("1 month", "1 month")
    assert report.to == ("registered_manager", "customer_relations")
    came, repeats, learned = (
        {"received", "compliments", "categories"},
        {"trends", "on_time"},
        {"upheld", "lessons", "actions"},
    )
    assert {*report.measures} == came | repeats | learned


@pytest.mark.clause("WSX-12", "WSX-17")
def test_the_registered_manager_looks_through_all_feedback_each_month(procedure: Procedure) -> None:
    duty = standing(procedure, "review_feedback")
    assert (duty.by, duty.per) == (("registered_manager",), "home")
    home = Round(procedure, "2026-11-02").done("review_feedback", "2026-12-01")
    assert [(line.due, line.status) for line in home.lines("2027-01-02", "review_feedback")] == [
        (date(2026, 12, 2), "kept"), (date(2027, 1, 1), "late"),
    ]  # fmt: skip
    assert not home.lines("2027-01-02", "report.feedback_review")  # one and the same: nobody is reminded twice


@pytest.mark.clause("WSX-12")
def test_nobody_closes_a_childs_complaint_without_asking_whether_anybody_held_it_against_them(
    procedure: Procedure,
) -> None:
    (record,) = [one for one in procedure.records if one.key == "childrens_homes_2015.no_reprisal"]
    assert (record.needed_to, record.fields) == ("close", ("asked_of_the_child",))


@pytest.mark.clause("WSX-4")
def test_each_member_of_staff_is_trained_every_two_years(procedure: Procedure) -> None:
    duty = standing(procedure, "training")
    assert duty.to == ("staff",)
    home = Round(procedure, "2026-11-02").works("night_worker", "2020-05-04").works("new", "2026-11-16")
    due = {line.whom: line.due for line in home.lines("2026-11-20", "training")}
    assert due == {"night_worker": date(2028, 11, 2), "new": date(2028, 11, 16)}
    assert duty.contains == (
        "hearing a complaint in what a child says",
        "telling feedback, a compliment and a complaint apart",
    )


@pytest.mark.clause("WSX-3")
def test_each_child_is_told_on_the_day_they_come_how_to_complain_and_to_whom(procedure: Procedure) -> None:
    duty = standing(procedure, "tell_each_child")
    assert (duty.by, duty.to) == (("registered_manager",), ("young_person",))
    home = Round(procedure, "2026-11-02").happened("admitted", "2026-11-05 19:00", young_person="a")
    line = home.line("2026-11-05 20:00", "tell_each_child", "a")
    assert (line.due, line.derivation.event) == (date(2026, 11, 5), "admitted")
    assert line.derivation.within == "0 calendar days"
    assert home.line("2026-11-06", "tell_each_child", "a").status == "late"
    told = home.done("tell_each_child", "2026-11-07", "a")
    assert told.line("2026-11-08", "tell_each_child", "a").status == "kept late"
    assert duty.contains == (
        "their rights",
        "every way to complain, and to whom",
        "what happens with a complaint",
        "how to reach an advocate",
        "the form, and who helps with it",
    )


@pytest.mark.clause("WSX-5")
def test_the_registered_manager_asks_for_feedback_each_month_without_a_name_too(procedure: Procedure) -> None:
    duty = standing(procedure, "invite_feedback")
    assert (duty.by, duty.per) == (("registered_manager",), "home")
    assert Round(procedure, "2026-11-02").line("2026-11-20", "invite_feedback").due == date(2026, 12, 2)
