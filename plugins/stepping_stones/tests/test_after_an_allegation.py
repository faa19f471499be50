"""After an allegation (STS-11): everybody is made safe, the LADO is asked, only then is anybody suspended or asked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from heard.procedure import Procedure
from heard.trial import Trial

LONDON = ZoneInfo("Europe/London")
CHRISTMAS_EVE = "2026-12-24 17:00"
LEAD, DEPUTY = "designated_safeguarding_lead", "deputy_safeguarding_lead"
ALLEGATION = "allegation_against_staff"
ABOUT_STAFF = [ALLEGATION, "lado_threshold", "serious_harm_or_abuse"]
RISK = "risk_to_self_or_others"


def alleged(
    procedure: Procedure, concern: str = ALLEGATION, about: Sequence[str] = ("keyworker",), **said: Any
) -> Trial:
    """On Christmas Eve a keyworker is said to have hurt somebody; a lead confirms that it must be looked at."""
    case = Trial(procedure, CHRISTMAS_EVE, about=about, concerns=[concern], **said)
    lead = DEPUTY if LEAD in about else LEAD
    return case.do("confirm_concern", lead, "2026-12-24 18:30", concern=concern, reason="it stands")


# ---------------------------------------------------------------- safety first, then the LADO, then suspending


@pytest.mark.clause("STS-11")
@pytest.mark.parametrize("concern", ABOUT_STAFF)
@pytest.mark.parametrize("answer", ["safe", "steps_taken"])
def test_first_everybody_is_made_safe_at_once(procedure: Procedure, concern: str, answer: str) -> None:
    case = Trial(procedure, CHRISTMAS_EVE, concerns=[concern])
    line = case.line("make_everybody_safe")
    assert (line.due, line.by) == (datetime(2026, 12, 24, 18, tzinfo=LONDON), (LEAD,))
    question = {"decision": "everybody_safe", "answer": answer}
    assert case.refused("decide", LEAD, **question).sentence == "This must be recorded too: what was done."
    case.do("decide", LEAD, record={"what was done": "she went home with her mother"}, **question)
    assert case.line("make_everybody_safe").status == "met"


@pytest.mark.clause("STS-11")
@pytest.mark.parametrize("by", [LEAD, DEPUTY, "chief_executive", "chair_of_trustees", "womens_service_manager"])
def test_whoever_leads_or_handles_it_may_say_that_everybody_is_safe_and_nobody_else(
    procedure: Procedure, by: str
) -> None:
    about = ["keyworker", LEAD] if by == DEPUTY else ["keyworker"]
    case = alleged(procedure, about=about, formality="informal", facts={"service": "women's service"})
    said: dict[str, Any] = {"decision": "everybody_safe", "answer": "safe", "record": {"what was done": "sent home"}}
    case.refused("decide", "trustee", **said)
    case.do("decide", by, **said)


@pytest.mark.clause("STS-11")
def test_without_an_allegation_nobody_is_asked_whether_all_are_safe_or_somebody_is_suspended(
    procedure: Procedure,
) -> None:
    case = alleged(procedure, RISK)
    assert not case.owes("make_everybody_safe")
    for question in ("everybody_safe", "suspend_staff"):
        assert case.refused("decide", "chief_executive", decision=question).sentence == "This is not asked here."


SUSPEND: dict[str, Any] = {
    "decision": "suspend_staff",
    "record": {"reason": "to keep her safe", "what else was weighed": "leave", "what the LADO advised": "to do it"},
}


@pytest.mark.clause("STS-11")
@pytest.mark.parametrize("by", ["chief_executive", "chair_of_trustees", "vice_chair"])
@pytest.mark.parametrize(
    ("answer", "until"), [("yes", "safeguarding_closed"), ("other_safeguard", None), ("no", None)]
)
def test_suspending_is_decided_for_each_person_at_the_top_after_the_lado_was_asked(
    procedure: Procedure, by: str, answer: str, until: str | None
) -> None:
    said = {**SUSPEND, "answer": answer}
    early = Trial(procedure, CHRISTMAS_EVE, about=["keyworker"], concerns=[ALLEGATION])
    assert "too early" in early.refused("decide", by, basis="nobody can be kept safe otherwise", **said).sentence
    case = alleged(procedure)
    assert case.refused("decide", by, **said).sentence == "The LADO is asked before anybody is suspended."
    case.happened("lado_agreed_next_step", "2026-12-24 19:00", outcome="go on")
    case.refused("decide", DEPUTY, **said)
    lacks = case.refused("decide", by, **{**said, "record": {}}).sentence
    assert lacks == "This must be recorded too: reason; what else was weighed; what the LADO advised."
    case.do("decide", by, **said)
    row = case.ledger[-1].data
    assert (row["instance"], row.get("until")) == ("s0", until)
    assert procedure.decision("suspend_staff").presumed == "yes"


@pytest.mark.clause("STS-11")
def test_before_the_lado_was_asked_somebody_is_suspended_only_where_nobody_can_be_kept_safe_otherwise(
    procedure: Procedure,
) -> None:
    said = {**SUSPEND, "answer": "yes"}
    alleged(procedure).refused("decide", "chief_executive", basis="it looks bad", **said)
    alleged(procedure).do("decide", "chief_executive", basis="nobody can be kept safe otherwise", **said)
    gate = next(one for one in procedure.gates if one.key == "lado_before_suspension")
    assert gate.only_if and gate.only_if.tests[0].wants == tuple(ABOUT_STAFF)


@pytest.mark.clause("STS-11")
@pytest.mark.parametrize("concern", ABOUT_STAFF)
@pytest.mark.parametrize("opens", ["lado_agreed_next_step", "concern_cleared"])
def test_nothing_is_looked_into_inside_before_the_lado_or_the_police_agree(
    procedure: Procedure, concern: str, opens: str
) -> None:
    case = alleged(procedure, concern, child_age=3)
    inside: list[tuple[str, dict[str, Any]]] = [
        ("record", {"event": "interview_held"}),
        ("record", {"event": "investigation_recorded"}),
        ("tell", {"duty": "hear_named_person", "whom": "named_person", "instance": "s0"}),
    ]
    for command, said in inside:
        assert case.refused(command, **said).clause
    if opens == "concern_cleared":
        case.do("clear_concern", LEAD, "2026-12-29 10:00", concern=concern, reason="it was somebody else")
    else:
        case.happened("lado_agreed_next_step", "2026-12-29 10:00", outcome="go on")
    letter = ["what the complaint says about them", "how and by which day they can answer"]
    for command, said in inside:
        case.do(command, **{**said, "contents": letter})


@pytest.mark.clause("STS-11")
def test_the_board_too_waits_with_hearing_the_person_and_without_an_allegation_nobody_waits(
    procedure: Procedure,
) -> None:
    letter = ["that the Board looks at it", "how and by which day they can answer"]
    told: dict[str, Any] = {"duty": "hear_named_person_again", "whom": "named_person", "instance": "s0"}
    told["contents"] = letter
    for concern, waits in ((ALLEGATION, True), (RISK, False)):
        case = alleged(procedure, concern, child_age=3).happened("responded", "2026-12-29 10:00")
        case.do("ask_to_go_on", to="stage_3")
        if waits:
            assert "before the LADO" in case.refused("tell", **told).sentence
        else:
            case.do("tell", **told)
            case.do("record", event="interview_held")
