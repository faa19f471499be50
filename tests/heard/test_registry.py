"""Finding procedures: through the door an outsider uses, and with each of pluggy's silences made loud."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from importlib.metadata import Distribution, EntryPoint
from pathlib import Path

import pytest

from heard.procedure_file import ProcedureFaults
from heard.registry import GROUP, PluginFaults, UnknownProcedure, check_dir, hook_names, load_procedures
from tests.heard.samples import WHOLE, written


class Named(Distribution):
    """An installed distribution of which nothing but its name matters."""

    def __init__(self, name: str) -> None:
        self._name = name

    @property
    def name(self) -> str:
        return self._name

    def read_text(self, filename: str) -> str | None:
        return None

    def locate_file(self, path: object) -> Path:
        return Path(str(path))


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder on Python's path in which a test lays out plugin packages; forgotten afterwards."""
    monkeypatch.syspath_prepend(str(tmp_path))
    before = set(sys.modules)
    yield tmp_path
    for name in set(sys.modules) - before:
        del sys.modules[name]


def plugin(
    site: Path, package: str, code: str = '"""A plugin."""\n', key: str = "harbour_house", **files: str
) -> EntryPoint:
    folder = site / package
    folder.mkdir()
    (folder / "__init__.py").write_text(code)
    for name, text in (files or {"procedure": WHOLE}).items():
        written(folder, text, f"{name}.toml")
    return _point(key, package, f"heard-{package.replace('_', '-')}")


def test_a_procedure_at_fault_does_not_keep_the_others_from_being_looked_at(site: Path) -> None:
    sound = plugin(site, "heard_sound")
    broken = plugin(site, "heard_broken", key="broken_house", procedure=WHOLE.replace("asked_by", "askd_by"))
    unread: dict[str, ProcedureFaults] = {}
    registry = load_procedures([broken, sound], unread=unread)
    assert registry.keys() == ("harbour_house",) and [*unread] == ["broken_house"]
    assert [fault.key for fault in unread["broken_house"].faults] == ["askd_by"]


def _point(key: str, value: str, distribution: str) -> EntryPoint:
    point = EntryPoint(key, value, GROUP)
    vars(point).update(dist=Named(distribution))  # as importlib.metadata does when it finds one
    return point


def test_the_providers_that_come_with_heard_come_through_the_outsider_s_door() -> None:
    registry = load_procedures()
    assert {"children_act", "ioi_support"} <= set(registry.keys())
    assert registry.get("ioi_support").name == "Ioi Support"
    assert registry.plugin("ioi_support").distribution == "heard-ioi-support"


def test_an_unknown_procedure_is_told_with_those_there_are() -> None:
    with pytest.raises(UnknownProcedure, match=r"no procedure 'nobody'; there are: .*children_act"):
        load_procedures().get("nobody")


def test_two_plugins_under_one_name_stop_start_up_and_both_are_named(site: Path) -> None:
    points = [plugin(site, "one"), plugin(site, "other")]
    with pytest.raises(PluginFaults, match="heard-one and heard-other"):
        load_procedures(points)


def test_a_misspelt_hook_stops_start_up_and_the_hooks_there_are_stand_beside_it(site: Path) -> None:
    code = '"""A plugin."""\nfrom heard.hookspecs import hookimpl\n\n@hookimpl\ndef procedure_fils():\n    return []\n'
    with pytest.raises(PluginFaults, match=r"heard-one: .*procedure_fils.*allowed: procedure_files"):
        load_procedures([plugin(site, "one", code)])


def test_a_plugin_that_cannot_be_imported_is_named_and_does_not_hide_the_others_faults(site: Path) -> None:
    broken = plugin(site, "one", "import a_package_nobody_has\n")
    wrong = plugin(site, "other", key="other_house", procedure=WHOLE.replace('starts_at = "first"', 'starts_at = "x"'))
    with pytest.raises(PluginFaults) as raised:
        load_procedures([broken, wrong])
    sentences = raised.value.sentences
    assert any("heard-one" in one and "a_package_nobody_has" in one for one in sentences)
    assert any("heard-other" in one and "starts_at" in one for one in sentences)


