"""`heard policy ...` as somebody at a terminal meets it."""

from __future__ import annotations

import json
from pathlib import Path

import click
import pytest

from heard.cli import Gathered, main
from heard.procedure_file import ProcedureFaults
from heard.registry import Registry, check_dir, load_procedures
from tests.heard.samples import WHOLE, line_of, written


def run(capsys: pytest.CaptureFixture[str], *args: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as exit_:
        main([*args])
    out = capsys.readouterr()
    return int(exit_.value.code or 0), out.out, out.err


def test_list_gives_every_procedure_with_its_version(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "policy", "list", "--json")
    rows = {row["key"]: row for row in json.loads(out)}
    assert code == 0
    assert rows["ioi_support"]["version"].startswith("ioi_support@")
    assert "stage_3" in rows["children_act"]["stages"]
    assert "ioi_support" in run(capsys, "policy", "list")[1]


def test_show_gives_a_procedure_in_the_words_of_its_file(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "policy", "show", "ioi_support", "--json")
    shown = json.loads(out)
    assert code == 0
    first = next(stage for stage in shown["stages"] if stage["key"] == "stage_1")
    respond = next(duty for duty in first["duties"] if duty["key"] == "respond")
    assert respond["clock"]["within"]["amount"] == 10
    assert respond["clause"] == ["IOI-22", "IOI-23"]
    assert shown["contacts"][0]["is"] == "police"
    assert "Stage 1: Local Resolution" in run(capsys, "policy", "show", "ioi_support")[1]


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["policy", "show", "nobody"], "there is no procedure 'nobody'; there are:"),
        (["policy", "diagram", "nobody"], "there is no procedure 'nobody'; there are:"),
        (["policy", "check", "nobody"], "no folder or file of that name"),
        (["policy", "shout"], "there is no command 'shout' here; there are: check, "),
        (["policy", "show"], "Missing argument 'PROCEDURE|FOLDER'"),
        (["policy", "list", "--yaml"], "No such option"),
    ],
)
def test_bad_input_is_one_line_and_exit_code_two(
    capsys: pytest.CaptureFixture[str], args: list[str], words: str
) -> None:
    code, out, err = run(capsys, *args)
    assert (code, out) == (2, "")
    assert words in err
    assert err.count("\n") == 1


def test_check_names_every_fault_of_a_draft_with_its_line_and_fails(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    written(tmp_path, WHOLE.replace("asked_by", "askd_by").replace('is = "police"', 'is = "constable"'))
    code, out, _ = run(capsys, "policy", "check", str(tmp_path), "--json")
    assert code == 1
    faults = json.loads(out)
    assert [(row["key"], row["severity"]) for row in faults] == [("is", "fault"), ("askd_by", "fault")]
    assert faults[1]["remedy"] == "Write `asked_by`."
    assert all(row["file"].endswith("procedure.toml") and row["line"] > 1 for row in faults)
    assert "allowed: " in run(capsys, "policy", "check", str(tmp_path))[1]


def test_a_draft_can_be_looked_at_before_it_is_installed(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(tmp_path)
    for asked in (["show"], ["diagram", "--list"], ["timeline", "--received", "2026-12-18T16:30"]):
        code, out, _ = run(capsys, "policy", asked[0], str(tmp_path), *asked[1:])
        assert code == 0 and "Answer" in out
    monkeypatch.chdir(tmp_path)
    (tmp_path / "ioi_support").mkdir()  # a folder that only bears the name of an installed procedure
    assert "Stage 1: Local Resolution" in run(capsys, "policy", "show", "ioi_support")[1]
    written(tmp_path / "ioi_support")  # and one in which somebody works on theirs
    assert "Harbour House" in run(capsys, "policy", "show", "ioi_support")[1]


def test_a_draft_at_fault_is_told_in_one_line_by_every_command(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    written(tmp_path, WHOLE.replace("asked_by", "askd_by"))
    code, out, err = run(capsys, "policy", "show", str(tmp_path))
    assert (code, out) == (1, "") and "`askd_by` is not a key" in err and err.count("\n") == 1


def test_what_is_installed_and_at_fault_is_found_like_any_draft_and_the_others_are_checked(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(tmp_path, WHOLE.replace("asked_by", "askd_by"))

    def loaded(unread: dict[str, ProcedureFaults] | None = None) -> Registry:
        try:
            check_dir(tmp_path)
        except ProcedureFaults as error:
            assert unread is not None
            unread["harbour_house"] = error
        return load_procedures()

    monkeypatch.setattr("heard.policy_cli.load_procedures", loaded)
    code, out, _ = run(capsys, "policy", "check", "harbour_house", "--json")
    (fault,) = json.loads(out)
    assert code == 1 and (fault["key"], fault["remedy"]) == ("askd_by", "Write `asked_by`.")
    code, out, _ = run(capsys, "policy", "check", "--json")
    assert code == 1 and {"fault", "weaker"} <= {row["severity"] for row in json.loads(out)}


def test_check_passes_what_is_merely_weaker_than_law(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    written(tmp_path, WHOLE.replace('stands_in = ["owner"]\n', ""))
    code, out, _ = run(capsys, "policy", "check", str(tmp_path))
    assert code == 0
    assert "rules read" in out
    told = out.splitlines()
    lead = next(n for n, line in enumerate(told) if "Nobody stands in for Safeguarding lead" in line)
    line = line_of(WHOLE, '[[roles]]\nkey = "designated_safeguarding_lead"')
    assert told[lead].startswith(" weaker") and f"procedure.toml:{line}: " in told[lead]
    assert "Name a deputy" in told[lead + 1]


def test_each_finding_has_its_file_its_line_and_a_remedy_and_a_flag_has_its_source(
    capsys: pytest.CaptureFixture[str],
) -> None:
    findings = json.loads(run(capsys, "policy", "check", "--json")[1])
    assert all(row["file"].endswith(".toml") and row["line"] >= 1 and row["remedy"] for row in findings)
    held_against = [row for row in findings if "statutory procedure allows" in row["sentence"]]
    assert held_against and all("SI 2006/1738" in row["source"] for row in held_against)


def test_check_without_a_name_looks_at_everything_installed(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "policy", "check", "--json")
    assert code == 0
    assert {"children_act", "ioi_support"} <= {row["procedure"] for row in json.loads(out)}


def test_diagram_is_dot_text_or_a_list(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "policy", "diagram", "ioi_support")[1].startswith('digraph "ioi_support"')
    assert "1. Compliment" in run(capsys, "policy", "diagram", "ioi_support", "--list")[1]
    assert set(json.loads(run(capsys, "policy", "diagram", "ioi_support", "--json")[1])) == {"procedure", "dot", "list"}


def test_a_picture_without_graphviz_becomes_a_list_and_says_so(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shutil.which", lambda name: None)
    code, out, err = run(capsys, "policy", "diagram", "ioi_support", "--svg")
    assert code == 0
    assert "graphviz is not installed here" in err
    assert "1. Compliment" in out


def test_a_command_that_cannot_be_loaded_does_not_take_the_others_along(capsys: pytest.CaptureFixture[str]) -> None:
    group = Gathered("some", elsewhere={"lost": "heard.nowhere:lost", "policy": "heard.policy_cli:policy"})
    assert "Cannot be loaded" in group.get_help(click.Context(group))
    with pytest.raises(click.ClickException, match="the command 'lost' cannot be loaded: ModuleNotFoundError"):
        group.main(["lost"], standalone_mode=False)
