"""Whether a rule's `only_if` holds for a case now.

Owns the meaning of every key that a condition may test; `heard.when.Condition` is its shape. Read by everything that
asks which rules apply: the way in, duties, gates, other ladders, suspensions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from heard.casefile import CaseState, Head
from heard.when import Age, Condition, Test

_CHANGING = frozenset({"concern", "concern_open"})
"""Keys under which a rule that once held may stop holding: its clock then shows as lapsed instead of vanishing."""


def holds(condition: Condition | None, state: CaseState) -> bool:
    """Whether all tests hold, one of `any`, and not `not`. No condition always holds."""
    if condition is None:
        return True
    for test in condition.tests:
        if not _passes(test, state):
            return False
    if condition.any_ and not any(holds(inner, state) for inner in condition.any_):
        return False
    return condition.not_ is None or not holds(condition.not_, state)


def may_lapse(condition: Condition | None) -> bool:
    """Whether the condition tests something that safeguarding can undo."""
    return condition is not None and any(test.key in _CHANGING for test in condition.walk())


def _passes(test: Test, state: CaseState) -> bool:
    read = _READERS.get(test.key)
    if isinstance(test.wants, Age):
        return _aged(test.wants, state)
    value = read(state) if read else _asked(test.key, state)
    if test.key == "complainant_is_not":
        return value not in _words(test.wants)
    if isinstance(test.wants, bool):
        return bool(value) is test.wants
    if isinstance(value, (tuple, list, set, frozenset)):
        return any(word in test.wants for word in value)
    return value is not None and str(value) in test.wants


def _words(wants: tuple[str, ...] | bool | Age) -> tuple[str, ...]:
    return wants if isinstance(wants, tuple) else ()


def _aged(age: Age, state: CaseState) -> bool:
    """True if any child concerned is of that age on the day of the complaint (or unknown, where that is allowed)."""
    ages = [child.get("age") for child in state.received.get("children") or ()]
    if not ages:
        return age.or_unknown
    return any(
        age.or_unknown
        if years is None
        else (age.at_least is None or years >= age.at_least) and (age.under is None or years < age.under)
        for years in ages
    )


def heads_meant(condition: Condition | None, state: CaseState) -> tuple[Head, ...]:
    """The heads that a rule for each head is about: those of its category once they are told apart, else all."""
    tests = condition.tests if condition else ()
    wanted = {word for test in tests if test.key == "category" for word in _words(test.wants)}
    living = state.living_heads()
    return tuple(head for head in living if wanted.intersection(head.about)) or living


def _asked(key: str, state: CaseState) -> Any:
    """An answer to one of the provider's own questions, about the case or about the home, or a decision's answer."""
    if key in state.facts:
        return state.facts[key]
    about_home: Mapping[str, Any] = state.received.get("facts") or {}
    return about_home.get(key, state.answers.get(key))


def _roles(state: CaseState) -> tuple[str, ...]:
    return tuple(role for subject in state.subjects.values() for role in subject.roles)


_READERS: dict[str, Callable[[CaseState], Any]] = {
    "kind": lambda s: s.received.get("kind"),
    "formality": lambda s: s.received.get("formality"),
    "channel": lambda s: s.received.get("channel"),
    "complainant": lambda s: s.received.get("complainant"),
    "complainant_is_not": lambda s: s.received.get("complainant"),
    "on_behalf": lambda s: s.received.get("on_behalf", False),
    "anonymous": lambda s: s.received.get("anonymous", False),
    "about_a_child": lambda s: s.received.get("about_a_child", bool(s.received.get("children"))),
    "about_authority_functions": lambda s: s.received.get("about_authority_functions", False),
    "about_role": _roles,
    "named_person_works_for": lambda s: tuple(one.works_for for one in s.subjects.values() if one.works_for),
    "category": lambda s: (*(s.received.get("category") or ()), *(word for h in s.living_heads() for word in h.about)),
    "matter": lambda s: s.received.get("matter") or (),
    "severity": lambda s: s.received.get("severity"),
    "concern": lambda s: tuple(one.concern for one in s.concerns.values() if one.cleared_at is None),
    "concern_open": lambda s: bool(s.open_concerns),
    "been_in": lambda s: tuple(visit.stage for visit in s.visits),
    "linked": lambda s: s.linked,
    "finding": lambda s: tuple(head.finding for head in s.heads.values() if head.finding),
}
