"""A folder for a new provider: a small whole procedure that passes every check, its packaging and its tests.

Where an outsider begins. The files are made from those in `heard/template`, in which `$key` and its like stand for what
differs; `heard policy new` asks for them.
"""

from __future__ import annotations

import json
import keyword
import re
from datetime import date
from pathlib import Path
from string import Template
from tempfile import TemporaryDirectory

from heard.editor_schema import procedure_json_schema

TEMPLATE = Path(__file__).with_name("template")
KEY = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
LONGEST_KEY, LONGEST_PREFIX = 40, 6


class NotMade(ValueError):
    """The folder cannot be made; the sentence says why, and what is allowed. Nothing was written."""


def make_provider(key: str, name: str | None, into: Path, today: date) -> Path:
    """Writes the folder `into/key` and answers its path. Raises NotMade, or OSError where nothing can be written.

    `name` is the provider's name as people know it; without one it is made from the key.
    """
    if not KEY.fullmatch(key) or keyword.iskeyword(key) or len(key) > LONGEST_KEY:
        allowed = (
            f"small letters, digits and single underscores, a letter first, {LONGEST_KEY} at most, like harbour_house"
        )
        raise NotMade(f"{key!r} cannot be a provider's key; allowed: {allowed}")
    called = " ".join((name or key.replace("_", " ").title()).split())
    if not called or set(called) & set('"\\$'):
        raise NotMade(
            f"{name!r} cannot be a provider's name; allowed: words without quotes, backslashes and dollar signs"
        )
    folder = into / key
    if folder.exists():
        raise NotMade(f"{folder} is there already; choose another key, or another folder with --dir")
    words = {"key": key, "dashed": key.replace("_", "-"), "name": called, "prefix": _prefix(key), "day": f"{today}"}
    package = folder / f"heard_{key}"
    files = {
        folder / "pyproject.toml": "pyproject.toml.in", folder / "README.md": "README.md.in",
        package / "__init__.py": "package.py.in", package / "procedure.toml": "procedure.toml.in",
        folder / "tests" / "test_procedure.py": "test_procedure.py.in",
    }  # fmt: skip
    written = {path: Template((TEMPLATE / source).read_text(encoding="utf-8")).substitute(words)
               for path, source in files.items()}  # fmt: skip
    written[package / "py.typed"] = ""
    written[package / "procedure.schema.json"] = json.dumps(procedure_json_schema(), indent=1) + "\n"
    into.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=into, prefix=f".{key}-") as half_made:  # the folder is there whole, or not at all
        draft = Path(half_made) / key
        for path, text in written.items():
            place = draft / path.relative_to(folder)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text, encoding="utf-8")
        draft.rename(folder)
    return folder


def _prefix(key: str) -> str:
    """The letters before the clause numbers: the first letters of several words, or the beginning of one."""
    words = key.split("_")
    return ("".join(word[0] for word in words) if len(words) > 2 else words[0]).upper()[:LONGEST_PREFIX]
