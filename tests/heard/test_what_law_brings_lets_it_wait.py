"""What a law adds to a procedure as a concern lets the complaint wait like the provider's own concerns do."""

from __future__ import annotations

import pytest

from heard.registry import load_procedures
from heard.trial import Trial

PROCEDURES = load_procedures()
LEAD = "designated_safeguarding_lead"
LAWS = ("child_sexual_abuse", "fgm", "forced_marriage_or_cutting", "radicalisation", "immediate_danger",
        "lado_threshold")  # fmt: skip
"""Concerns of harm that the laws for every provider bring. What is only reported holds up nothing."""


@pytest.mark.parametrize("concern", LAWS)
@pytest.mark.parametrize("key", sorted(PROCEDURES.keys()))
def test_a_concern_that_a_law_brings_lets_the_complaint_wait(key: str, concern: str) -> None:
    procedure = PROCEDURES.get(key)
    rule = procedure.suspensions[0]
    lead = next(role.key for role in procedure.roles if role.key.endswith("safeguarding_lead"))
    asked = {"rule": rule.key, "heads": ["complaint"], "reason": "the police go first"}
    case = Trial(procedure, "2026-12-18 16:30", concerns=[concern])
    assert case.refused("suspend", rule.decided_by[0], **asked)  # nobody has looked yet
    case.do("confirm_concern", lead, concern=concern, reason="it was said")
    assert case.do("suspend", rule.decided_by[0], **asked).state.on_hold[rule.key]
