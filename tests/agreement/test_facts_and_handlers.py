"""The table of facts says who publishes and who hears; the services' own code must say the same."""

import ast

import pytest
from marshmallow import missing

from heard.events import FACTS, FactKind
from tests.agreement.tree import ROOT, calls_of, modules, parsed, services

HEARD_BY_THE_BASE = {  # the base class makes these handlers for whoever is listed
    node.value
    for node in ast.walk(parsed(ROOT / "services/chassis/service.py"))
    if isinstance(node, ast.Constant) and node.value in FACTS
}


def facts_heard(service: str) -> set[str]:
    own = {fact for path in modules(f"services/{service}") for fact in calls_of("hears", path)}
    listed = {fact for fact in HEARD_BY_THE_BASE if service in FACTS[fact].heard_by}
    return own | listed


def facts_published(service: str) -> set[str]:
    return {fact for path in modules(f"services/{service}") for fact in calls_of("publish", path)}


def test_every_service_named_in_the_table_exists() -> None:
    named = {kind.publisher for kind in FACTS.values()} | {name for kind in FACTS.values() for name in kind.heard_by}
    assert named <= set(services())


@pytest.mark.parametrize("service", services())
def test_a_service_handles_exactly_the_facts_that_it_is_listed_for(service: str) -> None:
    assert facts_heard(service) == {name for name, kind in FACTS.items() if service in kind.heard_by}


@pytest.mark.parametrize("service", services())
def test_a_service_hears_first_exactly_what_it_is_listed_for(service: str) -> None:
    marked = {
        node.args[0].value
        for path in modules(f"services/{service}")
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call) and getattr(node.func, "id", None) == "hears"
        and isinstance(node.args[0], ast.Constant) and any(one.arg == "first" for one in node.keywords)
    }  # fmt: skip
    assert marked == {name for name, kind in FACTS.items() if service in kind.first}


@pytest.mark.parametrize("service", services())
def test_a_service_publishes_exactly_the_facts_that_are_its_own(service: str) -> None:
    assert facts_published(service) == {name for name, kind in FACTS.items() if kind.publisher == service}


@pytest.mark.parametrize("kind", FACTS.values(), ids=list(FACTS))
def test_a_fact_says_what_it_means(kind: FactKind) -> None:
    assert kind.meaning.endswith(".")


@pytest.mark.parametrize("kind", [one for one in FACTS.values() if one.schema.same_by], ids=lambda one: str(one.name))
def test_what_makes_it_the_same_fact_is_always_said(kind: FactKind) -> None:
    fields = kind.schema().fields
    always = {name for name in fields if fields[name].required or fields[name].load_default is not missing}
    assert set(kind.schema.same_by) <= always
