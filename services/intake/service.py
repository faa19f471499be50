"""Intake's entry points: the proof from safeguarding, and the watch for reports whose proof stays away."""

from __future__ import annotations

from typing import Any

from services.chassis.calls import answers
from services.chassis.hears import LATER, hears
from services.chassis.service import Service
from services.chassis.ticks import ticks
from services.chassis.work import Fact, Work
from services.intake import fresh_codes, raised_notes, reports, uploads
from services.intake.equality import answers_of
from services.intake.taking_mail import read_mailbox
from services.intake.watching import watch


class IntakeService(Service):
    """Receives, whatever else is broken. Its door is in `doors`."""

    name = "intake"

    @hears("report_screened", gather=LATER)
    def report_screened(self, work: Work, facts: list[Fact]) -> None:
        """Safeguarding has these reports: the watch over them ends."""
        reports.proven(work.conn, [fact.body["report_id"] for fact in facts if not fact.body["words_id"]], work.now)

    @hears("note_raised")
    def note_raised(self, work: Work, facts: list[Fact]) -> None:
        """What staff noted somewhere may mean that a child is not safe."""
        raised_notes.take(self.house, work, facts)

    @ticks(2)
    def watch_for_proof(self) -> int:
        """Knock, and then page, for reports that nobody may have seen."""
        return watch(self.house)

    @ticks(30)
    def read_mailbox(self) -> int:
        """Take the mails that wait, where there is a mailbox."""
        return read_mailbox(self.house)

    @ticks(5)
    def answer_lost_codes(self) -> int:
        """Make the fresh codes that were asked for."""
        return fresh_codes.answer(self.house)

    @ticks(300)
    def sweep(self) -> int:
        """Remove the files of forms that nobody sent."""
        with self.house.working() as work:
            uploads.sweep(work)
        return 0

    @answers
    def equality_answers(self, *, report_ids: list[str]) -> list[dict[str, Any]]:
        """The sealed equality answers of these reports, for reporting to count."""
        return answers_of(self.house, report_ids)
