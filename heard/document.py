"""The document behind a procedure: whose it is, how it counts, and which words its forms offer.

Read once, at the start of a procedure.toml; `heard.calendar` builds the calendars from it, the portal its forms.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from heard.when import Extension, Within
from heard.who import Rule

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """Whose procedure it is. `numbers` are registration numbers by register.

    `has_no` are parties that nobody here has (a nursery's children are placed by no authority): who tells only them
    tells nobody.
    """

    key: str
    name: str
    kind: str
    regulations: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    numbers: Mapping[str, str] = field(default_factory=dict)
    has_no: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """The document the procedure was written from. `clauses` is the prefix of its clause numbers ("IOI")."""

    title: str
    source: str
    in_force_from: date
    for_: tuple[str, ...] = ()
    companion: str | None = None
    dated: date | None = None
    checked_on: date | None = None
    clauses: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClauseNote:
    """A clause no rule can keep: people keep it, or the document is silent; `how` says what is done instead."""

    id: str
    kept_by: Literal["people", "silent"]
    how: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DaysMean:
    """What the document's bare word "days" means on a provider's duty and on a complainant's window."""

    provider: str = "calendar_days"
    complainant: str = "working_days"


@dataclass(frozen=True, slots=True, kw_only=True)
class Counting(Rule):
    """How this document counts. `promptly` holds a house target for every prompt word, never a policy figure."""

    days_mean: DaysMean = field(default_factory=DaysMean)
    deemed_received: Mapping[str, Within] = field(default_factory=dict)
    promptly: Mapping[str, Within] = field(default_factory=dict)
    extension_of_any: Extension | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """A stretch of days, both ends in it."""

    from_: date
    to: date


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarSpec:
    """A calendar of the provider's own, built on England and Wales: which days are open, and until when it is known."""

    key: str
    name: str
    based_on: Literal["england_and_wales"] = "england_and_wales"
    open_on: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri")
    bank_holidays: Literal["closed", "open"] = "closed"
    open_between: tuple[Period, ...] = ()
    closed_on: tuple[date, ...] = ()
    known_until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Words(Rule):
    """The closed lists of words that this provider's forms offer."""

    kinds: tuple[str, ...] = ("complaint", "compliment", "comment")
    categories: tuple[str, ...] = ()
    complainants: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    findings: tuple[str, ...] = ("upheld", "partly_upheld", "not_upheld")
    reasons_needed_for: tuple[str, ...] = ()
    remedies: tuple[str, ...] = ()
    lessons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference(Rule):
    """The provider's own way of numbering a complaint, made once; `heard.numbering` writes it.

    `given_at` is `received`, `formal` (with the first formal stage) or the key of a stage.
    """

    pattern: str
    on_clash: str | None = None
    if_anonymous: str | None = None
    given_at: str | None = None
    kept_in: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact(Rule):
    """A question this provider asks, about the case or once about the home; its key works in conditions.

    `asks` is put to whoever works on the case; `asks_them`, if it stands there, to whoever complains, on the form.
    """

    asks: str
    asks_them: str | None = None
    about: Literal["case", "home"] = "case"
    one_of: tuple[str, ...]
