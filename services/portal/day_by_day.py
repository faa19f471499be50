"""What is owed, told day by day: late, today, the next seven days, later. One card for each case and day.

STEP 3 of a complaint's journey, as the people who work on it meet it in the morning. Owns only the order; what is due
and why comes from the case. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from heard.instants import london_day
from services.portal.plain_words import as_moment

Line = Mapping[str, Any]
SOON = timedelta(days=7)
"""How far "the next seven days" reach; a way to read a list, and no promise of anybody's."""
LATE, TODAY, NEXT, LATER, NO_DAY = "Late", "Today", "The next seven days", "Later", "On hold, or without a day yet"
_TO_THE_MINUTE = len("2026-01-31T14:30")
SECTIONS = (LATE, TODAY, NEXT, LATER, NO_DAY)


@dataclass(frozen=True, slots=True)
class Card:
    """What is owed in one case on one day."""

    case_id: str
    reference: str
    home_name: str
    day: date | None
    late: bool
    lines: tuple[Line, ...]
    mine: bool = field(default=False)


def sections(lines: Iterable[Line], now: datetime) -> list[tuple[str, list[Card]]]:
    """The headings that have something under them, each with its cards: this person's own first on each day."""
    today = london_day(now)
    found: dict[str, list[Card]] = {name: [] for name in SECTIONS}
    for line_of in _by_case_and_day(lines):
        card = _card(line_of)
        found[_heading(card, today)].append(card)
    for cards in found.values():
        cards.sort(key=lambda card: (card.day or date.max, not card.mine))
    return [(name, found[name]) for name in SECTIONS if found[name]]


def _by_case_and_day(lines: Iterable[Line]) -> Iterable[Sequence[Line]]:
    def together(line: Line) -> tuple[bool, bool, date, str]:
        day = _day(line)
        return line["status"] != "late", day is None, day or date.max, str(line["case_id"])

    return [list(group) for _, group in groupby(sorted(lines, key=together), together)]


def _card(lines: Sequence[Line]) -> Card:
    first = lines[0]
    mine = any(line["mine"] for line in lines)
    in_order = _once_each(sorted(lines, key=lambda line: not line["mine"]))
    return Card(
        first["case_id"], first["reference"], first["home_name"] or "", _day(first), first["status"] == "late",
        in_order, mine,
    )  # fmt: skip


def _once_each(lines: Iterable[Line]) -> tuple[Line, ...]:
    """What is owed for each of several people or things stands there once, with how often; the case says for whom."""
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for line in lines:
        same = tuple(line.get(name) for name in ("stage", "says", "due", "status", "mine"))
        one = found.setdefault(same, {**line, "times": 0})
        one["times"] += 1
    return tuple(found.values())


def told_together(dues: Iterable[Line]) -> list[Line]:
    """What a lead owes for several concerns in the same minute stands there once: whoever is told is told of them all.

    The screen may find one by its words and another a moment later by what a sentence means.
    """
    found: dict[tuple[Any, ...], Line] = {}
    for due in dues:
        same = (due["says"], due["status"], str(due["due"])[:_TO_THE_MINUTE], str(due["met_at"])[:_TO_THE_MINUTE])
        found.setdefault(same, due)
    return list(found.values())


def _heading(card: Card, today: date) -> str:
    if card.late:
        return LATE
    if card.day is None:
        return NO_DAY
    if card.day <= today:
        return TODAY
    return NEXT if card.day <= today + SOON else LATER


def _day(line: Line) -> date | None:
    """The day in London on which it is due; none while it is on hold or has no moment yet."""
    due = as_moment(line["due"]) if line["status"] != "paused" else None
    return due.date() if isinstance(due, datetime) else due
