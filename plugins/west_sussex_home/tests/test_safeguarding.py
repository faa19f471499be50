"""Significant risk and actual harm: who is called and told, when the complaint waits, and what Ofsted hears of."""

from __future__ import annotations

from datetime import timedelta

import pytest

from heard.instants import moment_of
from heard.people import ladder
from heard.procedure import Procedure
from heard.testing import SuspensionConformance
from heard.trial import Trial

LEAD = "designated_safeguarding_lead"
FOUND_HERE = ["harm", "risk_to_self_or_others", "missing", "misconduct"]
FOUND_BY_LAW = [
    "lado_threshold", "immediate_danger", "death", "exploitation", "serious_police_involvement", "allegation_of_abuse",
    "child_protection_enquiry", "worker_referred_to_dbs", "other_serious_event", "child_sexual_abuse", "fgm",
    "forced_marriage_or_cutting", "radicalisation", "low_level_concern", "pattern_of_concerns",
    "worker_removed_for_harm", "personal_data_breach",
]  # fmt: skip
LETS_IT_WAIT = [
    *FOUND_HERE, "lado_threshold", "allegation_of_abuse", "exploitation", "child_protection_enquiry",
    "serious_police_involvement", "child_sexual_abuse", "fgm", "forced_marriage_or_cutting", "radicalisation",
    "immediate_danger",
]  # fmt: skip


def waiting(procedure: Procedure, concern: str = "harm", **said: object) -> Trial:
    """A complaint in which a concern was found and confirmed, on the Friday before Christmas."""
    case = Trial(procedure, "2026-12-18 16:30", concerns=[concern])
    case.do("confirm_concern", LEAD, concern=concern, reason="an injury that was seen")
    return case.do("suspend", said.pop("by", "registered_manager"), reason="the police go first", **said)  # type: ignore[arg-type]


@pytest.mark.clause("WSX-7")
@pytest.mark.parametrize("concern", [*FOUND_HERE, *FOUND_BY_LAW])
def test_each_concern_calls_the_safeguarding_lead_within_the_hour(procedure: Procedure, concern: str) -> None:
    line = Trial(procedure, "2026-12-18 16:30", concerns=[concern]).line("safeguarding_lead")
    assert (line.to, line.due) == ((LEAD,), moment_of("2026-12-18 17:30"))
    assert [(at, step.tell) for at, step in line.late_steps] == [
        (moment_of("2026-12-18 17:30"), ("deputy_safeguarding_lead",)), (moment_of("2026-12-18 20:30"), ("mash",)),
    ]  # fmt: skip


@pytest.mark.clause("WSX-7")
def test_no_concern_is_left_that_calls_nobody(procedure: Procedure) -> None:
    assert {concern.key for concern in procedure.concerns} == {*FOUND_HERE, *FOUND_BY_LAW}


@pytest.mark.clause("WSX-7")
def test_they_are_called_every_ten_minutes_by_each_way_until_somebody_answers(procedure: Procedure) -> None:
    case = Trial(procedure, "2026-12-18 16:30", concerns=["harm"])
    rungs = ladder(procedure, case.state, case.roster, "safeguarding_lead", case.now)
    assert [(timedelta(seconds=rung.after_seconds), rung.who.key) for rung in rungs] == [
        (timedelta(), LEAD), (timedelta(minutes=10), "deputy_safeguarding_lead"),
        (timedelta(minutes=20), "head_of_service"), (timedelta(minutes=30), "mash"),
    ]  # fmt: skip
    assert procedure.notification_rule("safeguarding_lead").channels == ("telephone", "sms", "email")
    assert procedure.role(LEAD).must_be_filled and procedure.role("deputy_safeguarding_lead").must_be_filled


@pytest.mark.clause("WSX-7")
@pytest.mark.parametrize("concern", FOUND_HERE)
@pytest.mark.parametrize("told", ["mash", "lado"])
def test_the_manager_goes_on_with_the_hub_or_with_the_lado(procedure: Procedure, concern: str, told: str) -> None:
    case = Trial(procedure, "2026-12-18 16:30", concerns=[concern])
    line = case.line("mash_or_lado")
    assert (line.to, line.by) == (("mash", "lado"), ("registered_manager",))
    assert line.due == moment_of("2026-12-18 17:30")
    case.do("tell", "registered_manager", rule="mash_or_lado", whom=told)
    assert case.line("mash_or_lado").status == "met"  # one of the two, as somebody decided


@pytest.mark.clause("WSX-13")
def test_ofsted_hears_of_a_complaint_about_staff_for_which_the_lado_is_asked(procedure: Procedure) -> None:
    case = Trial(procedure, "2026-12-18 16:30", concerns=["lado_threshold"])
    line = case.line("ofsted")
    assert (line.to, line.by, line.due) == (("ofsted",), ("registered_manager",), moment_of("2026-12-19 16:30"))
    refused = case.refused("tell", "registered_manager", rule="ofsted", whom="ofsted")
    assert refused.sentence == "It must also say: what the complaint is about; that the LADO is asked."
    assert not Trial(procedure, "2026-12-18 16:30", concerns=["missing"]).owes("ofsted")
    assert case.due("childrens_homes_2015.serious_event") == moment_of("2026-12-19 16:30")  # the law asks it as well


