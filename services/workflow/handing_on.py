"""What the case hands to safeguarding: concerns that somebody raises, every word that staff write, each further stage.

Whatever arrives later takes the way of the first report: safeguarding screens it, writes down what it finds and calls.
Nothing here holds the act back, and nothing is written in the case: that is heard from safeguarding, together with whom
it is about, so that nobody who is meant reads of it first.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from services.chassis.tables import new_id
from services.chassis.work import Work
from services.workflow.sealed import WORDS

if TYPE_CHECKING:
    from services.workflow.casework import CaseFile

LETTER, STAFF_NOTE = "letter", "staff_note"
BY_A_PERSON = "person"
"""Why a concern is raised when somebody says so; a step of the procedure gives the line that was late."""


@dataclass(frozen=True, slots=True)
class Raised:
    """A concern that a person or a late step raises; ``reason`` is in words, for safeguarding alone."""

    concern: str
    by: str
    known_at: datetime
    because: tuple[str, ...]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """What a member of staff wrote in one act."""

    words_id: str
    sort: str
    by: str
    texts: tuple[str, ...]


def hand_on(work: Work, file: CaseFile) -> None:
    """Publish what was raised and written on a case, once, with the transaction in which it was."""
    about = {**file.place, "report_id": file.report_id, "case_id": file.id}
    for one in file.raised:
        raised_id = new_id()
        fact = {
            **about, "raised_id": raised_id, "concern": one.concern, "by": one.by, "at": work.now.isoformat(),
            "known_at": one.known_at.isoformat(), "because": list(one.because),
            "words": _envelope(work, file, raised_id, one.reason) if one.reason else None,
        }  # fmt: skip
        work.publish("concern_raised", fact)
    for words in file.written:
        fact = {
            **about, "words_id": words.words_id, "by": words.by, "written_at": work.now.isoformat(),
            "sort": words.sort, "words": _envelope(work, file, words.words_id, "\n\n".join(words.texts)),
        }  # fmt: skip
        work.publish("words_written", fact)
    for row in file.new if len(file.state.visits) > 1 else ():
        if row.event == "stage_opened" and row.seq != file.state.visits[0].seq:
            stage = str(row.data.get("stage") or row.stage)
            work.publish("stage_opened", {**about, "stage": stage, "seq": row.seq, "at": row.at.isoformat()})
    file.raised.clear()
    file.written.clear()


def _envelope(work: Work, file: CaseFile, words_id: str, text: str) -> dict[str, Any]:
    """Words under the key of the report, which safeguarding holds; the field's name says which words they are."""
    vault = work.house.vault
    return vault.envelope(vault.key_for(work.conn, file.report_id, WORDS), {f"words.{words_id}": text})
