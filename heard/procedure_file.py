"""Reads a procedure.toml into a `Procedure`, with the rules of the law it adopts added.

Where a procedure enters Heard: at start-up, when a plugin author checks a draft, and when a case opens the version it
is bound to. Every fault is found in one reading and said as a sentence with file, line, key and what is allowed.
"""

from __future__ import annotations

import dataclasses
import difflib
import hashlib
import json
import re
import types
import typing
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Any

import tomli
from marshmallow import Schema, ValidationError, missing

from heard.columns import Said
from heard.law import BUILTIN, HOUSE, LawNote
from heard.marking import prepared
from heard.procedure import Concern, Procedure
from heard.references import dangling
from heard.schema import field_of, made, reader_of
from heard.toml_lines import Lines
from heard.toml_lines import Path as Place
from heard.uniting import added

LANGUAGE = 1
ONE_EACH = ("words", "counting", "promised", "calling", "standing", "screening")
"""Headings that stand once in a file: a provider's own go before the house's."""
PLAIN_NAMED = ("concerns", "roles", "contacts", "facts", "milestones", "calendars")
"""Headings whose keys are names in their own right: a law's keep their key; other law rules get `law.key`."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with a file. `allowed` may be empty when no list can be given; `what_to_do` when it is plain."""

    file: str
    line: int
    key: str
    sentence: str
    allowed: tuple[str, ...] = ()
    what_to_do: str = ""

    def __str__(self) -> str:
        """File, line, key, sentence and what is allowed, on one line."""
        said = f"{self.file}:{self.line}: `{self.key}` {self.sentence}"
        return f"{said}; allowed: {', '.join(self.allowed)}" if self.allowed else said

    @property
    def remedy(self) -> str:
        """What whoever wrote the file can do about it."""
        if self.what_to_do:
            return self.what_to_do
        if self.sentence == "is missing":
            return f"Add `{self.key}` to this table."
        quoted = re.search(r"'([^']+)'", self.sentence)
        near = difflib.get_close_matches(quoted[1] if quoted else self.key, self.allowed, 1)
        if near:
            return f"Write `{near[0]}`."
        if self.sentence.startswith("names "):
            return "Write one that there is, or add it under its heading."
        return "Write one of those that are allowed." if self.allowed else "Correct what stands on this line."


class ProcedureFaults(Exception):
    """A procedure that cannot be read, with every fault found. Nothing a retry could mend."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = sorted(faults, key=lambda fault: (fault.file, fault.line))
        super().__init__("\n".join(str(fault) for fault in self.faults))


class Law:
    """One law file as it was read, and its rules as every procedure that adopts it gets them."""

    def __init__(self, key: str, said: Mapping[str, Any], lines: Lines) -> None:
        self.key, self.said, self.lines = key, said, lines

    @property
    def is_on(self) -> bool:
        """Whether it is in force; until then nothing of it is added."""
        return self.said.get("law", {}).get("switched_on") is not False

    @cached_property
    def headings(self) -> Mapping[str, Any]:
        """What stands under each heading, `law.key` on each rule. Raises marshmallow's ValidationError."""
        found = reader_of(law_schema()).load(prepared(self.said, Lines(""), self.key))
        for heading in found.keys() - {"language", "law", "adopts", *ONE_EACH, *PLAIN_NAMED}:
            found[heading] = tuple(dataclasses.replace(rule, key=f"{self.key}.{rule.key}") for rule in found[heading])
        return types.MappingProxyType(found)


Shelf = dict[Path, Law]
"""Laws that were read just now, for the next procedure that adopts them: each is read once for all of a start."""


def read_procedure(path: Path | str, *, laws: Mapping[str, Path] = BUILTIN, shelf: Shelf | None = None) -> Procedure:
    """The procedure in that file. Raises ProcedureFaults with all faults at once.

    `laws` maps what a file may adopt to where it stands; by default the law files that come with Heard. Whoever reads
    several procedures at once gives all of them one `shelf`.
    """
    own, lines = _parsed(Path(path))
    read: Shelf = {} if shelf is None else shelf
    adopted = {HOUSE.stem: _law(HOUSE.stem, HOUSE, read)}
    faults = list(_adopt(own, Path(path), lines, laws, adopted, read))
    return _assembled(own, adopted, str(path), lines, faults)


