"""What keeps each clause, and that a rule which can be broken unnoticed is found out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from heard.breaking import breaks
from heard.cli import heard
from heard.coverage import ClausesFault, coverage, read_clauses
from heard.coverage_page import page, unclaimed
from heard.procedure import Procedure
from heard.procedure_file import read_procedure
from heard.proving import FailingTests, prove
from tests.heard.samples import WHOLE, written

KEEN = """
import pytest
from pathlib import Path
from heard.procedure import Procedure
from heard.procedure_file import read_procedure

@pytest.fixture
def procedure() -> Procedure:
    return read_procedure(Path({file!r}))

@pytest.mark.clause("HH-3")
def test_an_answer_comes_in_ten_working_days(procedure):
    assert str(procedure.duty("respond", "first").clock.within) == "10 working days"

def test_that_cites_nothing(procedure):
    assert procedure.duty("respond", "first").to == ("complainant",)
"""


@pytest.fixture
def invented(tmp_path: Path) -> Iterator[tuple[Procedure, Path]]:
    """An invented procedure, and a folder with one test that keeps a clause of it."""
    file = written(tmp_path)
    tests = tmp_path / "tests"
    tests.mkdir()
    (tests / "test_promises.py").write_text(KEEN.format(file=str(file)), encoding="utf-8")
    yield read_procedure(file), tests


def test_every_rule_is_broken_by_leaving_it_out_shifting_its_number_and_redirecting_its_route(
    invented: tuple[Procedure, Path],
) -> None:
    hows = {one.how for one in breaks(invented[0]) if one.rule == "stages first duties respond"}
    assert {
        "left out", "within working days 11 for 10", "within in calendar days", "after closed for stage_opened",
        "met by closed for responded",
    } <= hows  # fmt: skip
    assert "people handles owner for manager, somebody_outside" in {one.how for one in breaks(invented[0])}


def test_no_break_leaves_the_procedure_as_it_was(tmp_path: Path) -> None:
    said = WHOLE.replace('met_by = "responded"', 'met_by = "responded"\nstrength = "must"\nper = "case"').replace(
        "[conflicts]", '[conflicts]\nnever_handles = ["named_person", "decided_an_earlier_stage"]'
    )
    procedure = read_procedure(written(tmp_path, said))
    for one in breaks(procedure):
        broken = one.procedure
        assert broken is None or replace(broken, content=procedure.content, version=procedure.version) != procedure


def test_a_record_needed_to_close_is_not_broken_by_the_other_word_for_the_same(tmp_path: Path) -> None:
    record = '\n[[records]]\nkey = "file"\nfields = ["actions"]\nneeded_to = "close"\nclause = "HH-3"\n'
    hows = {one.how for one in breaks(read_procedure(written(tmp_path, WHOLE + record))) if one.rule == "records file"}
    assert "needed to received for close" in hows and "needed to closed for close" not in hows


def test_a_break_changes_what_it_says_and_nothing_else(invented: tuple[Procedure, Path]) -> None:
    (longer,) = [one for one in breaks(invented[0]) if one.how == "within working days 11 for 10"]
    broken = longer.procedure
    assert broken is not None
    duty = broken.duty("respond", "first")
    assert str(duty.clock.within) == "11 working days"
    as_it_was = replace(duty, clock=invented[0].duty("respond", "first").clock)
    assert as_it_was == invented[0].duty("respond", "first")


def test_a_test_notices_the_breaks_of_its_clause_and_lets_the_others_pass(invented: tuple[Procedure, Path]) -> None:
    every, found = prove(*invented, only=["HH-3", "HH-4"], jobs=1)
    noticed = {every[number].how for number in found.noticed if every[number].rule == "stages first duties respond"}
    assert {"left out", "within working days 11 for 10", "within in calendar days"} <= noticed
    assert "after closed for stage_opened" not in noticed
    clauses = {clause.id: clause for clause in coverage(invented[0], {}, found.tests, (every, found))}
    assert not clauses["HH-3"].proven and not clauses["HH-4"].tests
    assert any("after closed" in way for way in clauses["HH-3"].unnoticed)
    assert clauses["HH-3"].tests == ("test_promises.py::test_an_answer_comes_in_ten_working_days",)


def test_tests_that_fail_by_themselves_prove_nothing(invented: tuple[Procedure, Path]) -> None:
    (invented[1] / "test_wrong.py").write_text(
        "import pytest\n@pytest.mark.clause('HH-3')\ndef test_wrong():\n    assert False\n", encoding="utf-8"
    )
    with pytest.raises(FailingTests, match="test_wrong"):
        prove(*invented, only=["HH-3"], jobs=1)


def test_a_clause_is_kept_by_rules_by_people_or_by_the_house_where_the_document_is_silent(tmp_path: Path) -> None:
    notes = """
[[clauses]]
id = "HH-5"
kept_by = "people"
how = "Whoever listens is kind"
[[clauses]]
id = "HH-6"
kept_by = "silent"
how = "Nothing is said of letters"
"""
    document = {"HH-7": {"asks": "Nobody keeps this"}, "HH-3": {"asks": "Answer in ten days", "lines": ["2", "4-5"]}}
    found = coverage(read_procedure(written(tmp_path, WHOLE + notes)), document, {})
    by = {clause.id: clause for clause in found}
    assert [clause.id for clause in found] == [f"HH-{n}" for n in range(1, 8)]
    assert [by[f"HH-{n}"].standing for n in (3, 5, 6, 7)] == ["kept", "guidance", "silent", "not kept"]
    assert {"stage and its people", "clock and letter", "way in"} <= {one.shown_as for one in by["HH-3"].keepers}
    text = "Heading\nWe answer in ten days.\nStaff must wash up. It rains.\nWe will write.\n"
    shown = page(read_procedure(tmp_path / "procedure.toml"), found, text)
    assert '<mark class="kept">We answer in ten days.</mark>' in shown
    assert '<mark class="not-kept">Staff must wash up.</mark> It rains.' in shown
    assert unclaimed(found, text) == [(3, "Staff must wash up.")]


@pytest.mark.parametrize("text", ['[HH-1]\nlines = ["3"]', '[HH-1]\nasks = "x"\nlines = ["3 to 4"]', "[HH-1"])
def test_a_clauses_file_that_cannot_be_read_says_where_and_what_is_allowed(tmp_path: Path, text: str) -> None:
    (tmp_path / "clauses.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ClausesFault, match=r"clauses\.toml"):
        read_clauses(tmp_path)


def test_the_command_tells_which_test_keeps_which_clause_and_fails_for_what_nothing_keeps() -> None:
    ran = CliRunner().invoke(heard, ["policy", "coverage", "example_provider", "--json"])
    clauses = json.loads(ran.stdout)["example_provider"]
    assert ran.exit_code == 0
    assert {clause["standing"] for clause in clauses} <= {"kept", "guidance", "silent"}
    wrong = CliRunner().invoke(heard, ["policy", "coverage", "nobody"])
    assert wrong.exit_code == 2 and "there is no procedure 'nobody'" in wrong.output
