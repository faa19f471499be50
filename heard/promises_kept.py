"""What the ledger says of promises: made, changed, shown as done, let go. Taken as it stands, like every event.

`undertakings.py` has the commands that write these rows, and the lines that follow from them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from heard.happened import Undertaking
from heard.instants import day_of
from heard.ledger import Happening

if TYPE_CHECKING:
    from heard.casefile import CaseState


def action_agreed(state: CaseState, happening: Happening, data: Mapping[str, Any]) -> None:
    """Somebody promised something, by a day."""
    if "action" not in data:  # an entry of before such promises were kept one by one
        return
    key, day = str(data["action"]), day_of(data["by_day"])
    state.undertakings[key] = Undertaking(
        key, str(data["owner"]), day, day, happening.at, data.get("remedy"), bool(data.get("told"))
    )


def action_changed(state: CaseState, happening: Happening, data: Mapping[str, Any]) -> None:
    """Another owner or another day; the first day stays beside it."""
    one, day = state.undertakings[str(data["action"])], day_of(data["by_day"])
    moved = (*one.moved, (happening.at, day)) if day != one.by_day else one.moved
    state.undertakings[one.key] = replace(one, owner=str(data["owner"]), by_day=day, moved=moved)


def action_over(state: CaseState, happening: Happening, data: Mapping[str, Any]) -> None:
    """It was shown as done, or let go."""
    if one := state.undertakings.get(str(data.get("action"))):
        done = happening.event == "action_done"
        state.undertakings[one.key] = (
            replace(one, done_at=happening.at) if done else replace(one, let_go_at=happening.at)
        )
