"""What each letter must say and must not, and who is heard before it goes: STS-5 to STS-10, STS-13 and STS-15."""

from __future__ import annotations

from typing import Any

import pytest

from heard.procedure import Procedure
from heard.trial import Trial

MONDAY = "2027-01-11 10:00"
BODIES = "Ofsted and the Charity Commission"
TO_THE_CHIEF_EXECUTIVE = (
    "how to take it to the Chief Executive, and where to write: 9a George Street West, Luton LU1 2BJ, marked "
    "Confidential"
)
TO_THE_BOARD = "how to take it to the Board"
UPHELD = {"complaint": "upheld"}
HEARD = {"what the complaint says about them", "how and by which day they can answer"}


def at_stage(procedure: Procedure, stage: str, about: tuple[str, ...] = (), **said: Any) -> Trial:
    """A complaint that stands in that stage, in the third with the panel's meeting behind it."""
    formality = "informal" if stage == "stage_1" else "formal"
    case = Trial(procedure, MONDAY, formality=formality, child_age=3, about=about, **said)
    if stage == "stage_3":
        case.happened("responded", "2027-01-12 10:00")
        case.do("ask_to_go_on", when="2027-01-13 10:00", to="stage_3").happened("panel_met", "2027-01-25 10:00")
    return case


# ---------------------------------------------------------------- contents


@pytest.mark.parametrize(
    ("clause", "stage", "command", "letter"),
    [
        ("STS-6", "stage_1", "respond", ["what we found", "what was done, or will be", TO_THE_CHIEF_EXECUTIVE, BODIES]),
        ("STS-7", "stage_2", "acknowledge", ["how it will be dealt with", "when it will be dealt with"]),
        ("STS-8", "stage_2", "respond", ["our view", "what was done, or may be", TO_THE_BOARD, BODIES]),
        ("STS-10", "stage_3", "acknowledge", ["by when the Board will answer"]),
        ("STS-10", "stage_3", "respond", ["what the Board decided, with reasons", "what will be done", BODIES]),
    ],
)
def test_a_letter_does_not_go_before_it_says_all_that_it_must(
    procedure: Procedure, clause: str, stage: str, command: str, letter: list[str]
) -> None:
    case = at_stage(procedure, stage)
    refused = case.refused(command, findings=UPHELD, contents=[])
    assert refused.sentence == f"It must also say: {'; '.join(letter)}."
    dates = {"respond": "2027-02-08"} if stage == "stage_3" else {}
    case.do(command, findings=UPHELD, contents=letter, dates_given=dates)


@pytest.mark.clause("STS-13")
def test_about_the_chair_the_acknowledgement_points_to_the_charity_commission(procedure: Procedure) -> None:
    letter = ["how it will be dealt with", "when it will be dealt with"]
    at_stage(procedure, "stage_2", ("chief_executive",)).do("acknowledge", contents=letter)
    case = at_stage(procedure, "stage_2", ("chair_of_trustees",))
    line = case.line("point_to_charity_commission")
    assert (str(line.due), line.to) == ("2027-01-18", ("complainant",))
    refused = case.refused("acknowledge", contents=letter)
    assert refused.sentence == "It must also say: the Charity Commission, at any time."
    case.do("acknowledge", contents=[*letter, "the Charity Commission, at any time"])
    assert case.line("point_to_charity_commission").status == "met"


@pytest.mark.parametrize(
    ("clause", "stage"), [("STS-5", "stage_1"), ("STS-9", "stage_2"), ("STS-10", "stage_3")]
)
def test_an_answer_is_written_and_never_tells_of_a_disciplinary_sanction(
    procedure: Procedure, clause: str, stage: str
) -> None:
    duty = procedure.duty("respond", stage)
    assert (duty.form, duty.leaves_out) == ("writing", ("any disciplinary sanction",))


@pytest.mark.clause("STS-15")
@pytest.mark.parametrize("finding", ["upheld", "partly_upheld", "not_upheld", "not_determined"])
def test_an_answer_finds_in_three_words_or_that_nobody_could_tell(procedure: Procedure, finding: str) -> None:
    case = at_stage(procedure, "stage_2")
    letter = ["our view", "what was done, or may be", TO_THE_BOARD, BODIES]
    said: dict[str, Any] = {"findings": {"complaint": finding}, "contents": letter}
    case.refused("respond", **{**said, "findings": {"complaint": "proven"}})
    if finding in ("not_upheld", "not_determined"):
        assert "needs reasons" in case.refused("respond", **said).sentence
        said["reasons_for"] = ["complaint"]
    case.do("respond", **said)
    assert {*procedure.words.findings} == {"upheld", "partly_upheld", "not_upheld"}


@pytest.mark.clause("STS-15")
def test_what_was_learned_is_said_in_words_that_can_be_counted(procedure: Procedure) -> None:
    assert {*procedure.words.lessons} == {
        "training", "policy or procedure", "how people are supported", "how we speak with people", "staffing",
        "premises", "nothing to change",
    }  # fmt: skip


# ---------------------------------------------------------------- whoever it is about


