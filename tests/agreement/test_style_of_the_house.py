"""What every module of the project has in common, so that whoever knows one knows all."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.agreement.tree import ROOT, files, modules, name_of, parsed

OURS = modules("heard", "services", "plugins", "benchmarks", "tests")
PRODUCT = modules("heard", "services")
MEANINGLESS = {"utils", "util", "helpers", "helper", "common", "misc", "stuff", "tools", "base"}
LONGEST = 300

#: A longer module, and why it is not split.
LONGER: dict[str, str] = {
    "tests/ground/harness.py": "one class, the platform as a story sees it",
}


def test_a_module_opens_with_what_it_owns() -> None:
    silent = [
        name_of(path)
        for path in OURS
        if (path.name != "__init__.py" or path.read_text(encoding="utf-8").strip())
        and len((ast.get_docstring(parsed(path)) or "").split()) < 4
    ]
    assert silent == [], "no docstring that says what the module is for"


def test_a_module_is_called_after_a_word_of_the_domain() -> None:
    assert [name_of(path) for path in OURS if path.stem in MEANINGLESS] == []


def test_a_module_can_be_read_in_one_sitting() -> None:
    lengths = {name_of(path): len(path.read_text(encoding="utf-8").splitlines()) for path in PRODUCT}
    long = {name: lines for name, lines in lengths.items() if lines > LONGEST and name not in LONGER}
    assert long == {}, "split it by a word of the domain, or say here why not"


def test_only_modules_that_are_long_are_excused_for_it() -> None:
    for name in LONGER:
        assert len((ROOT / name).read_text(encoding="utf-8").splitlines()) > LONGEST - 50, name


def test_nothing_is_left_for_later() -> None:
    later = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b|NotImplementedError|for now\b")
    left = {name_of(path): found[0] for path in PRODUCT if (found := later.search(path.read_text(encoding="utf-8")))}
    assert left == {}


def test_an_exception_is_never_swallowed_without_a_reason() -> None:
    assert [place for path in PRODUCT for place in swallowing(path)] == []


def swallowing(path: Path) -> Iterator[str]:
    """Where a module catches anything and goes on as if nothing were, with no comment that says why."""
    lines = path.read_text(encoding="utf-8").splitlines()
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.ExceptHandler):
            caught = "everything" if node.type is None else ast.unparse(node.type)
            passed = all(isinstance(step, ast.Pass) for step in node.body)
            if caught in {"everything", "Exception", "BaseException"} and passed and "#" not in lines[node.lineno - 1]:
                yield f"{name_of(path)}:{node.lineno}"


def test_a_test_is_a_sentence_and_never_sleeps() -> None:
    tests = [path for path in OURS if path.name.startswith("test_")]
    words = [
        f"{name_of(path)}: {node.name}"
        for path in tests
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_") and len(node.name.split("_")) < 4
    ]
    assert words == [], "no sentence"
    sleeps = [
        f"{name_of(path)}:{node.lineno}"
        for path in tests
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in {"time.sleep", "sleep", "eventlet.sleep"}
    ]
    assert sleeps == [], "wait for a condition (tests.ground.ports.wait_until)"


def test_no_file_names_the_machine_it_was_written_on() -> None:
    here = re.compile(r"/work/(main|shared)|/tmp/brief|\bfile:///")
    tellers = [
        name_of(path)
        for path in files(".py", ".toml", ".md", ".txt", ".sh", ".html", ".cfg", ".yml", ".yaml", ".json")
        if path.name != Path(__file__).name and here.search(path.read_text(encoding="utf-8", errors="replace"))
    ]
    assert tellers == []
