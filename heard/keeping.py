"""What is written down, how long it is kept, who may be told, and what is reported or owed without any complaint.

After the journey: records and reports that a procedure promises. `heard.case` refuses to close what is not recorded.
"""

from __future__ import annotations

from dataclasses import dataclass

from heard.when import NO_CLOCK, Clock, LateStep, Within
from heard.who import Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Record(Rule):
    """What the file of a case must hold, before which event, who may see it, and whom outside it may be shown to."""

    fields: tuple[str, ...]
    needed_to: str | None = None
    may_see: tuple[str, ...] = ()
    shown_to: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosure(Rule):
    """On which bases something may be told outside; each disclosure is an event with its basis."""

    allowed_on: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Promised(Rule):
    """What was promised because of a complaint, each with its owner and day: how long before it the owner is reminded,

    and who hears of it when it is late. It stays open until somebody says what shows that it is done.
    """

    remind: Within | None = None
    if_late: tuple[LateStep, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Keep:
    """How long something is kept: a length, or a later event of a life (`or_until`), whichever is later."""

    within: Within
    or_until: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention(Rule):
    """How long a kind of paper is kept, from `clock.after`; the longest that applies wins, a legal hold overrides."""

    what: str
    keep: Keep
    clock: Clock = NO_CLOCK


@dataclass(frozen=True, slots=True, kw_only=True)
class Report(Rule):
    """A report the document promises: how often or at whose asking, over which time, with which measures."""

    by: tuple[str, ...] = ()
    to: tuple[str, ...] = ()
    on_request_of: tuple[str, ...] = ()
    covers: Within | None = None
    measures: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    hide_below: int | None = None
    clock: Clock = NO_CLOCK


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing(Rule):
    """What holds for every standing duty: how long before it falls due whoever owes it is reminded."""

    remind: Within | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingDuty(Rule):
    """Owed without any complaint: on admission, each month, each year. Runs on the ledger of a home or of the provider.

    `per` is `home`, `young_person` (of a home), `staff`; the usual `case` means here: once for the whole provider.
    `report`: of a recurring duty, the report that is made by doing it; of another, the one whose making it follows.
    """

    by: tuple[str, ...] = ()
    to: tuple[str, ...] = ()
    contains: tuple[str, ...] = ()
    must_record: tuple[str, ...] = ()
    report: str | None = None
    clock: Clock = NO_CLOCK
