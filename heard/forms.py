"""Forms that a body outside wants filled in, a referral to the LADO or a notification to Ofsted, as data.

Stands beside the notification rules: a rule says who is told and by when, a form what they ask. Owns the shapes, and
`filled`: from a form, what is known by itself and what somebody typed, to a document in which nothing is invented and
everything that is still missing is named.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from heard.who import ContactKind, Rule

Known = Literal[
    "reference", "today", "provider", "home", "area", "sent_by", "sent_by_roles", "sent_by_reach", "how_it_came",
    "received", "first_known", "what_was_said", "wanted", "who_told_us", "children", "children_ages", "persons",
    "persons_roles", "concerns", "told_so_far", "outcome",
]  # fmt: skip
"""What a record knows by itself, so that nobody has to write it a second time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One thing that a form asks. What is known by itself is filled in; somebody may put it in other words."""

    key: str
    asks: str
    under: str
    from_: Known | None = None
    one_of: tuple[str, ...] = ()
    optional: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Form(Rule):
    """A form that such a body wants filled in. With `concern`, it is wanted for each of these; without, when needed."""

    name: str
    body: ContactKind
    concern: tuple[str, ...] = ()
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Answered:
    """A question with its answer (empty: none), and whether it was filled in by itself."""

    key: str
    asks: str
    answer: str
    by_itself: bool
    one_of: tuple[str, ...] = ()
    optional: bool = False

    @property
    def missing(self) -> bool:
        """Whether somebody has still to answer it."""
        return not self.answer and not self.optional


@dataclass(frozen=True, slots=True)
class Part:
    """The questions under one heading."""

    heading: str
    answers: tuple[Answered, ...]


@dataclass(frozen=True, slots=True)
class Filled:
    """A form, filled in as far as it can be."""

    key: str
    name: str
    parts: tuple[Part, ...]

    @property
    def missing(self) -> tuple[Answered, ...]:
        """The questions that nobody has answered yet, in the form's order."""
        return tuple(one for part in self.parts for one in part.answers if one.missing)


def wanted(forms: Iterable[Form], concerns: Iterable[str]) -> tuple[tuple[Form, ...], tuple[Form, ...]]:
    """The forms that these concerns ask for, and the others."""
    there, found = frozenset(concerns), tuple(forms)
    asked = tuple(one for one in found if not there.isdisjoint(one.concern))
    return asked, tuple(one for one in found if one not in asked)


def filled(form: Form, known: Mapping[str, str], typed: Mapping[str, str]) -> Filled:
    """The form with what was typed, else with what is known by itself, else empty. Nothing is guessed."""
    parts: dict[str, list[Answered]] = {}
    for one in form.questions:
        own = typed.get(one.key, "").strip()
        itself = known.get(one.from_ or "", "").strip()
        answered = Answered(one.key, one.asks, own or itself, bool(itself and not own), one.one_of, one.optional)
        parts.setdefault(one.under, []).append(answered)
    return Filled(form.key, form.name, tuple(Part(heading, tuple(those)) for heading, those in parts.items()))
