"""What is handled apart, what is put on hold for it, and who must hear: MEN-9, MEN-16, MEN-18, MEN-19 and MEN-23."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from heard.people import ladder
from heard.procedure import Procedure
from heard.testing import SuspensionConformance
from heard.trial import Trial

LONDON = ZoneInfo("Europe/London")
CHRISTMAS_EVE = "2026-12-24 17:00"
LEAD, DEPUTY, MANAGER = "designated_safeguarding_lead", "deputy_safeguarding_lead", "operational_manager"
RISK = "risk_to_self_or_others"
ASKED_OF_EVERYBODY = (
    "child_sexual_abuse", "fgm", "forced_marriage_or_cutting", "radicalisation", "low_level_concern",
    "pattern_of_concerns", "worker_removed_for_harm", "personal_data_breach",
)  # fmt: skip
"""Concerns that the laws for every provider bring."""
HOLD: dict[str, Any] = {"rule": "handled_separately", "heads": ["complaint"], "reason": "it is handled elsewhere"}


def confirmed(procedure: Procedure, concern: str, **said: Any) -> Trial:
    """On Christmas Eve something is found that is handled apart, and a lead confirms it."""
    case = Trial(procedure, CHRISTMAS_EVE, concerns=[concern], **said)
    return case.do("confirm_concern", LEAD, "2026-12-24 18:30", concern=concern, reason="it stands")


# ---------------------------------------------------------------- whom to ring


@pytest.mark.parametrize(
    ("clause", "contact", "kind", "numbers"),
    [
        ("MEN-19", "lado", "lado", []),
        ("MEN-19", "mash", "mash", []),
        ("MEN-19", "police", "police", [("999", "immediate danger"), ("101", "not an emergency")]),
        ("MEN-23", "childline", "helpline", [("0800 1111", None)]),
    ],
)
def test_the_document_names_no_numbers_so_each_home_has_its_council_s_and_everybody_the_police_and_childline(
    procedure: Procedure, clause: str, contact: str, kind: str, numbers: list[tuple[str, str | None]]
) -> None:
    one = procedure.contact(contact)
    assert (one.key, one.is_) == (contact, kind) and clause in one.clause
    assert [(phone.number, phone.for_) for phone in one.phones] == numbers
    if numbers:
        assert one.offered and one.offered.any_time
    else:
        assert one.one_per == "home" and one.missing


# ---------------------------------------------------------------- what raises a concern, and who hears


@pytest.mark.parametrize(
    ("clause", "concern", "ticks", "word_list"),
    [
        ("MEN-19", "child_protection", {"neglect", "physical abuse", "emotional abuse", "sexual abuse", "bullying",
                                        "criminal or sexual exploitation", "child protection enquiry"}, "abuse"),
        ("MEN-19", RISK, {"self-harm", "suicide", "harm to others"}, "self_harm"),
        ("MEN-19", "missing", {"missing"}, "missing"),
        ("MEN-18", "crime", {"crime", "police involved"}, None),
        ("MEN-19", "disciplinary", {"misconduct"}, None),
    ],
)  # fmt: skip
def test_what_is_handled_apart_is_found_by_a_tick_or_a_word(
    procedure: Procedure, clause: str, concern: str, ticks: set[str], word_list: str | None
) -> None:
    one = procedure.concern(concern)
    assert ({*one.ticks}, one.word_list) == (ticks, word_list)


@pytest.mark.clause("MEN-19")
@pytest.mark.parametrize(
    ("concern", "rules"),
    [
        ("child_protection", {"safeguarding_lead", "social_care_or_police"}),
        (RISK, {"safeguarding_lead", "social_care_or_police"}),
        ("missing", {"safeguarding_lead", "social_care_or_police"}),
        ("crime", {"safeguarding_lead", "social_care_or_police"}),
        ("lado_threshold", {"safeguarding_lead", "social_care_or_police"}),
        ("disciplinary", {"safeguarding_lead"}),
        ("immediate_danger", {"safeguarding_lead"}),
        *((concern, {"safeguarding_lead"}) for concern in ASKED_OF_EVERYBODY),
    ],
)
def test_the_lead_hears_of_everything_and_a_body_outside_of_what_it_must_know(
    procedure: Procedure, concern: str, rules: set[str]
) -> None:
    case = Trial(procedure, CHRISTMAS_EVE, concerns=[concern])
    own = {"safeguarding_lead", "social_care_or_police"}
    assert {line.duty for line in case.lines() if line.kind == "notification"} & own == rules


@pytest.mark.clause("MEN-19")
@pytest.mark.parametrize(
    ("rule", "tells"), [("safeguarding_lead", (LEAD,)), ("social_care_or_police", ("mash", "police", "referrer"))]
)
def test_they_hear_at_once_whether_or_not_anybody_wants_a_complaint(
    procedure: Procedure, rule: str, tells: tuple[str, ...]
) -> None:
    line = Trial(procedure, CHRISTMAS_EVE, kind="comment", concerns=["child_protection"]).line(rule)
    assert (line.to, line.due, line.pauses) == (tells, datetime(2026, 12, 24, 18, tzinfo=LONDON), False)


@pytest.mark.clause("MEN-19")
def test_of_the_bodies_outside_the_one_that_must_know_is_enough(procedure: Procedure) -> None:
    case = Trial(procedure, CHRISTMAS_EVE, concerns=["child_protection"])
    case.do("tell", LEAD, rule="social_care_or_police", whom="mash")
    assert case.line("social_care_or_police").status == "met"


@pytest.mark.clause("MEN-19")
def test_the_lead_is_called_then_the_deputy_then_social_care_until_somebody_answers(procedure: Procedure) -> None:
    case = Trial(procedure, CHRISTMAS_EVE, concerns=["child_protection"])
    called = [(rung.after_seconds, rung.who.key)
              for rung in ladder(procedure, case.state, case.roster, "safeguarding_lead", case.now)]  # fmt: skip
    assert called == [(0, LEAD), (600, DEPUTY), (1200, "director"), (1800, "mash")]
    steps = case.line("safeguarding_lead").late_steps
    assert [(at.astimezone(LONDON).hour, step.tell) for at, step in steps] == [(18, (DEPUTY,)), (21, ("mash",))]
    assert {*procedure.notification_rule("safeguarding_lead").channels} == {"telephone", "sms", "email"}
    assert procedure.role(LEAD).must_be_filled and procedure.role(DEPUTY).must_be_filled


@pytest.mark.clause("MEN-19")
@pytest.mark.parametrize(("about", "told"), [([], LEAD), ([LEAD], DEPUTY), ([LEAD, DEPUTY], "mash")])
def test_what_is_said_of_the_lead_goes_to_the_deputy_and_then_to_social_care(
    procedure: Procedure, about: list[str], told: str
) -> None:
    assert Trial(procedure, CHRISTMAS_EVE, about=about, concerns=["crime"]).told(LEAD) == (told,)


# ---------------------------------------------------------------- on hold


@pytest.mark.clause("MEN-18", "MEN-19")
@pytest.mark.parametrize(
    "concern",
    ["child_protection", "crime", "disciplinary", "lado_threshold", "child_sexual_abuse", "fgm",
     "forced_marriage_or_cutting", "radicalisation", "immediate_danger"],
)  # fmt: skip
def test_what_is_handled_elsewhere_is_put_on_hold_by_the_coordinator_and_looked_at_again_in_five_working_days(
    procedure: Procedure, concern: str
) -> None:
    found = Trial(procedure, CHRISTMAS_EVE, concerns=[concern])
    assert "only after" in found.refused("suspend", "director", **HOLD).sentence
    confirmed(procedure, RISK).refused("suspend", "director", **HOLD)
    case = confirmed(procedure, concern)
    case.refused("suspend", "director", review_by="2027-01-06", **HOLD)
    case.do("suspend", "director", **HOLD)
    row = case.ledger[-1].data
    assert (row["review_by"], row["tell"], row["heads"]) == ("2027-01-05", ["complainant"], ["complaint"])


@pytest.mark.clause("MEN-19")
def test_what_is_not_handled_elsewhere_goes_on(procedure: Procedure) -> None:
    heads = [{"key": "he shouted"}, {"key": "the minibus is late"}]
    case = confirmed(procedure, "disciplinary", heads=heads, formality="formal")
    case.do("suspend", "director", **{**HOLD, "heads": ["he shouted"]})
    lines = {one.heads: one.status for one in case.lines() if one.duty == "respond"}
    assert lines == {("he shouted",): "paused", ("the minibus is late",): "running"}


@pytest.mark.clause("MEN-19")
def test_about_everybody_at_the_top_somebody_outside_decides_on_the_hold(procedure: Procedure) -> None:
    about = ["director", MANAGER, "complaints_coordinator"]
    case = confirmed(procedure, "crime", about=about)
    assert case.holder("handles") == "external_investigator"
    case.do("suspend", "external_investigator", **HOLD)
    confirmed(procedure, "crime", formality="informal").refused("suspend", "mentor", **HOLD)


@pytest.mark.clause("MEN-19")
@pytest.mark.parametrize("ends", ["safeguarding_closed", "disciplinary_closed", "proceedings_closed"])
def test_the_whole_case_may_be_held_too_and_goes_on_when_what_it_waited_for_has_ended(
    procedure: Procedure, ends: str
) -> None:
    case = confirmed(procedure, "crime")
    case.do("suspend", "director", **{**HOLD, "heads": "case"})
    assert case.state.on_hold
    case.do("close_safeguarding", LEAD, "2027-01-04 10:00", event=ends, outcome="nothing further")
    assert not case.state.on_hold


@pytest.mark.clause("MEN-19")
@pytest.mark.parametrize("why", ["it would prejudice an enquiry", "it would put somebody at risk"])
def test_the_complainant_is_told_of_the_hold_unless_that_would_do_harm(procedure: Procedure, why: str) -> None:
    case = confirmed(procedure, "crime")
    case.refused("suspend", "director", withhold="they would be cross", **HOLD)
    case.do("suspend", "director", withhold=why, **HOLD)
    assert case.ledger[-1].data.get("tell") is None


@pytest.mark.clause("MEN-19")
class TestSuspension(SuspensionConformance):
    decides, about, concern = "director", "mentor", "disciplinary"
    each = (("operational_manager", "mentor"), ("director", "mentor"), ("external_investigator", "director"))
