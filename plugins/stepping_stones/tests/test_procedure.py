"""Stepping Stones' procedure: what every plugin must hold, and what this document promises, to the day."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from heard.calendar import Calendars
from heard.derivation import Due
from heard.procedure import Procedure
from heard.registry import load_procedures
from heard.testing import ProcedureConformance
from heard.timeline import imagined, timeline

LONDON = ZoneInfo("Europe/London")
FRIDAY_BEFORE_CHRISTMAS = "2026-12-18 16:30"
MAUNDY_THURSDAY = "2026-04-02 09:00"


class TestProcedure(ProcedureConformance):
    key = "stepping_stones"
    last_clause = 15


@pytest.fixture(scope="module")
def procedure() -> Procedure:
    return load_procedures().get("stepping_stones")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


def lines(
    procedure: Procedure,
    received: str,
    *events: tuple[str, str],
    formality: str = "formal",
    age: int | None = None,
    **facts: str,
) -> dict[tuple[str | None, str], Due]:
    """What would be due, by stage and duty."""
    happened = [(key, at(when)) for key, when in events]
    case = imagined(procedure, at(received), formality=formality, child_age=age, events=happened, facts=facts)
    now = max([at(received), *(when for _, when in happened)])
    return {(due.stage, due.duty): due for due in timeline(procedure, case, Calendars.of(procedure), now)}


@pytest.mark.parametrize(
    ("stage", "duty", "within", "after", "clause"),
    [
        ("stage_1", "respond", "28 calendar days", "made", "STS-7"),
        ("stage_1", "outcome_for_five_and_over", "20 calendar days", "made", "STS-12"),
        ("stage_2", "acknowledge", "5 working days", "stage_opened", "STS-7"),
        ("stage_2", "respond", "28 calendar days", "stage_opened", "STS-7"),
        ("stage_2", "outcome_for_five_and_over", "20 calendar days", "stage_opened", "STS-12"),
        ("stage_3", "acknowledge", "7 calendar days", "stage_opened", "STS-10"),
    ],
)
def test_each_promise_has_the_length_and_the_start_of_its_clause(
    procedure: Procedure, stage: str, duty: str, within: str, after: str, clause: str
) -> None:
    rule = procedure.duty(duty, stage)
    assert str(rule.clock.within) == within
    assert rule.clock.after and rule.clock.after.events == (after,)
    assert clause in rule.clause


def test_a_child_of_five_has_an_outcome_in_20_days_beside_the_28_of_document_and_law(procedure: Procedure) -> None:
    found = lines(procedure, FRIDAY_BEFORE_CHRISTMAS, formality="informal", age=5)
    assert found["stage_1", "outcome_for_five_and_over"].due == date(2027, 1, 7)
    assert found["stage_1", "respond"].due == date(2027, 1, 15)
    law = found[None, "early_years.outcome"]
    assert (law.due, law.source) == (date(2027, 1, 15), "law")


def test_a_child_under_five_has_the_28_days_alone_and_an_unknown_age_counts_as_five(procedure: Procedure) -> None:
    young = lines(procedure, FRIDAY_BEFORE_CHRISTMAS, formality="informal", age=4)
    assert ("stage_1", "outcome_for_five_and_over") not in young
    assert young["stage_1", "respond"].due == young[None, "early_years.outcome"].due == date(2027, 1, 15)
    unknown = lines(procedure, FRIDAY_BEFORE_CHRISTMAS, formality="informal")
    assert unknown["stage_1", "outcome_for_five_and_over"].due == date(2027, 1, 7)


def test_a_formal_complaint_goes_to_the_chief_executive_and_is_acknowledged_in_five_working_days(
    procedure: Procedure,
) -> None:
    christmas = lines(procedure, FRIDAY_BEFORE_CHRISTMAS, age=3)
    assert christmas["stage_2", "acknowledge"].due == date(2026, 12, 29)
    assert christmas["stage_2", "respond"].due == date(2027, 1, 15)
    easter = lines(procedure, MAUNDY_THURSDAY, age=3)
    assert easter["stage_2", "acknowledge"].due == date(2026, 4, 13)
    assert easter["stage_2", "respond"].due == date(2026, 4, 30)


def test_stage_2_counts_anew_from_the_day_it_was_asked_for(procedure: Procedure) -> None:
    events = ("responded", "2026-12-22 10:00"), ("stage_2", "2026-12-23 12:00")
    found = lines(procedure, FRIDAY_BEFORE_CHRISTMAS, *events, formality="informal", age=7)
    assert found["stage_2", "acknowledge"].due == date(2027, 1, 4)
    assert found["stage_2", "outcome_for_five_and_over"].due == date(2027, 1, 12)
    assert found["stage_2", "respond"].due == date(2027, 1, 20)


def test_the_board_may_be_asked_for_ten_working_days_after_the_answer_arrived(procedure: Procedure) -> None:
    found = lines(procedure, MAUNDY_THURSDAY, ("responded", "2026-04-02 15:00"), age=3)
    assert found["stage_2", "ask_for_stage_3"].due == date(2026, 4, 20)
    posted = procedure.counting.deemed_received
    assert {str(posted[way]) for way in ("letter", "post")} == {"2 working days"}
    (way,) = procedure.stage("stage_2").ways_on
    assert way.late and way.late.accepted_if == ("any recorded reason",)


def test_the_board_acknowledges_in_a_week_and_answers_in_twenty_working_days_from_that(procedure: Procedure) -> None:
    events = ("responded", "2027-01-05 10:00"), ("stage_3", "2027-01-12 10:00")
    silent = lines(procedure, FRIDAY_BEFORE_CHRISTMAS, *events, age=3)
    assert silent["stage_3", "acknowledge"].due == date(2027, 1, 19)
    assert silent["stage_3", "respond"].due == date(2027, 2, 16)  # deemed acknowledged on the seventh day
    prompt = lines(procedure, FRIDAY_BEFORE_CHRISTMAS, *events, ("acknowledged", "2027-01-13 10:00"), age=3)
    assert prompt["stage_3", "respond"].due == date(2027, 2, 10)


def test_the_panel_has_two_trustees_at_least_and_nobody_who_was_involved(procedure: Procedure) -> None:
    panel = procedure.stage("stage_3").panel
    assert panel and (panel.members.at_least, panel.members.usually, panel.members.role) == (2, 3, "trustee")
    assert {bar.who for bar in procedure.role("trustee").may_not_be} >= {"named_person", "handled_this_case"}


def test_the_routes_follow_the_clauses_and_end_outside(procedure: Procedure) -> None:
    first, second, third = (procedure.stage(key) for key in ("stage_1", "stage_2", "stage_3"))
    assert first.people["handles"][:2] == ("keyworker", "womens_service_manager")
    assert first.instead[0].people["handles"][0] == "childcare_service_manager"
    assert procedure.role("childcare_service_manager").stands_in == ("childcare_deputy_manager",)
    assert second.people["handles"][:2] == ("chief_executive", "chair_of_trustees")
    assert third.people["handles"][0] == "chair_of_trustees"
    for stage in (second, third):
        chair = next(one for one in stage.instead if "chair_of_trustees" in str(one.only_if))
        assert chair.people["handles"][:2] == ("vice_chair", "trustee")
        assert stage.people["handles"][-1] == chair.people["handles"][-1] == "external_investigator"


def test_stage_1_is_answered_in_writing_unasked_and_stage_2_may_be_spoken(procedure: Procedure) -> None:
    assert procedure.duty("respond", "stage_1").form == "writing"
    way = procedure.stage("stage_1").ways_on[-1]
    assert way.at_any_time and way.form and "spoken" in way.form
    assert any("9a George Street West" in said for said in procedure.duty("respond", "stage_1").contains)
    assert procedure.duty("write_down_what_was_said", "stage_2").clock.met_by == ("record_agreed",)


def test_whoever_is_complained_of_is_heard_before_each_answer(procedure: Procedure) -> None:
    for stage, duty in (
        ("stage_1", "hear_named_person"),
        ("stage_2", "hear_named_person"),
        ("stage_3", "hear_named_person_again"),
    ):
        rule = procedure.duty(duty, stage)
        assert (rule.per, rule.to, rule.clock.before) == ("named_person", ("named_person",), "responded")


def test_no_answer_tells_of_a_disciplinary_sanction(procedure: Procedure) -> None:
    for stage in ("stage_1", "stage_2", "stage_3"):
        assert "any disciplinary sanction" in procedure.duty("respond", stage).leaves_out
    (linked,) = procedure.linked_cases
    assert linked.outside_platform and "who complained" in linked.does_not_carry


def test_the_disciplinary_policy_may_be_called_for_at_any_stage(procedure: Procedure) -> None:
    decision = procedure.decision("disciplinary")
    assert decision.stage is None and decision.clause == ("STS-9",)


def test_what_passing_on_brings_is_on_no_other_case(procedure: Procedure) -> None:
    brought = {(None, "tell_who_has_it"), (None, "make_sure_it_arrived"), (None, "ask_how_it_ended")}
    assert not brought & {*lines(procedure, FRIDAY_BEFORE_CHRISTMAS)}
    assert brought <= {*lines(procedure, FRIDAY_BEFORE_CHRISTMAS, employed_by="another organisation")}


def test_no_step_bears_the_name_of_somebody_it_may_be_about(procedure: Procedure) -> None:
    said = [procedure.stage("stage_2").name, procedure.duty("respond", "stage_2").says]
    assert not any("Chief Executive" in one for one in said)


def test_an_allegation_is_told_to_the_lado_in_a_day_and_to_ofsted_in_fourteen(procedure: Procedure) -> None:
    events = ("concern_found.lado_threshold", "2026-12-24 17:00"), ("named", "2026-12-24 17:00")
    found = lines(procedure, "2026-12-24 17:00", *events, age=3)
    assert found[None, "allegation"].due == found[None, "working_together.lado"].due == date(2026, 12, 29)
    assert found[None, "ofsted"].due == found[None, "early_years.ofsted"].due == date(2027, 1, 7)
    assert found[None, "charities.serious_incident"].to == ("charity_regulator",)
    assert found[None, "make_everybody_safe"].due == at("2026-12-24 18:00")
    assert not any(rule.clock.pauses for rule in procedure.notification_rules)


def test_suspending_is_a_decision_and_nothing_is_looked_into_before_the_lado_agrees(procedure: Procedure) -> None:
    decision = procedure.decision("suspend_staff")
    assert {answer.key for answer in decision.answers} == {"yes", "other_safeguard", "no"}
    assert "what else was weighed" in decision.must_record
    first = next(gate for gate in procedure.gates if gate.key == "lado_before_suspension")
    assert first.only_if and "allegation_against_staff" in first.only_if.tests[0].wants  # type: ignore[operator]
    shut = next(gate for gate in procedure.gates if gate.key == "nothing_inside_before_lado")
    assert {"interview_held", "investigation_recorded", "hear_named_person"} <= {*shut.holds_back}
    assert shut.until == ("lado_agreed_next_step", "concern_cleared")


def test_every_concern_calls_the_safeguarding_lead(procedure: Procedure) -> None:
    called = procedure.notification_rule("safeguarding_lead").concern
    assert {concern.key for concern in procedure.concerns} == set(called)


def test_nobody_is_told_an_authority_that_places_no_child_here(procedure: Procedure) -> None:
    found = lines(procedure, "2026-12-24 17:00", ("concern_found.lado_threshold", "2026-12-24 17:00"), age=3)
    assert (None, "working_together.placing_authority") not in found


def test_the_law_s_28_days_and_its_clocks_for_ofsted_never_pause(procedure: Procedure) -> None:
    duties = [duty.clock for duty in procedure.duties if duty.adopted_from]
    told = [rule.clock for rule in procedure.notification_rules if rule.adopted_from]
    assert duties and told and not any(clock.pauses for clock in (*duties, *told))
    assert procedure.duty("respond", "stage_2").clock.pauses
    assert not procedure.duty("acknowledge", "stage_2").clock.pauses
