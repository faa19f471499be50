"""The things complained of, each with an answer of its own: told apart, taken back, made one again.

Owns three commands of whoever works on a case. Telling apart and joining lose no day: what was promised for a thing is
kept by the earliest day that it had, and what was first said later has clocks of its own.
"""

from __future__ import annotations

from heard.commands import Asked, Refused, command, need
from heard.instants import day_of, london_day
from heard.ledger import NewHappening


@command("add_head")
def add_head(asked: Asked) -> tuple[NewHappening, ...]:
    """Add one thing complained of."""
    key, state = str(need(asked.data, "key", "a key for the new head")), asked.state
    if key in state.heads:
        raise Refused("There is a head of this key.", (), "Choose another key.")
    since = day_of(str(asked.data["since"])) if asked.data.get("since") else None
    first = london_day(state.received_at or asked.now)
    if since and not first <= since <= london_day(asked.now):
        raise Refused("That is no day since the complaint came in.", (), "Give none if it was said from the start.")
    return (asked.event("head_added", key=key, since=since.isoformat() if since and since > first else None),)


@command("merge_heads")
def merge_heads(asked: Asked) -> tuple[NewHappening, ...]:
    """Two things complained of are one after all. Whatever was promised for either is kept by the earlier day."""
    key, into = str(need(asked.data, "key", "which head")), str(need(asked.data, "into", "the head it belongs to"))
    living = {head.key: head for head in asked.state.living_heads()}
    if key not in living or into not in living or key == into:
        raise Refused("These are not two heads of the complaint.", (), f"There are: {', '.join(living) or 'none'}.")
    two = (living[key], living[into])
    if any(head.pauses and head.pauses[-1].until is None for head in two):
        raise Refused("One of them is on hold.", (), "Let it go on first; they can be one again then.")
    if any(head.finding for head in two):
        raise Refused("One of them is answered already.", (), "They stay apart; answer the other one too.")
    return (asked.event("heads_merged", key=key, into=into),)


@command("withdraw_head")
def withdraw_head(asked: Asked) -> tuple[NewHappening, ...]:
    """The complainant takes back one thing complained of; the others go on."""
    key = str(need(asked.data, "key", "which head"))
    if key not in asked.state.heads or asked.state.heads[key].withdrawn:
        raise Refused("There is no such head to withdraw.", (), "Choose one that stands.")
    return (asked.event("head_withdrawn", key=key, reason=asked.data.get("reason")),)
