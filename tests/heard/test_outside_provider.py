"""A provider from outside: made, packed, installed with nothing but `heard` beside it, checked, and complained to.

What a developer outside does, on a machine of their own: no tree of ours, no platform, nothing to fetch. What `heard`
requires is copied from the environment of the tests, so that nothing is fetched.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import Distribution, distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from heard.new_provider import make_provider
from tests.heard.test_new_provider import TODAY

ROOT = Path(__file__).parents[2]
STORY = Path(__file__).with_name("a_complaint.py")


@dataclass(frozen=True)
class Environment:
    """An environment with `heard` and Acme House in it, and a folder to work in."""

    bin: Path
    work: Path
    folder: Path

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Runs a program of that environment, which sees nothing of ours."""
        clean = {"PATH": os.environ["PATH"], "HOME": str(self.work), "LC_ALL": "C.UTF-8", "COLUMNS": "160"}
        return subprocess.run(
            [self.bin / words[0], *words[1:]], cwd=self.work, env=clean, capture_output=True, text=True, check=False
        )


def pip(*words: str) -> None:
    quiet = {**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INDEX": "1"}
    done = subprocess.run([sys.executable, "-m", "pip", *words], env=quiet, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def required_by(name: str) -> dict[str, Distribution]:
    """Every distribution that one needs, those that they need included, without itself."""
    found: dict[str, Distribution] = {}
    ahead = [name]
    while ahead:
        for wanted in map(Requirement, distribution(ahead.pop()).requires or ()):
            if (wanted.marker is None or wanted.marker.evaluate({"extra": ""})) and wanted.name not in found:
                found[wanted.name] = distribution(wanted.name)
                ahead.append(wanted.name)
    return found


def copied(one: Distribution, site: Path) -> None:
    for file in one.files or ():
        if ".." not in file.parts and "__pycache__" not in file.parts:
            (site / file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(str(one.locate_file(file)), site / file)


@pytest.fixture(scope="module")
def outside(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Environment]:
    work = tmp_path_factory.mktemp("outside")
    folder = make_provider("acme", "Acme House", work, TODAY)
    source = work / "source-of-heard"
    shutil.copytree(ROOT / "heard", source, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info", "build"))
    wheels = work / "wheels"
    pip("wheel", "-q", "--no-deps", "--no-build-isolation", "-w", str(wheels), str(source), str(folder))
    environment = work / "environment"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(environment)], check=True)
    python = environment / "bin" / "python"
    asked = "import sysconfig; print(sysconfig.get_path('purelib'))"
    site = Path(subprocess.check_output([python, "-c", asked], text=True).strip())
    for one in required_by("heard").values():
        copied(one, site)
    pip("--python", str(python), "install", "-q", "--no-deps", *map(str, wheels.glob("*.whl")))
    pip("--python", str(python), "check")
    shutil.rmtree(source)
    yield Environment(environment / "bin", work, folder)


pytestmark = pytest.mark.timeout(400)  # the first one builds two distributions and an environment


def test_it_is_found_through_the_door_that_ours_come_through(outside: Environment) -> None:
    listed = outside.run("heard", "policy", "list", "--json")
    assert [row["key"] for row in json.loads(listed.stdout)] == ["acme"], listed.stderr


def test_it_passes_its_check_as_installed_and_as_a_folder(outside: Environment) -> None:
    for place in ("acme", str(outside.folder)):
        checked = outside.run("heard", "policy", "check", place, "--json")
        assert checked.returncode == 0, checked.stderr
        assert {row["severity"] for row in json.loads(checked.stdout)} <= {"missing", "note"}


def test_its_times_can_be_looked_at_and_its_neighbour_begun(outside: Environment) -> None:
    asked = ["heard", "policy", "timeline", "acme", "--received", "2026-12-18T16:30"]
    dues = {one["duty"]: one["due"] for one in json.loads(outside.run(*asked, "--json").stdout)}
    assert dues["answer"] == "2027-01-06"
    assert outside.run(*asked, "--html", "page.html").returncode == 0
    assert "<h1>Acme House: a complaint received" in (outside.work / "page.html").read_text(encoding="utf-8")
    assert outside.run("heard", "policy", "new", "other_house").returncode == 0
    assert outside.run("heard", "policy", "compare", "acme", "other_house").returncode == 0


def test_somebody_complains_to_it_and_is_answered(outside: Environment) -> None:
    told = outside.run("python", str(STORY))
    assert told.returncode == 0, told.stderr
    assert json.loads(told.stdout) == {
        "handler": "mo", "closed": True, "outcome": "answered", "answer": ["2027-01-06", "met"], "beside": [],
    }  # fmt: skip
