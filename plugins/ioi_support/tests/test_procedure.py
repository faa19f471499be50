"""Ioi Support's procedure: what every plugin must hold, and what this document promises."""

from __future__ import annotations

import pytest

from heard.procedure import Procedure
from heard.registry import load_procedures
from heard.testing import ProcedureConformance


class TestProcedure(ProcedureConformance):
    key = "ioi_support"
    last_clause = 57


@pytest.fixture(scope="module")
def procedure() -> Procedure:
    return load_procedures().get("ioi_support")


@pytest.mark.parametrize(
    ("stage", "duty", "within", "after", "clause"),
    [
        ("stage_1", "acknowledge", "2 working days", "stage_opened", "IOI-20"),
        ("stage_1", "contact", "5 working days", "stage_opened", "IOI-21"),
        ("stage_1", "respond", "10 working days", "stage_opened", "IOI-23"),
        ("stage_2", "investigate", "28 working days", "action_plan_sent", "IOI-37"),
        ("stage_3", "acknowledge_review", "2 working days", "stage_opened", "IOI-41"),
        ("stage_3", "panel_meets", "30 working days", "stage_opened", "IOI-43"),
        ("stage_3", "recommend", "5 working days", "panel_met", "IOI-45"),
        ("stage_3", "respond", "15 working days", "recommendations_received", "IOI-45"),
        (None, "write_it_down", "24 hours", "received", "IOI-11"),
        (None, "see_the_young_person", "3 calendar days", "received", "IOI-3"),
    ],
)
def test_each_promise_has_the_length_and_the_start_of_its_clause(
    procedure: Procedure, stage: str | None, duty: str, within: str, after: str, clause: str
) -> None:
    rule = procedure.duty(duty, stage)
    assert str(rule.clock.within) == within
    assert rule.clock.after and rule.clock.after.events == (after,)
    assert clause in rule.clause


def test_stage_1_goes_to_twenty_days_only_with_the_complainant_s_agreement(procedure: Procedure) -> None:
    extension = procedure.stage("stage_1").duty("respond").clock.extension
    assert extension and str(extension.to) == "20 working days"
    assert extension.needs == ("complainant_agreed",)


def test_the_stage_2_clock_starts_even_when_no_plan_is_sent(procedure: Procedure) -> None:
    after = procedure.stage("stage_2").duty("investigate").clock.after
    assert after and after.no_later_than and str(after.no_later_than.within) == "5 working days"


def test_notice_and_papers_are_ten_working_days_before_the_panel(procedure: Procedure) -> None:
    for key in ("invite", "papers"):
        clock = procedure.stage("stage_3").duty(key).clock
        assert (clock.before, str(clock.at_least)) == ("panel_date", "10 working days")


def test_a_complaint_about_the_one_person_who_holds_every_role_leads_outside(procedure: Procedure) -> None:
    (person,) = {role.named for role in procedure.roles if role.named}
    held = {role.key for role in procedure.roles if role.named == person}
    assert held == {"registered_service_manager", "designated_safeguarding_lead", "director"}
    for stage in procedure.stages:
        for part in stage.judges if stage.settles else ():
            free = [word for word in stage.people.get(part, ("external_investigator",)) if word not in held]
            assert free, (stage.key, part)
    assert procedure.conflicts.if_nobody[0] == "external_investigator"
    assert procedure.role("designated_safeguarding_lead").stands_in[0] == "deputy_safeguarding_lead"


def test_acknowledging_and_telling_never_pause(procedure: Procedure) -> None:
    assert not procedure.stage("stage_1").duty("acknowledge").clock.pauses
    assert not any(rule.clock.pauses for rule in procedure.notification_rules)


def test_every_concern_calls_the_safeguarding_lead(procedure: Procedure) -> None:
    called = procedure.notification_rule("safeguarding_lead").concern
    assert {concern.key for concern in procedure.concerns} == set(called)


def test_ofsted_hears_of_abuse_exploitation_and_enquiries_within_24_hours_and_of_a_death_at_once(
    procedure: Procedure,
) -> None:
    serious = procedure.notification_rule("supported_accommodation_2023.serious_event")
    assert {"allegation_of_abuse", "exploitation", "serious_police_involvement", "child_protection_enquiry"} <= {
        *serious.concern
    }
    assert (str(serious.clock.within), serious.clock.promptly, serious.tell) == (
        "24 hours",
        "without_delay",
        ("ofsted",),
    )
    death = procedure.notification_rule("supported_accommodation_2023.death")
    assert (death.clock.promptly, death.clock.within) == ("immediately", None)


def test_a_data_protection_head_is_acknowledged_within_thirty_days_the_first_being_the_day_it_came(
    procedure: Procedure,
) -> None:
    duty = procedure.duty("data_protection.acknowledge")
    assert duty.per == "head"
    assert duty.clock.within and (duty.clock.within.amount, duty.clock.within.first_day) == (30, "day_of_event")
    assert "data protection" in procedure.words.categories
