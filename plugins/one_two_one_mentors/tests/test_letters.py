"""What each letter must say, and what may be let go: MEN-4, MEN-5, MEN-8, MEN-9, MEN-11 to MEN-15, MEN-20, MEN-21."""

from __future__ import annotations

from typing import Any

import pytest

from heard.procedure import Procedure
from heard.trial import Trial

TUESDAY = "2026-11-24 10:00"
UPHELD = {"complaint": "upheld"}
INFORMAL: dict[str, Any] = {"formality": "informal"}
ABOUT_THE_DIRECTOR: dict[str, Any] = {"about": ["director"]}
USE = "what use is made of what they told us"
REFERENCE = ["the reference of the complaint", "the name of the person dealing with it", USE]
CHECKLIST = [
    "what happened until now, and who had a part in it",
    "what the complaint is and what remains unresolved",
    "the person who complained was met or contacted, where more was needed",
    "what they feel would put it right",
    "those involved were interviewed, accompanied if they wished",
    "notes of the interviews were kept",
]


@pytest.mark.parametrize(
    ("clause", "said", "command", "letter"),
    [
        ("MEN-9", INFORMAL, "acknowledge", ["it is taken seriously", "how to make it formal", USE]),
        ("MEN-20", INFORMAL, "acknowledge", ["it is taken seriously", "how to make it formal", USE]),
        ("MEN-8", INFORMAL, "respond", ["upheld in full, in part or not", "what was done, or the reasons",
                                        "how to go on, and the day agreed for it"]),
        ("MEN-11", {}, "acknowledge", REFERENCE),
        ("MEN-11", ABOUT_THE_DIRECTOR, "acknowledge", REFERENCE),
        ("MEN-20", {}, "acknowledge", REFERENCE),
        ("MEN-12", {}, "answer_first", ["what was done about it so far", "by when it will be answered in full"]),
        ("MEN-12", ABOUT_THE_DIRECTOR, "answer_first", ["who looks into it before the panel",
                                                        "by when the panel will meet"]),
        ("MEN-8", {}, "respond", ["upheld in full, in part or not", "reasons",
                                  "what was done or will be done to put it right",
                                  "how to appeal, and the day agreed for it"]),
    ],
)  # fmt: skip
def test_a_letter_does_not_go_before_it_says_all_that_it_must(
    procedure: Procedure, clause: str, said: dict[str, Any], command: str, letter: list[str]
) -> None:
    case = Trial(procedure, TUESDAY, **said)
    if command == "respond" and case.state.stage == "stage_2":
        case.happened("investigation_recorded", "2026-11-25 10:00")
    refused = case.refused(command, findings=UPHELD, contents=[])
    assert refused.sentence == f"It must also say: {'; '.join(letter)}."
    case.do(command, findings=UPHELD, contents=letter, dates_given={"respond": "2026-12-08"} if not said else {})


@pytest.mark.clause("MEN-14", "MEN-15", "MEN-8")
def test_the_panel_s_findings_are_written_and_say_how_it_was_decided_and_what_is_to_be_done(
    procedure: Procedure,
) -> None:
    case = Trial(procedure, TUESDAY).happened("responded", "2026-11-30 10:00")
    case.do("ask_to_go_on", when="2026-12-01 10:00", to="stage_3").happened("panel_met", "2026-12-14 10:00")
    letter = [
        "the decision, unanimous or by majority",
        "reasons",
        "what is to be done, if anything",
        "changes to how things are done, where they are called for",
        "the referring agency's own complaints procedure",
    ]
    refused = case.refused("respond", findings=UPHELD, contents=[])
    assert refused.sentence == f"It must also say: {'; '.join(letter)}."
    case.do("respond", findings=UPHELD, contents=letter)
    assert procedure.duty("findings", "stage_3").form == "writing"


@pytest.mark.clause("MEN-12")
def test_the_first_answer_names_the_day_of_the_full_one(procedure: Procedure) -> None:
    case = Trial(procedure, TUESDAY)
    letter = {"contents": ["what was done about it so far", "by when it will be answered in full"]}
    assert "date of the answer" in case.refused("answer_first", **letter).sentence  # type: ignore[arg-type]
    for duty, stage in (("first_answer", "stage_2"), ("first_answer", "stage_3")):
        assert procedure.duty(duty, stage).form == "writing"


@pytest.mark.clause("MEN-12")
@pytest.mark.parametrize("channel", ["telephone", "in_person"])
def test_the_wait_is_explained_by_talking_as_well(procedure: Procedure, channel: str) -> None:
    case = Trial(procedure, TUESDAY)
    said: dict[str, Any] = {"duty": "explain_delay", "whom": "complainant"}
    letter = ["the steps taken so far", "by when it will be answered in full"]
    refused = case.refused("tell", "director", channel=channel, contents=[], **said)
    assert refused.sentence == f"It must also say: {'; '.join(letter)}."
    case.refused("tell", "director", channel="email", contents=letter, **said)
    case.do("tell", "director", channel=channel, contents=letter, **said)
    assert case.line("explain_delay").status == "met"


