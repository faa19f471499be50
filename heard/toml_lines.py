"""On which line of a TOML file a key stands.

`tomllib` gives values without places, and a fault without a line sends its reader searching. This is a small scan, not
a parser: it is asked only about files that `tomllib` has already read.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

Path = tuple[str | int, ...]
HEADER = re.compile(r"^\s*(\[\[?)\s*([A-Za-z0-9_.\-\" ]+?)\s*\]\]?\s*(#.*)?$")
ASSIGN = re.compile(r"^\s*([A-Za-z0-9_\-]+|\"[^\"]+\")\s*=")
QUIET = re.compile(r'"(?:\\.|[^"\\])*"|\'[^\']*\'|#.*$')


class Lines:
    """Looks up the line of a path like ("stages", 2, "duties", 0, "within")."""

    def __init__(self, text: str) -> None:
        self._at: dict[Path, int] = {}
        counts: dict[Path, int] = {}
        here: Path = ()
        depth = 0
        for number, line in enumerate(text.splitlines(), 1):
            if depth == 0 and (header := HEADER.match(line)):
                here = self._enter(header[1] == "[[", header[2], counts)
                self._at[here] = number
                continue
            if depth == 0 and (assign := ASSIGN.match(line)):
                self._at[(*here, assign[1].strip('"'))] = number
            bare = QUIET.sub("", line)
            depth += bare.count("[") + bare.count("{") - bare.count("]") - bare.count("}")

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
            if trail in self._at:
                return self._at[trail]
            trail = trail[:-1]
        return 1

    def near(self, rule: int, key: str, otherwise: int) -> int:
        """The line on which the table starting at line `rule` says `key`; `rule` itself when it stands deeper.

        `otherwise` answers for a rule that is not in this file (line 0), such as one a law adds.
        """
        if not rule:
            return otherwise
        table = next((path for path, line in self._at.items() if line == rule), ())
        return self._at.get((*table, *key.split(".")), rule)
