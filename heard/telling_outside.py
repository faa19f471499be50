"""What is told to somebody outside: to whom, and on which of the procedure's grounds.

Owns one command, at any time in a case and after it. Besides the grounds of `[disclosure]`, a record that the procedure
keeps to be shown (`shown_to`) may be shown to those whom it names, and to nobody else on that ground.
"""

from __future__ import annotations

from collections.abc import Mapping

from heard.casefile import CaseState
from heard.commands import Asked, Refused, command, gate, ground, need
from heard.ledger import NewHappening
from heard.offer import Candidate, Needs
from heard.procedure import Procedure, Record

ANY_REASON = "any recorded reason"


def grounds(procedure: Procedure) -> dict[str, str]:
    """The grounds on which something may be told outside, each with how it reads."""
    rules = procedure.disclosure
    allowed = rules.allowed_on if rules else (ANY_REASON,)
    shown = {key: f"{one.says or one.key}: shown to {_bodies(procedure, one)}"
             for key, one in _shown(procedure).items()}  # fmt: skip
    return {one: one for one in allowed} | shown


def offered(state: CaseState) -> Candidate:
    """The offer to write it down, at any time: on which ground, to whom, what and why."""
    called, rules = grounds(state.procedure), state.procedure.disclosure
    needs = Needs(choices={"basis": tuple(called)}, texts=("to", "why"), called=called)
    return Candidate("disclose", "Record that somebody outside was told", {}, needs, rules.clause if rules else ())


def _shown(procedure: Procedure) -> Mapping[str, Record]:
    return {f"record.{one.key}": one for one in procedure.records if one.shown_to}


def _bodies(procedure: Procedure, record: Record) -> str:
    return " or ".join(_called(procedure, word) for word in record.shown_to)


def _called(procedure: Procedure, word: str) -> str:
    known = next((one.name for one in procedure.contacts if word in (one.key, one.is_)), None)
    return known or word.replace("_", " ")


@command("disclose")
def disclose(asked: Asked) -> tuple[NewHappening, ...]:
    """Something was told outside: to whom and on which ground."""
    procedure = asked.state.procedure
    rules, to = procedure.disclosure, str(need(asked.data, "to", "to whom"))
    gate(asked, "disclosed")
    record = _shown(procedure).get(str(asked.data.get("basis")))
    if record is None:
        basis = ground(asked, rules.allowed_on if rules else (), rules.clause if rules else (), "basis")
        return (asked.event("disclosed", to=to, basis=basis, why=asked.data.get("why")),)
    named = {said.casefold() for word in record.shown_to for said in (word, _called(procedure, word))}
    if to.casefold() not in named:
        raise Refused(f"This is a record to show to {_bodies(procedure, record)}.", record.clause,
                      "Say on which other ground somebody else is told.")  # fmt: skip
    return (asked.event("disclosed", to=to, basis=f"record.{record.key}", why=asked.data.get("why")),)