def read_content(content: str) -> Procedure:
    """The procedure whose `content` was kept, exactly as it was, whatever the files say today."""
    return read_changed(content, lambda own: None)


def read_changed(content: str, change: Callable[[dict[str, Any]], None]) -> Procedure:
    """The procedure whose `content` was kept, with what its own file said changed first. Raises ProcedureFaults."""
    kept, adopted = _opened(content)
    own = json.loads(kept)
    change(own)
    return _assembled(own, adopted, "kept content", Lines(""), [])


@lru_cache(maxsize=2)
def _opened(content: str) -> tuple[str, Mapping[str, Law]]:
    """What the provider's own file said, to be parsed, and the laws, each read once for all changes to that content."""
    kept = json.loads(content)
    adopted = {key: Law(key, said, Lines("")) for key, said in kept["laws"].items()}
    return json.dumps(kept["procedure"], ensure_ascii=False), adopted


def _law(key: str, path: Path, shelf: Shelf) -> Law:
    if path not in shelf:
        shelf[path] = Law(key, *_parsed(path))
    return shelf[path]


def _parsed(path: Path) -> tuple[dict[str, Any], Lines]:
    try:
        text = path.read_text(encoding="utf-8")
        return tomli.loads(text), Lines(text)
    except FileNotFoundError:
        raise ProcedureFaults([Fault(str(path), 1, path.name, "does not exist")]) from None
    except UnicodeDecodeError:
        raise ProcedureFaults([Fault(str(path), 1, path.name, "is not UTF-8 text")]) from None
    except tomli.TOMLDecodeError as error:
        what, _, place = str(error).partition(" (at line ")
        line = int(place.split(",")[0]) if place[:1].isdigit() else len(text.splitlines())
        raise ProcedureFaults([Fault(str(path), line, "this line", f"is not TOML: {what.lower()}")]) from None


def _adopt(
    data: Mapping[str, Any], path: Path, lines: Lines, laws: Mapping[str, Path], into: dict[str, Law], shelf: Shelf
) -> Iterator[Fault]:
    """Reads each adopted law, and what that adopts, into `into`, once; yields a fault for one nobody knows."""
    listed = data.get("adopts", [])
    for place, entry in enumerate(listed if isinstance(listed, list) else []):
        key = entry.get("procedure") if isinstance(entry, dict) else None
        if not isinstance(key, str):
            yield Fault(str(path), lines.of(("adopts", place)), "adopts", "must say which `procedure`", tuple(laws))
        elif key not in laws:
            sentence = f"names {key!r}, which is no law file here"
            yield Fault(str(path), lines.of(("adopts", place)), "procedure", sentence, tuple(sorted(laws)))
        elif key not in into:
            law = into[key] = _law(key, laws[key], shelf)
            yield from _adopt(law.said, laws[key], law.lines, laws, into, shelf)


def _assembled(
    own: Mapping[str, Any], adopted: Mapping[str, Law], file: str, lines: Lines, faults: list[Fault]
) -> Procedure:
    said = {key: law.said for key, law in adopted.items()}
    content = json.dumps({"procedure": own, "laws": said}, default=_iso, ensure_ascii=False)
    try:
        headings = reader_of(procedure_schema()).load(prepared(own, lines, None))
    except ValidationError as error:
        raise ProcedureFaults([*faults, *_as_faults(error, file, lines)]) from None
    if headings["language"] != LANGUAGE:
        sentence = f"is {headings['language']}, a language this Heard does not read"
        faults.append(Fault(file, lines.of(("language",)), "language", sentence, (str(LANGUAGE),)))
    for key, law in adopted.items():
        try:
            if law.is_on:
                faults += _taken_away(headings["concerns"], law.headings["concerns"], file, lines)
                headings = added(headings, law.headings)
        except ValidationError as error:
            faults += _as_faults(error, f"law {key}", Lines(""))
    digest = hashlib.sha256(content.encode()).hexdigest()[:12]
    version = f"{headings['provider'].key}@{headings['document'].in_force_from}#{digest}"
    procedure = Procedure(**headings, version=version, content=content)
    faults += [Fault(file, lines.near(line, key, lines.of(("adopts", 0))), key, sentence, allowed)
               for line, key, sentence, allowed in dangling(procedure)]  # fmt: skip
    if faults:
        raise ProcedureFaults(faults)
    return procedure


