"""Members of staff whom a complaint names: what they are told, whether they are suspended, what follows for them."""

from __future__ import annotations

from typing import Any

import pytest

from heard.procedure import Procedure
from heard.standing import standing
from heard.trial import Trial

FRIDAY = "2026-12-18 16:30"
MANAGER, LEAD, OUTSIDE = "registered_service_manager", "designated_safeguarding_lead", "external_investigator"
NAMED, ANOTHER = "team_manager", "out_of_hours_duty_manager"
RECORD = {"reason": "risk", "alternatives considered": "another house", "with pay": "yes"}


def in_stage_2(procedure: Procedure, **more: Any) -> Trial:
    """A case about one member of staff, in Stage 2."""
    trial = Trial(procedure, FRIDAY, about=[NAMED], **more)
    return trial.do("ask_to_go_on", "complainant", "2026-12-21 10:00", to="stage_2")


UNSAID = ["who complained", "anything about other children"]


def act(trial: Trial, held: str) -> None:
    """Does what the gate is about."""
    if held == "interview_held":
        trial.do("record", MANAGER, event="interview_held")
    else:
        trial.do("tell", MANAGER, duty=held, whom=NAMED, leaves_out=UNSAID)


@pytest.mark.parametrize("held", ["copy_to_named_staff", "support_named_staff", "interview_held"])
@pytest.mark.clause("IOI-34")
def test_named_staff_hear_nothing_while_a_concern_is_open(procedure: Procedure, held: str) -> None:
    trial = in_stage_2(procedure, concerns=["abuse_or_exploitation"])
    if held == "interview_held":
        refusal = trial.refused("record", MANAGER, event=held)
    else:
        refusal = trial.refused("tell", MANAGER, duty=held, whom=NAMED, leaves_out=UNSAID)
    assert refusal.clause == ("IOI-34",)
    act(in_stage_2(procedure), held)  # with no concern nothing is held back
    trial.do("clear_concern", LEAD, concern="abuse_or_exploitation", reason="it was a film")
    act(trial, held)


@pytest.mark.clause("IOI-34")
def test_the_lado_s_next_step_lets_them_hear_it(procedure: Procedure) -> None:
    trial = in_stage_2(procedure, concerns=["abuse_or_exploitation"])
    trial.do("close_safeguarding", LEAD, event="lado_agreed_next_step", outcome="look into it inside")
    act(trial, "copy_to_named_staff")


@pytest.mark.clause("IOI-34", "IOI-38", "IOI-46")
def test_each_person_named_is_told_on_their_own(procedure: Procedure) -> None:
    trial = Trial(procedure, FRIDAY, about=[NAMED, ANOTHER])
    trial.do("ask_to_go_on", "complainant", "2026-12-21 10:00", to="stage_2")
    trial.happened("responded", "2027-01-11 10:00", findings={"complaint": "upheld"})
    for duty in ("copy_to_named_staff", "extract_to_named_staff", "support_named_staff"):
        assert [one.instance for one in trial.lines() if one.duty == duty] == ["s0", "s1"]


@pytest.mark.parametrize("ground", ["it would prejudice an investigation", "safeguarding or police advice"])
@pytest.mark.clause("IOI-46")
def test_support_waits_only_on_two_grounds_that_the_manager_records(procedure: Procedure, ground: str) -> None:
    trial = Trial(procedure, FRIDAY, about=[NAMED])
    let_go: dict[str, Any] = {"duty": "support_named_staff", "ground": ground}
    assert trial.refused("excuse", LEAD, **let_go).sentence.startswith("Only the registered service manager")
    assert trial.refused("excuse", MANAGER, duty="support_named_staff", ground="they are on leave")
    assert trial.do("excuse", MANAGER, **let_go).line("support_named_staff").status == "excused"


@pytest.mark.parametrize("answer", ["yes", "no", "other_safeguard"])
@pytest.mark.clause("IOI-36")
def test_gross_misconduct_asks_whether_they_are_suspended_with_pay(procedure: Procedure, answer: str) -> None:
    question: dict[str, Any] = {"decision": "suspend_staff", "answer": answer}
    trial = Trial(procedure, FRIDAY, about=[NAMED], concerns=["gross_misconduct"])
    assert trial.refused("decide", MANAGER, **question).sentence == "It is too early to decide this."
    trial.do("confirm_concern", LEAD, concern="gross_misconduct", reason="it was seen")
    assert trial.refused("decide", LEAD, **question, record=RECORD).sentence.startswith("Only the registered")
    assert trial.refused("decide", MANAGER, **question).sentence == (
        "This must be recorded too: reason; alternatives considered; with pay."
    )
    decided = trial.do("decide", MANAGER, **question, record=RECORD).ledger[-1].data
    assert (decided["answer"], decided["instance"]) == (answer, "s0")
    trial.happened("milestone_reached", "2027-01-11 10:00", milestone="investigation_report_received")
    (held,) = [one for one in standing(trial.state) if one.question.key == "suspend_staff"]
    assert (held.ended_at is not None) is (answer == "yes")  # for the duration of the investigation


