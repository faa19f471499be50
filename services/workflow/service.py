"""The case service on the wire: which facts it hears, what it does by itself, which questions it answers. Thin."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any, ClassVar

from nameko.extensions import DependencyProvider

from heard.calendar import england_and_wales
from heard.instants import london_day
from services.chassis.calls import answers
from services.chassis.errors import Stale
from services.chassis.hears import LATER, SOON, hears
from services.chassis.leaving import lose_sight
from services.chassis.service import Service
from services.chassis.ticks import ticks
from services.chassis.work import Fact, Work
from services.workflow import (
    acting,
    casebook,
    finding,
    hearing,
    homes,
    looking_for,
    looking_in,
    migrating,
    page,
    public,
    shown,
    standing_doing,
    standing_round,
    standing_shown,
    today,
    waking,
)
from services.workflow.models import book_viewers, books, case_viewers, cases

_GAUGES = {
    "heard_duties_overdue": "Duties past their moment and not met",
    "heard_cases_unscreened": "Cases whose report safeguarding has not screened",
    "heard_cases_unassigned": "Open, screened cases that nobody handles",
}


class Gauges(DependencyProvider):
    """Offers the service's own numbers to whoever measures."""

    def setup(self) -> None:
        house = self.container.config["heard_houses"][self.container.service_name]

        def count(which: str) -> float:
            with house.db.reading() as conn:
                return float(casebook.count(conn, which, house.clock.now()))

        for which, says in _GAUGES.items():
            house.metrics.gauge(which, says, partial(count, which.removeprefix("heard_")))

        def left() -> float:
            return float((england_and_wales().known_until - london_day(house.clock.now())).days)

        house.metrics.gauge("heard_bank_holidays_known_days", "Days until the last bank holidays that are known", left)


