"""What the doctor says: a finding is what is wrong, what to do about it, and how bad it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from services.chassis.settings import Settings

Grade = Literal["must", "should", "note"]
GRADES: dict[Grade, str] = {"must": "must be mended", "should": "should be mended", "note": "good to know"}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that the doctor found. Both sentences are for whoever runs the platform."""

    about: str
    grade: Grade
    sentence: str
    mend: str


@dataclass(frozen=True, slots=True)
class Patient:
    """The installation looked at, and this machine's own clock."""

    settings: Settings
    clock: Callable[[], datetime]

    @property
    def now(self) -> datetime:
        """What the machine's clock says."""
        return self.clock()


Check = Callable[[Patient], Iterable[Finding]]
"""Looks at one thing. May raise: the doctor says then that it could not be looked at."""
