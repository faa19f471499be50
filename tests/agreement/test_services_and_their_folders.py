"""Every service looks like every other: front page, entry points, tables, migrations. The readers of words are real."""

import ast
import re

import pytest

from heard.events import FACTS
from services.chassis.settings import SERVICES as DECLARED
from tests.agreement.tree import ROOT, parsed, services, toml

SERVICES = services()


def test_the_services_are_those_that_the_settings_know() -> None:
    assert sorted(DECLARED) == SERVICES


@pytest.mark.parametrize("service", DECLARED)
def test_a_service_has_a_front_page_entry_points_tables_and_migrations(service: str) -> None:
    folder = ROOT / "services" / service
    for name in ("__init__.py", "service.py", "models.py"):
        assert (folder / name).exists(), name
    steps = sorted(path.stem for path in (folder / "migrations/versions").glob("[0-9]*.py"))
    assert steps and steps[0].startswith("0001_")
    said = (ast.get_docstring(parsed(folder / "__init__.py")) or "").lower()
    for words in (("owns",), ("publishes",), ("hears", "listens")):
        assert any(word in said for word in words), f"the front page does not say what it {words[0]}"


@pytest.mark.parametrize("service", DECLARED)
def test_the_front_page_names_each_fact_that_the_service_says_and_hears(service: str) -> None:
    said = ast.get_docstring(parsed(ROOT / "services" / service / "__init__.py")) or ""
    about_everybody = {"directory_changed", "directory_confirmed"}  # "who is who", which all of them hear
    its_own = {
        name for name, kind in FACTS.items()
        if service == kind.publisher or (service in kind.heard_by and name not in about_everybody)
    }  # fmt: skip
    assert {name for name in its_own if f"`{name}`" not in said} == set()


@pytest.mark.parametrize("service", DECLARED)
def test_a_service_is_called_by_its_folder(service: str) -> None:
    path = ROOT / "services" / service / "service.py"
    kinds = [node for node in parsed(path).body if isinstance(node, ast.ClassDef) and node.name.endswith("Service")]
    assert len(kinds) == 1
    assert kinds[0].name.lower() == f"{service}service"
    assert re.search(rf'^    name(: [A-Za-z\[\]]+)? = "{service}"$', path.read_text(encoding="utf-8"), re.MULTILINE)


def test_only_services_that_exist_are_listed_as_readers_of_words() -> None:
    readers = toml(ROOT / "services/chassis/readers.toml")
    named = {name for value in _lists(readers) for name in value}
    assert named and named <= set(SERVICES)


def test_equality_data_is_read_by_those_who_count_it_and_nobody_else() -> None:
    readers = toml(ROOT / "services/chassis/readers.toml")
    (equality,) = [value for key, value in _pairs(readers) if key == "equality"]
    assert not set(equality) & {"workflow", "safeguarding", "notifications", "portal", "directory"}


def _pairs(value: object, key: str = "") -> list[tuple[str, list[str]]]:
    if isinstance(value, list):
        return [(key, value)]
    if isinstance(value, dict):
        return [
            (name if isinstance(inner, list) and name not in {"readers", "services"} else key or name, found)
            for name, inner in value.items()
            for _, found in _pairs(inner, name)
        ]
    return []


def _lists(value: object) -> list[list[str]]:
    return [found for _, found in _pairs(value)]
