"""The West Sussex home's procedure: what every plugin must hold, and what this document promises."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import pytest

from heard.calendar import Calendars
from heard.clock import reckon
from heard.derivation import Due
from heard.instants import LONDON
from heard.procedure import Procedure
from heard.registry import load_procedures
from heard.testing import ProcedureConformance
from heard.timeline import imagined


class TestProcedure(ProcedureConformance):
    key = "west_sussex_home"
    last_clause = 19


@pytest.fixture(scope="module")
def procedure() -> Procedure:
    return load_procedures().get("west_sussex_home")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


def dues(
    procedure: Procedure, received: str, *events: tuple[str, str], **about: Any
) -> dict[tuple[str | None, str], Due]:
    """Each line of an imagined case by stage and duty, the first of its kind."""
    happened: Sequence[tuple[str, datetime]] = [(key, at(when)) for key, when in events]
    state = imagined(procedure, at(received), events=happened, **about)
    now = max([at(received), *(when for _, when in happened)])
    found: dict[tuple[str | None, str], Due] = {}
    for due in reckon(state, Calendars.of(procedure), now):
        found.setdefault((due.stage, due.duty), due)
    return found


@pytest.mark.parametrize(
    ("stage", "duty", "within", "after", "clause", "source"),
    [
        ("local", "acknowledge", "3 calendar days", "stage_opened", "WSX-6", "policy"),
        ("local", "respond", "10 working days", "stage_opened", "WSX-14", "house default"),
        ("enquiry", "respond", "25 working days", "stage_opened", "WSX-14", "house default"),
        ("compliment", "tell_named_staff", "10 working days", "stage_opened", "WSX-16", "house default"),
        (None, "learning_review", "20 working days", "responded.upheld", "WSX-17", "house default"),
        (None, "ask_consent", "2 working days", "fact_answered.speaks_for", "WSX-11", "house default"),
        ("local", "offer_advocate", "2 working days", "stage_opened", "WSX-3", "house default"),
        ("enquiry", "offer_advocate", "2 working days", "stage_opened", "WSX-10", "house default"),
    ],
)
def test_each_promise_has_the_length_the_start_and_the_source_of_its_clause(
    procedure: Procedure, stage: str | None, duty: str, within: str, after: str, clause: str, source: str
) -> None:
    rule = procedure.duty(duty, stage)
    assert str(rule.clock.within) == within
    assert rule.clock.after and rule.clock.after.events[0] == after
    assert clause in rule.clause
    assert rule.source == source


@pytest.mark.parametrize(
    ("received", "acknowledged", "answered"),
    [
        ("2026-12-18T16:30", date(2026, 12, 21), date(2027, 1, 6)),  # the Friday before Christmas
        ("2026-12-23T09:00", date(2026, 12, 26), date(2027, 1, 11)),  # three days end on Boxing Day, and stay there
        ("2026-04-01T09:00", date(2026, 4, 4), date(2026, 4, 17)),  # Easter
        ("2026-07-03T23:40", date(2026, 7, 6), date(2026, 7, 17)),  # late on a summer evening is still that day
    ],
)
def test_three_days_to_acknowledge_are_calendar_days_and_ten_to_answer_working_ones(
    procedure: Procedure, received: str, acknowledged: date, answered: date
) -> None:
    found = dues(procedure, received)
    assert found["local", "acknowledge"].due == acknowledged
    assert found["local", "respond"].due == answered


def test_the_acknowledgement_says_by_which_day_the_answer_comes_and_never_waits(procedure: Procedure) -> None:
    for stage, key in (("local", "acknowledge"), ("enquiry", "acknowledge")):
        duty = procedure.duty(key, stage)
        assert (duty.gives_date_for, duty.form, duty.clock.pauses) == ("respond", "writing", False)


def test_an_answer_may_take_twenty_days_and_the_enquiry_sixty_five_if_the_child_is_told(procedure: Procedure) -> None:
    for stage, most in (("local", "20 working days"), ("enquiry", "65 working days")):
        extension = procedure.duty("respond", stage).clock.extension
        assert extension and str(extension.to) == most and extension.needs == ("complainant_told",)


def test_an_enquiry_can_be_asked_for_in_twenty_working_days_from_the_answer_and_late_for_a_reason(
    procedure: Procedure,
) -> None:
    (way,) = procedure.stage("local").ways_on
    assert way.to == "enquiry" and way.late and way.late.decided_by == ("service_manager",)
    found = dues(procedure, "2026-12-01T10:00", ("responded", "2026-12-14T10:00"))
    assert found["local", "ask_for_enquiry"].due == date(2027, 1, 14)
    again = dues(
        procedure, "2026-12-01T10:00", ("responded", "2026-12-14T10:00"), ("asked_to_go_on", "2027-01-12T10:00")
    )
    assert again["enquiry", "acknowledge"].due == date(2027, 1, 15)
    assert again["enquiry", "respond"].due == date(2027, 2, 16)


def test_a_compliment_has_no_answering_clock_and_customer_relations_hear_of_it_at_once(procedure: Procedure) -> None:
    found = dues(procedure, "2026-11-23T09:00", kind="compliment")
    assert {key for key, due in found.items() if due.status == "running"} == {("compliment", "tell_customer_relations")}
    assert not procedure.stage("compliment").settles and not procedure.stage("compliment").ways_on
    assert procedure.duty("tell_named_staff", "compliment").per == "named_person"


def test_a_comment_asks_for_no_formal_answer_and_becomes_a_complaint_at_any_time(procedure: Procedure) -> None:
    found = dues(procedure, "2026-11-23T09:00", kind="comment")
    assert ("local", "respond") not in found and ("local", "acknowledge") not in found
    assert procedure.duty("say_what_came_of_it", "comment").clock.strength == "aim"
    later = dues(procedure, "2026-11-23T09:00", ("local", "2026-12-01T15:00"), kind="comment")
    assert later["local", "acknowledge"].due == date(2026, 12, 4)
    assert later["local", "offer_advocate"].due == date(2026, 12, 3)  # from the day on which it became a complaint
    assert later["local", "respond"].due == date(2026, 12, 15)


def test_customer_relations_hear_of_compliments_comments_and_complaints(procedure: Procedure) -> None:
    for stage in ("compliment", "comment", "local"):
        duty = procedure.duty("tell_customer_relations", stage)
        assert (duty.to, duty.clock.promptly) == (("consults",), "immediately")
        assert procedure.stage(stage).people["consults"] == ("customer_relations",)
    assert procedure.duty("tell_customer_relations", "comment").source == "house default"


def test_the_advocacy_service_is_told_unless_the_child_says_no(procedure: Procedure) -> None:
    duty = procedure.duty("tell_advocacy", "local")
    assert duty.clock.excused_by == ("young_person",) and duty.clock.promptly == "as_soon_as_possible"
    assert dues(procedure, "2026-12-24T17:00")["local", "tell_advocacy"].due == date(2026, 12, 29)


def test_a_complaint_about_a_manager_never_stays_with_those_they_manage(procedure: Procedure) -> None:
    assert "managed_by_named_person" in procedure.conflicts.never_handles
    for stage in ("comment", "local"):
        roles = {
            test.wants[0]: other.people["handles"]
            for other in procedure.stage(stage).instead
            if other.only_if
            for test in other.only_if.walk()
            if isinstance(test.wants, tuple)
        }
        assert roles["registered_manager"][0] == "service_manager"
        assert roles["service_manager"][0] == "head_of_service"
    assert procedure.stage("enquiry").people["handles"][:2] == ("service_manager", "responsible_individual")


def test_a_complaint_about_those_above_the_service_manager_stays_with_nobody_below_them(procedure: Procedure) -> None:
    senior = ("head_of_service", "responsible_individual")
    for stage, first in (("comment", senior[::-1]), ("local", senior[::-1]), ("enquiry", ("external_investigator",))):
        found = next(
            other
            for other in procedure.stage(stage).instead
            for test in (other.only_if.walk() if other.only_if else ())
            if test.wants == senior
        )
        ladder = found.people["handles"]
        assert ladder[: len(first)] == first and ladder[-1] == "external_investigator"
        assert procedure.stage(stage).instead[0] is found  # whoever holds two roles goes by the higher one


def test_the_lead_is_told_at_once_when_somebody_speaks_of_significant_harm(procedure: Procedure) -> None:
    said = {"significant_harm_perceived": "yes"}
    found = dues(procedure, "2026-12-18T16:30", facts=said)
    assert found[None, "tell_lead_of_harm_they_speak_of"].due == at("2026-12-18T17:30")
    assert procedure.duty("tell_lead_of_harm_they_speak_of").to == ("designated_safeguarding_lead",)
    for answer in ({}, {"significant_harm_perceived": "no"}):
        assert (None, "tell_lead_of_harm_they_speak_of") not in dues(procedure, "2026-12-18T16:30", facts=answer)


def test_the_child_is_asked_in_two_days_of_somebody_speaking_in_their_name_and_the_advocacy_service_is_told(
    procedure: Procedure,
) -> None:
    found = dues(procedure, "2026-12-18T16:30", facts={"speaks_for": "in the child's name"})
    assert found[None, "ask_consent"].due == date(2026, 12, 22)
    (child, named) = procedure.duty("tell_advocacy", "local").only_if.any_  # type: ignore[union-attr]
    assert child.tests[0].wants == ("young_person",) and named.tests[0].wants == ("in the child's name",)


def test_an_upheld_complaint_is_learned_from_within_twenty_working_days_and_one_not_upheld_is_not(
    procedure: Procedure,
) -> None:
    received = "2026-12-01T10:00"
    for finding in ("upheld", "partly_upheld"):
        found = dues(procedure, received, (f"responded.{finding}", "2026-12-14T10:00"))
        assert found[None, "learning_review"].due == date(2027, 1, 14)
    found = dues(procedure, received, ("responded.not_upheld", "2026-12-14T10:00"))
    assert found[None, "learning_review"].due is None
    found = dues(
        procedure, received, ("responded.not_upheld", "2026-12-14T10:00"), ("enquiry", "2027-01-04T10:00"),
        ("responded.upheld", "2027-02-01T10:00"),
    )  # fmt: skip
    assert found[None, "learning_review"].due == date(2027, 3, 1)


def test_ofsted_hears_when_the_lado_is_asked_about_staff(procedure: Procedure) -> None:
    rule = procedure.notification_rule("ofsted")
    assert (rule.concern, rule.tell, rule.clock.promptly) == (("lado_threshold",), ("ofsted",), "without_delay")
    law = procedure.notification_rule("childrens_homes_2015.serious_event")
    assert {"lado_threshold", "allegation_of_abuse", "exploitation", "child_protection_enquiry"} <= {*law.concern}
    assert (str(law.clock.within), law.clock.after and law.clock.after.events) == ("24 hours", ("first_known",))


def test_harm_goes_to_the_hub_or_the_lado_as_somebody_decides(procedure: Procedure) -> None:
    rule = procedure.notification_rule("mash_or_lado")
    assert (rule.tell, rule.which, rule.clock.promptly) == (("mash", "lado"), "as_decided", "immediately")


def test_every_concern_calls_the_safeguarding_lead(procedure: Procedure) -> None:
    called = procedure.notification_rule("safeguarding_lead").concern
    assert {concern.key for concern in procedure.concerns} == set(called)


def test_a_death_is_told_to_everybody_whom_the_regulations_name(procedure: Procedure) -> None:
    rule = procedure.notification_rule("childrens_homes_2015.death")
    bodies = {"ofsted", "placing_authority", "local_authority", "integrated_care_board", "secretary_of_state"}
    assert {*rule.tell} == bodies


def test_nothing_closes_before_the_log_says_with_whom_it_was_shared_how_and_what_changed(procedure: Procedure) -> None:
    record = next(one for one in procedure.records if one.key == "feedback_log")
    assert (record.needed_to, record.only_if) == ("close", None)
    assert record.fields == ("shared_with", "how_it_was_shared", "what_changed")


def test_staff_are_trained_every_two_years_and_each_child_is_told_on_the_day_they_come(procedure: Procedure) -> None:
    standing = {one.key: one.clock for one in procedure.standing_duties}
    assert str(standing["training"].every) == "2 years"
    assert standing["tell_each_child"].after and standing["tell_each_child"].after.events == ("admitted",)


def test_what_the_council_does_as_a_council_goes_to_the_statutory_procedure(procedure: Procedure) -> None:
    way = procedure.ways_in[0]
    assert way.passes_to == "children_act" and way.only_if and way.only_if.tests[0].key == "about_authority_functions"
