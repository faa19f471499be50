"""Intake's entry points: the proof that a report is in good hands, and the watch while it stays away."""

from __future__ import annotations

from typing import Any

from services.chassis.calls import answers
from services.chassis.hears import LATER, SOON, hears
from services.chassis.service import Service
from services.chassis.ticks import ticks
from services.chassis.work import Fact, Work
from services.intake import fresh_codes, raised_notes, uploads, watching
from services.intake.equality import answers_of
from services.intake.taking_mail import read_mailbox
from services.screening import screen


class IntakeService(Service):
    """Receives, whatever else is broken. Its door is in `doors`."""

    name = "intake"
    get_ready = staticmethod(screen.get_ready)

    @hears("report_screened", gather=LATER)
    def report_screened(self, work: Work, facts: list[Fact]) -> None:
        """Safeguarding has these reports: the watch over those about which it calls nobody ends."""
        watching.hear_screened(work, facts)

    @hears("ladder_called", gather=SOON)
    def ladder_called(self, work: Work, facts: list[Fact]) -> None:
        """Safeguarding calls somebody: from now on it is watched whether that is handed on."""
        watching.hear_called(work, facts)

    @hears("call_sent", gather=SOON)
    def call_sent(self, work: Work, facts: list[Fact]) -> None:
        """A call was handed on: the watch ends."""
        watching.hear_sent(work, facts)

    @hears("note_raised")
    def note_raised(self, work: Work, facts: list[Fact]) -> None:
        """What staff noted somewhere may mean that a child is not safe."""
        raised_notes.take(self.house, work, facts)

    @ticks(2, alarms=True)
    def watch_for_proof(self) -> int:
        """Knock, and then page, for reports that nobody may have seen."""
        return watching.watch(self.house)

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
