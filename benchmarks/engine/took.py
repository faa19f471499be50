"""What a measurement found: how long, and of what."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Took:
    """So many seconds, and what was done in them."""

    seconds: float
    about: str
