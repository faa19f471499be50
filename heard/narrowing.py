"""The part of a procedure that a linked case goes by.

A linked case is a case of its own. It enters at the stage that its rule names, and only what can follow from there is
its business: of the rules for the whole case it keeps those alone that speak of it (`only_if = { linked = [...] }`).
What safeguards people, contacts, roles and conflicts is the same for every case. `taking.py` asks when a ledger begins.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TypeVar

from heard.procedure import Procedure, Rule, Stage

R = TypeVar("R", bound=Rule)
_NARROWED: dict[tuple[int, str], tuple[Procedure, Procedure]] = {}


def narrowed(procedure: Procedure, linked: str) -> Procedure:
    """The procedure as the linked case of that key sees it, of the same version; made once for each procedure object.

    The whole procedure when it has no such linked case any more.
    """
    rule = next((one for one in procedure.linked_cases if one.key == linked), None)
    if rule is None or rule.starts_at is None:
        return procedure
    known = _NARROWED.get((id(procedure), linked))
    if known is None or known[0] is not procedure:
        if len(_NARROWED) > 256:
            _NARROWED.clear()
        own = replace(
            procedure,
            ways_in=(),
            stages=tuple(_from(procedure, rule.starts_at)),
            duties=_its_own(procedure.duties),
            decisions=_its_own(procedure.decisions),
            records=_its_own(procedure.records),
            facts=_its_own(procedure.facts),
        )
        known = _NARROWED[id(procedure), linked] = (procedure, own)
    return known[1]


def _its_own(rules: Iterable[R]) -> tuple[R, ...]:
    return tuple(
        one for one in rules if one.only_if is not None and any(test.key == "linked" for test in one.only_if.walk())
    )


def _from(procedure: Procedure, first: str) -> Iterator[Stage]:
    """The stage it enters at, then each that can be reached from there."""
    ahead, seen = [first], {"closed"}
    while ahead:
        key = ahead.pop(0)
        if key in seen:
            continue
        seen.add(key)
        stage = procedure.stage(key)
        yield stage
        ahead += [way.to for way in stage.ways_on]
        ahead += [answer.moves_to for question in stage.decisions for answer in question.answers if answer.moves_to]
