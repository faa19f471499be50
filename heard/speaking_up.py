"""Whistleblowing: a worker says that something wrong is done where they work.

Owns what is different about it, at every step of its journey: few people know of the case, those who manage whom it is
about are none of them, and who said it stays with the cleared lead. The law protects whoever reasonably believes what
they say; it asks for no proof and no good faith, so nothing here does.
"""

from __future__ import annotations

from heard.casefile import CaseState
from heard.roster import Roster

WHISTLEBLOWING = "whistleblowing"
"""The kind; every procedure takes it, whether its own `kinds` name it or not."""
WORKERS = ("staff", "former_staff")
"""Complainants who may choose it."""
MANAGES = "manages whom a worker's report is about"


def is_a_workers(state: CaseState) -> bool:
    """Whether the case is a worker's report of wrongdoing, or has grown out of one."""
    return WHISTLEBLOWING in (state.received.get("kind"), state.received.get("grew_from"))


def may_choose(state: CaseState) -> bool:
    """Whether whoever complained may wish it to be dealt with as whistleblowing: they work or worked here."""
    return state.received.get("complainant") in WORKERS and not is_a_workers(state)


def line_management(state: CaseState, roster: Roster) -> frozenset[str]:
    """Who manages a person complained of, in a worker's report; of any other complaint they may be told."""
    if not is_a_workers(state):
        return frozenset()
    persons = (subject.person for subject in state.subjects.values() if subject.person)
    return frozenset(manager for person in persons for manager in roster.managers_of(person))
