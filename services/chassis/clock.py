"""What time it is. Every process asks here, and nowhere else.

An installation that is live runs on the system's clock. A trial or a test may point all its processes at one file that
holds an instant; rewriting the file moves the time for all of them at once, and what falls due rings.
"""

from __future__ import annotations

import os
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol


class Clock(Protocol):
    """Anything that knows the time."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        return datetime.now(UTC)


class FileClock:
    """A clock that stands at the instant written in a file (ISO 8601 with an offset)."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._stamp: tuple[int, int] | None = None
        self._now = self._read()

    def now(self) -> datetime:
        """The instant in the file. The file is read again only when it was replaced or rewritten."""
        self.moved()
        return self._now

    def moved(self) -> bool:
        """Whether the file holds another instant than at the last look. While it is unreadable, time stands still."""
        try:
            status = os.stat(self.path)
            stamp = (status.st_mtime_ns, status.st_ino)
            if stamp == self._stamp:
                return False
            before, self._now, self._stamp = self._now, self._read(), stamp
        except (OSError, ValueError):
            return False
        return before != self._now

    def _read(self) -> datetime:
        text = self.path.read_text(encoding="ascii").strip()
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            raise ValueError(f"{self.path}: {text!r} has no offset, so it is not a moment")
        return moment.astimezone(UTC)


def set_clock(path: Path, moment: datetime) -> None:
    """Write ``moment`` into a clock file at one stroke, so that no reader ever sees half of it."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(moment.astimezone(UTC).isoformat())
    os.replace(name, path)
