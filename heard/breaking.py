"""Every way in which one rule of a procedure can be broken, one at a time.

Owns `breaks`: from a procedure to copies of it, each with a single rule removed, a number shifted, a route redirected,
a clock started by something else, a condition or a required content left out. A test that claims a clause must fail for
the breaks of its rules; `heard.proving` runs them. Nothing here is ever used by a case.
"""

from __future__ import annotations

import dataclasses
import json
import typing
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import Any

from heard.procedure import Procedure, Stage
from heard.procedure_file import ProcedureFaults, read_changed
from heard.references import EVENT, STAGES, WHO
from heard.schema import UNITS
from heard.when import Clock
from heard.who import Rule

NOT_BROKEN = frozenset({
    "key", "name", "says", "promise", "asks", "asks_them", "clause", "reading", "source", "named", "also_called",
    "form", "missing", "verified_on", "open", "what", "kept_in", "basis",
})  # fmt: skip
"""Words, names and sources: what a rule says, not what it does."""
ALWAYS_STRUCK = frozenset({"named_person", "decided_an_earlier_stage"})
"""Whom the engine keeps away whatever the file says: to leave these words out changes nothing."""
OTHER_EVENTS = ("closed", "received", "acknowledged")
OTHER_UNIT = {"working_days": "calendar_days", "calendar_days": "working_days", "hours": "working_days"}

Path = tuple[str | int, ...]


class _Gone(Enum):
    """What a break leaves behind where it takes something away."""

    GONE = "nothing"


GONE = _Gone.GONE


@dataclass(frozen=True)
class Break:
    """One rule, broken in one way. `rule` is where it stands, `clause` the clauses it keeps, `how` a phrase."""

    rule: str
    clause: tuple[str, ...]
    how: str
    kept: str
    path: Path
    value: Any

    @cached_property
    def procedure(self) -> Procedure | None:
        """The broken procedure; None when it cannot even be read, so that the break is noticed at once."""
        try:
            return read_changed(self.kept, lambda own: _put(own, self.path, self.value))
        except ProcedureFaults:
            return None


def breaks(procedure: Procedure) -> Iterator[Break]:
    """Each break of each of the provider's own rules that cites a clause, in the order of the file."""
    own = json.loads(procedure.content)["procedure"]
    ways = _Ways(procedure)
    for path, table, label, kind in _rules(own, Procedure, (), ""):
        cited = table.get("clause", ())
        clause = (cited,) if isinstance(cited, str) else tuple(cited)
        if not clause:
            continue
        if isinstance(path[-1], int):
            yield Break(label, clause, "left out", procedure.content, path, GONE)
        for inner, value, how in ways.of(table, kind):
            yield Break(label, clause, how, procedure.content, (*path, *inner), value)


def _rules(
    table: Mapping[str, Any], kind: type, path: Path, label: str
) -> Iterator[tuple[Path, dict[str, Any], str, type]]:
    """Every rule's table with its path and its kind, those inside others after the one they stand in."""
    for key, value in table.items():
        inner = _rule_kind(kind, key)
        listed = [((*path, key, place), one) for place, one in enumerate(value)] if isinstance(value, list) else []
        for where, one in (listed or [((*path, key), value)]) if inner else ():
            name = one.get("key") or one.get("to") or one.get("id") or (where[-1] if listed else "")
            said = f"{label} {key} {name}".strip()
            yield where, one, said, typing.cast(type, inner)
            yield from _rules(one, typing.cast(type, inner), where, said)


def _rule_kind(kind: type, key: str) -> type | None:
    """The kind of rule that stands under that key, or None for a plain value."""
    hint = typing.get_type_hints(kind).get(key)
    kinds = (one for one in (hint, *typing.get_args(hint)) if isinstance(one, type))
    return next((one for one in kinds if issubclass(one, Rule)), None)


class _Ways:
    """The ways to break a table, knowing which other names the procedure has."""

    def __init__(self, procedure: Procedure) -> None:
        self.others = [role.key for role in procedure.roles] + [contact.key for contact in procedure.contacts]
        self.stages = [stage.key for stage in procedure.stages]
        self.rule_keys = {one.name for cls in (Procedure, Stage) for one in dataclasses.fields(cls)
                          if _rule_kind(cls, one.name)}  # fmt: skip

    def of(self, table: Mapping[str, Any], kind: type) -> Iterator[tuple[Path, Any, str]]:
        """Where in the table, what stands there instead (GONE: nothing), and how to say it."""
        usual = {one.name: one.default for one in (*dataclasses.fields(kind), *dataclasses.fields(Clock))}
        for key, value in table.items():
            if key in NOT_BROKEN or key in self.rule_keys:
                continue
            if isinstance(value, str) and value == usual.get(key):
                continue  # to say nothing means the same
            if key == "only_if":
                yield (key,), GONE, "without its condition"
            elif key == "strength":
                yield (key,), GONE, f"no longer {value}"
            else:
                yield from self._value(key, value, (key,))

    def _value(self, key: str, value: Any, path: Path) -> Iterator[tuple[Path, Any, str]]:
        if isinstance(value, bool):
            yield path, not value, f"{_said(path)} {str(not value).lower()}"
        elif isinstance(value, int):
            yield path, value + 1, f"{_said(path)} {value + 1} for {value}"
        elif isinstance(value, dict):
            for inner, one in value.items():
                if inner in NOT_BROKEN:
                    continue
                if inner in UNITS and inner in OTHER_UNIT:
                    other = {OTHER_UNIT[inner] if old == inner else old: kept for old, kept in value.items()}
                    yield path, other, f"{_said(path)} in {OTHER_UNIT[inner].replace('_', ' ')}"
                yield from self._value("people" if key == "people" else inner, one, (*path, inner))
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            for place, one in enumerate(value):
                yield (*path, place), GONE, f"{_said(path)} without no. {place + 1}"
                yield from self._value(key, one, (*path, place))
        else:
            yield from self._words(key, [value] if isinstance(value, str) else value, path)

    def _words(self, key: str, words: list[Any], path: Path) -> Iterator[tuple[Path, Any, str]]:
        """A word or a list of words: redirected where it is a name, shortened where it is a list of contents."""
        if key in WHO or key == "people":
            other = next((one for one in self.others if one not in words), None)
            if other and words != ["complainant"]:
                yield path, [other], f"{_said(path)} {other} for {', '.join(words)}"
            if len(words) > 1:
                yield path, words[:-1], f"{_said(path)} without {words[-1]}"
        elif key in EVENT or key in ("after", "event"):
            same = {*words, *(["closed"] if "close" in words else [])}  # a record needed to `close` is read either way
            other = next(one for one in OTHER_EVENTS if one not in same)
            yield path, [other] if len(words) > 1 else other, f"{_said(path)} {other} for {', '.join(map(str, words))}"
        elif key in STAGES:
            other = next((one for one in self.stages if one not in words), None)
            if other:
                yield path, other, f"{_said(path)} {other} for {words[0]}"
        elif len(words) > 1:
            for place, word in enumerate(words):
                if key == "never_handles" and word in ALWAYS_STRUCK:
                    continue
                yield path, [*words[:place], *words[place + 1 :]], f"{_said(path)} without {word!r}"
        elif words:
            yield path, GONE, f"without {_said(path)} {words[0]!r}"


def _said(path: Path) -> str:
    return " ".join(str(part).replace("_", " ") for part in path if isinstance(part, str))


def _put(table: Any, path: Path, value: Any) -> None:
    for part in path[:-1]:
        table = table[part]
    if value is GONE:
        del table[path[-1]]
    else:
        table[path[-1]] = value
