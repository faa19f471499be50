"""Notifications at the doors: facts in, messages out, and what went out shown to those who may see it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from nameko.extensions import DependencyProvider

from services.chassis.calls import answers
from services.chassis.hears import LATER, SOON, hears
from services.chassis.leaving import lose_sight
from services.chassis.post import Post
from services.chassis.service import Service
from services.chassis.ticks import ticks
from services.chassis.work import Fact, Work
from services.notifications import (
    fresh_codes,
    hearing,
    mailbook,
    own_system,
    posting,
    showing,
    sign_in_changes,
    sign_in_links,
)
from services.notifications.models import message_viewers, messages


class Gauges(DependencyProvider):
    """Offers how many messages wait and how many failed to whoever measures."""

    def setup(self) -> None:
        house = self.container.config["heard_houses"][self.container.service_name]

        def by_state() -> list[tuple[str, float]]:
            with house.db.reading() as conn:
                return [(state, float(number)) for state, number in mailbook.counts(conn).items()]

        house.metrics.gauges("heard_messages", "Messages that wait, and that did not get through", "state", by_state)


class NotificationsService(Service):
    """Tells people, once."""

    name = "notifications"
    gauges = Gauges()

    @hears("complaint_received", gather=SOON)
    def complaint_received(self, work: Work, facts: list[Fact]) -> None:
        """A receipt, and how the complainant may be reached."""
        hearing.complaints_received(self.house, work, facts)

    @hears("ladder_called")
    def ladder_called(self, work: Work, facts: list[Fact]) -> None:
        """Somebody is to be called about an alert."""
        hearing.ladders_called(self.house, work, facts)

    @hears("mail_returned")
    def mail_returned(self, work: Work, facts: list[Fact]) -> None:
        """An e-mail that had been handed over came back, or nobody reads it now."""
        posting.came_back(self.house, work, facts)

    @hears("form_handed_over")
    def form_handed_over(self, work: Work, facts: list[Fact]) -> None:
        """A form is to go to a body outside."""
        hearing.forms_handed_over(self.house, work, facts)

    @hears("case_advanced", gather=SOON)
    def case_advanced(self, work: Work, facts: list[Fact]) -> None:
        """Letters, parts taken on, things that are late."""
        hearing.cases_advanced(self.house, work, facts)

    @hears("sign_in_link_made")
    def sign_in_link_made(self, work: Work, facts: list[Fact]) -> None:
        """Somebody is to choose a password by a link."""
        sign_in_links.made(self.house, work, facts)

    @hears("sign_in_changed")
    def sign_in_changed(self, work: Work, facts: list[Fact]) -> None:
        """Somebody is told that how they sign in has changed."""
        sign_in_changes.made(self.house, work, facts)

    @hears("fresh_code_made")
    def fresh_code_made(self, work: Work, facts: list[Fact]) -> None:
        """Somebody who lost their receipt code is to get another."""
        fresh_codes.made(self.house, work, facts)

    @hears("standing_duty_reminded", gather=LATER)
    def standing_duty_reminded(self, work: Work, facts: list[Fact]) -> None:
        """Whoever owes something without any complaint is reminded."""
        hearing.standing_duties_reminded(self.house, work, facts)

    def directory_moved(self, work: Work, entries: Sequence[dict[str, Any]]) -> None:
        """Whoever left a home, or only lost the role by which they saw it, loses sight of what is over there, too."""
        lose_sight(work, entries, messages, message_viewers)
        hearing.no_longer_viewers(work, entries)

    @ticks(1, alarms=True)
    def send_calls(self) -> int:
        """Make the calls of the ladder that are due, beside everything else; a new one rings. A trial sends nothing."""
        if not self.house.settings.live:
            return 0
        return posting.send_due(self.house, Post(self.house.settings), calls=True)

    @ticks(1)
    def send(self) -> int:
        """Send what else is due."""
        if not self.house.settings.live:
            return 0
        return posting.send_due(self.house, Post(self.house.settings), calls=False)

    @ticks(1)
    def send_sign_in_links(self) -> int:
        """Send the links by which somebody chooses a password."""
        return sign_in_links.send_due(self.house, Post(self.house.settings)) if self.house.settings.live else 0

    @ticks(1)
    def send_sign_in_changes(self) -> int:
        """Tell people what changed in how they sign in."""
        return sign_in_changes.send_due(self.house, Post(self.house.settings)) if self.house.settings.live else 0

    @ticks(1)
    def send_fresh_codes(self) -> int:
        """Send receipt codes to those who lost theirs."""
        return fresh_codes.send_due(self.house, Post(self.house.settings)) if self.house.settings.live else 0

    @ticks(5)
    def tell_own_system(self) -> int:
        """Tell the operator's own system which cases moved, where it is set up."""
        return own_system.tell_due(self.house)

    @answers
    def outgoing(self, *, person_id: str, page: int = 1) -> dict[str, Any]:
        """What went out, or would have: ``{messages: [{id, at, to, channel, state, subject, text ..}], more}``."""
        return showing.page(self.house, person_id, page)

    @answers
    def failed(self, *, person_id: str, page: int = 1) -> dict[str, Any]:
        """The same, of messages that did not get through; each says why."""
        return showing.page(self.house, person_id, page, "failed")

    @answers
    def papers(self, *, person_id: str, case_id: str) -> list[dict[str, Any]]:
        """``[{id, at, to, subject, state, delivered_at}]``: the letters of a case, for somebody who may see it."""
        return showing.papers(self.house, person_id, case_id)

    @answers
    def sheet(self, *, person_id: str, message_id: str) -> dict[str, str]:
        """``{case_id, html}``: one message as a sheet to print, for somebody who may see it."""
        return showing.sheet(self.house, person_id, message_id)

    @answers
    def sheet_for(self, *, report_id: str, letter_id: str) -> str:
        """The same of a letter to a complainant, for whoever has shown reference and receipt code."""
        return showing.sheet_for(self.house, report_id, letter_id)

    @answers
    def letters_for(self, *, report_id: str) -> list[dict[str, Any]]:
        """``[{id, at, subject, text}]``: the letters to a complainant, for whoever has shown reference and code."""
        return showing.letters(self.house, report_id)
