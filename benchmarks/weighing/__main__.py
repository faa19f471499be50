"""What the screen takes for a text by its words and by what its sentences mean, and the memory that the model needs.

    python -m benchmarks.weighing
"""

from __future__ import annotations

import sys
import time
import tomllib
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from services.safeguarding import minilm
from services.safeguarding.meaning import meant
from services.screening.screen import screen

TEXTS = Path("tests/safeguarding/evaluation/development.toml")


def main() -> None:
    """Measure and print."""
    texts = [text for *_, text in tomllib.loads(TEXTS.read_text("utf-8"))["texts"]][:100]
    report = " ".join(texts[:12])
    screen(report)
    before = memory()
    began = time.process_time()
    minilm.the_model()
    sys.stdout.write(f"loading the model: {time.process_time() - began:.2f} s\n")
    measured("a short text by its words", lambda: [screen(text) for text in texts], len(texts))
    for how, with_model in (("by what it means", True), ("by how telling its words are", False)):
        measured(f"a short text {how}", partial(weighed, texts, with_model), len(texts))
        measured(f"a report of {len(report.split())} words {how}", partial(weighed, [report], with_model), 1)
    own, shared = (now - then for now, then in zip(memory(), before, strict=True))
    sys.stdout.write(f"memory: {own / 1024:.0f} MB of its own and {shared / 1024:.0f} MB of the weights' file\n")


def weighed(texts: Sequence[str], with_model: bool) -> list[object]:
    """What each of these means, one after the other."""
    return [meant(text, with_model) for text in texts]


def measured(what: str, do: Callable[[], Sequence[object]], many: int) -> None:
    """Print what one of many takes, in milliseconds of processor time."""
    do()
    began = time.process_time()
    do()
    sys.stdout.write(f"{what}: {1000 * (time.process_time() - began) / many:.1f} ms\n")


def memory() -> tuple[int, int]:
    """What this process has in memory, in kB: of its own, and of files."""
    lines = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return int(lines["RssAnon"].split()[0]), int(lines["RssFile"].split()[0])


if __name__ == "__main__":
    main()
