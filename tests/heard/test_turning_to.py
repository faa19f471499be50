"""When a body outside may be turned to, in the words of the page and of the letters."""

from __future__ import annotations

from pathlib import Path

import pytest

from heard.letter_facts import outside_bodies
from heard.procedure import Procedure
from heard.procedure_file import read_procedure
from heard.turning_to import limits, offered_when

HERE = Path(__file__).parents[2] / "plugins"


@pytest.fixture(scope="module")
def procedure() -> Procedure:
    return read_procedure(HERE / "example_provider" / "heard_example_provider" / "procedure.toml")


def test_the_page_says_after_which_stage_within_what_time_and_through_whom(procedure: Procedure) -> None:
    assert offered_when(procedure.contact("ombudsman"), procedure) == (
        "after The panel, or before that if nobody here could be reached in a reasonable time; "
        "within 12 months of noticing what it is about; through the council that placed the young person; "
        "they can be asked to look at their decision again within 1 month"
    )


def test_a_body_without_limits_is_there_at_any_time(procedure: Procedure) -> None:
    free = [one for one in procedure.contacts if one.offered and one.offered.any_time and one.is_ != "police"]
    assert free
    assert {offered_when(one, procedure) for one in free if not limits(one)} == {"at any time"}


def test_a_body_for_some_matters_says_for_which() -> None:
    community = read_procedure(HERE / "infinity_alliance" / "heard_infinity_alliance" / "procedure.toml")
    assert offered_when(community.contact("childrens_commissioner"), community) == (
        "at any time; for matters of safeguarding or discrimination"
    )


def test_the_last_answer_s_letter_says_the_limits_too(procedure: Procedure) -> None:
    (line,) = [one for one in outside_bodies(procedure, "panel") if "Ombudsman" in one]
    assert "within 12 months of noticing what it is about" in line