def test_a_question_for_one_provider_is_never_answered_by_another(site: Path) -> None:
    hook = (
        '"""A plugin."""\nfrom pathlib import Path\nfrom heard.hookspecs import hookimpl\n\n@hookimpl\n'
        'def procedure_files():\n    return [Path(__file__).with_name("mine.toml")]\n'
    )
    other = WHOLE.replace('key = "harbour_house"', 'key = "quiet_house"')
    registry = load_procedures(
        [plugin(site, "one", hook, mine=WHOLE), plugin(site, "two", key="quiet_house", procedure=other)]
    )
    assert registry.hooks("harbour_house").procedure_files() == [site / "one" / "mine.toml"]
    assert registry.hooks("quiet_house").procedure_files() is None
    assert registry.get("quiet_house").key == "quiet_house"


def test_a_hook_that_fails_is_told_with_the_plugin_s_name(site: Path) -> None:
    code = (
        '"""A plugin."""\nfrom heard.hookspecs import hookimpl\n\n@hookimpl\n'
        'def procedure_files():\n    raise OSError("the disk is gone")\n'
    )
    with pytest.raises(PluginFaults, match=r"heard-one: its hook procedure_files failed: OSError: the disk is gone"):
        load_procedures([plugin(site, "one", code)])


def test_a_case_gets_the_version_in_force_on_the_day_it_came_in(site: Path) -> None:
    newer = WHOLE.replace("in_force_from = 2026-02-01", "in_force_from = 2027-02-01").replace("days = 10", "days = 8")
    registry = load_procedures([plugin(site, "one", procedure=newer, procedure_2026=WHOLE)])
    old, new = (
        registry.in_force("harbour_house", date(2027, 1, 31)),
        registry.in_force("harbour_house", date(2027, 2, 1)),
    )
    assert str(old.stage("first").duty("respond").clock.within) == "10 working days"
    assert str(new.stage("first").duty("respond").clock.within) == "8 working days"
    assert registry.get("harbour_house") == new
    assert registry.pinned(old.version) == old
    with pytest.raises(UnknownProcedure, match="its first version is of 2026-02-01"):
        registry.in_force("harbour_house", date(2026, 1, 31))
    with pytest.raises(UnknownProcedure, match="there is no version"):
        registry.pinned("harbour_house@2026-02-01#000000000000")


def test_a_plugin_without_a_procedure_or_with_somebody_else_s_is_refused(site: Path) -> None:
    empty = plugin(site, "one", key="empty_house", notes="x = 1")
    mixed_up = plugin(site, "two", key="other_house")
    with pytest.raises(PluginFaults) as raised:
        load_procedures([empty, mixed_up])
    assert any("heard-one: has no procedure" in one for one in raised.value.sentences)
    assert any("is of 'harbour_house', but the plugin is 'other_house'" in one for one in raised.value.sentences)


def test_a_folder_that_is_not_installed_can_be_checked(tmp_path: Path) -> None:
    (tmp_path / "heard_harbour_house").mkdir()
    written(tmp_path / "heard_harbour_house")
    assert check_dir(tmp_path).key == "harbour_house"
    with pytest.raises(UnknownProcedure, match=r"there is no procedure\*\.toml"):
        check_dir(tmp_path / "heard_harbour_house" / "nothing")


def test_each_hook_says_when_it_is_called_what_to_return_and_what_happens_if_it_raises() -> None:
    from heard import hookspecs

    assert hook_names()
    for name in hook_names():
        said = getattr(hookspecs, name).__doc__ or ""
        assert all(word in said for word in ("Called", "Return", "raises", "Since")), name


def test_a_provider_built_and_installed_from_outside_is_found(tmp_path: Path) -> None:
    source, target = tmp_path / "source", tmp_path / "site"
    (source / "heard_harbour_house").mkdir(parents=True)
    written(source / "heard_harbour_house")
    (source / "heard_harbour_house" / "__init__.py").write_text('"""Harbour House."""\n')
    (source / "pyproject.toml").write_text(
        '[build-system]\nrequires = ["setuptools"]\nbuild-backend = "setuptools.build_meta"\n[project]\n'
        'name = "heard-harbour-house"\nversion = "1"\n[project.entry-points."heard.procedures"]\n'
        'harbour_house = "heard_harbour_house"\n[tool.setuptools]\npackages = ["heard_harbour_house"]\n'
        '[tool.setuptools.package-data]\nheard_harbour_house = ["*.toml"]\n'
    )
    pip = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--no-build-isolation", "--no-index"]
    subprocess.run([*pip, "--target", str(target), str(source)], check=True, capture_output=True)
    listed = subprocess.run(
        [sys.executable, "-c", "from heard.cli import main; main(['policy', 'list', '--json'])"],
        check=True,
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={"PYTHONPATH": str(target), "PATH": ""},
    )
    assert "harbour_house" in [one["key"] for one in json.loads(listed.stdout)]
