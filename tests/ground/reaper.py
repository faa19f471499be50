"""Nothing outlives the tests: should their process be killed, whatever it started is ended and its folders removed.

A small process of its own reads what is started and what has ended from a pipe; when the pipe closes because the
process of the tests is gone, however it went, it kills what is left. A run that ends well leaves it nothing to do.
"""

from __future__ import annotations

import atexit
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Protocol, TypeVar

_READS_UNTIL_THE_END = """
import os, shutil, signal, sys
groups, folders = set(), set()
for line in sys.stdin:
    word, what = line.rstrip("\\n").split(" ", 1)
    {"+group": groups.add, "-group": groups.discard, "+folder": folders.add, "-folder": folders.discard}[word](what)
for group in groups:
    try:
        os.killpg(int(group), signal.SIGKILL)
    except ProcessLookupError:
        pass
for folder in folders:
    shutil.rmtree(folder, ignore_errors=True)
"""


@cache
def _pipe() -> subprocess.Popen[str]:
    reader = subprocess.Popen(
        [sys.executable, "-S", "-c", _READS_UNTIL_THE_END], stdin=subprocess.PIPE, text=True, start_new_session=True
    )
    atexit.register(reader.communicate)  # a run that ends well closes the pipe itself
    return reader


def _tell(word: str, what: object) -> None:
    pipe = _pipe().stdin
    assert pipe is not None
    pipe.write(f"{word} {what}\n")
    pipe.flush()


class Process(Protocol):
    """What is asked of a process here, whichever way it came to be."""

    @property
    def pid(self) -> int: ...
    @property
    def returncode(self) -> int | None: ...
    def poll(self) -> int | None: ...
    def wait(self, timeout: float | None = None) -> int: ...
    def send_signal(self, sig: int, /) -> None: ...
    def terminate(self) -> None: ...
    def kill(self) -> None: ...


P = TypeVar("P", bound=Process)


def watch(process: P) -> P:
    """From now on the group that ``process`` leads does not outlive this one. Returns the process."""
    _tell("+group", process.pid)
    return process


def ended(process: Process) -> None:
    """The process has ended and was waited for; its number may belong to somebody else soon."""
    _tell("-group", process.pid)


def watch_folder(folder: Path) -> Path:
    """From now on ``folder`` does not outlive this process. Returns the folder."""
    _tell("+folder", folder)
    return folder


def removed(folder: Path) -> None:
    """The folder is gone."""
    _tell("-folder", folder)