def _iso(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{value!r} has no place in a procedure")


def _taken_away(mine: Sequence[Concern], theirs: Sequence[Concern], file: str, lines: Lines) -> Iterator[Fault]:
    """A concern that a law brings may be said in other words, and be more; nothing may take it off the screen."""
    by_key = {one.key: one for one in theirs}
    for one in mine:
        law = by_key.get(one.key)
        if law is not None and law is not one:
            less = "only_if" if one.only_if is not None else ""
            less = less or ("word_list" if law.word_list and one.word_list not in (None, law.word_list) else "")
            if less:
                sentence = f"takes away from `{one.key}`, which an adopted law brings: a procedure adds to it only"
                yield Fault(file, lines.near(one.line, less, one.line), less, sentence, (), f"Take `{less}` out here.")


@cache
def procedure_schema() -> type[Schema]:
    """Every heading a provider's file may have."""
    hints = typing.get_type_hints(Procedure)
    columns = {
        one.name: field_of(
            hints[one.name],
            data_key=one.name,
            load_default=one.default if _has_default(one) else missing,
            required=not _has_default(one),
        )
        for one in dataclasses.fields(Procedure)
        if not one.metadata
    }
    columns["adopts"] = field_of(tuple[Adopts, ...], data_key="adopts", load_default=())
    return made("ProcedureFile", columns, _with_adopted_names)


@cache
def law_schema() -> type[Schema]:
    """Every heading a law file may have: rules, no provider, and the `law` it states."""
    columns = dict(procedure_schema()._declared_fields)
    for heading in ("provider", "document", "stages", "ways_in", "conflicts", "reference", "disclosure", "clauses"):
        columns.pop(heading)
    columns["law"] = field_of(LawNote, data_key="law", required=True)
    return made("LawFile", columns, _with_adopted_names)


@dataclass(frozen=True, slots=True)
class Adopts:
    """One entry under [[adopts]]."""

    procedure: str


def _with_adopted_names(data: dict[str, Any]) -> dict[str, Any]:
    return {**data, "adopts": tuple(one.procedure for one in data["adopts"])}


def _has_default(one: dataclasses.Field[Any]) -> bool:
    return one.default is not dataclasses.MISSING


def _as_faults(error: ValidationError, file: str, lines: Lines) -> Iterator[Fault]:
    """Marshmallow's tree of messages, each leaf a fault at the line of its path."""

    def walk(messages: Any, path: Place) -> Iterator[tuple[Place, str]]:
        if isinstance(messages, Mapping):
            for key, inner in messages.items():
                yield from walk(inner, path if key in ("_schema", "value") else (*path, key))
        else:
            yield from ((path, one) for one in ([messages] if isinstance(messages, str) else messages))

    for path, message in walk(error.messages, ()):
        key = next((str(part) for part in reversed(path) if isinstance(part, str)), "the file")
        allowed = message.allowed if isinstance(message, Said) else ()
        near = difflib.get_close_matches(key, allowed, 1)
        hint = f" (did you mean `{near[0]}`?)" if near and "not a key" in message else ""
        what_to_do = message.remedy if isinstance(message, Said) else ""
        yield Fault(file, lines.of(path), key, f"{message}{hint}", allowed, what_to_do)
