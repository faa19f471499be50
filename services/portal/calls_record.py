"""Who was called about a report, when, by which way, what became of it and who answered: as a table and as a sheet.

STEP 2's evidence for people. Everything in it stands in the ledger of the safeguarding record; nothing is added. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from heard.instants import LONDON
from services.portal.plain_words import by_channel, sentence, words_of
from services.portal.record_words import happened, way_of

Record = Mapping[str, Any]

EVENTS = ("ladder_paged", "called", "call_sent", "call_failed", "declined", "answered")
"""What happens to a call, from asking somebody to their answer."""
COLUMNS = ("When, in London", "After the alert", "Call", "Who", "What happened", "By which way")


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that happened to a call."""

    at: str
    after: str
    call: str
    who: str
    what: str
    way: str

    def cells(self) -> tuple[str, ...]:
        """As they stand in the table, but for the moment, which each shows in its own way."""
        return (self.after, self.call, self.who, self.what, self.way)


def lines_of(record: Record) -> list[Line]:
    """Every step of every call about a report, oldest first."""
    raised = {one["alert_id"]: datetime.fromisoformat(one["raised_at"]) for one in record.get("alerts", ())}
    called = {(row["data"].get("alert"), row["data"].get("attempt")): row for row in _rows(record, ("called",))}
    return [_line(row, record, raised, called) for row in _rows(record, EVENTS)]


def as_rows(record: Record) -> list[tuple[str, ...]]:
    """The same as the rows of a sheet."""
    found: list[tuple[str, ...]] = [("Report", *COLUMNS)]
    for line in lines_of(record):
        when = datetime.fromisoformat(line.at).astimezone(LONDON).isoformat(sep=" ", timespec="seconds")
        found.append((record["reference"], when, *line.cells()))
    return found


def _rows(record: Record, events: Sequence[str]) -> list[Record]:
    return [row for row in record.get("ledger", ()) if row["event"] in events]


def _line(row: Record, record: Record, raised: Mapping[str, datetime], called: Mapping[Any, Record]) -> Line:
    data = row.get("data") or {}
    since = raised.get(data.get("alert", ""))
    of_call = called.get((data.get("alert"), data.get("attempt")), row)
    return Line(
        row["at"],
        _length(datetime.fromisoformat(row["at"]), since) if since else "",
        str(data.get("attempt") or ""),
        str(of_call.get("who") or row.get("who") or ""),
        (_WHAT.get(row["event"]) or happened(row, record)) + (f" ({words_of(data['why'])})" if data.get("why") else ""),
        way_of(data) or sentence(by_channel(data.get("channel"))),
    )


_WHAT = {
    "called": "Called",
    "call_sent": "Handed over to be delivered",
    "call_failed": "Could not be delivered",
    "declined": "Could not take it on; the next was called",
    "answered": "Answered: has it",
}


def _length(at: datetime, since: datetime) -> str:
    """ "2 min 05 s", "1 h 07 min"."""
    total = max(0, int((at - since).total_seconds()))
    hours, minutes, seconds = total // 3600, total // 60 % 60, total % 60
    return f"{hours} h {minutes:02d} min" if hours else f"{minutes} min {seconds:02d} s"
