"""Notes that staff write beside what is owed without any complaint: screened, though they belong to no report.

Step 2 for words that are about no case. Nothing is kept of a note in which nothing is found. One that may mean that a
child is not safe is handed to intake and becomes a report of its own: so it has a record, the clocks, and the ladder
that calls until somebody answers, like any other word.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from services.chassis.green import in_thread
from services.chassis.work import Work
from services.safeguarding.meaning import meant
from services.safeguarding.weighing import is_ready
from services.screening.screen import both, screen, weigh


def hear(work: Work, bodies: Sequence[Mapping[str, Any]]) -> None:
    """Screen notes by their words and by what they mean; what is flagged is told to intake as it came, sealed."""
    house = work.house
    for body in bodies:
        text = "\n".join(house.vault.open_envelope(body["words"]).values())
        provider = house.who.entry("provider", body["provider"]) or {}
        procedure = house.procedures.in_force(str(provider.get("procedure")), body["written_at"].date())
        found = screen(text, procedure=procedure)
        if house.settings.meaning:
            found = both(found, weigh(text, in_thread(meant, text, is_ready()), procedure=procedure))
        house.log.info("note_screened", note=body["note_id"], flagged=found.flagged)
        if found.flagged:
            key = house.vault.envelope_key(body["note_id"], body["words"])
            work.publish(
                "note_raised",
                {
                    **{name: body[name] for name in ("operator", "provider", "home", "note_id", "by")},
                    "written_at": body["written_at"].isoformat(),
                    "words": house.vault.envelope(key, {"note": text}),
                },
            )
