"""`heard policy compare`: two procedures side by side, in words that a manager reads."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from heard.cli import main
from heard.comparing import Row, compare
from heard.new_provider import make_provider
from heard.procedure import Procedure
from heard.procedure_file import read_procedure
from tests.heard.invented import RECEIVED, procedure
from tests.heard.samples import WHOLE, written
from tests.heard.test_new_provider import TODAY, run


def rows(first: Procedure, second: Procedure, **more: object) -> dict[tuple[str, str], Row]:
    sections = compare(first, second, **more)  # type: ignore[arg-type]
    return {(section.title, row.what): row for section in sections for row in section.rows}


def test_stages_stand_beside_each_other_by_what_they_are_and_duties_by_their_act() -> None:
    found = rows(procedure("ioi_support"), procedure("infinity_alliance"))
    assert found["First formal stage", "What it is called"].first == ("Stage 1: Local Resolution (IOI-18, IOI-19)",)
    assert found["First formal stage", "What it is called"].second[0].startswith("Formal complaint (INF-")
    answer = found["First formal stage", "The answer"]
    longer = "longer up to 20 working days if complainant agreed (IOI-22, IOI-23)"
    assert answer.first == (f"10 working days from when this stage began; {longer}",)
    assert "28 calendar days from when this stage began" in answer.second[0]
    going_on = found["First formal stage", "Going on to the next stage"]
    assert "the complainant, at any time" in going_on.first[0] and "10 working days from when" in going_on.second[0]


def test_what_one_has_and_the_other_lacks_is_said() -> None:
    found = rows(procedure("ioi_support"), procedure("stepping_stones"))
    assert found["Third formal stage", "The panel"].only_in == "first"
    assert found["Whose they are", "Time within which one may complain"].only_in == "first"
    assert found["Who outside can be asked", "Charity regulator"].only_in == "second"


def test_who_is_told_of_a_concern_stands_beside_each_other_by_whom() -> None:
    found = rows(procedure("ioi_support"), procedure("stepping_stones"))
    lado = found["Safeguarding: who is told, by when", "LADO"]
    law = "1 working day from when anybody on the staff first knew: lado threshold (Working Together 2023"
    assert any(one.startswith(law) for one in lado.first) and any(one.startswith(law) for one in lado.second)


def test_with_a_day_each_time_is_worked_out_and_the_bank_holidays_are_named() -> None:
    found = rows(procedure("ioi_support"), procedure("children_act"), received=RECEIVED)
    answer = found["First formal stage", "The answer"].second[0]
    assert "[Wed 6 Jan 2027, without Christmas Day, Boxing Day, Boxing Day (substitute day), New Year's Day]" in answer
    assert "[Mon 8 Feb 2027" in " ".join(found["Second formal stage", "The answer"].first)


def test_a_procedure_beside_itself_lacks_nothing(tmp_path: Path) -> None:
    same = read_procedure(written(tmp_path, WHOLE))
    assert all(row.first == row.second for row in rows(same, same).values())


@pytest.mark.parametrize("other", ["children_act", "west_sussex_home", "one_two_one_mentors", "example_provider"])
def test_any_two_can_be_laid_beside_each_other(other: str) -> None:
    found = rows(procedure("infinity_alliance"), procedure(other), received=RECEIVED)
    said = [
        words for (_, what), row in found.items() if what != "Law that is adopted" for words in row.first + row.second
    ]
    assert said and not [words for words in said if "None" in words or "_" in words]


def test_the_command_prints_a_table_or_json_and_takes_a_folder(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    folder = str(make_provider("acme", "Acme House", tmp_path, TODAY))
    code, out, _ = run(capsys, "policy", "compare", "ioi_support", folder, "--json")
    shown = json.loads(out)
    assert code == 0 and shown["first"].startswith("ioi_support@") and shown["second"].startswith("acme@")
    titles = [section["title"] for section in shown["sections"]]
    assert titles[0] == "Whose they are" and "First formal stage" in titles
    code, out, _ = run(capsys, "policy", "compare", "ioi_support", folder)
    assert code == 0 and "Only Ioi Support has:" in out and "Only Acme House has:" in out


def test_bad_input_is_one_line(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert run(capsys, "policy", "compare", "ioi_support", "nowhere")[0] == 2
    written(tmp_path, WHOLE.replace("asked_by", "askd_by"))
    with pytest.raises(SystemExit) as ended:
        main(["policy", "compare", "ioi_support", str(tmp_path)])
    assert ended.value.code == 1 and "`askd_by` is not a key that can stand here" in capsys.readouterr().err
