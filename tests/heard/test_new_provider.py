"""`heard policy new`: a folder that passes its checks, its tests and the house style before a word is changed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from heard.cli import main
from heard.lint import lint
from heard.new_provider import NotMade, make_provider
from heard.registry import check_dir, load_procedures

ROOT = Path(__file__).parents[2]
TODAY = date(2026, 11, 22)


def run(capsys: pytest.CaptureFixture[str], *args: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as exit_:
        main([*args])
    out = capsys.readouterr()
    return int(exit_.value.code or 0), out.out, out.err


def test_the_folder_says_what_to_do_next_and_passes_the_check_with_nothing_weak(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    code, out, _ = run(capsys, "policy", "new", "acme", "--dir", str(tmp_path), "--name", "Acme House")
    assert code == 0
    assert f"heard policy check {tmp_path / 'acme'}" in out and "heard policy timeline acme" in out
    code, out, _ = run(capsys, "policy", "check", str(tmp_path / "acme"), "--json")
    assert code == 0
    assert {row["severity"] for row in json.loads(out)} <= {"missing", "note"}
    assert check_dir(tmp_path / "acme").name == "Acme House"


def test_the_commands_that_it_names_can_be_copied_as_they_stand(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    _, out, _ = run(capsys, "policy", "new", "acme")
    assert "pip install -e ./acme\n" in out  # without the ./ pip would look for a distribution of that name


@pytest.mark.parametrize(
    ("right", "wrong", "words", "remedy"),
    [
        ('acme = "heard_acme"', 'acme_house = "heard_acme"', "it announces 'acme_house'", 'Write acme = "heard_acme"'),
        ("heard.procedures", "heard.procedure", "it announces nothing", "[project.entry-points"),
        (
            'acme = "heard_acme"',
            'acme = "heard_acme_house"',
            "the procedure stands in 'heard_acme'",
            'acme = "heard_acme"',
        ),
        ('["*.toml", "*.json", "letters/*/*.txt", "py.typed"]', '["py.typed"]', "it would be left behind", '"*.toml"'),
        ("[project]", "[project", "It is not TOML", "Correct"),
    ],
)
def test_a_folder_that_would_not_be_found_when_it_is_installed_is_told_before(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, right: str, wrong: str, words: str, remedy: str
) -> None:
    project = make_provider("acme", None, tmp_path, TODAY) / "pyproject.toml"
    text = project.read_text(encoding="utf-8")
    assert right in text
    project.write_text(text.replace(right, wrong, 1), encoding="utf-8")
    code, out, _ = run(capsys, "policy", "check", str(tmp_path / "acme"), "--json")
    (found,) = [row for row in json.loads(out) if row["severity"] == "broken"]
    assert code == 1 and words in found["sentence"] and remedy in found["remedy"] and found["file"] == str(project)


def test_against_law_code_and_statutory_procedure_nothing_in_it_is_weaker(tmp_path: Path) -> None:
    procedure = check_dir(make_provider("acme", None, tmp_path, TODAY))
    found = lint(procedure, today=TODAY, baseline=load_procedures().get("children_act"))
    assert [one.sentence for one in found if one.severity in ("broken", "weaker")] == []


@pytest.mark.timeout(300)
def test_it_passes_its_own_tests_and_the_style_of_the_house(tmp_path: Path) -> None:
    folder = make_provider("harbour_view_house", None, tmp_path, TODAY)
    site = tmp_path / "site"
    install = ["pip", "install", "-q", "--no-deps", "--no-index", "--no-build-isolation", "--target", str(site)]
    asked = {**os.environ, "PYTHONPATH": f"{site}{os.pathsep}{ROOT}", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    for command in (
        [*install, str(folder)],
        ["pytest", "-q", "-p", "no:cacheprovider", "-p", "no:pytest_nameko", "-c", os.devnull, str(folder / "tests")],
        ["ruff", "check", "--config", str(ROOT / "pyproject.toml"), "--ignore", "S101", str(folder)],
        ["ruff", "format", "--check", "--config", str(ROOT / "pyproject.toml"), str(folder)],
    ):
        done = subprocess.run([sys.executable, "-m", *command], env=asked, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("Acme", "small letters"),
        ("9lives", "a letter first"),
        ("acme-house", "like harbour_house"),
        ("acme__house", "single underscores"),
        ("class", "cannot be a provider's key"),
        ("a" * 41, "40 at most"),
        ("ioi_support", "is installed already"),
    ],
)
def test_a_bad_key_is_one_line_with_what_is_allowed_and_nothing_is_written(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, key: str, words: str
) -> None:
    code, out, err = run(capsys, "policy", "new", key, "--dir", str(tmp_path))
    assert (code, out) == (2, "") and words in err and err.count("\n") == 1
    assert [*tmp_path.iterdir()] == []


def test_a_folder_that_is_there_already_stays_as_it_is(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "acme").mkdir()
    code, _, err = run(capsys, "policy", "new", "acme", "--dir", str(tmp_path))
    assert code == 2 and "is there already" in err
    assert [*(tmp_path / "acme").iterdir()] == []


@pytest.mark.parametrize("name", ['The "Acme"', "Acme\\House", "$name", "   "])
def test_a_name_that_would_break_the_file_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(NotMade, match="cannot be a provider's name"):
        make_provider("acme", name, tmp_path, TODAY)
    assert [*tmp_path.iterdir()] == []
