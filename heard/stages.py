"""What is owed and what may come next: ways in, stages, duties, ways on, decisions, gates and linked cases.

The journey of one complaint as its procedure writes it. `heard.case` walks it, `heard.clock` reckons its duties.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol, TypeVar

from heard.when import NO_CLOCK, Clock, Within
from heard.who import Instead, Panel, Rule

STAGE = {"from_reader": True}  # the stage a rule stands in is seen by the reader, not written in the rule



class Keyed(Protocol):
    """Anything that has a key."""

    @property
    def key(self) -> str:
        """Its name among its like."""


K = TypeVar("K", bound=Keyed)


def named(these: Sequence[K], key: str, what: str) -> K:
    """The one with that key; KeyError names those there are."""
    keys = [one.key for one in these]
    if key in keys:
        return these[keys.index(key)]
    raise KeyError(f"{key} is not {what}; there are: {', '.join(keys) or 'none'}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Late:
    """On which grounds something out of time is taken all the same, and who decides it."""

    accepted_if: tuple[str, ...]
    decided_by: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WayIn(Rule):
    """Where a new report goes: the first whose condition holds. Its clock is a time bar, `late` the way round it."""

    starts_at: str | None = None
    passes_to: str | None = None
    offers: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    late: Late | None = None
    clock: Clock = NO_CLOCK


@dataclass(frozen=True, slots=True, kw_only=True)
class WayOn(Rule):
    """A move from one stage to another. Its clock is the complainant's window; `stage` is where it leads from."""

    to: str
    asked_by: tuple[str, ...] = ()
    grounds: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    form: str | None = None
    contains: tuple[str, ...] = ()
    at_any_time: bool = False
    back: bool = False
    reopens: bool = False
    remind: Within | None = None
    when_over: Literal["ask", "close"] = "ask"
    late: Late | None = None
    clock: Clock = NO_CLOCK
    stage: str | None = field(default=None, metadata=STAGE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty(Rule):
    """Something somebody owes somebody by a moment. `stage` is None for a duty of the whole case.

    `says` is the sentence for those who owe it, `promise` the same for the person to whom it is owed.
    """

    promise: str | None = None
    by: tuple[str, ...] = ("handler",)
    to: tuple[str, ...] = ()
    or_else_to: tuple[str, ...] = ()
    form: str | None = None
    channels: tuple[str, ...] = ()
    every_channel: bool = False
    contains: tuple[str, ...] = ()
    leaves_out: tuple[str, ...] = ()
    must_record: tuple[str, ...] = ()
    gives_date_for: str | None = None
    needs: tuple[str, ...] = ()
    clock: Clock = NO_CLOCK
    stage: str | None = field(default=None, metadata=STAGE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer to a decision and what it sets off. `until` says which event ends what it began."""

    key: str
    says: str = ""
    needs: tuple[str, ...] = ()
    moves_to: str | None = None
    opens: str | None = None
    tells: tuple[str, ...] = ()
    until: str | None = None
    with_date: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision(Rule):
    """A question that a person must answer, with its reason. The clock holds `after` (and a time, if it has one)."""

    asks: str
    by: tuple[str, ...]
    answers: tuple[Answer, ...]
    presumed: str | None = None
    must_record: tuple[str, ...] = ()
    review_every: Within | None = None
    clock: Clock = NO_CLOCK
    stage: str | None = field(default=None, metadata=STAGE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage(Rule):
    """A stage: who holds which part, what is owed in it, and the ways on. `settles` False: no finding is made."""

    name: str
    formal: bool = False
    final: bool = False
    settles: bool = True
    people: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    instead: tuple[Instead, ...] = ()
    panel: Panel | None = None
    duties: tuple[Duty, ...] = ()
    ways_on: tuple[WayOn, ...] = ()
    decisions: tuple[Decision, ...] = ()

    def duty(self, key: str) -> Duty:
        """The duty of that key in this stage; KeyError otherwise."""
        return named(self.duties, key, f"a duty of stage {self.key}")

    @property
    def judges(self) -> tuple[str, ...]:
        """The parts whose holder judges: `investigates` and `decides`; `handles` where nobody decides.

        Nobody judges where no finding is made: who settled it informally may still look into it formally.
        """
        if not self.settles:
            return ()
        parts = tuple(part for part in ("investigates", "decides") if part in self.people)
        return parts if "decides" in parts else (*parts, "handles")


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate(Rule):
    """Holds back events, duties or decisions until one of `until` has happened or been met."""

    holds_back: tuple[str, ...]
    until: tuple[str, ...]
    except_: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Milestone(Rule):
    """A past-tense event of this provider; its key starts and meets clocks like any event."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedCase(Rule):
    """A second case that grows out of the first: about whom, where it starts, what of the first it does not carry.

    `outside_platform`: it runs under another procedure, and only that it was opened is written down.
    """

    name: str
    about: str | None = None
    starts_at: str | None = None
    asked_by: tuple[str, ...] = ()
    does_not_carry: tuple[str, ...] = ()
    outside_platform: bool = False
