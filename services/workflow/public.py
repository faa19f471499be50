"""What the person who complained is told: where it stands, what happens next and by when, and which promises were kept.

While only safeguarding may know of the matter the words are neutral, and nothing here ever names anybody.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from heard.case import public_view
from heard.casefile import CaseState, replay
from heard.clock import reckon
from services.chassis.errors import NotFound
from services.chassis.house import House
from services.workflow import casebook, sealed

_THEIRS = ("what_happened", "wanted")
_NEUTRAL = "We have what you told us. Somebody is reading it now, and looks first at whether everybody is safe."


def view(house: House, report_id: str) -> dict[str, Any]:
    """``{reference, status, next: [sentence], promises: [{says, by, status, why, moved}], read_back}``.

    NotFound until it is open. ``read_back`` is ``{said: {field: text}, disputed}`` while staff have written it down
    for somebody who has not yet agreed that it is right, else None.
    """
    with house.db.reading() as conn:
        row = casebook.first_of_report(conn, report_id)
        if row is None:
            raise NotFound
        procedure = house.procedures.pinned(row.procedure_version)
        state = replay(procedure, casebook.ledgers(conn, [row.id])[row.id])
        read_back = _read_back(house, conn, row.id, state)
    if not state.screened or any(not subject.identified for subject in state.subjects.values()):
        return {"reference": row.reference, "status": _NEUTRAL, "next": [], "promises": [], "read_back": None}
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
        "read_back": read_back,
    }


def _read_back(house: House, conn: Connection, case_id: str, state: CaseState) -> dict[str, Any] | None:
    """What staff wrote down in somebody's name, for that person to say whether it is right."""
    if not state.received.get("taken_by") or state.first("record_agreed") or not state.is_open:
        return None
    words = sealed.opened(house.vault, conn, casebook.first_words(conn, case_id))
    said = {name: text for fields in words.values() for name, text in fields.items() if name in _THEIRS}
    return {"said": said, "disputed": state.first("record_disputed") is not None} if said else None


def _iso(moment: date | datetime | None) -> str | None:
    return moment.isoformat() if moment else None
