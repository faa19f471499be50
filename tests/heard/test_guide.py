"""The guide for plugin authors: whatever it shows is run, in its order, as somebody who follows it would."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from types import FunctionType
from typing import Any

import pytest

from heard.hookspecs import PROJECT
from heard.new_provider import make_provider
from heard.procedure import Procedure
from heard.procedure_file import read_procedure
from heard.registry import check_dir, hook_names
from tests.heard.test_new_provider import TODAY

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "heard" / "README.md").read_text(encoding="utf-8")
FENCED = re.compile(r"^( *)```(\w+)\n(.*?)^\1```$", re.M | re.S)


def samples(kind: str) -> list[str]:
    """Every sample of that kind, without the indentation of a list that it stands in."""
    return [re.sub(rf"^{found[1]}", "", found[3], flags=re.M) for found in FENCED.finditer(GUIDE) if found[2] == kind]


def commands() -> list[str]:
    return [line.split("  #")[0].strip() for block in samples("sh") for line in block.splitlines() if line.strip()]


@pytest.mark.timeout(400)  # it starts a program for each
def test_every_command_does_what_it_is_shown_for(tmp_path: Path) -> None:
    site = tmp_path / "site"
    programs: dict[str, list[str]] = {
        "heard": ["heard.cli"],
        "pip": ["pip", "-q"],
        "pytest": ["pytest", "-q", "-p", "no:cacheprovider", "-p", "no:pytest_nameko", "-c", os.devnull],
    }
    paths = os.pathsep.join([str(site), str(ROOT)])
    seen = {**os.environ, "PYTHONPATH": paths, "PIP_NO_INDEX": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    shown = commands()
    assert (
        shown[0].startswith("heard policy new") and "pip install -e ./acme" in shown and shown.count("pytest acme") == 1
    )
    for line in shown:
        words = [one.strip('"') for one in re.findall(r'"[^"]*"|\S+', line)]
        if words[:2] == ["pip", "install"]:  # into a folder of the test, from what is installed
            words = ["pip", "install", "--no-deps", "--no-build-isolation", "--target", str(site), words[-1]]
        call = [sys.executable, "-m", *programs[words[0]], *words[1:]]
        done = subprocess.run(call, cwd=tmp_path, env=seen, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"
    assert (tmp_path / "page.html").exists()


def headed(sample: str) -> bool:
    return sample.lstrip().startswith("[")


@pytest.mark.parametrize("sample", [one for one in samples("toml") if headed(one)])
def test_a_rule_that_is_shown_reads_in_the_procedure_that_one_begins_with(tmp_path: Path, sample: str) -> None:
    (file,) = make_provider("acme", "Acme House", tmp_path, TODAY).glob("*/procedure.toml")
    text = file.read_text(encoding="utf-8")
    in_stage = sample.startswith("[[stages.")
    place = text.index("  [[stages.ways_on]]") if in_stage else len(text)
    file.write_text(text[:place] + sample + text[place:], encoding="utf-8")
    read = read_procedure(file)
    assert len([*read.rules()]) + len(read.clauses) == len([*check_dir(_fresh(tmp_path)).rules()]) + 1


def _fresh(folder: Path) -> Path:
    return make_provider("acme", "Acme House", folder / "fresh", TODAY)


@pytest.mark.parametrize("sample", [one for one in samples("toml") if not headed(one)])
def test_a_piece_that_is_shown_is_toml(sample: str) -> None:
    assert isinstance(tomllib.loads(sample), dict)


@pytest.fixture
def procedure(tmp_path: Path) -> Procedure:
    """Acme House's, as it is made."""
    return check_dir(_fresh(tmp_path))


@pytest.mark.parametrize("sample", samples("python"))
def test_the_python_that_is_shown_runs(sample: str, procedure: Procedure) -> None:
    names: dict[str, Any] = {"__name__": "shown", "__file__": str(ROOT / "heard" / "README.md")}
    exec(compile(sample, "heard/README.md", "exec"), names)
    tests: list[Callable[..., None]] = [one for name, one in names.items() if name.startswith("test_")]
    hooks = [one for one in names.values() if isinstance(one, FunctionType) and hasattr(one, f"{PROJECT}_impl")]
    assert tests or hooks
    for one in tests:
        one(procedure)
    for hook in hooks:
        assert hook.__name__ in hook_names() and isinstance(hook(), list)


def test_every_hook_is_shown_in_a_sample_that_runs() -> None:
    shown = "".join(samples("python"))
    assert [hook for hook in hook_names() if f"def {hook}(" not in shown] == []
