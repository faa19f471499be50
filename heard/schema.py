"""Marshmallow schemas made from the vocabulary's dataclasses, so that the two can never disagree.

Each key of a procedure.toml table is a field of the dataclass beside which it is documented; a `Clock` stands flat on
its rule. `columns.py` has what can stand under a key.
"""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Literal, get_args, get_origin

from marshmallow import Schema, ValidationError, fields, missing

from heard.columns import Column, Inner, Listed, OneOf, Plain, Said, Several, wrong
from heard.procedure import CalendarSpec, Instead, Keep, Offered
from heard.vocabulary import PARTS
from heard.when import NO_CLOCK, After, Age, Clock, Condition, Deemed, Extension, Test, Unit, Within
from heard.who import Rule

UNITS: tuple[str, ...] = get_args(Unit)
READER = "reader:"  # prefix of what the reader writes into a table before it is loaded: line, stage, law
WITHOUT_KEY = {"Conflicts", "Counting", "Words", "Reference", "Disclosure", "Panel", "Instead", "WayOn",
                "Promised", "Calling", "Standing", "Screening"}  # fmt: skip


_WORDS = Several(Plain(str))


class Holds(Column):
    """A condition table; its keys are checked later, when the provider's own facts and decisions are known."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Condition:
        return self.read(value)

    def read(self, value: Any) -> Condition:
        """The condition in a table; raises ValidationError."""
        if not isinstance(value, dict) or not value:
            raise wrong('must be a table of conditions, like { kind = ["complaint"] }')
        tests: list[Test] = []
        any_: tuple[Condition, ...] = ()
        not_: Condition | None = None
        for key, wants in value.items():
            if key == "any":
                any_ = tuple(self.read(one) for one in (wants if isinstance(wants, list) else [wants]))
            elif key == "not":
                not_ = self.read(wants)
            elif isinstance(wants, bool):
                tests.append(Test(key=key, wants=wants))
            elif key == "child_aged":
                tests.append(Test(key=key, wants=reader_of(schema_of(Age)).load(wants)))
            else:
                words: tuple[str, ...] = _WORDS.deserialize(wants)
                tests.append(Test(key=key, wants=words))
        return Condition(tests=tuple(tests), any_=any_, not_=not_)


def field_of(kind: Any, **options: Any) -> fields.Field[Any]:
    """The marshmallow field for an annotation of the vocabulary."""
    origin, inside = get_origin(kind), get_args(kind)
    if origin in (types.UnionType, typing.Union):
        return field_of(next(one for one in inside if one is not types.NoneType), **options)
    if kind is Condition:
        return Holds(**options)
    if origin is Literal:
        return OneOf(inside, **options)
    if origin is tuple and dataclasses.is_dataclass(inside[0]):
        return Listed(field_of(inside[0]), **options)
    if origin is tuple:
        return Several(field_of(inside[0]), **options)
    if origin is not None and issubclass(origin, Mapping):
        if get_origin(inside[1]) is tuple:
            return Inner(lambda: reader_of(parts_schema()), **options)
        return fields.Dict(keys=fields.String(), values=field_of(inside[1]), **options)
    if dataclasses.is_dataclass(kind):
        return Inner(lambda: reader_of(schema_of(typing.cast(type, kind))), **options)
    return Plain(kind, **options)


def _columns(cls: type) -> dict[str, fields.Field[Any]]:
    """Fields by attribute name: the file's word is the attribute without its closing underscore."""
    hints = typing.get_type_hints(cls)
    columns: dict[str, fields.Field[Any]] = {}
    for one in dataclasses.fields(cls):
        kind = hints[one.name]
        if kind is Clock:
            columns |= _columns(Clock)
            continue
        given = one.metadata.get("from_reader")
        must = one.default is dataclasses.MISSING and one.default_factory is dataclasses.MISSING
        must = must or (one.name == "key" and issubclass(cls, Rule) and cls.__name__ not in WITHOUT_KEY)
        columns[one.name] = field_of(
            kind,
            required=must,
            data_key=READER + one.name if given else one.name.rstrip("_"),
        )
    return columns


def _allowed(columns: Mapping[str, fields.Field[Any]]) -> tuple[str, ...]:
    return tuple(sorted(str(f.data_key) for f in columns.values() if not str(f.data_key).startswith(READER)))


def made(
    name: str,
    columns: dict[str, fields.Field[Any]],
    build: Callable[[dict[str, Any]], Any],
    shorthand: Callable[[Any], Any] | None = None,
) -> type[Schema]:
    """A schema class with those columns, whose load ends in `build`; `shorthand` widens a bare value to a table."""
    shapes = {"build": staticmethod(build), "shorthand": staticmethod(shorthand or _as_is)}
    return type(name, (Table,), {**columns, **shapes})


def _as_is(data: Any) -> Any:
    return data


NOWHERE = ("", None)


