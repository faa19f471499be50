"""Very many procedures on disk, each a whole one with a plugin of its own, loaded as the platform loads them at start.

They are the installed ones, each copied under keys of its own with its lengths changed, so that no two are the same.
"""

from __future__ import annotations

import re
import sys
from importlib.metadata import EntryPoint
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time

from benchmarks.engine.took import Took
from heard.registry import Registry, load_procedures

LENGTH = re.compile(r"working_days = (\d+)")


def read(installed: Registry, number: int) -> Took:
    """The processor time of `load_procedures` over so many plugins, in a process that has loaded some before."""
    with TemporaryDirectory() as folder:
        points = [_variant(installed, n, Path(folder)) for n in range(number)]
        sys.path.insert(0, folder)
        try:
            begun, by_the_clock = process_time(), perf_counter()
            loaded = load_procedures(points)
            took, by_the_clock = process_time() - begun, perf_counter() - by_the_clock
        finally:
            sys.path.remove(folder)
            for point in points:
                sys.modules.pop(point.value, None)
    assert len(loaded.keys()) == number
    lines = sum(loaded.get(key).content.count("clause") for key in loaded)
    return Took(took, f"{took / number * 1000:.1f} ms each, {lines:,} clauses cited; {by_the_clock:.1f} s by the clock")


def _variant(installed: Registry, n: int, folder: Path) -> EntryPoint:
    keys = installed.keys()
    source = installed.plugin(keys[n % len(keys)])
    key = f"{source.key}_{n}"
    package = folder / f"heard_measured_{key}"
    package.mkdir()
    (package / "__init__.py").write_text('"""A procedure to measure with."""\n')
    text = source.files[-1].read_text(encoding="utf-8")
    text = text.replace(f'key = "{source.key}"', f'key = "{key}"', 1)
    text = LENGTH.sub(lambda found: f"working_days = {int(found[1]) + n // len(keys)}", text)
    (package / "procedure.toml").write_text(text, encoding="utf-8")
    return EntryPoint(key, package.name, "heard.procedures")
