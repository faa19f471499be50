"""Making a record press: somebody is called about it, or called more urgently; what was closed is open again.

Used by whatever adds something that cannot wait: later words, a concern that somebody raises, a pattern, a report that
nobody has read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.chassis.work import Work
from services.safeguarding import records
from services.screening.screen import higher

if TYPE_CHECKING:
    from services.safeguarding.growing import Growth


def take_alert(work: Work, growth: Growth) -> None:
    """Let the record have its alert that nobody has answered, held until this transaction ends."""
    if growth.alert is None:
        standing = records.open_alert(work.conn, growth.report_id)
        growth.alert = dict(standing) if standing else None


def press(growth: Growth, priority: str) -> None:
    """Call somebody, or make an unanswered call more pressing; what was closed is open again."""
    growth.row["priority"] = higher(growth.row["priority"], priority)
    growth.row["closed_at"] = None
    if growth.alert is None:
        growth.raise_alert(priority)
    elif higher(growth.alert["priority"], priority) != growth.alert["priority"]:
        growth.alert["priority"] = higher(growth.alert["priority"], priority)
        growth.alert["next_call_at"] = growth.now
