"""What must not wait: concerns, who is told of them by when, and when the ordinary clocks may stop for them.

Safeguarding goes before every other step; nothing in this file can be paused, and no condition of a procedure's ways in
is asked before it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from heard.when import NO_CLOCK, Clock, Condition, Within
from heard.who import Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Concern(Rule):
    """Something that must not wait in a complaints queue. `ticks` are what a form offers; `asks_each` what the lead

    is asked one by one; `word_list` names a list of the screen's words."""

    ticks: tuple[str, ...] = ()
    word_list: str | None = None
    asks_each: tuple[str, ...] = ()
    about: tuple[str, ...] = ()


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
    by: tuple[str, ...] = ("designated_safeguarding_lead",)
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
