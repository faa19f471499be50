"""What each key of a procedure.toml means, in one line: for the guide, for editors, and for the terminal.

The meanings stand in `keys.toml`; which keys there are, and under which table, the schemas that read the file say.
"""

from __future__ import annotations

import dataclasses
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from marshmallow import Schema

from heard import procedure as vocabulary
from heard.procedure_file import Adopts, procedure_schema
from heard.schema import READER, schema_of
from heard.when import Clock
from heard.who import Rule

SHARED = ("Rule", "Clock", "Within")
"""What many tables have in common: told once in the guide."""
NOT_A_TABLE = {"Clock", "Condition", "Test", "Rule", "Procedure"}


@cache
def meanings() -> Mapping[str, Mapping[str, str]]:
    """By table, then by key; a table's own line is `it`."""
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


def meaning(table: str, key: str) -> str | None:
    """What a key means there, or wherever that key means the same; None for one that nobody explained."""
    told = meanings()
    return next((told[one][key] for one in (table, *SHARED) if key in told.get(one, {})), None)


def keys_of(schema: Schema) -> tuple[str, ...]:
    """The keys that a table may have in a file."""
    named = (str(field.data_key or name) for name, field in schema.fields.items())
    return tuple(key for key in named if not key.startswith(READER))


def tables() -> dict[str, tuple[str, ...]]:
    """Every table of the language with its keys: first the file's headings, then what is shared, then each table."""
    shapes = {name: getattr(vocabulary, name) for name in vocabulary.__all__ if name not in NOT_A_TABLE}
    found = {"Procedure": keys_of(procedure_schema()()), "Rule": _rule_keys(), "Clock": _fields(Clock)}
    found |= {"Within": keys_of(schema_of(vocabulary.Within)()), "Adopts": keys_of(schema_of(Adopts)())}
    return found | {name: keys_of(schema_of(one)()) for name, one in shapes.items() if isinstance(one, type)
                    and dataclasses.is_dataclass(one)}  # fmt: skip


def _rule_keys() -> tuple[str, ...]:
    return tuple(one.name for one in dataclasses.fields(Rule) if not one.metadata)


def _fields(shape: Any) -> tuple[str, ...]:
    return tuple(one.name for one in dataclasses.fields(shape))


def as_markdown() -> str:
    """The tables of the guide: each key once, what is shared first."""
    return "\n".join(line for name, keys in tables().items() for line in _table(name, keys))


def _table(name: str, keys: tuple[str, ...]) -> Iterator[str]:
    told, every = meanings().get(name, {}), tables()
    shared = {key for one in SHARED if one != name for key in every[one]}
    rows = [key for key in keys if key in told or key not in shared]
    others = {"Rule": "what every rule may carry", "Clock": "a clock", "Within": "a length"}
    also = [words for one, words in others.items() if one != name and {*every[one]} & {*keys} - {*rows}]
    besides = f" With {', '.join(also)}." if also else ""
    yield f"\n`{meanings()['where'].get(name, name)}` {told.get('it', '')}{besides}\n"
    if rows:
        yield "| key | what it means |"
        yield "|---|---|"
        yield from (f"| `{key}` | {meaning(name, key)} |" for key in rows)
