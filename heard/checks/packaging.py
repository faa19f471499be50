"""Whether a plugin's folder would be found once it is installed: its pyproject.toml held against its procedure.

What the registry would say at start-up, said while somebody writes. A file that stands alone has nothing to be held
against.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from heard.checks.remark import Remark
from heard.procedure import Procedure
from heard.registry import GROUP

NAME = "pyproject.toml"


def packaging(file: Path, p: Procedure) -> Iterator[tuple[Path, Remark]]:
    """What keeps the procedure in `file` from being found when its folder is installed, each with the file to mend."""
    project = next((one for one in (file.parent / NAME, file.parent.parent / NAME) if one.is_file()), None)
    if project is None:
        return
    try:
        data = tomllib.loads(project.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        yield project, Remark("broken", f"It is not TOML: {error}.", "Correct what stands there.")
        return
    package = file.parent.name
    points = _table(data, "project", "entry-points", GROUP)
    if p.key not in points:
        there = f"it announces {', '.join(map(repr, points))}" if points else "it announces nothing"
        unknown = f"The procedure is of {p.key!r}, and {there} under {GROUP!r}: it would not be found."
        yield project, Remark("broken", unknown, f'Write {p.key} = "{package}" under [project.entry-points."{GROUP}"].')
    elif str(points[p.key]) != package and (file.parent / "__init__.py").is_file():
        elsewhere = f"`{p.key}` leads to the package {points[p.key]!r}, and the procedure stands in {package!r}."
        yield project, Remark("broken", elsewhere, f'Write {p.key} = "{package}".')
    kept = _table(data, "tool", "setuptools", "package-data")
    patterns = [str(one) for name in (package, "*", "") for one in kept.get(name, ())]
    letters = (str(one.relative_to(file.parent)) for one in sorted((file.parent / "letters").glob("*/*.txt")))
    for name, pattern in ((file.name, "*.toml"), *((letter, "letters/*/*.txt") for letter in letters)):
        if kept and not any(fnmatch(name, one) for one in patterns):
            left = f"{name} is not among the package's data: it would be left behind when the folder is packed."
            yield project, Remark("broken", left, f'Add "{pattern}" to {package} under [tool.setuptools.package-data].')


def _table(data: dict[str, Any], *path: str) -> dict[str, Any]:
    for name in path:
        inner = data.get(name)
        data = inner if isinstance(inner, dict) else {}
    return data
