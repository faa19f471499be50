"""When a message may go out: what can wait is not sent while people sleep, by the procedure's own night in London.

A telephone that lights up at night wakes whoever is near it. What is about somebody's safety, what a duty hangs on,
and whatever somebody waits for, such as the receipt, goes at once.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from heard.calling import is_night
from heard.instants import LONDON
from heard.procedure import Procedure
from services.notifications.plan import WROTE, Wanted

_STAFF_CAN_WAIT = ("staff/decided", "staff/let_go", "staff/letter", WROTE)
ONE_FOR_ALL = timedelta(hours=1)
"""For how long a notice that somebody wrote stands for what they write after it; then there is one more."""


def not_before(procedure: Procedure, wanted: Wanted, now: datetime) -> datetime:
    """The moment from which this may be sent."""
    now = max(now, wanted.after or now)
    can_wait = wanted.kind == "party" or wanted.template in _STAFF_CAN_WAIT
    night = procedure.calling.night
    if wanted.urgent or wanted.about.get("duty") or not can_wait or night is None or not is_night(procedure, now):
        return now
    local = now.astimezone(LONDON)
    day = local.date() + timedelta(days=local.hour >= night.until)
    return datetime.combine(day, time(night.until), LONDON).astimezone(UTC)
