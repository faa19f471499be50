"""Who advises on a case, watches its investigation, sits on its panel or keeps its record, and nothing more.

What they may do, at every step of the journey after screening. They see the case, help to keep its record, write to
whoever complained and say what worries them; what moves the case on is for those who handle it.
"""

from __future__ import annotations

from heard.casefile import CaseState
from heard.commands import Actor, Command
from heard.procedure import Procedure
from heard.standing_people import STAFF
from heard.vocabulary import ADMINISTRATOR, LOOKING_IN

BESIDE = frozenset({"consults", "observes"})
"""Parts that stand beside a case: whoever holds one is heard, and decides nothing."""
_ALL_OF_THEM = "panel"
"""The who-word for those who sit on it: a procedure that gives them a part says it so."""
THEY_DO = frozenset({
    "raise_concern", "write", "record", "categorise", "add_head", "answer_fact", "note_change", "withdraw", "disclose",
    "tell",
})  # fmt: skip
"""What keeps the record true, and decides nothing."""
_MOVE_NOTHING = frozenset({STAFF, ADMINISTRATOR, *LOOKING_IN})
"""Roles of the platform that let nobody move a case on: who holds one besides is still no more than beside it."""
A_PANEL_DOES = frozenset({"panel_met", "reach", "decide"})
"""What the panel itself says: that it met, what it recommends, and what its chair is asked."""


def stands_beside(state: CaseState, actor: Actor) -> bool:
    """Whether somebody advises, watches, sits on its panel or keeps the record, and nothing lets them do more."""
    if not actor.is_person:
        return False
    parts = {one.part for one in state.assignments if one.who == actor.id and one.stood_down is None}
    on_panel = _sits(state, actor)
    beside, others = _keep_the_record(state.procedure), set[str]()
    for stage in state.procedure.stages:
        for people in (stage.people, *(other.people for other in stage.instead)):
            for part, words in people.items():
                (beside if part in BESIDE else others).update(words)
        if stage.panel:
            beside |= {stage.panel.members.role, stage.panel.chair.role if stage.panel.chair else ""}
    if on_panel and _ALL_OF_THEM in others:
        return False
    roles = {*actor.roles} - _MOVE_NOTHING
    return (on_panel or bool(parts or beside & roles)) and parts <= BESIDE and roles <= beside - others


def is_theirs(state: CaseState, command: Command, actor: Actor) -> bool:
    """Whether this is theirs to do: also to step back themselves, when they find that they should not be there."""
    of_themselves = command.name == "stand_down" and command.data.get("person") in (None, actor.id)
    on_panel = command.name in A_PANEL_DOES and _sits(state, actor)
    return command.name in THEY_DO or of_themselves or on_panel


def _keep_the_record(procedure: Procedure) -> set[str]:
    """The words that a record names as who may see it, but whoever is asked to decide something."""
    decisions = [*procedure.decisions, *(one for stage in procedure.stages for one in stage.decisions)]
    named = {word for record in procedure.records for word in record.may_see}
    return named - {word for decision in decisions for word in decision.by}


def _sits(state: CaseState, actor: Actor) -> bool:
    return actor.id in (*state.panel.get("members", ()), state.panel.get("chair"))
