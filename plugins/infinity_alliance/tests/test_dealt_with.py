"""What whoever complained hears of a young person: that it was dealt with; and which answers wait for safeguarding."""

from __future__ import annotations

from datetime import date

import pytest

from heard.procedure import Procedure
from heard.trial import Trial

DEALT_WITH = "that it was dealt with, and nothing more about any young person"


@pytest.mark.clause("INF-6")
@pytest.mark.parametrize(
    ("stage", "who", "due"),
    [("informal", "staff_on_duty", date(2026, 12, 29)), ("formal", "house_manager", date(2027, 1, 15)),
     ("appeal", "director", date(2027, 1, 13))],
)  # fmt: skip
def test_where_a_young_person_did_something_the_answer_says_that_it_was_dealt_with_and_no_more(
    procedure: Procedure, stage: str, who: str, due: date
) -> None:
    case = Trial(procedure, "2026-12-18 16:30", formality="informal").happened(
        "stage_opened", "2026-12-18 16:31", stage
    )
    assert not case.owes("say_dealt_with", stage)
    case.do("decide", who, decision="open_behaviour", answer="yes")
    assert (case.line("say_dealt_with", stage).to, case.due("say_dealt_with", stage)) == (("complainant",), due)
    if stage == "formal":
        case.do("excuse", who, duty="talk_it_over", ground="not possible")
    answer = procedure.duty("resolve" if stage == "informal" else "respond", stage).contains
    assert (
        case.refused("respond", who, contents=answer, findings={"complaint": "upheld"}).sentence
        == f"It must also say: {DEALT_WITH}."
    )
    case.do("respond", who, contents=[*answer, DEALT_WITH], findings={"complaint": "upheld"})
    assert case.line("say_dealt_with", stage).status == "met"


@pytest.mark.clause("INF-2", "INF-6", "INF-7", "INF-9")
@pytest.mark.parametrize(
    ("stage", "duty"),
    [("informal", "resolve"), ("formal", "respond"), ("appeal", "respond"),
     ("informal", "say_dealt_with"), ("formal", "say_dealt_with"), ("appeal", "say_dealt_with")],
)  # fmt: skip
def test_while_safeguarding_goes_first_the_answers_wait(procedure: Procedure, stage: str, duty: str) -> None:
    case = Trial(procedure, "2026-12-18 16:30", formality="informal").happened(
        "stage_opened", "2026-12-18 16:31", stage
    )
    case.do("decide", str(case.holder("handles")), decision="open_behaviour", answer="yes")
    case.happened("suspended", "2026-12-21 10:00", rule="safeguarding_or_disciplinary", heads="case")
    assert case.line(duty, stage).status == "paused"
