"""A provider's own reference as its document writes it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from heard.numbering import initials, registrar, written
from heard.procedure import Reference
from heard.procedure_file import ProcedureFaults, read_procedure
from tests.heard.invented import Story, procedure, roster
from tests.heard.samples import WHOLE
from tests.heard.samples import written as as_file

DAY = date(2004, 9, 30)
KNOWN = {"handler_initials": "PR", "complainant_initials": "CI", "site": "site name", "programme": ""}
MENTORS = procedure("one_two_one_mentors").reference


def test_the_example_of_the_document_comes_out_as_it_stands_there() -> None:
    assert MENTORS is not None
    assert written(MENTORS, DAY, KNOWN, 1) == "30.9.04 / (PR) / site name / (CI)"
    with_programme = {**KNOWN, "programme": "Forest"}
    assert written(MENTORS, DAY, with_programme, 1) == "30.9.04 / (PR) / site name-Forest / (CI)"
    assert written(MENTORS, DAY, KNOWN, 3) == "30.9.04 / (PR) / site name / (CI) / 3"


@pytest.mark.parametrize(
    ("pattern", "reference"),
    [
        ("C-{year}-{n}", "C-2004-2"),
        ("{received:YYYY-MM-DD}[ {programme}] {n}", "2004-09-30 2"),
        ("{received} {site}", "30.09.2004 site name / 2"),
    ],
)
def test_other_documents_may_number_in_other_ways(pattern: str, reference: str) -> None:
    assert written(Reference(pattern=pattern), DAY, KNOWN, 2) == reference


@pytest.mark.parametrize(
    ("name", "letters"), [("Robin Averill", "RA"), ("Anne-Marie O'Neill", "AO"), ("  zoë  ", "Z"), ("", "")]
)
def test_initials_are_the_first_letters_of_a_name(name: str, letters: str) -> None:
    assert initials(name) == letters


def test_it_waits_for_safeguarding_a_formal_stage_and_somebody_who_deals_with_it() -> None:
    people = {"dora": ("director",), "max": ("mentor",)}
    story = Story(procedure("one_two_one_mentors"), roster(people=people), formality="informal")
    assert registrar(story.state) is None
    story.screened()
    story.do("assign", "system", part="handles")
    assert registrar(story.state) is None  # an informal complaint has none
    knows = "the person who complained knows that it goes to the Director"
    story.do("ask_to_go_on", "max", to="stage_2", contents=[knows])
    assert registrar(story.state) is None  # nobody deals with it yet
    story.do("assign", "system", part="handles")
    held = registrar(story.state)
    assert held is not None and held.who == "dora"
    story.event("reference_given", reference="written down")
    assert registrar(story.state) is None


@pytest.mark.parametrize(
    ("line", "names"),
    [('pattern = "{colour}"', "colour"), ('pattern = "{n}"\ngiven_at = "noon"', "noon")],
)
def test_a_pattern_or_a_moment_that_nobody_knows_is_a_fault(tmp_path: Path, line: str, names: str) -> None:
    text = f'{WHOLE}\n[reference]\n{line}\nclause = "HH-1"\n'
    with pytest.raises(ProcedureFaults) as raised:
        read_procedure(as_file(tmp_path, text))
    assert [fault for fault in raised.value.faults if f"names {names!r}" in fault.sentence]
