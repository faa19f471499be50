"""One case: what happened gives a state, a command gives new events or a refusal.

The front door of the engine. `open_case` begins a ledger, `replay` reads one, `decide` answers a command, `actions`
lists what somebody may do now and why not the rest, `public_view` says it to the person who complained. Everything here
is a pure function of the procedure, the ledger, the calendars, who is who and the time.
"""

from heard.actions import Action, actions
from heard.casefile import CaseState, OutOfOrder, replay
from heard.commands import COMMANDS, Actor, Command, Refused
from heard.deciding import decide
from heard.offer import Needs
from heard.opening import open_case
from heard.public_view import Promise, PublicView, public_view

__all__ = [
    "COMMANDS", "Action", "Actor", "CaseState", "Command", "Needs", "OutOfOrder", "Promise", "PublicView", "Refused",
    "actions", "decide", "open_case", "public_view", "replay",
]  # fmt: skip
