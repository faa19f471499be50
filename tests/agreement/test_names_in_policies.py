"""A person named in a provider's policy appears in that provider's plugin, and nowhere else in the project."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from services.directory.demo import GROUPS
from tests.agreement.tree import ROOT, files, name_of, toml

PROCEDURES = sorted(ROOT.glob("plugins/*/heard_*/procedure.toml"))
TEXTS = files(".py", ".toml", ".md", ".txt", ".html", ".json", ".js", ".mjs", ".svg", ".sh", ".yml", ".yaml")


def named(value: Any) -> Iterator[str]:
    """Every value of a key ``named``, at any depth: people, in the language of procedures."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "named":
                yield from [inner] if isinstance(inner, str) else inner
            else:
                yield from named(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from named(inner)


NAMES = sorted({(name, path) for path in PROCEDURES for name in named(toml(path))})


@pytest.mark.parametrize(("name", "procedure"), NAMES, ids=lambda value: getattr(value, "stem", "somebody"))
def test_somebody_named_in_a_policy_is_named_only_in_its_plugin(name: str, procedure: Path) -> None:
    plugin = procedure.parents[1]
    elsewhere = [
        name_of(path)
        for path in TEXTS
        if plugin not in path.parents and name.lower() in path.read_text(encoding="utf-8", errors="replace").lower()
    ]
    assert elsewhere == []


def test_the_invented_people_are_not_those_of_a_policy() -> None:
    invented = {someone.name.lower() for group in GROUPS for someone in group.people}
    assert invented and not invented & {name.lower() for name, _ in NAMES}
