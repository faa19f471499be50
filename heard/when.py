"""When: the clock grammar of a procedure, and the conditions under which a rule holds.

Owns the shapes that say how long, from which event, counted how, and what follows when it is late.
`heard.procedure_file` fills them from a procedure.toml; `heard.clock` reckons due moments from them.
A name ending in an underscore is the file's word made legal in Python (`not_` is `not`, `for_` is `for`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

Unit = Literal["working_days", "calendar_days", "days", "hours", "minutes", "months", "years"]
PromptWord = Literal["immediately", "without_delay", "as_soon_as_possible", "as_soon_as_reasonably_practicable"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Within:
    """How long. `unit` is None only when the length is a date `as_given_in` an event and nothing else.

    `days` always names its calendar in `of`. `rolls_to` is a calendar whose next open day takes an end on a closed
    day. `first_day` says whether day 1 is the day after the event (the usual) or the day of the event itself.
    """

    unit: Unit | None = None
    amount: int = 0
    of: str | None = None
    rolls_to: str | None = None
    first_day: Literal["day_after_event", "day_of_event"] = "day_after_event"
    as_given_in: str | None = None
    otherwise: Within | None = None

    @property
    def calendar(self) -> str | None:
        """Key of the calendar whose open days are counted; None for hours, minutes, months and years."""
        if self.unit == "days":
            return self.of
        return self.unit if self.unit in ("working_days", "calendar_days") else None

    def __str__(self) -> str:
        """The length as people say it: '10 working days'; '24 hours'; 'the date given in window_agreed'."""
        if self.as_given_in:
            given = f"the date given in {self.as_given_in}"
            return f"{given}, otherwise {self.otherwise}" if self.otherwise else given
        word = (self.of or "days") if self.unit == "days" else (self.unit or "")
        word = word.replace("_", " ")
        length = f"{self.amount} {word[:-1] if self.amount == 1 and word.endswith('s') else word}"
        rolled = (self.rolls_to or "").replace("_", " ").removesuffix("s")
        return f"{length}, or on the next {rolled}" if rolled else length


@dataclass(frozen=True, slots=True, kw_only=True)
class Deemed:
    """The latest moment at which a clock is taken to have started: `within` after the first of the `after` events."""

    within: Within
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class After:
    """What starts a clock: the earliest of `events`, or the deemed moment if that comes first or nothing comes."""

    events: tuple[str, ...]
    no_later_than: Deemed | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LateStep:
    """What happens when a duty is late: at the due moment, or `further` on. Also the shape of `if_excused`."""

    further: Within | None = None
    tell: tuple[str, ...] = ()
    offers: str | None = None
    raises: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Extension:
    """How a time may be made longer: `to` is a total from the same start, `by` is added, `without_cap` sets a date."""

    to: Within | None = None
    by: Within | None = None
    without_cap: bool = False
    times: int | None = None
    granted_within: Within | None = None
    needs: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    contains: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """When a rule falls due. In the file these keys stand directly on the rule.

    An empty `met_by` means: met when every one of the rule's `to` has been told.
    `promptly` is the text's word without a number; its length stands in `Procedure.counting.promptly`.
    """

    within: Within | None = None
    after: After | None = None
    before: str | None = None
    at_least: Within | None = None
    same_day_as: str | None = None
    every: Within | None = None
    until: tuple[str, ...] = ()
    again_after: tuple[str, ...] = ()
    first_from: date | None = None
    promptly: PromptWord | None = None
    met_by: tuple[str, ...] = ()
    strength: Literal["must", "aim", "comparison"] = "must"
    pauses: bool = False
    extension: Extension | None = None
    if_late: tuple[LateStep, ...] = ()
    excused_if: tuple[str, ...] = ()
    excused_by: tuple[str, ...] = ()
    if_excused: LateStep | None = None

    @property
    def runs(self) -> bool:
        """Whether this clock can ever give a due moment (a rule may carry none, like a way on without a window)."""
        return any((self.within, self.promptly, self.every, self.before, self.same_day_as))


NO_CLOCK = Clock()


@dataclass(frozen=True, slots=True, kw_only=True)
class Age:
    """A test of a child's age on the day of the complaint; `or_unknown` lets an age nobody gave pass it."""

    at_least: int | None = None
    under: int | None = None
    or_unknown: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Test:
    """One key of a condition. A tuple holds when any of its words does; True or False asks for just that."""

    key: str
    wants: tuple[str, ...] | bool | Age


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """`only_if`: all `tests` hold, and one of `any_` (when there are any), and `not_` does not."""

    tests: tuple[Test, ...] = ()
    any_: tuple[Condition, ...] = ()
    not_: Condition | None = None

    def walk(self) -> Iterator[Test]:
        """Every test inside, however deep: for cross-checking names."""
        yield from self.tests
        for inner in self.any_:
            yield from inner.walk()
        if self.not_:
            yield from self.not_.walk()