@pytest.mark.clause("WSX-7")
@pytest.mark.parametrize(
    ("concern", "ticks", "words"),
    [
        ("harm", ["neglect", "physical abuse", "emotional abuse", "sexual abuse", "bullying", "harassment"], "abuse"),
        ("risk_to_self_or_others", ["self-harm", "suicide", "harm to others"], "self_harm"),
        ("missing", ["missing"], "missing"),
        ("misconduct", ["financial misconduct", "criminal misconduct"], "financial"),
    ],
)
def test_what_is_ticked_and_what_is_written_is_read_for_it_in_a_compliment_too(
    procedure: Procedure, concern: str, ticks: list[str], words: str
) -> None:
    rule = procedure.concern(concern)
    assert ([*rule.ticks], rule.word_list) == (ticks, words)
    assert Trial(procedure, "2026-12-18 16:30", kind="compliment", concerns=[concern]).owes("safeguarding_lead")


@pytest.mark.clause("WSX-7", "WSX-19")
@pytest.mark.parametrize("concern", LETS_IT_WAIT)
def test_once_a_concern_is_confirmed_the_complaint_may_wait(procedure: Procedure, concern: str) -> None:
    case = Trial(procedure, "2026-12-18 16:30", concerns=[concern])
    assert case.refused("suspend", "registered_manager", reason="the police go first")  # nobody has looked yet
    held = waiting(procedure, concern)
    assert held.line("respond").status == "paused"
    assert held.line("acknowledge").status == "running"


@pytest.mark.clause("WSX-7", "WSX-19")
@pytest.mark.parametrize("who", ["registered_manager", "service_manager", "head_of_service"])
def test_a_manager_decides_that_it_waits_and_looks_again_every_five_working_days(
    procedure: Procedure, who: str
) -> None:
    case = waiting(procedure, by=who)
    row = case.ledger[-1].data
    assert row["review_by"] == "2026-12-29"  # Christmas Day, Boxing Day's substitute and two weekends are no days
    assert row["tell"] == ["complainant", "young_person"]


@pytest.mark.clause("WSX-7", "WSX-19")
def test_who_decides_that_it_waits_is_no_colleague_who_stands_in(procedure: Procedure) -> None:
    case = Trial(procedure, "2026-12-18 16:30", concerns=["harm"])
    case.do("confirm_concern", LEAD, concern="harm", reason="an injury that was seen")
    assert case.refused("suspend", "responsible_individual", reason="the police go first")


@pytest.mark.clause("WSX-7", "WSX-19")
@pytest.mark.parametrize("why", ["it would prejudice an enquiry", "it would put somebody at risk"])
def test_that_it_waits_is_kept_from_them_for_two_reasons_only(procedure: Procedure, why: str) -> None:
    assert "tell" not in waiting(procedure, withhold=why).ledger[-1].data
    case = Trial(procedure, "2026-12-18 16:30", concerns=["harm"])
    case.do("confirm_concern", LEAD, concern="harm", reason="an injury that was seen")
    assert case.refused("suspend", "registered_manager", reason="so", withhold="it is awkward")


@pytest.mark.clause("WSX-7", "WSX-19")
def test_what_has_nothing_to_do_with_it_need_not_wait(procedure: Procedure) -> None:
    assert waiting(procedure, heads=["complaint"]).state.on_hold["safeguarding"].heads == ("complaint",)


@pytest.mark.clause("WSX-7", "WSX-19")
@pytest.mark.parametrize("ends", ["safeguarding_closed", "disciplinary_closed"])
def test_it_goes_on_when_safeguarding_or_the_disciplinary_procedure_has_ended(procedure: Procedure, ends: str) -> None:
    case = waiting(procedure).do(
        "close_safeguarding", LEAD, "2027-01-08 10:00", event=ends, outcome="no further action"
    )
    assert case.line("respond").status == "running"


@pytest.mark.clause("WSX-7")
def test_the_lead_is_followed_by_the_deputy_and_then_by_the_hub(procedure: Procedure) -> None:
    when = "2026-12-18 16:30"
    assert Trial(procedure, when).told(LEAD) == (LEAD,)
    assert Trial(procedure, when, about=[LEAD]).told(LEAD) == ("deputy_safeguarding_lead",)
    assert Trial(procedure, when, about=[LEAD, "deputy_safeguarding_lead"]).told(LEAD) == ("mash",)


@pytest.mark.clause("WSX-7", "WSX-13", "WSX-19", "SI 2015/541 reg 40(1)")
def test_everybody_outside_whom_safeguarding_needs_has_a_place_here_and_what_is_missing_is_said(
    procedure: Procedure,
) -> None:
    police, ofsted = procedure.contact("emergency"), procedure.contact("ofsted")
    assert [(phone.number, phone.for_) for phone in police.phones] == [
        ("999", "immediate danger"), ("101", "not an emergency"),
    ]  # fmt: skip
    assert [phone.number for phone in ofsted.phones] == ["0300 123 1231"]
    for key in ("emergency", "mash", "ofsted"):
        offered = procedure.contact(key).offered
        assert offered and offered.any_time, key
    for key in ("mash", "lado", "council", "health_board"):
        contact = procedure.contact(key)
        assert contact.area == "West Sussex" and contact.missing and not contact.reachable, key
    told = {"ofsted", "placing_authority", "local_authority", "integrated_care_board", "secretary_of_state"}
    assert {*procedure.notification_rule("childrens_homes_2015.death").tell} == told
    dead = Trial(procedure, "2026-12-18 16:30", concerns=["death"])
    assert {*dead.told(*told)} == {"ofsted", "placing_authority", "council", "health_board", "education_secretary"}


@pytest.mark.clause("WSX-7")
class TestSuspension(SuspensionConformance):
    decides, about, concern = "service_manager", "deputy_safeguarding_lead", "misconduct"
    each = (
        ("registered_manager", "deputy_safeguarding_lead"), ("service_manager", "registered_manager"),
        ("head_of_service", "registered_manager"),
    )  # fmt: skip
