"""What the ledger says of tellings that came back: whoever they were for has not been told, and the clock runs on.

A message or a form counts as told when it is handed over; the answer that nobody has it may come a minute later.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from heard.ledger import Happening

if TYPE_CHECKING:
    from heard.casefile import CaseState, Moment


def only_what_arrived(state: CaseState, happening: Happening, data: Mapping[str, Any]) -> None:
    """What had been handed over came back, in whichever order that was heard: whoever it was for has not been told."""
    back = [(mark, one.data[mark]) for one in state.moments.get("could_not_tell", ()) for mark in ("message", "sent")
            if one.data.get(mark)]  # fmt: skip

    def stands(moment: Moment) -> bool:
        return not any(moment.data.get(mark) == which for mark, which in back)

    if back:
        state.moments["told"] = tuple(filter(stands, state.moments.get("told", ())))
        state.tellings = {key: tuple(filter(stands, those)) for key, those in state.tellings.items()}


def handed_over(state: CaseState, assigned: Moment) -> bool:
    """Whether a part reached whoever took it on: the message that says so did not fail, and did not come back."""
    return not any(
        one.data.get("event") == "assigned" and one.data.get("seq") == assigned.seq
        for one in state.moments.get("could_not_tell", ())
    )