class Table(Schema):
    """One table of a file. Of the many keys that could stand in it a few do: only these are looked at."""

    build: typing.ClassVar[Callable[[dict[str, Any]], Any]]
    shorthand: typing.ClassVar[Callable[[Any], Any]]

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._by_key = {str(column.data_key): (name, column) for name, column in self.fields.items()}
        self._must = tuple(key for key, (_, column) in self._by_key.items() if column.required)
        given = ((name, column.load_default) for name, column in self.fields.items())
        self._otherwise = {name: default for name, default in given if default is not missing}

    def load(self, data: Any, **options: Any) -> Any:
        """What the table says, built; raises ValidationError with the messages of every key that is wrong."""
        table = type(self).shorthand(data)
        if not isinstance(table, Mapping):
            raise wrong("must be a table", _allowed(self.fields))
        read, faults = dict(self._otherwise), dict[str, Any]()
        for key, value in table.items():
            name, column = self._by_key.get(key, NOWHERE)
            if column is None:
                faults[key] = [Said("is not a key that can stand here", _allowed(self.fields))]
                continue
            try:
                read[name] = column.deserialize(value, key, table)
            except ValidationError as error:
                faults[key] = error.messages
        faults |= {key: [Said("is missing")] for key in self._must if key not in table}
        if faults:
            raise ValidationError(faults)
        return type(self).build(read)


@cache
def reader_of(schema: type[Schema]) -> Schema:
    """The one instance of a schema that reads: making one takes longer than reading a file with it."""
    return schema()


@cache
def parts_schema() -> type[Schema]:
    """`[stages.people]`: a ladder of who-words for each part."""
    columns: dict[str, fields.Field[Any]] = {part: Several(Plain(str), data_key=part) for part in PARTS}
    return made("People", columns, lambda data: {part: data[part] for part in PARTS if part in data})


@cache
def schema_of(cls: type) -> type[Schema]:
    """The schema that loads a table into that dataclass of the vocabulary."""
    columns = _columns(cls)
    if cls is Within:
        return made("Within", _length_columns(), _length)
    if cls is Deemed:
        return made("Deemed", {**_length_columns(), "after": Several(Plain(str), required=True, data_key="after")},
                     lambda data: Deemed(after=data.pop("after"), within=_length(data)))  # fmt: skip
    if cls is Keep:
        return made("Keep", {**_length_columns(), "or_until": Plain(str, data_key="or_until")},
                     lambda data: Keep(or_until=data.pop("or_until", None), within=_length(data)))  # fmt: skip
    if cls is After:
        columns["events"].data_key = "event"
        return made("After", columns, lambda data: After(**data),
                     lambda bare: {"event": bare} if isinstance(bare, str | list) else bare)  # fmt: skip
    if cls is Offered:
        return made("Offered", columns, lambda data: Offered(**data),
                     lambda bare: {"any_time": True} if bare == "any_time" else bare)  # fmt: skip
    if cls is Extension:
        return made("Extension", columns, _extension)
    if cls is CalendarSpec:
        return made("CalendarSpec", columns, lambda data: CalendarSpec(**data))
    if cls is Instead:
        columns.pop("people")
        columns |= {part: Several(Plain(str), data_key=part) for part in PARTS}
        return made("Instead", columns, _instead)
    return made(cls.__name__, columns, lambda data: _rule(cls, data))


@cache
def names_of(cls: type) -> frozenset[str]:
    """The names of a dataclass's fields."""
    return frozenset(one.name for one in dataclasses.fields(cls))


def _rule(cls: type, data: dict[str, Any]) -> Any:
    """The dataclass, its flat clock keys gathered into `clock`."""
    own = names_of(cls)
    if "clock" in own:
        clock = {key: data.pop(key) for key in [*data] if key not in own}
        data["clock"] = Clock(**clock) if clock else NO_CLOCK
    return cls(**data)


def _extension(data: dict[str, Any]) -> Extension:
    """An extension from its table, which must say how far it may go: without a word on that it would have no end."""
    if not (data.get("to") or data.get("by") or data.get("without_cap")):
        sentence = "must say how far it may go: a whole time (`to`), a time on top (`by`), or `without_cap = true`"
        raise wrong(sentence, ("to", "by", "without_cap"))
    return Extension(**data)


def _instead(data: dict[str, Any]) -> Instead:
    return Instead(people={part: data.pop(part) for part in PARTS if part in data}, **data)


def _length_columns() -> dict[str, fields.Field[Any]]:
    own = {name: one for name, one in _columns(Within).items() if name not in ("unit", "amount")}
    return {**{unit: Plain(int, data_key=unit) for unit in UNITS}, **own}


def _length(data: dict[str, Any]) -> Within:
    """A length from its table: exactly one unit, unless a date `as_given_in` an event stands for it."""
    units = [unit for unit in UNITS if unit in data]
    if len(units) > 1 or (not units and "as_given_in" not in data):
        raise wrong("must give exactly one length", UNITS)
    if ("days" in units) != ("of" in data):
        sentence = 'must say which days it counts: `days` and `of` go together, { days = 15, of = "school_days" }'
        which = "Write working_days or calendar_days; if the document says only days, name the point in `reading`."
        raise wrong(sentence, ("working_days", "calendar_days"), which)
    amounts = {unit: data.pop(unit) for unit in units}
    return Within(unit=units[0] if units else None, amount=amounts[units[0]] if units else 0, **data)  # type: ignore[arg-type]
