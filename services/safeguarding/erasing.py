"""Whether what was said in a report is still needed to keep somebody safe: then nobody erases it."""

from __future__ import annotations

from heard.casefile import replay
from services.chassis import ledger
from services.chassis.house import House
from services.safeguarding import records
from services.safeguarding.models import ledger as ledger_rows


def in_the_way(house: House, report_id: str) -> str | None:
    """Why it must not be erased yet, as a sentence, or None."""
    with house.db.reading() as conn:
        record = records.standing(conn, [report_id]).get(report_id)
        if record is None:
            return "Safeguarding has not heard of it yet."
        if records.open_alert(conn, report_id) is not None:
            return "Nobody has answered its alert."
        state = replay(house.procedures.pinned(record["procedure_version"]), ledger.read(conn, ledger_rows, report_id))
    return "Safeguarding is not closed." if state.open_concerns else None
