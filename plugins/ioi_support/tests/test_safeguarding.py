"""What goes before every complaint: who hears of it at once, and what is put on hold for it.

Everything here came in on Friday 18 December 2026 at 16:30. "Immediately" is an hour and "without delay" a day: targets
of the house, as the text gives no number.
"""

from __future__ import annotations

from typing import Any

import pytest

from heard.calling import ladder
from heard.procedure import Procedure
from heard.trial import Trial

FRIDAY = "2026-12-18 16:30"
MANAGER, OUTSIDE, NAMED = "registered_service_manager", "external_investigator", "team_manager"
LEAD, DEPUTY, PARTNERSHIP = "designated_safeguarding_lead", "deputy_safeguarding_lead", "safeguarding_partnership"
HOLD = "safeguarding_or_disciplinary"


def confirmed(procedure: Procedure, concern: str = "abuse_or_exploitation", **more: Any) -> Trial:
    """A case whose concern the lead has confirmed."""
    trial = Trial(procedure, FRIDAY, concerns=[concern], **more)
    return trial.do("confirm_concern", LEAD, concern=concern, reason="it was seen")


@pytest.mark.parametrize(
    ("clause", "concern", "ticks", "words"),
    [
        (("IOI-24", "IOI-25", "IOI-28"), "abuse_or_exploitation",
         {"neglect", "physical abuse", "emotional abuse", "sexual abuse", "financial abuse", "bullying", "harassment",
          "criminal or sexual exploitation"}, "abuse"),
        (("IOI-26", "IOI-28"), "risk_to_self_or_others", {"self-harm", "suicide", "harm to others"}, "self_harm"),
        ("IOI-28", "missing", {"missing"}, "missing"),
        ("IOI-25", "financial_or_criminal_misconduct", {"criminal misconduct", "financial misconduct"}, "financial"),
        ("IOI-17", "misconduct", {"misconduct"}, None),
        ("IOI-36", "gross_misconduct", {"serious misconduct", "gross misconduct"}, None),
        ("IOI-30", "lado_threshold", {"harmed by a member of staff"}, "staff_conduct"),
    ],
)  # fmt: skip
def test_what_the_form_offers_to_tick_and_which_words_are_looked_for(
    procedure: Procedure,
    clause: str | tuple[str, ...],
    concern: str,
    ticks: set[str],
    words: str | None,
) -> None:
    rule = procedure.concern(concern)
    assert ({*rule.ticks}, rule.word_list) == (ticks, words)


@pytest.mark.clause("IOI-25")
@pytest.mark.parametrize("concern", ["abuse_or_exploitation", "financial_or_criminal_misconduct"])
def test_the_lead_hears_of_it_though_nobody_wants_to_complain(procedure: Procedure, concern: str) -> None:
    praise = Trial(procedure, FRIDAY, kind="compliment", formality="informal", concerns=[concern])
    assert praise.line("safeguarding_lead").status == "running"
    taken_back = Trial(procedure, FRIDAY, concerns=[concern]).do("withdraw", by="complainant", reason="they said so")
    assert taken_back.line("safeguarding_lead").status == "running"


@pytest.mark.parametrize(
    "concern",
    [
        "abuse_or_exploitation", "risk_to_self_or_others", "missing", "whereabouts_unknown",
        "financial_or_criminal_misconduct", "misconduct", "gross_misconduct", "lado_threshold", "immediate_danger",
        "death", "allegation_of_abuse", "exploitation", "serious_police_involvement", "child_protection_enquiry",
        "worker_referred_to_dbs", "restraint", "other_serious_event", "child_sexual_abuse", "fgm",
        "forced_marriage_or_cutting", "radicalisation", "low_level_concern", "pattern_of_concerns",
        "worker_removed_for_harm", "personal_data_breach",
    ],
)  # fmt: skip
@pytest.mark.clause("IOI-24", "IOI-25", "IOI-26", "IOI-28")
def test_the_safeguarding_lead_hears_of_every_concern_at_once(procedure: Procedure, concern: str) -> None:
    line = Trial(procedure, FRIDAY, concerns=[concern]).line("safeguarding_lead")
    assert (line.to, f"{line.due:%Y-%m-%d %H:%M}") == ((LEAD,), "2026-12-18 17:30")


