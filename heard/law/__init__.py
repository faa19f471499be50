"""The law that several procedures adopt, each in a dated file of its own beside this one.

Rules found here are added to a procedure, never put in the place of its own: the same act may have two due moments.
`house.toml` is not law: it holds the targets the platform sets where a text says "immediately" and gives no number.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

HERE = Path(__file__).parent
HOUSE = HERE / "house.toml"
BUILTIN: Mapping[str, Path] = {path.stem: path for path in sorted(HERE.glob("*.toml")) if path != HOUSE}


@dataclass(frozen=True, slots=True, kw_only=True)
class LawNote:
    """What a law file states: its title, where it is written, since when it holds, and when somebody last checked.

    `binds` says whom: "everybody", or a word of a provider's own `regulations`. What Parliament has not yet brought
    into force is `switched_on = false`: it can be adopted and read, and adds no rule until that is turned.
    """

    key: str
    title: str
    cites: tuple[str, ...]
    in_force_from: date
    checked_on: date
    binds: tuple[str, ...] = ()
    switched_on: bool = True
