"""What the ledger says of tellings that came back: whoever they were for has not been told, and the clock runs on.

A message or a form counts as told when it is handed over; the answer that nobody has it may come a minute later. So
with a letter that acknowledges or answers: written is not told. While the only notice of it came back and whoever
complained has not opened it behind their code, it keeps no duty; once they open it, or somebody posts it, rings or sees
them and writes that down, they have been told at that moment. What was tried before stays in the ledger.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from heard.ledger import Happening
from heard.procedure import Duty, NotificationRule, WayOn

if TYPE_CHECKING:
    from heard.casefile import CaseState, Moment, Visit
    from heard.derivation import Due

AFTER_ALL = ("letter", "telephone", "in_person")
"""How a person tells whoever a letter did not reach: it holds, whatever becomes of a letter beside it."""
BEHIND_THE_CODE = "follow_page"
"""The channel of a letter that was read, or waits, on the page that reference and code open: nothing comes back."""


def only_what_arrived(state: CaseState, happening: Happening, data: Mapping[str, Any]) -> None:
    """What had been handed over came back, in whichever order that was heard: whoever it was for has not been told."""
    failed = state.moments.get("could_not_tell", ())
    back = [(mark, one.data[mark]) for one in failed for mark in ("message", "sent") if one.data.get(mark)]
    letters = [(one.data.get("seq"), one.data.get("whom")) for one in failed if one.data.get("event") == "told"]

    def stands(moment: Moment) -> bool:
        if moment.data.get("channel") in (*AFTER_ALL, BEHIND_THE_CODE):
            return True
        came_back = any(moment.data.get(mark) == which for mark, which in back)
        return not came_back and (moment.seq, moment.data.get("whom")) not in letters

    if back or letters:
        state.moments["told"] = tuple(filter(stands, state.moments.get("told", ())))
        state.tellings = {key: tuple(filter(stands, those)) for key, those in state.tellings.items()}


def handed_over(state: CaseState, assigned: Moment) -> bool:
    """Whether a part reached whoever took it on: the message that says so did not fail, and did not come back."""
    return not any(
        one.data.get("event") == "assigned" and one.data.get("seq") == assigned.seq
        for one in state.moments.get("could_not_tell", ())
    )


def arrived(state: CaseState, act: Moment) -> Moment | None:
    """An act as whoever complained heard of it: as it stands; if its letter came back, when and how they were told

    after all; None while they have not been.
    """
    failed = state.moments.get("could_not_tell")
    if not failed or act.data.get("channel") in AFTER_ALL or not any(_is_of(state, one, act) for one in failed):
        return act
    told = next((one for one in state.moments.get("told", ()) if _is_of(state, one, act)), None)
    return told and act._replace(at=told.at, data={**act.data, "channel": told.data.get("channel")})


def not_arrived(state: CaseState, rule: Duty | NotificationRule | WayOn, visit: int | None = None) -> Moment | None:
    """The last act that would keep this duty, had its letter reached whoever complained; None where there is none."""
    if "could_not_tell" not in state.moments or not isinstance(rule, Duty) or not owed_to_them(state, rule.to):
        return None
    acts = [act for event in rule.clock.met_by if event != "told" for act in state.all(event, visit)]
    last = max(acts, key=lambda act: act.seq, default=None)
    return last if last is not None and arrived(state, last) is None else None


def closed_unheard(state: CaseState, rule: Duty | NotificationRule | WayOn, visit: Visit | None) -> bool:
    """Whether the case was closed, in this stay, on a letter that did not reach whoever complained."""
    if state.closed_at is None or state.withdrawn_at is not None or visit not in (None, *state.visits[-1:]):
        return False
    number = visit.number if visit else None
    return not cannot_be_reached(state, rule, number) and not_arrived(state, rule, number) is not None


def cannot_be_reached(state: CaseState, rule: Duty | NotificationRule | WayOn, visit: int | None = None) -> bool:
    """Whether a letter did not arrive, and somebody wrote down, once it was late, why nobody can be told after all.

    The duty stays late in every count; the case need not wait for ever for somebody who is gone.
    """
    said = any(moment.data.get("duty") == rule.key for moment in state.all("lateness_explained"))
    return said and not_arrived(state, rule, visit) is not None


def tried_everything(state: CaseState, due: Due) -> bool:
    """The same of a line that is due."""
    rule = state.procedure.duty(due.duty, due.stage) if due.kind == "duty" and due.status == "late" else None
    return rule is not None and cannot_be_reached(state, rule, due.visit)


def owed_to_them(state: CaseState, to: tuple[str, ...]) -> bool:
    """Whether a duty is owed to whoever complained. One that names nobody serves their answer."""
    return not to or any(is_theirs(state, word) for word in to)


def is_theirs(state: CaseState, whom: Any) -> bool:
    """Whether this word means whoever complained."""
    return whom == "complainant" or (whom == "young_person" and state.received.get("complainant") == "young_person")


def _is_of(state: CaseState, telling: Moment, act: Moment) -> bool:
    return telling.data.get("seq") == act.seq and is_theirs(state, telling.data.get("whom"))