class WorkflowService(Service):
    """Step 3: the case."""

    name: ClassVar[str] = "workflow"
    gauges = Gauges()

    # ------------------------------------------------------------ hears

    @hears("complaint_received", gather=SOON)
    def complaint_received(self, work: Work, facts: Sequence[Fact]) -> None:
        """Open the cases."""
        hearing.complaints_received(self.house, work, facts)

    @hears("past_complaint_told", gather=LATER)
    def past_complaint_told(self, work: Work, facts: Sequence[Fact]) -> None:
        """Open the cases of an earlier log."""
        hearing.past_complaints_told(self.house, work, facts)

    @hears("words_received")
    def words_received(self, work: Work, facts: Sequence[Fact]) -> None:
        """Keep later words until they are screened."""
        hearing.words_received(self.house, work, facts)

    @hears("report_screened", gather=SOON)
    def report_screened(self, work: Work, facts: Sequence[Fact]) -> None:
        """Lift the gate."""
        hearing.reports_screened(self.house, work, facts)

    @hears("safeguarding_advanced", gather=SOON)
    def safeguarding_advanced(self, work: Work, facts: Sequence[Fact]) -> None:
        """Follow what safeguarding does."""
        hearing.safeguarding_advanced(self.house, work, facts)

    @hears("message_sent", gather=LATER)
    def message_sent(self, work: Work, facts: Sequence[Fact]) -> None:
        """Record who was told."""
        hearing.messages_handed_over(self.house, work, facts)

    @hears("message_failed", gather=LATER)
    def message_failed(self, work: Work, facts: Sequence[Fact]) -> None:
        """Record who could not be told."""
        hearing.messages_handed_over(self.house, work, facts)

    def directory_moved(self, work: Work, entries: Sequence[dict[str, Any]]) -> None:
        """Whoever left a home loses sight of what is over there, too."""
        lose_sight(work, entries, cases, case_viewers)
        lose_sight(work, entries, books, book_viewers)
        looking_in.follow(work, entries)

    # ------------------------------------------------------------ does by itself

    @ticks(1)
    def let_fall_due(self) -> int:
        """Late steps, windows that are over, reminders, and reports that nobody screened."""
        return waking.look_again(self.house, partial(casebook.waking, limit=waking.BATCH), "let_fall_due")

    @ticks(1)
    def choose_people_again(self) -> int:
        """After a change in who is who: whoever left, is away or is now in conflict makes room."""
        try:
            version = self.house.roster().version
        except Stale:
            return 0
        with self.house.db.reading() as conn:
            if not casebook.any_routed_before(conn, version):
                return 0
        return waking.look_again(
            self.house, lambda conn, now: casebook.routed_before(conn, version, waking.BATCH), "choose_people_again"
        )

    @ticks(1)
    def show_again(self) -> int:
        """Who looks in at a home, and who no longer does: of the cases that are over there, too."""
        return looking_in.show_again(self.house)

    @ticks(1)
    def follow_the_calendar(self) -> int:
        """After a bank holiday was proclaimed or taken back: the days of every case that it crosses."""
        return waking.follow_the_calendar(self.house)

    @ticks(1)
    def write_what_they_are_found_by(self) -> int:
        """Kinds, categories and sealed names of cases that are new or have changed."""
        return finding.write_some(self.house)

    @ticks(2)
    def go_round(self) -> int:
        """Standing duties: places that come and go, what falls due, and who is reminded of it."""
        return standing_round.go_round(self.house)

    # ------------------------------------------------------------ answers

    @answers
    def today(self, person_id: str) -> dict[str, Any]:
        """What is late, due and waiting for this person."""
        return today.today(self.house, person_id)

    @answers
    def cases(self, person_id: str, state: str | None = None, page: int = 1) -> dict[str, Any]:
        """One page of the cases this person may see."""
        return today.cases(self.house, person_id, state, page)

    @answers
    def homes(self, person_id: str) -> dict[str, Any]:
        """What is open and late in each home, and how many reports came in each month."""
        return homes.homes(self.house, person_id)

    @answers
    def find(self, person_id: str, wanted: dict[str, Any], page: int = 1) -> dict[str, Any]:
        """One page of the cases of theirs that are meant."""
        return looking_for.find(self.house, person_id, wanted, page)

    @answers
    def findable(self, person_id: str) -> dict[str, Any]:
        """What may be chosen when looking for a case."""
        return looking_for.choices(self.house, person_id)

    @answers
    def case(self, person_id: str, case_id: str, to_read: bool = False) -> dict[str, Any]:
        """The case page."""
        return page.case(self.house, person_id, case_id, to_read=to_read)

    @answers
    def ledger(self, person_id: str, case_id: str) -> dict[str, Any]:
        """The ledger of a case."""
        return page.ledger(self.house, person_id, case_id)

    @answers
    def act(
        self,
        person_id: str,
        case_id: str,
        command: str,
        data: dict[str, Any] | None = None,
        expected_seq: int | None = None,
        key: str | None = None,
    ) -> dict[str, Any]:
        """Do one thing in a case, as it stood at ``expected_seq``."""
        return acting.act(self.house, person_id, case_id, command, data or {}, expected_seq, key)

    @answers
    def migrate(
        self, person_id: str, case_id: str, to: str, reason: str = "", rehearse: bool = False
    ) -> dict[str, Any]:
        """Let a case go over to another version of its procedure, or only say what would become different."""
        if rehearse:
            return migrating.rehearse(self.house, person_id, case_id, to)
        return migrating.migrate(self.house, person_id, case_id, to, reason)

    @answers
    def public_view(self, report_id: str) -> dict[str, Any]:
        """What the person who complained is told."""
        return public.view(self.house, report_id)

    @answers
    def closed_to(self, person_id: str, case_ids: Sequence[str]) -> list[str]:
        """Which of these cases are screened and not this person's to know of."""
        with self.house.db.seen_by(person_id) as conn:
            open_to = shown.which_of(conn, person_id, case_ids)
        with self.house.db.reading() as conn:
            return [one for one in casebook.screened_of(conn, case_ids) if one not in open_to]

    @answers
    def letters_read(self, person_id: str, case_ids: Sequence[str]) -> None:
        """Record that this person is shown what was written in these cases, of those that they may see."""
        page.letters_read(self.house, person_id, case_ids)

    @answers
    def standing(self, person_id: str) -> dict[str, Any]:
        """The homes and providers whose standing duties this person may read."""
        return standing_shown.places(self.house, person_id)

    @answers
    def standing_place(self, person_id: str, book_id: str) -> dict[str, Any]:
        """One of them: what is late, due and done, and why."""
        return standing_shown.place(self.house, person_id, book_id)

    @answers
    def write_standing(
        self, person_id: str, book_id: str, command: str, data: dict[str, Any] | None = None, key: str | None = None
    ) -> dict[str, Any]:
        """Write down that something was done, that somebody came or left, or that an entry was wrong."""
        return standing_doing.act(self.house, person_id, book_id, command, data or {}, key)

    @answers
    def standing_counted(self, person_id: str, provider: str, since: str, until: str) -> dict[str, Any]:
        """How a provider's standing duties were kept over those days."""
        return standing_shown.counted(self.house, person_id, provider, since, until)

    @answers
    def ledger_since(self, position: str | None = None, limit: int = 500) -> dict[str, Any]:
        """A page of all ledgers, for rebuilding what was made from them."""
        with self.house.db.reading() as conn:
            return casebook.ledger_since(conn, position, min(limit, 1000))
