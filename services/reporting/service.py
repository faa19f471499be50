"""Reporting at the doors: the ledgers' rows in, each provider's reports out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from nameko.extensions import DependencyProvider

from services.chassis.calls import answers
from services.chassis.errors import Stale
from services.chassis.hears import LATER, hears
from services.chassis.service import Service
from services.chassis.ticks import ticks
from services.chassis.work import Fact, Work
from services.reporting import hearing, readbook, rebuilding, reports, working_out


class Gauges(DependencyProvider):
    """Offers how many cases wait to be worked out anew to whoever measures."""

    def setup(self) -> None:
        house = self.container.config["heard_houses"][self.container.service_name]

        def waiting() -> float:
            with house.db.reading() as conn:
                return float(readbook.still_to_do(conn))

        house.metrics.gauge("heard_cases_to_work_out", "Cases whose numbers are not up to date", waiting)


class ReportingService(Service):
    """What happened, on time or not."""

    name = "reporting"
    gauges = Gauges()

    @hears("case_advanced", gather=LATER)
    def case_advanced(self, work: Work, facts: list[Fact]) -> None:
        """A case's ledger grew."""
        hearing.cases_advanced(work, facts)

    @hears("safeguarding_advanced", gather=LATER)
    def safeguarding_advanced(self, work: Work, facts: list[Fact]) -> None:
        """A safeguarding ledger grew."""
        hearing.safeguarding_advanced(work, facts)

    @hears("report_screened", gather=LATER)
    def report_screened(self, work: Work, facts: list[Fact]) -> None:
        """A safeguarding ledger began, or later words were read."""
        hearing.safeguarding_advanced(work, facts)

    def directory_moved(self, work: Work, entries: Sequence[dict[str, Any]]) -> None:
        """Who may count which case is worked out anew, in the groups that the change is about."""
        readbook.again(work.conn, self.house.who.groups_of(work.conn, entries))

    @ticks(2)
    def work_out(self) -> int:
        """Work out cases whose rows or moments moved on."""
        try:
            done = working_out.some(self.house)
            # A case that is on its way moves several times in a second; only a crowd is not left waiting.
            return done if done >= working_out.AT_ONCE else 0
        except Stale:  # nothing is shown meanwhile; the next round tries again
            return 0

    @answers
    def reports_for(self, *, person_id: str) -> list[dict[str, Any]]:
        """The reports that this person may ask for."""
        return reports.reports_for(self.house, person_id)

    @answers
    def report(
        self, *, person_id: str, provider: str, key: str, since: str | None = None, until: str | None = None
    ) -> dict[str, Any]:
        """One report, counted over the cases that this person may see. Raises `NotFound`, `Invalid`, `Stale`."""
        return reports.report(self.house, person_id, provider, key, since, until)

    @answers
    def rebuild(self) -> dict[str, int]:
        """Make the read model again from the ledgers; how many rows of each were taken."""
        return rebuilding.rebuild(self.house)
