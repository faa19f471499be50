"""After an allegation, and whatever else must not wait: STS-11 and STS-13, and what STS-15 leaves open."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from heard.people import ladder
from heard.procedure import Procedure
from heard.trial import Trial

LONDON = ZoneInfo("Europe/London")
CHRISTMAS_EVE = "2026-12-24 17:00"
LEAD, DEPUTY = "designated_safeguarding_lead", "deputy_safeguarding_lead"
ALLEGATION = "allegation_against_staff"
ABOUT_STAFF = [ALLEGATION, "lado_threshold", "serious_harm_or_abuse"]
RISK = "risk_to_self_or_others"
ASKED_OF_EVERYBODY = (
    "child_sexual_abuse", "fgm", "forced_marriage_or_cutting", "radicalisation", "low_level_concern",
    "pattern_of_concerns", "worker_removed_for_harm", "personal_data_breach",
)  # fmt: skip
"""Concerns that the laws for every provider bring."""


def alleged(
    procedure: Procedure, concern: str = ALLEGATION, about: Sequence[str] = ("keyworker",), **said: Any
) -> Trial:
    """On Christmas Eve a keyworker is said to have hurt somebody; a lead confirms that it must be looked at."""
    case = Trial(procedure, CHRISTMAS_EVE, about=about, concerns=[concern], **said)
    lead = DEPUTY if LEAD in about else LEAD
    return case.do("confirm_concern", lead, "2026-12-24 18:30", concern=concern, reason="it stands")


# ---------------------------------------------------------------- whom to ring


@pytest.mark.parametrize(
    ("clause", "contact", "kind", "number", "area"),
    [
        ("STS-11", "ofsted", "ofsted", "0300 123 1231", None),
        ("STS-11", "local_authority", "local_authority", "01582 548997", "Luton"),
        ("STS-11", "lado", "lado", "01582 548069", "Luton"),
        ("STS-11", "safeguarding_partnership", "safeguarding_partnership", "01582 547590", "Luton"),
        ("STS-13", "ofsted", "ofsted", "0300 123 1231", None),
        ("STS-15", "childline", "helpline", "0800 1111", None),
    ],
)
def test_the_numbers_are_those_of_the_document(
    procedure: Procedure, clause: str, contact: str, kind: str, number: str, area: str | None
) -> None:
    one = procedure.contact(contact)
    assert (one.key, one.is_, [phone.number for phone in one.phones], one.area) == (contact, kind, [number], area)


@pytest.mark.parametrize(
    ("clause", "contact", "kind", "web"),
    [
        ("STS-13", "charity_commission", "charity_regulator",
         "https://www.gov.uk/government/organisations/charity-commission"),
        ("STS-13", "ofsted", "ofsted", "https://www.gov.uk/government/organisations/ofsted"),
        ("STS-7", "citizens_advice", "helpline", "https://www.citizensadvice.org.uk"),
        ("STS-15", "childline", "helpline", None),
    ],
)  # fmt: skip
def test_who_helps_and_who_watches_over_the_house_may_be_turned_to_at_any_time(
    procedure: Procedure, clause: str, contact: str, kind: str, web: str | None
) -> None:
    one = procedure.contact(contact)
    assert (one.key, one.is_, one.web) == (contact, kind, web) and clause in one.clause
    assert one.offered and one.offered.any_time


# ---------------------------------------------------------------- who is told of what, by when


@pytest.mark.clause("STS-11")
@pytest.mark.parametrize(
    ("concern", "rules"),
    [
        (ALLEGATION, {"safeguarding_lead", "allegation", "partnership", "ofsted"}),
        ("lado_threshold", {"safeguarding_lead", "allegation", "partnership", "ofsted"}),
        ("serious_harm_or_abuse", {"safeguarding_lead", "ofsted"}),
        ("abuse_or_exploitation", {"safeguarding_lead"}),
        (RISK, {"safeguarding_lead"}),
        ("missing", {"safeguarding_lead"}),
        ("immediate_danger", {"safeguarding_lead"}),
        ("significant_childcare_event", {"safeguarding_lead"}),
        ("serious_incident", {"safeguarding_lead"}),
        *((concern, {"safeguarding_lead"}) for concern in ASKED_OF_EVERYBODY),
    ],
)
def test_the_lead_hears_of_everything_and_an_allegation_goes_to_everybody_whom_the_document_names(
    procedure: Procedure, concern: str, rules: set[str]
) -> None:
    case = Trial(procedure, CHRISTMAS_EVE, concerns=[concern])
    own = {"safeguarding_lead", "allegation", "partnership", "ofsted"}
    assert {line.duty for line in case.lines() if line.kind == "notification"} & own == rules


@pytest.mark.clause("STS-11")
@pytest.mark.parametrize(
    ("rule", "tells", "by", "channels"),
    [
        ("safeguarding_lead", (LEAD,), datetime(2026, 12, 24, 18, tzinfo=LONDON), {"telephone", "sms", "email"}),
        ("allegation", ("lado", "local_authority"), date(2026, 12, 29), {"telephone", "email"}),
        ("partnership", ("safeguarding_partnership",), date(2026, 12, 29), {"telephone", "email"}),
        ("ofsted", ("ofsted",), date(2027, 1, 7), set()),
    ],
)
def test_each_is_told_by_its_day_counted_from_when_anybody_first_knew(
    procedure: Procedure, rule: str, tells: tuple[str, ...], by: date, channels: set[str]
) -> None:
    case = Trial(procedure, "2026-12-25 09:00", first_contact="2026-12-24T17:00:00+00:00")
    case.happened("concern_found", "2026-12-25 09:00", concern=ALLEGATION, known_at="2026-12-24T17:00:00+00:00")
    line = case.line(rule)
    assert (line.to, line.due, line.pauses) == (tells, by, False)
    assert {*procedure.notification_rule(rule).channels} == channels


@pytest.mark.clause("STS-11")
def test_ofsted_hears_as_soon_as_it_can_be_done_and_within_fourteen_days(procedure: Procedure) -> None:
    line = alleged(procedure).line("ofsted")
    assert line.target_at == datetime(2026, 12, 30, tzinfo=LONDON) and line.due == date(2027, 1, 7)


@pytest.mark.clause("STS-11")
def test_the_lead_is_called_then_the_deputy_and_in_the_end_the_council(procedure: Procedure) -> None:
    case = Trial(procedure, CHRISTMAS_EVE, concerns=[ALLEGATION])
    called = [(rung.after_seconds, rung.who.key)
              for rung in ladder(procedure, case.state, case.roster, "safeguarding_lead", case.now)]  # fmt: skip
    assert called == [(0, LEAD), (600, DEPUTY), (1200, "chief_executive"), (1800, "local_authority"), (14400, "mash")]
    steps = case.line("safeguarding_lead").late_steps
    assert [(at.astimezone(LONDON).hour, step.tell) for at, step in steps] == [(18, (DEPUTY,)), (21, ("mash",))]
    assert procedure.role(LEAD).must_be_filled and procedure.role(DEPUTY).must_be_filled


@pytest.mark.clause("STS-11")
@pytest.mark.parametrize(("about", "told"), [([], LEAD), ([LEAD], DEPUTY), ([LEAD, DEPUTY], "local_authority")])
def test_an_allegation_against_the_lead_goes_to_the_deputy_and_then_to_the_council(
    procedure: Procedure, about: list[str], told: str
) -> None:
    assert Trial(procedure, CHRISTMAS_EVE, about=about, concerns=[ALLEGATION]).told(LEAD) == (told,)


# ---------------------------------------------------------------- what raises a concern, and what it puts on hold


@pytest.mark.parametrize(
    ("clause", "concern", "ticks", "word_list"),
    [
        ("STS-11", ALLEGATION, {"harmed by a member of staff"}, "staff_conduct"),
        ("STS-15", "abuse_or_exploitation", {"neglect", "physical abuse", "emotional abuse", "sexual abuse",
                                             "financial abuse", "criminal or sexual exploitation"}, "abuse"),
        ("STS-15", RISK, {"self-harm", "suicide", "harm to others"}, "self_harm"),
        ("STS-15", "missing", {"missing"}, "missing"),
    ],
)  # fmt: skip
def test_a_tick_or_a_word_raises_a_concern_with_or_without_a_complaint(
    procedure: Procedure, clause: str, concern: str, ticks: set[str], word_list: str
) -> None:
    one = procedure.concern(concern)
    assert ({*one.ticks}, one.word_list) == (ticks, word_list)
    assert Trial(procedure, CHRISTMAS_EVE, kind="comment", concerns=[concern]).owes("safeguarding_lead")


@pytest.mark.clause("STS-11")
def test_an_allegation_is_against_staff_volunteers_or_students_and_the_leads_decide_on_it(
    procedure: Procedure,
) -> None:
    assert {*procedure.concern(ALLEGATION).about} == {"staff", "volunteer", "student"}
    case = Trial(procedure, CHRISTMAS_EVE, about=[LEAD], concerns=[ALLEGATION])
    case.refused("confirm_concern", "chief_executive", concern=ALLEGATION, reason="it stands")
    case.do("confirm_concern", DEPUTY, concern=ALLEGATION, reason="it stands")


HOLD: dict[str, Any] = {"rule": "safeguarding", "heads": ["complaint"], "reason": "the police ask for it"}


@pytest.mark.clause("STS-15")
@pytest.mark.parametrize(
    "concern",
    [*ABOUT_STAFF, "abuse_or_exploitation", "significant_childcare_event", "child_sexual_abuse", "fgm",
     "forced_marriage_or_cutting", "radicalisation", "immediate_danger"],
)  # fmt: skip
def test_what_a_confirmed_concern_touches_may_be_put_on_hold_and_is_looked_at_again_in_five_working_days(
    procedure: Procedure, concern: str
) -> None:
    found = Trial(procedure, CHRISTMAS_EVE, concerns=[concern])
    assert "only after" in found.refused("suspend", "chief_executive", **HOLD).sentence
    alleged(procedure, RISK).refused("suspend", "chief_executive", **HOLD)
    case = alleged(procedure, concern)
    case.refused("suspend", "chief_executive", review_by="2027-01-06", **HOLD)
    case.do("suspend", "chief_executive", **HOLD)
    row = case.ledger[-1].data
    assert (row["review_by"], row["tell"], row["heads"]) == ("2027-01-05", ["complainant"], ["complaint"])


@pytest.mark.clause("STS-15")
@pytest.mark.parametrize(
    ("by", "about"),
    [
        ("chief_executive", []),
        ("chair_of_trustees", []),
        ("vice_chair", []),
        ("external_investigator", ["chief_executive", "chair_of_trustees", "vice_chair", "trustee",
                                   *(f"trustee_{n}" for n in range(2, 6))]),
    ],
)  # fmt: skip
def test_those_at_the_top_decide_what_is_put_on_hold_or_somebody_outside_when_it_is_about_all_of_them(
    procedure: Procedure, by: str, about: list[str]
) -> None:
    case = alleged(procedure, about=about)
    case.refused("suspend", "trustee", **HOLD)
    case.do("suspend", by, **HOLD)


@pytest.mark.clause("STS-15")
@pytest.mark.parametrize("ends", ["safeguarding_closed", "disciplinary_closed"])
def test_the_whole_case_may_be_held_too_and_goes_on_when_what_it_waited_for_has_ended(
    procedure: Procedure, ends: str
) -> None:
    case = alleged(procedure)
    case.do("suspend", "chief_executive", rule="safeguarding", heads="case", reason="the LADO asks for it")
    assert case.state.on_hold
    case.do("close_safeguarding", LEAD, "2027-01-04 10:00", event=ends, outcome="not substantiated")
    assert not case.state.on_hold


@pytest.mark.clause("STS-15")
@pytest.mark.parametrize("why", ["it would harm an enquiry", "it would put somebody at risk"])
def test_the_complainant_is_told_of_the_hold_unless_that_would_do_harm(procedure: Procedure, why: str) -> None:
    case = alleged(procedure)
    case.refused("suspend", "chief_executive", withhold="they would be cross", **HOLD)
    case.do("suspend", "chief_executive", withhold=why, **HOLD)
    assert case.ledger[-1].data.get("tell") is None
