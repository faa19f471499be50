"""What must not wait: concerns, who is told of them by when, and when the ordinary clocks may stop for them.

Safeguarding goes before every other step; nothing in this file can be paused, and no condition of a procedure's ways in
is asked before it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from heard.vocabulary import LEAD
from heard.when import NO_CLOCK, Clock, Condition, Within
from heard.who import Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Concern(Rule):
    """Something that must not wait in a complaints queue. `ticks` are what a form offers; `asks_each` what the lead

    is asked one by one (`one_is_enough`: any of them makes it so); `word_list` names a list of the screen's words."""

    ticks: tuple[str, ...] = ()
    word_list: str | None = None
    asks_each: tuple[str, ...] = ()
    about: tuple[str, ...] = ()
    one_is_enough: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """So many reports of a `concern` about the same person within that long are a concern of their own: `raises`."""

    concern: str
    times: int
    within: Within
    raises: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Screening(Rule):
    """What is minded for every report, whatever it says: the procedure's figures, and the house's where it has none.

    `read_within`: until when a person has read it (`unreadable_within` where the screen cannot); `triage_within`: until
    when the lead has answered what every concern asks, at first and after each change of stage; about a child younger
    than `urgent_below_age` nothing that the screen marks waits; `patterns`: what a repetition makes of small things.
    """

    read_within: Within | None = None
    unreadable_within: Within | None = None
    triage_within: Within | None = None
    urgent_below_age: int | None = None
    patterns: tuple[Pattern, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class UntilAnswered:
    """Called again and again until somebody answers."""

    again_every: Within


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How soon the next is called, and everybody again, about an alert of that priority; `at_night` if another."""

    priority: Literal["soon", "urgent", "now"]
    again_every: Within
    at_night: Within | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Night:
    """The hours in London, `from` until `until`, in which people sleep."""

    from_: int
    until: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Calling(Rule):
    """How a call for somebody's safety goes on: `then` are called before a body outside, at which `paces`.

    A rule's own `until_answered` is never made slower. `answers_count_for` is how long the link and the code in a call
    may be used.
    """

    then: tuple[str, ...] = ()
    paces: tuple[Pace, ...] = ()
    night: Night | None = None
    answers_count_for: Within | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NotificationRule(Rule):
    """Who must be told of a concern, by when. Its clock never pauses.

    With `concern`, it runs for each finding of one of those concerns that is not cleared; the reader sets the clock's
    `after` to `concern_found` where the file says nothing else. Without, it is a duty that tells.
    """

    tell: tuple[str, ...]
    concern: tuple[str, ...] = ()
    which: Literal["all", "as_decided"] = "all"
    by: tuple[str, ...] = (LEAD,)
    until_answered: UntilAnswered | None = None
    form: str | None = None
    channels: tuple[str, ...] = ()
    every_channel: bool = False
    contains: tuple[str, ...] = ()
    leaves_out: tuple[str, ...] = ()
    must_record: tuple[str, ...] = ()
    clock: Clock = NO_CLOCK


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspension(Rule):
    """When the ordinary clocks may stop, who decides it, how often it is looked at again, and what ends it."""

    when: Condition
    starts_with: tuple[str, ...]
    covers: Literal["case", "heads"] = "case"
    may_cover: Literal["case", "heads"] | None = None
    decided_by: tuple[str, ...]
    review_every: Within
    tell: tuple[str, ...] = ()
    may_withhold: tuple[str, ...] = ()
    ends_with: tuple[str, ...]