@pytest.mark.clause("MEN-4")
def test_the_director_reads_what_it_was_what_was_done_and_whether_they_are_satisfied(procedure: Procedure) -> None:
    case = Trial(procedure, TUESDAY, **INFORMAL).happened("responded", "2026-11-25 10:00")
    letter = [
        "what the concern or complaint was", "what was done about it", "whether the person was satisfied",
    ]  # fmt: skip
    said: dict[str, Any] = {"duty": "report_to_director", "whom": "complaints_coordinator"}
    refused = case.refused("tell", "mentor", contents=[], **said)
    assert refused.sentence == f"It must also say: {'; '.join(letter)}."
    case.do("tell", "mentor", contents=letter, **said)
    assert case.line("report_to_director").status == "met"


@pytest.mark.clause("MEN-5")
def test_nobody_is_answered_before_the_whole_checklist_of_an_investigation_is_done(procedure: Procedure) -> None:
    case = Trial(procedure, TUESDAY)
    first = case.refused("respond", "director", findings=UPHELD).sentence
    assert first == "First: Do what every investigation does, with notes of each interview."
    assert case.line("investigate").by == ("investigates",)
    refused = case.refused("record", "director", event="investigation_recorded", contents=[])
    assert refused.sentence == f"It must also say: {'; '.join(CHECKLIST)}."
    case.do("record", "director", event="investigation_recorded", contents=CHECKLIST)
    assert case.line("investigate").status == "met"


@pytest.mark.clause("MEN-8")
@pytest.mark.parametrize("finding", ["upheld", "partly_upheld", "not_upheld", "not_determined"])
def test_not_upheld_needs_reasons_as_does_what_nobody_could_tell(procedure: Procedure, finding: str) -> None:
    case = Trial(procedure, TUESDAY, **INFORMAL)
    letter = [
        "upheld in full, in part or not", "what was done, or the reasons", "how to go on, and the day agreed for it",
    ]  # fmt: skip
    said: dict[str, Any] = {"findings": {"complaint": finding}, "contents": letter}
    case.refused("respond", **{**said, "findings": {"complaint": "proven"}})
    if finding in ("not_upheld", "not_determined"):
        assert "needs reasons" in case.refused("respond", **said).sentence
        said["reasons_for"] = ["complaint"]
    case.do("respond", **said)
    assert {*procedure.words.findings} == {"upheld", "partly_upheld", "not_upheld"}


@pytest.mark.clause("MEN-8")
def test_six_things_can_be_offered_to_put_it_right(procedure: Procedure) -> None:
    assert {*procedure.words.remedies} == {
        "apology", "explanation", "admission that it could have been handled better",
        "assurance that it will not happen again", "what has been done so that it does not happen again",
        "a review of our policies",
    }  # fmt: skip


@pytest.mark.clause("MEN-8")
def test_what_was_learned_is_said_in_words_that_can_be_counted(procedure: Procedure) -> None:
    assert {*procedure.words.lessons} == {
        "training", "policy or procedure", "how young people are supported", "how we speak with people", "staffing",
        "premises", "nothing to change",
    }  # fmt: skip


# ---------------------------------------------------------------- the referring agency


@pytest.mark.parametrize(
    ("clause", "duty", "grounds"),
    [
        ("MEN-5", "tell_referrer", {"it would put the child at risk", "it is about the referring agency",
                                    "no agency referred anybody whom it concerns"}),
        ("MEN-21", "offer_referrers_procedure", {"no agency referred anybody whom it concerns"}),
    ],
)  # fmt: skip
@pytest.mark.parametrize("about", [[], ["director"]])
def test_the_referring_agency_is_left_out_only_on_these_grounds_and_by_the_coordinator(
    procedure: Procedure, about: list[str], clause: str, duty: str, grounds: set[str]
) -> None:
    coordinator = "operational_manager" if about else "director"
    for ground in sorted(grounds):
        case = Trial(procedure, TUESDAY, about=about)
        case.refused("excuse", "mentor", duty=duty, ground=ground)
        case.refused("excuse", coordinator, duty=duty, ground="they would be cross")
        case.do("excuse", coordinator, duty=duty, ground=ground)
        assert case.line(duty).status == "excused"
    stage = "stage_3" if about else "stage_2"
    assert {*procedure.duty(duty, stage).clock.excused_if} == grounds


@pytest.mark.clause("MEN-5", "MEN-21")
@pytest.mark.parametrize("about", [[], ["director"]])
def test_on_which_ground_of_law_the_referring_agency_was_told_is_written_down(
    procedure: Procedure, about: list[str]
) -> None:
    case = Trial(procedure, TUESDAY, about=about)
    said: dict[str, Any] = {"duty": "tell_referrer", "whom": "referrer"}
    assert case.refused("tell", **said).sentence == "This must be recorded too: legal basis."
    case.do("tell", record={"legal basis": "its part in the placement"}, **said)
    assert case.line("tell_referrer").status == "met"


@pytest.mark.clause("MEN-21")
def test_the_referring_agency_s_own_procedure_may_be_used_at_any_time(procedure: Procedure) -> None:
    one = procedure.contact("referrers_procedure")
    assert one.is_ == "procedure" and one.offered and one.offered.any_time


@pytest.mark.clause("MEN-3", "MEN-5", "MEN-11", "MEN-12", "MEN-21")
def test_after_stage_2_the_panel_does_not_begin_all_that_again(procedure: Procedure) -> None:
    case = Trial(procedure, TUESDAY).happened("responded", "2026-11-30 10:00")
    case.do("ask_to_go_on", when="2026-12-01 10:00", to="stage_3")
    for duty in ("give_reference", "first_answer", "tell_referrer", "offer_referrers_procedure", "fact_finding"):
        assert not case.owes(duty, "stage_3")
