"""Lines of a case that have another day than they had: the calendar changed, or the case goes by another version.

Owns what the two events leave in a case: for each line the day that it had, and why it is another, for whoever handles
it and whoever was promised it. Which day it is now, the clock reckons (`clock.py`); nothing here changes that.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from heard.happened import OtherDays
from heard.instants import day_of, moment_of
from heard.ledger import Happening
from heard.proclaimed import in_words

if TYPE_CHECKING:
    from heard.casefile import CaseState


def calendar_changed(state: CaseState, happening: Happening, data: Mapping[str, Any]) -> None:
    """Days were proclaimed as bank holidays, or taken back."""
    _note(state, happening, data["moved"], in_words(data["turns"]))


def procedure_changed(state: CaseState, happening: Happening, data: Mapping[str, Any]) -> None:
    """The case went over to another version. By which one a ledger is read, its keeper says."""
    moved = [one for one in data["changes"] if one["change"] == "another_day"]
    _note(state, happening, moved, "The rules that we follow have changed")


def _note(state: CaseState, happening: Happening, lines: Iterable[Mapping[str, Any]], why: str) -> None:
    for line in lines:
        was = line["was"] and (day_of(line["was"]) if len(line["was"]) == 10 else moment_of(line["was"]))
        before = state.moved_days.get(line["key"], ())
        state.moved_days[line["key"]] = (*before, OtherDays(happening.at, was, why))
