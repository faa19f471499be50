"""Who is asked for advice about a case and has no other part in it: what they may do there.

At every step of the journey after screening. They see the case, help to keep its record, write to whoever complained
and say what worries them; what moves the case on is for those who handle it.
"""

from __future__ import annotations

from heard.casefile import CaseState
from heard.commands import Actor, Command

CONSULTS = "consults"
ADVISERS_DO = frozenset({
    "raise_concern", "write", "record", "categorise", "add_head", "answer_fact", "note_change", "withdraw", "disclose",
    "tell",
})  # fmt: skip
"""What keeps the record true, and decides nothing."""


def only_advises(state: CaseState, actor: Actor) -> bool:
    """Whether somebody is asked for advice, and neither a part nor a role of theirs lets them do more."""
    if not actor.is_person:
        return False
    parts = {one.part for one in state.assignments if one.who == actor.id and one.stood_down is None}
    on_panel = actor.id in (*state.panel.get("members", ()), state.panel.get("chair"))
    advisers, others = set[str](), set[str]()
    for stage in state.procedure.stages:
        for people in (stage.people, *(other.people for other in stage.instead)):
            for part, words in people.items():
                (advisers if part == CONSULTS else others).update(words)
    asked = CONSULTS in parts or bool(advisers & {*actor.roles})
    return asked and not on_panel and parts <= {CONSULTS} and {*actor.roles} <= advisers - others


def is_an_advisers(command: Command, actor: Actor) -> bool:
    """Whether this is theirs to do: also to step back themselves, when they find that they should not advise."""
    of_themselves = command.name == "stand_down" and command.data.get("person") in (None, actor.id)
    return command.name in ADVISERS_DO or of_themselves
