"""1-2-1 Mentors' procedure: what every plugin must hold, and what this document promises."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from heard.calendar import Calendars
from heard.case import open_case, replay
from heard.clock import due_of
from heard.ledger import NewHappening, number
from heard.procedure import Procedure
from heard.registry import load_procedures
from heard.testing import ProcedureConformance

LONDON = ZoneInfo("Europe/London")


class TestProcedure(ProcedureConformance):
    key = "one_two_one_mentors"
    last_clause = 23


@pytest.fixture(scope="module")
def procedure() -> Procedure:
    return load_procedures().get("one_two_one_mentors")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


def due(
    procedure: Procedure, received: str, duty: str, stage: str, *more: NewHappening, **about: object
) -> date | datetime | None:
    """When a duty of a complaint received at that time in London falls due; `more` is what happened since."""
    moment = at(received)
    data = {"kind": "complaint", "formality": "formal", "channel": "email", "complainant": "parent",
            "first_contact": moment.isoformat(), "heads": [{"key": "complaint"}], **about}  # fmt: skip
    new = [*open_case(procedure, data, moment, moment), *more]
    state = replay(procedure, number(new, 0, moment))
    (line,) = due_of(state, Calendars.of(procedure), moment, duty, stage)
    return line.due


def happened(event: str, when: str, stage: str, /, **data: object) -> NewHappening:
    return NewHappening(event, at(when), "system", stage, data)


DIRECTOR = {"subjects": [{"subject": "s", "role": "director"}]}


# ---------------------------------------------------------------- what the clauses promise


@pytest.mark.parametrize(
    ("stage", "duty", "within", "after", "clause"),
    [
        ("stage_2", "give_reference", "24 hours, or on the next working day", "stage_opened", "MEN-11"),
        ("stage_2", "first_answer", "3 working days", "stage_opened", "MEN-12"),
        ("stage_2", "explain_delay", "3 working days", "stage_opened", "MEN-12"),
        ("stage_2", "respond", "10 working days", "stage_opened", "MEN-12"),
        ("stage_3", "panel_meets", "15 working days", "stage_opened", "MEN-14"),
        ("stage_3", "findings", "5 working days", "panel_met", "MEN-14"),
        ("stage_3", "findings_to_director", "5 working days", "panel_met", "MEN-14"),
        ("stage_3", "findings_to_operational_manager", "5 working days", "panel_met", "MEN-14"),
        ("stage_3", "findings_to_named", "5 working days", "panel_met", "MEN-14"),
    ],
)
def test_each_promise_has_the_length_and_the_start_of_its_clause(
    procedure: Procedure, stage: str, duty: str, within: str, after: str, clause: str
) -> None:
    rule = procedure.duty(duty, stage)
    assert str(rule.clock.within) == within
    assert rule.clock.after and rule.clock.after.events == (after,)
    assert clause in rule.clause and rule.source == "policy"


@pytest.mark.parametrize(
    ("received", "by"),
    [
        ("2026-11-24 10:15", "2026-11-25 10:15"),  # both on a working day
        ("2026-12-18 16:30", "2026-12-21 16:30"),  # Friday: not Saturday, but the same time on Monday
        ("2026-12-20 09:00", "2026-12-21 09:00"),  # Sunday: 24 hours on is a working day
        ("2026-12-24 10:00", "2026-12-29 10:00"),  # over Christmas, the week-end and the bank holiday for Boxing Day
        ("2026-04-02 09:00", "2026-04-07 09:00"),  # over Good Friday and Easter Monday
        ("2027-03-25 15:00", "2027-03-30 15:00"),
        ("2026-10-23 17:00", "2026-10-26 17:00"),  # the clocks go back: the same time of day by the clock on the wall
    ],
)
def test_the_reference_is_given_in_24_hours_or_at_the_same_time_on_the_next_working_day(
    procedure: Procedure, received: str, by: str
) -> None:
    found = due(procedure, received, "give_reference", "stage_2")
    assert isinstance(found, datetime)
    assert found.astimezone(LONDON) == at(by)


@pytest.mark.parametrize(
    ("received", "first", "full"),
    [
        ("2026-12-18 16:30", date(2026, 12, 23), date(2027, 1, 6)),
        ("2026-12-23 09:00", date(2026, 12, 30), date(2027, 1, 11)),
        ("2026-04-01 09:00", date(2026, 4, 8), date(2026, 4, 17)),
        ("2026-04-02 23:30", date(2026, 4, 9), date(2026, 4, 20)),
    ],
)
def test_three_and_ten_working_days_run_from_receipt(
    procedure: Procedure, received: str, first: date, full: date
) -> None:
    assert due(procedure, received, "first_answer", "stage_2") == first
    assert due(procedure, received, "explain_delay", "stage_2") == first
    assert due(procedure, received, "respond", "stage_2") == full


def test_more_than_ten_days_only_when_rare_and_exceptional_approved_and_told(procedure: Procedure) -> None:
    extension = procedure.duty("respond", "stage_2").clock.extension
    assert extension and extension.without_cap
    assert set(extension.needs) == {"complaints_coordinator_approved", "complainant_told"}
    assert "rare and exceptional circumstances" in extension.reasons


def test_any_other_time_may_be_altered_when_the_complainant_is_told_why_and_always_for_criminal_proceedings(
    procedure: Procedure,
) -> None:
    rule = procedure.counting.extension_of_any
    assert rule and rule.needs == ("complainant_told",) and "criminal proceedings" in rule.reasons


# ---------------------------------------------------------------- the panel


def test_the_panel_has_three_uninvolved_people_one_of_them_independent(procedure: Procedure) -> None:
    panel = procedure.stage("stage_3").panel
    assert panel and panel.members.at_least == 3
    assert panel.members.of_which and panel.members.of_which.at_least == 1
    member = procedure.role(panel.members.role)
    assert {bar.who for bar in member.may_not_be} >= {"handled_this_case", "involved_in_the_substance"}
    independent = procedure.role(panel.members.of_which.role)
    assert {bar.who for bar in independent.may_not_be} >= {"employee", "director", "manages_the_service"}


@pytest.mark.parametrize(
    ("asked", "meets"),
    [("2026-12-18 09:00", date(2027, 1, 13)), ("2027-03-15 09:00", date(2027, 4, 7))],
)
def test_the_panel_meets_within_fifteen_working_days_of_the_appeal(
    procedure: Procedure, asked: str, meets: date
) -> None:
    appeal = happened("stage_opened", asked, "stage_3", stage="stage_3")
    assert due(procedure, "2026-11-02 09:00", "panel_meets", "stage_3", appeal) == meets


def test_notice_is_three_working_days_before_the_panel_and_findings_five_after(procedure: Procedure) -> None:
    appeal = happened("stage_opened", "2026-12-14 09:00", "stage_3", stage="stage_3")
    arranged = happened("panel_arranged", "2026-12-15 09:00", "stage_3", date="2026-12-30")
    assert due(procedure, "2026-11-02 09:00", "invite", "stage_3", appeal, arranged) == date(2026, 12, 23)
    met = happened("panel_met", "2026-12-30 15:00", "stage_3")
    assert due(procedure, "2026-11-02 09:00", "findings", "stage_3", appeal, arranged, met) == date(2027, 1, 7)


def test_the_window_to_appeal_is_the_day_that_was_agreed_and_else_twenty_working_days(procedure: Procedure) -> None:
    answered = happened("responded", "2026-11-10 12:00", "stage_2", channel="email")
    window = ("2026-11-02 09:00", "ask_for_stage_3", "stage_2", answered)
    assert due(procedure, *window) == date(2026, 12, 8)
    posted = happened("responded", "2026-11-10 12:00", "stage_2", channel="letter")
    assert due(procedure, "2026-11-02 09:00", "ask_for_stage_3", "stage_2", posted) == date(2026, 12, 10)
    agreed = happened("window_agreed", "2026-11-11 12:00", "stage_2", way="stage_3", until="2027-01-15")
    assert due(procedure, *window, agreed) == date(2027, 1, 15)
    for stage in ("stage_1", "stage_2"):
        (way,) = [one for one in procedure.stage(stage).ways_on if one.clock.within]
        assert way.when_over == "close" and str(way.remind) == "5 working days"
        assert way.late and {"a child", "illness"} <= set(way.late.accepted_if)


# ---------------------------------------------------------------- about the Director


def test_about_the_director_it_goes_straight_to_the_panel_counted_from_receipt(procedure: Procedure) -> None:
    assert due(procedure, "2026-12-18 16:30", "panel_meets", "stage_3", **DIRECTOR) == date(2027, 1, 13)
    reference = due(procedure, "2026-12-18 16:30", "give_reference", "stage_3", **DIRECTOR)
    assert reference == at("2026-12-21 16:30").astimezone(UTC)
    assert due(procedure, "2026-12-18 16:30", "first_answer", "stage_3", **DIRECTOR) == date(2026, 12, 23)


def test_about_the_director_the_operational_manager_convenes_and_somebody_outside_reports_first(
    procedure: Procedure,
) -> None:
    (other,) = procedure.stage("stage_3").instead
    assert other.people["convenes"][0] == other.people["handles"][0] == "operational_manager"
    assert "director" not in {word for ladder in other.people.values() for word in ladder}
    assert procedure.role(other.people["investigates"][0]).outside
    arranged = happened("panel_arranged", "2026-12-21 09:00", "stage_3", date="2027-01-13")
    report = due(procedure, "2026-12-18 16:30", "fact_finding", "stage_3", arranged, **DIRECTOR)
    assert report == date(2027, 1, 8)
    (gate,) = [one for one in procedure.gates if "panel_met" in one.holds_back]
    assert gate.until == ("investigation_recorded",)


# ---------------------------------------------------------------- who may complain, and what is kept


@pytest.mark.parametrize(
    ("about", "stage"),
    [
        ({"formality": "informal"}, "stage_1"),
        ({"kind": "concern", "formality": None}, "stage_1"),
        ({"complainant": "neighbour"}, "stage_2"),
        ({"complainant": "council"}, "stage_2"),
        ({"complainant": "staff"}, "stage_2"),
        ({"kind": "compliment", "formality": None}, "thanks"),
        (DIRECTOR, "stage_3"),
        ({**DIRECTOR, "formality": "informal"}, "stage_3"),
    ],
)
def test_anybody_may_complain_and_each_report_finds_its_stage(
    procedure: Procedure, about: dict[str, object], stage: str
) -> None:
    received = at("2026-11-24 10:00")
    data = {"kind": "complaint", "formality": "formal", "channel": "portal", "complainant": "parent", **about}
    assert replay(procedure, number(open_case(procedure, data, received, received), 0, received)).stage == stage


def test_only_what_staff_say_of_their_own_job_goes_to_the_grievance_procedure(procedure: Procedure) -> None:
    (way,) = [one for one in procedure.ways_in if one.passes_to]
    assert way.passes_to == "grievance_procedure"
    assert way.only_if and {test.key for test in way.only_if.tests} == {"complainant", "own_employment", "concern_open"}


def test_not_upheld_needs_reasons_and_an_answer_says_how_to_go_on(procedure: Procedure) -> None:
    assert procedure.words.reasons_needed_for == ("not_upheld", "not_determined")
    assert any("appeal" in said for said in procedure.duty("respond", "stage_2").contains)
    assert any("go on" in said for said in procedure.duty("settle", "stage_1").contains)


def test_the_reference_is_dated_initialled_and_made_once_at_the_first_formal_stage(procedure: Procedure) -> None:
    reference = procedure.reference
    assert reference and reference.reading == "A-MEN-3"
    who = "({complainant_initials})"
    assert reference.pattern == f"{{received:D.M.YY}} / ({{handler_initials}}) / {{site}}[-{{programme}}] / {who}"
    assert (reference.on_clash, reference.if_anonymous, reference.given_at) == (" / {n}", "ANON", "formal")


def test_the_referring_agency_is_told_unless_it_puts_the_child_at_risk_or_is_about_them(procedure: Procedure) -> None:
    for stage in ("stage_2", "stage_3"):
        duty = procedure.duty("tell_referrer", stage)
        assert duty.to == ("referrer",) and duty.must_record == ("legal basis",)
        assert {"it would put the child at risk", "it is about the referring agency"} < set(duty.clock.excused_if)
        assert duty.source == "house default"


def test_what_is_handled_elsewhere_is_held_by_heads_and_looked_at_again_every_five_days(procedure: Procedure) -> None:
    (hold,) = procedure.suspensions
    assert (hold.covers, str(hold.review_every), hold.tell) == ("heads", "5 working days", ("complainant",))
    assert procedure.duty("respond", "stage_2").clock.pauses
    assert not procedure.duty("give_reference", "stage_2").clock.pauses


def test_an_investigation_does_all_that_the_checklist_names_before_it_is_answered(procedure: Procedure) -> None:
    duty = procedure.duty("investigate", "stage_2")
    assert duty.clock.before == "responded" and len(duty.contains) == 6


def test_the_wait_is_explained_in_writing_and_by_talking(procedure: Procedure) -> None:
    written, spoken = procedure.duty("first_answer", "stage_2"), procedure.duty("explain_delay", "stage_2")
    assert written.form == "writing" and spoken.channels == ("telephone", "in_person")
    for duty in (written, spoken):
        assert "by when it will be answered in full" in duty.contains


def test_nobody_it_is_about_is_told_before_that_was_decided(procedure: Procedure) -> None:
    gate = next(one for one in procedure.gates if one.key == "decided_before_named_person")
    assert gate.holds_back == ("tell_named_person",) and "MEN-9" in gate.clause
    assert set(gate.until) == {"tell_third_parties.now", "tell_third_parties.later"}


def test_a_young_person_finds_somebody_outside_to_ring(procedure: Procedure) -> None:
    childline = next(one for one in procedure.contacts if one.key == "childline")
    assert [phone.number for phone in childline.phones] == ["0800 1111"] and childline.source == "house default"


def test_the_records_of_the_clause_are_needed_to_close(procedure: Procedure) -> None:
    kept = {one.key: set(one.fields) for one in procedure.records if one.needed_to == "close"}
    assert {"received_at", "complainant", "to_whom_made", "evidence", "handlers"} <= kept["every_complaint"]
    wanted = {"desired_outcome", "investigation", "interviews", "findings", "actions", "complainant_response"}
    assert wanted | {"communications", "settled_before_or_at_a_panel"} <= kept["complaints_file"]


def test_somebody_else_who_is_affected_may_appeal_in_a_case_of_their_own(procedure: Procedure) -> None:
    (linked,) = procedure.linked_cases
    assert (linked.starts_at, linked.asked_by) == ("stage_3", ("affected_person",))
    assert "who complained" in linked.does_not_carry


def test_every_concern_calls_the_safeguarding_lead(procedure: Procedure) -> None:
    called = procedure.notification_rule("safeguarding_lead").concern
    assert {concern.key for concern in procedure.concerns} == set(called)


def test_the_form_is_given_at_the_home_visit_and_the_policy_is_reviewed_each_year(procedure: Procedure) -> None:
    standing = {duty.key: duty.clock for duty in procedure.standing_duties}
    form = standing["complaints_form"]
    assert form.after and form.after.events == ("home_visited",)
    assert str(standing["review_policy"].every) == "1 year"
