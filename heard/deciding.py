"""A command meets a case: new events, or a refusal.

Owns `decide`, the one way by which a ledger grows after its first events. It shuts out who must not know of the case
before it looks at the command; the commands themselves stand in the modules named in `TABLES`.
"""

from __future__ import annotations

from datetime import datetime

from heard import (
    assigning,
    circumstances,
    handling,
    heads,
    linking,
    more_time,
    moving,
    opening,
    panels,
    protecting,
    telling_outside,
    undertakings,
    writing_down,
)
from heard.beside import is_theirs, stands_beside
from heard.calendar import Calendars
from heard.casefile import CaseState
from heard.commands import COMMANDS, ON_A_CASE_PASSED_ON, ON_A_CLOSED_CASE, Actor, Asked, Command, Refused, may_act
from heard.ledger import NewHappening
from heard.people import insiders, onlookers
from heard.roster import Roster

TABLES = (
    opening, heads, protecting, handling, more_time, writing_down, panels, moving, circumstances, linking, undertakings,
    telling_outside, assigning,
)  # fmt: skip
"""The modules whose commands make up the table; importing them fills it."""


def decide(
    state: CaseState, command: Command, *, actor: Actor, now: datetime, calendars: Calendars, roster: Roster
) -> tuple[NewHappening, ...]:
    """The events that a command gives, not yet numbered. Raises Refused; never changes `state`.

    A person whom the complaint is about, or who may not know of the case, is told that there is no such case.
    """
    decider = COMMANDS.get(command.name)
    if decider is None:
        raise Refused(f"'{command.name}' is not something one can do.", (), f"One can: {', '.join(sorted(COMMANDS))}.")
    asked = Asked(state, command.name, command.data, actor, now, calendars, roster)
    may_act(asked)
    if actor.is_person and actor.id not in insiders(state.procedure, state, roster, now):
        if state.screened and actor.id in onlookers(state.procedure, state, roster, now):
            raise Refused("You may read this case, and do nothing in it.", (), "Tell the manager of the home.")
        raise Refused("There is no such case.")
    if stands_beside(state, actor) and not is_theirs(state, command, actor):
        raise Refused("You are asked for advice, watch over it, sit on its panel or keep its record: this is not yours "
                      "to do.", (),
                      "Say it to whoever handles it: they do it.")  # fmt: skip
    if state.received_at is None:
        raise Refused("Nothing was received yet.", (), "Receive it first.")
    still = ON_A_CLOSED_CASE if state.closed_at else ON_A_CASE_PASSED_ON
    if not state.is_open and command.name not in still:
        raise Refused("The case is closed." if state.closed_at else f"The case was passed on to {state.passed_to}.", (),
                      "Reopen it first.")  # fmt: skip
    try:
        return decider(asked)
    except (ValueError, TypeError, KeyError) as fault:
        raise Refused("Something in this cannot be read.", (), f"Check the fields: {fault}.") from fault