@pytest.mark.clause("IOI-36")
def test_until_somebody_decides_it_is_presumed_that_they_are(procedure: Procedure) -> None:
    trial = Trial(procedure, FRIDAY, about=[NAMED], concerns=["gross_misconduct"])
    trial.do("confirm_concern", LEAD, concern="gross_misconduct", reason="it was seen")
    (held,) = [one for one in standing(trial.state) if one.question.key == "suspend_staff"]
    assert (held.answer.key, held.presumed, held.instance) == ("yes", True, "s0")


@pytest.mark.clause("IOI-36")
def test_nobody_is_suspended_for_less(procedure: Procedure) -> None:
    trial = Trial(procedure, FRIDAY, about=[NAMED], concerns=["misconduct"])
    trial.do("confirm_concern", LEAD, concern="misconduct", reason="it was seen")
    refusal = trial.refused("decide", MANAGER, decision="suspend_staff", answer="yes", record=RECORD)
    assert refusal.sentence == "This is not asked here."


@pytest.mark.clause("IOI-36")
def test_the_lado_is_asked_before_anybody_is_suspended(procedure: Procedure) -> None:
    question: dict[str, Any] = {"decision": "suspend_staff", "answer": "yes", "record": RECORD}
    trial = Trial(procedure, FRIDAY, about=[NAMED], concerns=["gross_misconduct", "lado_threshold"])
    trial.do("confirm_concern", LEAD, concern="gross_misconduct", reason="it was seen")
    assert trial.refused("decide", MANAGER, **question).clause == ("IOI-36",)
    assert trial.refused("decide", MANAGER, **question, basis="it is quicker")
    unsafe = Trial(procedure, FRIDAY, about=[NAMED], concerns=["gross_misconduct", "lado_threshold"])
    unsafe.do("confirm_concern", LEAD, concern="gross_misconduct", reason="it was seen")
    assert unsafe.do("decide", MANAGER, **question, basis="nobody can be kept safe otherwise")
    trial.do("close_safeguarding", LEAD, event="lado_agreed_next_step", outcome="suspend them")
    assert trial.do("decide", MANAGER, **question).state.answers["suspend_staff"] == "yes"


@pytest.mark.clause("IOI-46")
def test_whoever_must_hear_of_a_dismissal_has_heard_by_the_next_working_day(procedure: Procedure) -> None:
    trial = Trial(procedure, FRIDAY, about=[NAMED])
    trial.happened("responded", "2026-12-23 10:00", findings={"complaint": "upheld"})
    question: dict[str, Any] = {"decision": "staff_outcome", "answer": "dismissal_and_referrals"}
    line = trial.do("decide", MANAGER, "2026-12-24 10:00", **question).line("refer_after_dismissal")
    assert (line.by, line.to, str(line.due)) == (
        ("handler",), ("placing_authority", "safeguarding_partnership", "police", "ofsted", "dbs"), "2026-12-29",
    )  # fmt: skip


@pytest.mark.parametrize(("clause", "decision"), [("IOI-36", "suspend_staff"), ("IOI-46", "staff_outcome")])
def test_somebody_outside_decides_what_happens_to_the_manager(
    procedure: Procedure, clause: str | tuple[str, ...], decision: str
) -> None:
    trial = Trial(procedure, FRIDAY, about=[MANAGER, ANOTHER], concerns=["gross_misconduct"])
    trial.do("confirm_concern", LEAD, concern="gross_misconduct", reason="it was seen")
    trial.happened("responded", "2026-12-23 10:00", findings={"complaint": "upheld"})
    answer = "yes" if decision == "suspend_staff" else "disciplinary"
    trial.do("decide", OUTSIDE, decision=decision, answer=answer, instance="s0", record=RECORD)
    assert trial.state.decided[(decision, "s0")] == answer


@pytest.mark.parametrize("answer", ["nothing", "supervision_training", "disciplinary", "dismissal_and_referrals"])
@pytest.mark.clause("IOI-46")
def test_four_things_can_follow_for_somebody_once_there_is_an_answer(procedure: Procedure, answer: str) -> None:
    question: dict[str, Any] = {"decision": "staff_outcome", "answer": answer}
    trial = Trial(procedure, FRIDAY, about=[NAMED])
    assert trial.refused("decide", MANAGER, **question).sentence == "It is too early to decide this."
    trial.happened("responded", "2026-12-23 10:00", findings={"complaint": "upheld"})
    assert trial.refused("decide", LEAD, **question).sentence.startswith("Only the registered service manager")
    decided = trial.do("decide", MANAGER, **question).ledger[-1].data
    assert (decided["answer"], decided["instance"]) == (answer, "s0")
    told = ["placing_authority", "safeguarding_partnership", "police", "ofsted", "dbs"]
    assert decided.get("tell") == (told if answer == "dismissal_and_referrals" else None)