@pytest.mark.parametrize(
    ("clause", "stage", "duty", "letter", "excuses"),
    [
        ("STS-5", "stage_1", "hear_named_person", HEARD,
         {"safeguarding, LADO or police advice", "they do not work here"}),
        ("STS-5", "stage_2", "hear_named_person", HEARD,
         {"heard at Stage 1, and nothing new is said", "safeguarding, LADO or police advice", "they do not work here"}),
        ("STS-10", "stage_3", "hear_named_person_again",
         {"that the Board looks at it", "how and by which day they can answer"},
         {"safeguarding, LADO or police advice", "they do not work here"}),
    ],
)  # fmt: skip
def test_whoever_it_is_about_is_told_and_may_answer_before_anybody_is_answered(
    procedure: Procedure, clause: str, stage: str, duty: str, letter: set[str], excuses: set[str]
) -> None:
    case = at_stage(procedure, stage, ("keyworker", "womens_service_manager"))
    rule = procedure.duty(duty, stage)
    assert {*rule.contains} == letter and rule.leaves_out == ("who complained, where they need not know",)
    lines = [one for one in case.lines() if (one.duty, one.stage) == (duty, stage)]
    assert {one.instance for one in lines} == {"s0", "s1"} and {one.to for one in lines} == {("named_person",)}
    handler = str(case.holder("handles"))
    assert case.refused("respond", findings=UPHELD).sentence == f"First: {rule.says}."
    telling: dict[str, Any] = {"duty": duty, "whom": "named_person", "instance": "s0"}
    assert "It must also say" in case.refused("tell", handler, contents=[], **telling).sentence
    assert "It must not say" in case.refused("tell", handler, contents=sorted(letter), **telling).sentence
    case.do("tell", handler, contents=sorted(letter), leaves_out=rule.leaves_out, **telling)
    assert {one.status for one in case.lines() if one.duty == duty and one.instance == "s0"} == {"met"}
    case.refused("excuse", handler, duty=duty, instance="s1", ground="it is awkward")
    case.refused("excuse", "childcare_deputy_manager", duty=duty, instance="s1", ground=sorted(excuses)[0])
    for ground in sorted(excuses):
        case.do("excuse", handler, duty=duty, instance="s1", ground=ground)
    assert {*rule.clock.excused_if} == excuses
    assert rule.clock.excused_by == (("handler", "investigates") if stage == "stage_1" else ("handler",))
    assert "First" not in case.refused("respond", findings=UPHELD, contents=[]).sentence


@pytest.mark.clause("STS-5")
def test_at_stage_1_whoever_looks_into_it_may_let_the_hearing_go_as_well(procedure: Procedure) -> None:
    case = at_stage(procedure, "stage_1", ("childcare_service_manager",), facts={"service": "women's service"})
    assert case.holder("investigates") == "womens_service_manager" != case.holder("handles")
    excuse = {"duty": "hear_named_person", "instance": "s0", "ground": "they do not work here"}
    case.do("excuse", "womens_service_manager", **excuse)


# ---------------------------------------------------------------- going on


@pytest.mark.clause("STS-6")
def test_the_formal_complaint_may_follow_at_any_time_on_three_grounds_even_when_the_first_is_closed(
    procedure: Procedure,
) -> None:
    case = at_stage(procedure, "stage_1")
    case.do("ask_to_go_on", to="stage_2")
    assert case.state.stage == "stage_2"
    later = at_stage(procedure, "stage_1").happened("closed", "2027-02-01 10:00", outcome="answered")
    later.do("ask_to_go_on", when="2027-06-01 10:00", to="stage_2", grounds="the problem came back")
    assert later.state.stage == "stage_2" and later.state.is_open
    way = procedure.stage("stage_1").ways_on[-1]
    assert {*way.grounds} == {"not satisfied with the answer", "the problem came back", "no answer in time"}
    assert way.form == "writing, or spoken and written down for them"
    assert way.asked_by == ("complainant",) and way.at_any_time


@pytest.mark.clause("STS-8")
@pytest.mark.parametrize("role", ["chief_executive", "chair_of_trustees"])
@pytest.mark.parametrize("asked_by", ["complainant", "handler"])
def test_found_to_be_about_those_at_the_top_it_goes_to_the_board_s_side_at_any_time(
    procedure: Procedure, role: str, asked_by: str
) -> None:
    case = at_stage(procedure, "stage_1")
    case.happened("acknowledged", "2027-01-12 10:00").happened("closed", "2027-01-13 10:00", outcome="answered")
    case.happened("named", "2027-01-14 10:00", subject="s0", person=role, role=role, identified=True)
    case.do("ask_to_go_on", when="2027-06-15 10:00", to="stage_2", asked_by=asked_by)
    assert case.state.stage == "stage_2" and case.holder("handles") not in (role, "chief_executive", None)


@pytest.mark.clause("STS-8")
def test_nobody_but_the_complainant_takes_any_other_complaint_on(procedure: Procedure) -> None:
    assert "asked by the complainant" in at_stage(procedure, "stage_1").refused(
        "ask_to_go_on", to="stage_2", asked_by="handler"
    ).sentence
    way = procedure.stage("stage_1").ways_on[0]
    assert (way.at_any_time, way.reopens, way.asked_by) == (True, True, ("complainant", "handler"))


@pytest.mark.clause("STS-10")
def test_the_board_is_asked_with_reasons_on_three_grounds_and_only_after_an_answer(procedure: Procedure) -> None:
    case = at_stage(procedure, "stage_2")
    assert "no answer yet" in case.refused("ask_to_go_on", to="stage_3").sentence
    case.happened("responded", "2027-01-12 10:00").do("ask_to_go_on", to="stage_3")
    assert case.state.stage == "stage_3"
    (way,) = procedure.stage("stage_2").ways_on
    assert way.contains == ("why they are not satisfied",)
    assert {*way.grounds} == {
        "not satisfied with the answer", "asks for it to be reconsidered", "no answer in time",
    }  # fmt: skip
    overdue = at_stage(procedure, "stage_2")
    overdue.do("ask_to_go_on", when="2027-02-09 10:00", to="stage_3")
    assert overdue.state.stage == "stage_3"
