"""The project's own files, and what stands in them without running them."""

from __future__ import annotations

import ast
import os
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
_NOT_OURS = {".venv", "var", ".git", "node_modules", "build", "dist", "__pycache__"}


@cache
def files(*endings: str) -> list[Path]:
    """Every file of the project that ends so, without what is installed or made."""
    found = []
    for folder, below, names in os.walk(ROOT):
        below[:] = [name for name in below if name not in _NOT_OURS and not name.endswith((".egg-info", "_cache"))]
        found += [Path(folder, name) for name in names if name.endswith(endings)]
    return sorted(found)


def name_of(path: Path) -> str:
    """A path as people write it, from the project's root."""
    return path.relative_to(ROOT).as_posix()


def modules(*folders: str) -> list[Path]:
    """The Python modules below some folders, migrations' numbered steps left out."""
    return [
        path
        for path in files(".py")
        if name_of(path).startswith(tuple(f"{folder}/" for folder in folders)) and path.parent.name != "versions"
    ]


@cache
def parsed(path: Path) -> ast.Module:
    """A module's syntax tree."""
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def imports(path: Path) -> set[str]:
    """The modules that a module imports, anywhere in it."""
    found: set[str] = set()
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module)
    return found


def services() -> list[str]:
    """The services: every folder of ``services/`` but the chassis, the screen and what looks after an installation."""
    others = {"chassis", "screening", "upkeep"}
    return sorted({path.parent.name for path in ROOT.glob("services/*/__init__.py")} - others)


def calls_of(function: str, path: Path) -> Iterator[str]:
    """The first argument, where it is plain text, of each call of ``function`` in a module."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Call) and node.args:
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", None)
            first = node.args[0]
            if called == function and isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield first.value


def toml(path: Path) -> dict[str, Any]:
    """A TOML file."""
    return tomllib.loads(path.read_text(encoding="utf-8"))
