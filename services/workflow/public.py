"""What the person who complained is told: where it stands, what happens next and by when, and which promises were kept.

While only safeguarding may know of the matter the words are neutral, and nothing here ever names anybody.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from heard.case import public_view
from heard.casefile import replay
from heard.clock import reckon
from services.chassis.errors import NotFound
from services.chassis.house import House
from services.workflow import casebook

_NEUTRAL = "We have what you told us. Somebody is reading it now, and looks first at whether everybody is safe."


def view(house: House, report_id: str) -> dict[str, Any]:
    """``{reference, status, next: [sentence], promises: [{says, by, status, why, moved}]}``. NotFound until it is open.
    """
    with house.db.reading() as conn:
        row = casebook.first_of_report(conn, report_id)
        if row is None:
            raise NotFound
        procedure = house.procedures.pinned(row.procedure_version)
        state = replay(procedure, casebook.ledgers(conn, [row.id])[row.id])
    if not state.screened or any(not subject.identified for subject in state.subjects.values()):
        return {"reference": row.reference, "status": _NEUTRAL, "next": [], "promises": []}
    now = house.clock.now()
    shown = public_view(state, reckon(state, house.calendars(procedure), now), now)
    return {
        "reference": row.reference,
        "status": shown.status,
        "next": list(shown.next),
        "promises": [
            {"says": one.says, "by": _iso(one.by), "status": one.status, "why": one.why, "moved": one.moved}
            for one in shown.promises
        ],
    }


def _iso(moment: date | datetime | None) -> str | None:
    return moment.isoformat() if moment else None
