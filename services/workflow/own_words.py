"""Tells somebody's own words from the words of the procedure, so that the ledger holds only the latter.

A reason chosen from the procedure's list, a date, an id or a key may stand in the ledger for ever. What a person typed
may name a child: it is taken out and sealed, and the row says only that it was written down. Pure.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from heard.procedure import Procedure

WRITTEN = "written down"
"""What stands in the ledger in the place of somebody's own words."""
_FREE = frozenset({"reason", "why", "what", "record", "note", "attended", "late_ground", "evidence", "interviewed"})
"""Fields in which even a single word is somebody's own, unless the procedure has that word."""
_CODE = re.compile(r"[a-z0-9_.:@#+-]+|[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9:.]+(Z|[+-][0-9:]+)?)?")
_STEP = "/"


def taken_out(
    procedure: Procedure, row: Mapping[str, Any], typed: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, str]]:
    """A row's data without the words that a person typed into ``typed``, and those words by where they stood."""
    found: dict[str, str] = {}
    own = {text for text, free in _texts(typed, False) if not _is_procedures(procedure, text, free)}
    return {key: _without(own, key, value, found) for key, value in row.items()}, found


def put_back(row: Mapping[str, Any], words: Mapping[str, str]) -> dict[str, Any]:
    """The data as it was typed, for somebody who may read it."""
    whole: dict[str, Any] = json.loads(json.dumps(dict(row)))
    for place, text in words.items():
        *way, last = place.split(_STEP)
        where: Any = whole
        for step in way:
            where = (
                where[int(step)] if isinstance(where, list) else where.get(step) if isinstance(where, dict) else None
            )
        if isinstance(where, list):
            where[int(last)] = text
        elif isinstance(where, dict) and last in where:
            where[last] = text
    return whole


def _texts(value: Any, free: bool) -> Iterator[tuple[str, bool]]:
    if isinstance(value, str):
        yield value, free
    elif isinstance(value, Mapping):
        for key, one in value.items():
            yield from _texts(one, free or key in _FREE)
    elif isinstance(value, (list, tuple)):
        for one in value:
            yield from _texts(one, free)


def _without(own: set[str], place: str, value: Any, found: dict[str, str]) -> Any:
    if isinstance(value, str) and value in own:
        found[place] = value
        return WRITTEN
    if isinstance(value, Mapping):
        return {key: _without(own, f"{place}{_STEP}{key}", one, found) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_without(own, f"{place}{_STEP}{n}", one, found) for n, one in enumerate(value)]
    return value


def _is_procedures(procedure: Procedure, text: str, free: bool) -> bool:
    return text in _phrases(procedure.content) or (not free and bool(_CODE.fullmatch(text)))


@lru_cache(maxsize=64)
def _phrases(content: str) -> frozenset[str]:
    """Every text that stands in the procedure itself; what a law adds is called by the law's key and its own."""
    kept = json.loads(content or "{}")
    added = {
        f"{law}.{rule['key']}"
        for law, headings in kept.get("laws", {}).items()
        for rules in headings.values()
        if isinstance(rules, list)
        for rule in rules
        if "key" in rule
    }
    return frozenset(text for text, _ in _texts(kept, False)) | added
