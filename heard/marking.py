"""A read file made ready for its schema: each rule's table carries its line, its stage and the law it comes from.

Between `tomllib` and `schema.py`. What is written in here stands under keys that no file can write.
"""

from __future__ import annotations

import typing
from collections.abc import Mapping
from functools import cache
from typing import Any

from heard.procedure import Procedure, Rule, Stage
from heard.schema import READER, names_of
from heard.toml_lines import Lines
from heard.toml_lines import Path as Place


def prepared(data: Mapping[str, Any], lines: Lines, law: str | None) -> dict[str, Any]:
    """A copy in which each rule's table carries its line, its stage and the law it comes from."""
    rules = _rules_in(Procedure)
    return {key: _marked(value, rules.get(key), (key,), lines, law, None) for key, value in data.items()}


@cache
def _rules_in(cls: type) -> Mapping[str, type]:
    """Of a heading, or of the file: the keys under which rules stand, and of which kind they are."""
    found: dict[str, type] = {}
    for key, kind in typing.get_type_hints(cls).items():
        kinds = (one for one in (kind, *typing.get_args(kind)) if isinstance(one, type))
        inner = next((one for one in kinds if issubclass(one, Rule)), None)
        if inner is not None:
            found[key] = inner
    return found


def _marked(value: Any, kind: type | None, path: Place, lines: Lines, law: str | None, stage: str | None) -> Any:
    if kind is None:
        return value
    if isinstance(value, list):
        return [_marked(one, kind, (*path, place), lines, law, stage) for place, one in enumerate(value)]
    if not isinstance(value, dict):
        return value
    within = value.get("key") if kind is Stage else None
    inside = _rules_in(kind)
    marked = dict(value)
    for key in inside.keys() & value.keys():
        marked[key] = _marked(value[key], inside[key], (*path, key), lines, law, within)
    marked[READER + "line"] = 0 if law else lines.of(path)
    if stage and "stage" in names_of(kind):
        marked[READER + "stage"] = stage
    if law:
        marked[READER + "adopted_from"] = law
        marked.setdefault("source", "law")
    if "to" in names_of(kind) and "key" not in value and isinstance(value.get("to"), str):
        marked["key"] = f"to_{value['to']}"  # a way on is named by where it leads
    return marked
