"""Notes that staff wrote beside a standing duty, and that may mean that a child is not safe: each becomes a report.

Safeguarding found it and says so; from here it goes the way of everything that staff write down. It counts from when it
was written. The same note told twice is one report.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from services.chassis.errors import NotFound
from services.chassis.house import House
from services.chassis.work import Fact, Work
from services.intake.receiving import receive
from services.intake.schemas import ReportForm

CHANNEL = "staff_note"


def take(house: House, work: Work, facts: Sequence[Fact]) -> None:
    """Receive each as a report, in the transaction in which it is heard."""
    for fact in facts:
        body = fact.body
        (text,) = house.vault.open_envelope(body["words"]).values()
        form = ReportForm().load({
            "home": body["home"] or _home_of(house, body), "kind": "concern", "channel": CHANNEL,
            "what_happened": text, "taken_by": body["by"], "first_told_at": body["written_at"].isoformat(),
        })  # fmt: skip
        answer, new = receive(house, form, f"note/{body['note_id']}", within=work)
        house.log.info("note_received", note=body["note_id"], report=answer["report_id"], new=new)


def _home_of(house: House, body: Mapping[str, Any]) -> str:
    """A note about all homes of a provider is received at one where its writer works, else at the provider's first."""
    theirs = {one: entry for one, entry in house.who.entries("home").items() if entry["provider"] == body["provider"]}
    if not theirs:
        raise NotFound("The provider runs no home.")
    held = {one["home"] for one in house.who.entries("holding").values() if one["person"] == body["by"]}
    return min(theirs, key=lambda one: (one not in held, not theirs[one]["active"], theirs[one]["name"]))
