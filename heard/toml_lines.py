"""On which line of a TOML file a key stands.

`tomllib` gives values without places, and a fault without a line sends its reader searching. This is a small scan, not
a parser: it is asked only about files that `tomllib` has already read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cached_property

Path = tuple[str | int, ...]
HEADER = re.compile(r"^\s*(\[\[?)\s*([A-Za-z0-9_.\-\" ]+?)\s*\]\]?\s*(#.*)?$")
ASSIGN = re.compile(r"^\s*([A-Za-z0-9_\-]+|\"[^\"]+\")\s*=")
QUIET = re.compile(r'"[^"\\\n]*(?:\\.[^"\\\n]*)*"|\'[^\'\n]*\'|#.*')


class Lines:
    """Looks up the line of a path like ("stages", 2, "duties", 0, "within").

    The tables are found at once, since every rule remembers its line; the keys in them when somebody asks for one,
    which is when something is wrong.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._tables: dict[Path, int] = {}
        counts: dict[Path, int] = {}
        for number, line in self._outer():
            if line.lstrip().startswith("[") and (header := HEADER.match(line)):
                self._tables[self._enter(header[1] == "[[", header[2], counts)] = number

    def _outer(self) -> Iterator[tuple[int, str]]:
        """Each line, with its number, that does not go on with a list or a table begun in an earlier one."""
        depth, lines = 0, self._text.split("\n")
        for number, bare in enumerate(QUIET.sub("", self._text).split("\n"), 1):
            if depth == 0:
                yield number, lines[number - 1]
            if depth or "[" in bare or "{" in bare:
                depth += bare.count("[") + bare.count("{") - bare.count("]") - bare.count("}")

    @cached_property
    def _keys(self) -> dict[Path, int]:
        """The line of each key, by its table and name."""
        tables = {number: path for path, number in self._tables.items()}
        found: dict[Path, int] = {}
        here: Path = ()
        for number, line in self._outer():
            here = tables.get(number, here)
            if number not in tables and (assign := ASSIGN.match(line)):
                found[(*here, assign[1].strip('"'))] = number
        return found

    @staticmethod
    def _enter(is_array: bool, dotted: str, counts: dict[Path, int]) -> Path:
        path: Path = ()
        names = [name.strip().strip('"') for name in dotted.split(".")]
        for place, name in enumerate(names):
            path = (*path, name)
            if place == len(names) - 1 and is_array:
                counts[path] = counts.get(path, -1) + 1
            if path in counts:
                path = (*path, counts[path])
        return path

    def of(self, path: Sequence[str | int]) -> int:
        """The line of that path, or of the nearest thing round it that has a line of its own; 1 when none has."""
        trail = tuple(path)
        while trail:
            line = self._tables.get(trail) or self._keys.get(trail)
            if line:
                return line
            trail = trail[:-1]
        return 1

    def near(self, rule: int, key: str, otherwise: int) -> int:
        """The line on which the table starting at line `rule` says `key`; `rule` itself when it stands deeper.

        `otherwise` answers for a rule that is not in this file (line 0), such as one a law adds.
        """
        if not rule:
            return otherwise
        table = next((path for path, line in self._tables.items() if line == rule), ())
        return self._keys.get((*table, *key.split(".")), rule)
