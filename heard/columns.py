"""What can stand under a key of a procedure.toml: text, numbers, dates, one word of a list, several, tables in tables.

The fields of marshmallow that `schema.py` puts together. Each reads one value, converts nothing from anything else, and
says what is wrong as a `Said`: the sentence, and what would have been allowed.
"""

from __future__ import annotations

import typing
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from marshmallow import Schema, ValidationError, fields


class Said(str):
    """A sentence about a fault that remembers what is `allowed` there, and what to do where that does not say it."""

    allowed: tuple[str, ...]
    remedy: str

    def __new__(cls, sentence: str, allowed: tuple[str, ...] = (), remedy: str = "") -> Said:
        said = super().__new__(cls, sentence)
        said.allowed, said.remedy = allowed, remedy
        return said


def wrong(sentence: str, allowed: tuple[str, ...] = (), remedy: str = "") -> ValidationError:
    """The error marshmallow collects, carrying what is allowed and what to do."""
    return ValidationError([Said(sentence, allowed, remedy)])


class Column(fields.Field[Any]):
    """A key of a table. It has no validators of marshmallow's beside what it reads, so that none are looked for."""

    def deserialize(self, value: Any, attr: str | None = None, data: Any = None, **kwargs: Any) -> Any:
        """The value as the vocabulary has it; raises ValidationError."""
        if value is None:  # only kept content can hold it: TOML knows no null
            raise wrong("is empty")
        return self._deserialize(value, attr, data)


class Plain(Column):
    """Text, a whole number, yes or no, or a date: nothing is converted from anything else."""

    names: typing.ClassVar[dict[type, str]] = {
        str: "text in quotes",
        int: "a whole number, not below 0",
        bool: "true or false",
        date: "a date, like 2026-11-22",
    }

    def __init__(self, kind: type, **options: Any) -> None:
        super().__init__(**options)
        self.kind = kind

    def deserialize(self, value: Any, attr: str | None = None, data: Any = None, **kwargs: Any) -> Any:
        """The value as it stands; raises ValidationError. Most are words, and nothing more is asked of a word."""
        return value if type(value) is str and value and self.kind is str else super().deserialize(value, attr, data)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if self.kind is date and isinstance(value, str):
            try:
                return date.fromisoformat(value)
            except ValueError:
                value = None
        fits = isinstance(value, self.kind) and not (self.kind is int and isinstance(value, bool))
        if not fits or isinstance(value, datetime) or value == "" or (self.kind is int and value < 0):
            raise wrong(f"must be {self.names[self.kind]}")
        return value


class OneOf(Column):
    """One word of a closed list."""

    def __init__(self, allowed: tuple[str, ...], **options: Any) -> None:
        super().__init__(**options)
        self.allowed = allowed

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if value not in self.allowed:
            raise wrong(f"cannot be {value!r}", self.allowed)
        return value


class Several(Column):
    """A word or a list of words (or dates); always read as a tuple."""

    def __init__(self, inner: fields.Field[Any], **options: Any) -> None:
        super().__init__(**options)
        self.inner = inner

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        listed = value if isinstance(value, list) else [value]
        return tuple([self.inner.deserialize(one) for one in listed])


class Listed(fields.List[Any]):
    """Tables under a [[heading]], read as a tuple."""

    def deserialize(self, value: Any, attr: str | None = None, data: Any = None, **kwargs: Any) -> Any:
        """Each table built, in the order of the file; raises ValidationError with the faults of all of them."""
        if not isinstance(value, list):
            raise wrong("must be a list of tables: write it with double brackets, [[like_this]]")
        read, faults = [], dict[int, Any]()
        for place, one in enumerate(value):
            try:
                read.append(self.inner.deserialize(one))
            except ValidationError as error:
                faults[place] = error.messages
        if faults:
            raise ValidationError(faults)
        return tuple(read)


class Inner(fields.Nested):
    """A table in a table. One reader serves all tables of its shape: it keeps nothing of what it has read."""

    nested: Callable[[], Schema]

    def deserialize(self, value: Any, attr: str | None = None, data: Any = None, **kwargs: Any) -> Any:
        """What the table says, built; raises ValidationError."""
        return self.nested().load(value)