@pytest.mark.clause("IOI-24", "IOI-25", "IOI-26", "IOI-28")
def test_the_lead_is_called_every_ten_minutes_until_somebody_answers_and_others_after_that(
    procedure: Procedure,
) -> None:
    trial = Trial(procedure, FRIDAY, concerns=["abuse_or_exploitation"])
    called = ladder(procedure, trial.state, trial.roster, "safeguarding_lead", trial.now)
    assert [(rung.after_seconds // 60, rung.who.key) for rung in called] == [
        (0, LEAD), (10, DEPUTY), (20, "director"), (30, PARTNERSHIP),
    ]  # fmt: skip
    late = trial.line("safeguarding_lead", when="2026-12-18 18:00").late_steps
    assert [(f"{at:%H:%M}", step.tell) for at, step in late] == [("17:30", (DEPUTY,)), ("20:30", (PARTNERSHIP,))]
    refusal = trial.refused("tell", LEAD, rule="safeguarding_lead", whom=LEAD, channel="letter")
    assert refusal.sentence == "This is told by telephone or sms or email."


@pytest.mark.parametrize(
    "concern", ["abuse_or_exploitation", "financial_or_criminal_misconduct", "missing", "risk_to_self_or_others"]
)
@pytest.mark.clause("IOI-25", "IOI-26", "IOI-28")
def test_the_authority_that_it_belongs_to_hears_whether_or_not_anybody_wants_a_complaint(
    procedure: Procedure, concern: str
) -> None:
    trial = Trial(procedure, FRIDAY, kind="comment", concerns=[concern])
    line = trial.line("necessary_authority")
    assert line.to == (PARTNERSHIP, "placing_authority", "police")
    assert f"{line.due:%H:%M}" == "17:30"
    trial.do("tell", LEAD, rule="necessary_authority", whom="placing_authority")  # the lead decides which one
    assert trial.line("necessary_authority").status == "met"


@pytest.mark.clause("IOI-30")
def test_the_lado_gets_the_form_by_e_mail_and_a_call_as_well(procedure: Procedure) -> None:
    trial = Trial(procedure, FRIDAY).do(
        "raise_concern", MANAGER, concern="lado_threshold", known_at="2026-12-17T10:00:00+00:00"
    )
    line = trial.line("lado")
    assert (line.to, f"{line.due:%Y-%m-%d %H:%M}") == (("lado",), "2026-12-18 10:00")  # from when anybody first knew
    trial.do("tell", LEAD, rule="lado", whom="lado", channel="email")
    assert trial.line("lado").status == "late"
    trial.do("tell", LEAD, rule="lado", whom="lado", channel="telephone")
    assert trial.line("lado").status == "met late"
    assert trial.refused("tell", LEAD, rule="lado", whom="lado", channel="letter").sentence == (
        "This is told by email or telephone."
    )
    assert not Trial(procedure, FRIDAY, concerns=["abuse_or_exploitation"]).owes("lado")  # unless a test is met


@pytest.mark.clause("IOI-30")
def test_three_tests_make_it_the_lado_s_and_the_lead_or_whoever_stands_in_answers_them(procedure: Procedure) -> None:
    rule, concern = procedure.notification_rule("lado"), procedure.concern("lado_threshold")
    assert rule.form == "LADO notification form"
    assert rule.until_answered and str(rule.until_answered.again_every) == "2 hours"
    assert concern.clause == ("IOI-30",)
    about_the_lead = Trial(procedure, FRIDAY, about=[LEAD], concerns=["lado_threshold"])
    about_the_lead.refused("confirm_concern", MANAGER, concern="lado_threshold", reason="it was seen")
    about_the_lead.do("confirm_concern", DEPUTY, concern="lado_threshold", reason="it was seen")
    asked = "; ".join(concern.asks_each)
    for test in ("harmed a child", "criminal offence", "risk of harm", "not be suitable"):
        assert test in asked


@pytest.mark.clause("IOI-31")
def test_whoever_is_in_danger_now_is_helped_by_a_call_to_the_police(procedure: Procedure) -> None:
    trial = Trial(procedure, FRIDAY, concerns=["immediate_danger"])
    line = trial.line("emergency")
    assert (line.to, f"{line.due:%H:%M}") == (("police",), "17:30")
    refusal = trial.refused("tell", LEAD, rule="emergency", whom="police", channel="email")
    assert refusal.sentence == "This is told by telephone."


# ---------------------------------------------------------------- what stops for it


@pytest.mark.parametrize(
    "concern",
    [
        "abuse_or_exploitation", "risk_to_self_or_others", "missing", "financial_or_criminal_misconduct",
        "gross_misconduct", "lado_threshold", "allegation_of_abuse", "exploitation", "child_protection_enquiry",
        "serious_police_involvement", "child_sexual_abuse", "fgm", "forced_marriage_or_cutting", "radicalisation",
        "immediate_danger",
    ],
)  # fmt: skip
@pytest.mark.clause("IOI-27", "IOI-29", "IOI-4")
def test_the_complaints_procedure_stops_once_a_concern_is_confirmed(procedure: Procedure, concern: str) -> None:
    trial = Trial(procedure, FRIDAY, concerns=[concern])
    assert trial.refused("suspend", MANAGER, reason="enquiry").clause == ("IOI-27", "IOI-29", "IOI-4")
    trial.do("confirm_concern", LEAD, concern=concern, reason="it was seen").do("suspend", MANAGER, reason="enquiry")
    assert trial.state.on_hold[HOLD].heads == ()  # the whole case
    assert trial.line("respond", "stage_1").status == "paused"
    assert trial.line("acknowledge", "stage_1").status == "running"


@pytest.mark.clause("IOI-27")
def test_misconduct_alone_stops_nothing(procedure: Procedure) -> None:
    assert confirmed(procedure, "misconduct").refused("suspend", MANAGER, reason="enquiry")


@pytest.mark.clause("IOI-27", "IOI-4")
def test_complainant_and_young_person_hear_of_it_unless_that_would_do_harm(procedure: Procedure) -> None:
    trial = confirmed(procedure).do("suspend", MANAGER, reason="enquiry")
    assert trial.ledger[-1].data["tell"] == ["complainant", "young_person"]
    for harm in ("it would prejudice an enquiry", "it would put somebody at risk"):
        quiet = confirmed(procedure).do("suspend", MANAGER, reason="enquiry", withhold=harm)
        assert quiet.state.on_hold[HOLD].withheld
    refusal = confirmed(procedure).refused("suspend", MANAGER, reason="enquiry", withhold="it is embarrassing")
    assert refusal.sentence == "It may not be kept from the complainant for that reason."


@pytest.mark.clause("IOI-27")
def test_it_is_looked_at_again_within_five_working_days(procedure: Procedure) -> None:
    trial = confirmed(procedure).do("suspend", MANAGER, reason="enquiry")
    assert str(trial.state.on_hold[HOLD].review_by) == "2026-12-29"


@pytest.mark.parametrize("stage", ["stage_1", "stage_2"])
@pytest.mark.clause("IOI-27", "IOI-39")
def test_somebody_may_decide_that_only_some_issues_wait(procedure: Procedure, stage: str) -> None:
    trial = confirmed(procedure, heads=[{"key": "hitting"}, {"key": "heating"}])
    if stage == "stage_2":
        trial.do("ask_to_go_on", "complainant", to=stage)
    trial.do("suspend", MANAGER, reason="enquiry", heads=["hitting"])
    answers = {one.heads: one.status for one in trial.lines() if (one.duty, one.stage) == ("respond", stage)}
    assert answers == {("heating",): "running", ("hitting",): "paused"}


@pytest.mark.clause("IOI-27")
def test_somebody_outside_decides_it_when_the_complaint_is_about_the_manager(procedure: Procedure) -> None:
    trial = confirmed(procedure, about=[MANAGER, "out_of_hours_duty_manager"])
    assert trial.do("suspend", OUTSIDE, reason="enquiry").state.on_hold


@pytest.mark.parametrize("ending", ["safeguarding_closed", "disciplinary_closed"])
@pytest.mark.clause("IOI-27", "IOI-29")
def test_it_goes_on_when_the_other_procedure_has_ended_with_the_days_that_were_left(
    procedure: Procedure, ending: str
) -> None:
    trial = confirmed(procedure).do("suspend", MANAGER, "2026-12-22 10:00", reason="enquiry")
    trial.do("close_safeguarding", LEAD, "2027-01-11 10:00", event=ending, outcome="unfounded")
    assert not trial.state.on_hold
    assert str(trial.due("respond", "stage_1")) == "2027-01-21"  # two of ten days were used; eight from the 11th


@pytest.mark.parametrize(
    ("clause", "stage", "duty"),
    [
        ("IOI-17", "informal", "resolve"),
        (("IOI-22", "IOI-23"), "stage_1", "respond"),
        ("IOI-35", "stage_2", "hear_people"),
        ("IOI-37", "stage_2", "investigate"),
        ("IOI-39", "stage_2", "respond"),
        ("IOI-43", "stage_3", "panel_meets"),
        ("IOI-45", "stage_3", "respond"),
    ],
)
def test_the_clocks_of_looking_into_it_stop_in_every_stage(
    procedure: Procedure, clause: str | tuple[str, ...], stage: str, duty: str
) -> None:
    trial = _up_to(procedure, stage)
    if (stage, duty) == ("stage_3", "respond"):
        trial.happened("panel_met", "2027-01-12 09:00")
    trial.do("raise_concern", MANAGER, "2027-01-12 10:00", concern="missing")
    trial.do("confirm_concern", LEAD, concern="missing", reason="nobody saw them")
    trial.do("suspend", MANAGER, reason="search")
    assert trial.line(duty, stage).status == "paused"


def _up_to(procedure: Procedure, stage: str) -> Trial:
    """A case that stands in that stage on 12 January 2027."""
    trial = Trial(procedure, "2027-01-11 09:00", formality="informal" if stage == "informal" else "formal")
    if stage in ("stage_2", "stage_3"):
        trial.do("ask_to_go_on", "complainant", "2027-01-11 10:00", to="stage_2")
    if stage == "stage_3":
        trial.happened("responded", "2027-01-11 11:00", findings={"complaint": "not_upheld"})
        trial.do("ask_to_go_on", "complainant", "2027-01-11 12:00", to="stage_3")
    return trial
