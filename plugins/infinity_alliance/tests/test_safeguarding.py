"""The text has no safeguarding part, so the house's goes before everything; and what may be gross misconduct."""

from __future__ import annotations

from typing import Any

import pytest

from heard.instants import moment_of
from heard.people import ladder
from heard.procedure import Procedure
from heard.trial import Trial

LEAD = "designated_safeguarding_lead"


def confirmed(procedure: Procedure, *about: str) -> Trial:
    """A complaint of what may be gross misconduct, when the lead has looked at it."""
    case = Trial(procedure, "2026-12-18 16:30", about=about, concerns=["gross_misconduct"])
    return case.do("confirm_concern", LEAD, concern="gross_misconduct", reason="two people saw it")


@pytest.mark.clause("INF-5")
@pytest.mark.parametrize("answer", ["yes", "no", "other_safeguard"])
@pytest.mark.parametrize(
    ("by", "about"),
    [("registered_manager", "house_manager"), ("director", "house_manager"), ("external_investigator", "director")],
)
def test_a_member_of_staff_may_be_suspended_until_what_may_be_gross_misconduct_is_answered(
    procedure: Procedure, by: str, about: str, answer: str
) -> None:
    why = {"reason": "the young people live there", "alternatives considered": "work at another house"}
    asked: dict[str, Any] = {"decision": "suspend_staff", "answer": answer}
    case = confirmed(procedure, about)
    refused = case.refused("decide", by, **asked)
    assert refused.sentence == "This must be recorded too: reason; alternatives considered."
    assert case.refused("decide", LEAD, record=why, **asked)
    row = case.do("decide", by, record=why, **asked).ledger[-1].data
    assert (row["instance"], row.get("until")) == ("s0", "responded" if answer == "yes" else None)


@pytest.mark.clause("INF-5")
def test_it_is_asked_of_each_person_and_only_once_somebody_has_looked_at_it(procedure: Procedure) -> None:
    asked: dict[str, Any] = {
        "decision": "suspend_staff", "answer": "no", "record": {"reason": "so", "alternatives considered": "so"},
    }  # fmt: skip
    early = Trial(procedure, "2026-12-18 16:30", about=["house_manager"], concerns=["gross_misconduct"])
    assert early.refused("decide", "director", **asked).sentence == "It is too early to decide this."
    two = confirmed(procedure, "house_manager", "staff_on_duty")
    assert two.refused("decide", "director", **asked).sentence == "Say about whom this is decided."
    other = Trial(procedure, "2026-12-18 16:30", about=["house_manager"], concerns=["missing"])
    other.do("confirm_concern", LEAD, concern="missing", reason="nobody has seen her")
    assert other.refused("decide", "director", **asked).sentence == "This is not asked here."
    assert procedure.concern("gross_misconduct").ticks == ("gross misconduct",)


@pytest.mark.clause("INF-5")
def test_where_the_lado_has_to_be_asked_they_are_asked_before_anybody_is_suspended(procedure: Procedure) -> None:
    def case() -> Trial:
        found = Trial(
            procedure, "2026-12-18 16:30", about=["house_manager"], concerns=["gross_misconduct", "lado_threshold"]
        )
        return found.do("confirm_concern", LEAD, concern="gross_misconduct", reason="two people saw it")

    why = {"reason": "the young people live there", "alternatives considered": "work at another house"}
    asked: dict[str, Any] = {"decision": "suspend_staff", "answer": "yes", "record": why}
    refused = case().refused("decide", "director", **asked)
    assert refused.sentence == "Where the LADO has to be asked, they are asked before anybody is suspended."
    danger = "nobody can be kept safe otherwise"
    assert case().do("decide", "director", basis=danger, **asked).state.answers["suspend_staff"] == "yes"
    agreed = case().do("close_safeguarding", LEAD, event="lado_agreed_next_step", outcome="the police go first")
    assert agreed.do("decide", "director", **asked).state.answers["suspend_staff"] == "yes"


@pytest.mark.parametrize(
    "concern",
    ["gross_misconduct", "abuse_or_neglect", "risk_to_self_or_others", "missing", "lado_threshold", "immediate_danger",
     "death", "allegation_of_abuse", "exploitation", "serious_police_involvement", "child_protection_enquiry",
     "worker_referred_to_dbs", "restraint", "other_serious_event"],
)  # fmt: skip
def test_each_concern_calls_the_safeguarding_lead_within_the_hour(procedure: Procedure, concern: str) -> None:
    line = Trial(procedure, "2026-12-18 16:30", concerns=[concern]).line("safeguarding_lead")
    assert (line.to, line.due, line.source) == ((LEAD,), moment_of("2026-12-18 17:30"), "house default")


def test_no_concern_is_left_that_calls_nobody_and_the_call_ends_outside(procedure: Procedure) -> None:
    rule = procedure.notification_rule("safeguarding_lead")
    assert {concern.key for concern in procedure.concerns} == {*rule.concern}
    case = Trial(procedure, "2026-12-18 16:30", concerns=["missing"])
    called = [rung.who.key for rung in ladder(procedure, case.state, case.roster, "safeguarding_lead", case.now)]
    assert called == [LEAD, "deputy_safeguarding_lead", "director", "local_authority"]
    assert procedure.role("deputy_safeguarding_lead").must_be_filled
