"""What happened in a case, in order, and nothing else: the only thing about a case that is ever kept.

Owns the shape of one entry (`Happening`) and its JSON. `case.py` replays entries into a state and answers commands
with new ones; the service that keeps the ledger gives each its number and the moment of writing. An entry never
holds narrative: a child's words are sealed elsewhere and referred to by id.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any


class NotAMoment(ValueError):
    """A time without a zone: nobody can say when that was."""


def instant(text: str) -> datetime:
    """An ISO time with a zone as aware UTC. Raises NotAMoment."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise NotAMoment(f"{text!r} has no time zone, so it is not a moment")
    return moment.astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Happening:
    """One entry: `seq` from 1 without gaps, `at` when it happened, `written_at` when it was written (aware UTC).

    `by` is a person's id, or "complainant", "screen" or "system".
    """

    seq: int
    event: str
    at: datetime
    written_at: datetime
    by: str
    stage: str | None = None
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NewHappening:
    """An entry that a command produced and the ledger has not numbered yet."""

    event: str
    at: datetime
    by: str
    stage: str | None = None
    data: Mapping[str, Any] = field(default_factory=dict)

    def written(self, seq: int, written_at: datetime) -> Happening:
        """The entry as it stands in the ledger."""
        return Happening(seq, self.event, self.at, written_at, self.by, self.stage, self.data)


Ledger = Sequence[Happening]


def number(new: Sequence[NewHappening], after: int, written_at: datetime) -> tuple[Happening, ...]:
    """Number new entries from `after` + 1 on."""
    return tuple(entry.written(after + n, written_at) for n, entry in enumerate(new, 1))


def to_json(happening: Happening) -> dict[str, Any]:
    """A JSON-able picture of an entry; `from_json` reads it back."""
    return {
        "seq": happening.seq,
        "event": happening.event,
        "at": happening.at.isoformat(),
        "written_at": happening.written_at.isoformat(),
        "by": happening.by,
        "stage": happening.stage,
        "data": dict(happening.data),
    }


def from_json(picture: Mapping[str, Any]) -> Happening:
    """The entry that `to_json` pictured. Raises KeyError, ValueError or NotAMoment on anything else."""
    return Happening(
        seq=int(picture["seq"]),
        event=str(picture["event"]),
        at=instant(picture["at"]),
        written_at=instant(picture["written_at"]),
        by=str(picture["by"]),
        stage=picture.get("stage"),
        data=dict(picture.get("data") or {}),
    )
