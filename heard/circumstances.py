"""A child's life goes on while their complaint is dealt with: they come of age, move, or another authority places them.

Owns `note_change`. Nothing that counts is counted anew: clocks and questions of age go by the day of the complaint,
which is the day on which somebody was promised something. What does end is what others said in a child's name: from the
eighteenth birthday on the young person is asked themselves, and what waits for consent waits again.
"""

from __future__ import annotations

from heard.commands import Asked, Refused, command, need
from heard.happened import ADVOCATE
from heard.ledger import NewHappening

CAME_OF_AGE, MOVED, PLACED_BY_ANOTHER = "came_of_age", "moved_to_another_home", "placed_by_another_authority"
CHANGES = (CAME_OF_AGE, MOVED, PLACED_BY_ANOTHER, ADVOCATE)


@command("note_change")
def note_change(asked: Asked) -> tuple[NewHappening, ...]:
    """Record that the young person turned 18, moved, is placed by another authority or has an advocate from now on.

    The case stays where it is. Who has to be told from now on is the placing authority of today, and the advocate; at
    what address stands in the words of whoever records it.
    """
    change = need(asked.data, "change", "what has changed")
    if change not in CHANGES:
        raise Refused(f"'{change}' is nothing that is recorded here.", (), f"Recorded are: {', '.join(CHANGES)}.")
    rows = [asked.event("circumstances_changed", change=change, reason=asked.data.get("reason"))]
    if change == CAME_OF_AGE:
        rows += [
            asked.event("consent_answered", of=whose, answer="pending")
            for whose, answer in asked.state.consent.items()
            if answer != "pending"
        ]
    return tuple(rows)
