"""What is on hold is looked at again: a line of its own on the list, due on the day that was said, and loud when late.

Nothing stays on hold because nobody thought of it. Owns `held`, its lines for `clock.py`: the day of
such a review is not reckoned from a rule; somebody gave it, within what the rule allows.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from heard.casefile import CaseState
from heard.derivation import Derivation, Due
from heard.happened import OnHold
from heard.instants import end_of
from heard.procedure import Suspension
from heard.vocabulary import GROUP
from heard.when import LateStep

LOOK_AGAIN = "look_again_at_what_is_on_hold"


def held(state: CaseState, now: datetime) -> tuple[Due, ...]:
    """A line for each thing that is on hold and has a day on which it is looked at again."""
    return tuple(_held(state, now)) if state.is_open else ()


def _held(state: CaseState, now: datetime) -> Iterator[Due]:
    for hold in state.on_hold.values():
        rule = next((one for one in state.procedure.suspensions if one.key == hold.rule), None)
        if rule is not None and hold.review_by is not None:
            yield _line(state, hold, hold.review_by, rule, now)


def _line(state: CaseState, hold: OnHold, day: date, rule: Suspension, now: datetime) -> Due:
    looked = [m for m in state.all("suspension_reviewed") if m.data.get("rule") == hold.rule and m.at >= hold.since]
    starts, event = (looked[-1].at, "suspension_reviewed") if looked else (hold.since, "suspended")
    due_at, within = end_of(day), f"every {rule.review_every}"
    return Due(
        key=f"case:{LOOK_AGAIN}:{hold.rule}:{day.isoformat()}",
        stage=None, duty=LOOK_AGAIN, instance=hold.rule, says="Look again at what is on hold",
        clause=rule.clause, source=rule.source, strength="must", kind="review", to=(), starts=starts, within=within,
        due=day, due_at=due_at, first_due=day, status="late" if due_at <= now else "running", met_at=None,
        derivation=Derivation(within, event, starts),
        late_steps=((due_at, LateStep(tell=("handler", *rule.decided_by, GROUP))),),
        lateness="breach" if due_at <= now else "", by=rule.decided_by, heads=hold.heads,
    )  # fmt: skip
