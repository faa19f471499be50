"""Safeguarding's entry points: facts heard, questions answered, calls that fall due."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from services.chassis import ledger
from services.chassis.calls import answers
from services.chassis.hears import LATER, SOON, hears
from services.chassis.leaving import lose_sight
from services.chassis.service import Service
from services.chassis.ticks import ticks
from services.chassis.work import Fact, Work
from services.safeguarding import (
    answering,
    deciding,
    evidence,
    forms,
    handling,
    hearing,
    later_words,
    minding,
    models,
    past,
    sending,
    showing,
    standing_notes,
    triage,
    unread,
    weighing,
)
from services.safeguarding.growing import Growth
from services.screening import screen


class SafeguardingService(Service):
    """Goes first. Its other door, by HTTP, is in `doors`."""

    name = "safeguarding"
    get_ready = staticmethod(screen.get_ready)

    # -- heard

    @hears("complaint_received", first=True)
    @hears("complaint_received")
    def complaint_received(self, work: Work, facts: list[Fact]) -> None:
        """Screen and open."""
        hearing.open_reports(work, [fact.body for fact in facts])

    @hears("past_complaint_told", gather=LATER)
    def past_complaint_told(self, work: Work, facts: list[Fact]) -> None:
        """Screen and open what an earlier log tells of; nobody is called."""
        hearing.open_reports(work, [fact.body for fact in facts])

    @hears("words_received")
    def words_received(self, work: Work, facts: list[Fact]) -> None:
        """Screen what was said later."""
        later_words.hear_words(work, [fact.body for fact in facts])

    @hears("words_written")
    def words_written(self, work: Work, facts: list[Fact]) -> None:
        """Screen what staff wrote."""
        later_words.hear_staff_words(work, [fact.body for fact in facts])

    @hears("standing_note_written")
    def standing_note_written(self, work: Work, facts: list[Fact]) -> None:
        """Screen what staff wrote that belongs to no report."""
        standing_notes.hear(work, [fact.body for fact in facts])

    @hears("concern_raised")
    def concern_raised(self, work: Work, facts: list[Fact]) -> None:
        """Somebody at work says that something may be wrong: the same as a report that says so."""
        later_words.hear_concerns(work, [fact.body for fact in facts])

    @hears("case_opened")
    def case_opened(self, work: Work, facts: list[Fact]) -> None:
        """Somebody has read what was reported."""
        bodies = [fact.body for fact in facts]
        unread.hear_cases_opened(work, later_words.standing(work, bodies), bodies)

    @hears("stage_opened")
    def stage_opened(self, work: Work, facts: list[Fact]) -> None:
        """The complaint went to another stage: the lead is asked again."""
        bodies = [fact.body for fact in facts]
        triage.hear_stages_opened(work, later_words.standing(work, bodies), bodies)

    @hears("ladder_paged")
    def ladder_paged(self, work: Work, facts: list[Fact]) -> None:
        """Keep the evidence that intake called."""
        hearing.hear_pages(work, [fact.body for fact in facts])

    @hears("call_sent", gather=SOON)
    def call_sent(self, work: Work, facts: list[Fact]) -> None:
        """A call was handed over."""
        hearing.hear_calls(work, facts)

    @hears("call_failed")
    def call_failed(self, work: Work, facts: list[Fact]) -> None:
        """A call could not be delivered: the next is made at once."""
        hearing.hear_calls(work, facts)

    @hears("form_delivered")
    def form_delivered(self, work: Work, facts: list[Fact]) -> None:
        """A form went out: the referral is made."""
        sending.hear_what_became(work, facts)

    @hears("form_failed")
    def form_failed(self, work: Work, facts: list[Fact]) -> None:
        """A form could not be delivered: it must go another way."""
        sending.hear_what_became(work, facts)

    def directory_moved(self, work: Work, entries: Sequence[dict[str, Any]]) -> None:
        """Whoever left a home, or leads it no more, loses sight of what is over there, too."""
        lose_sight(work, entries, models.records, models.record_viewers)
        minding.no_longer_lead(work, entries)

    # -- falling due

    @ticks(1, alarms=True)
    def call_the_ladder(self) -> int:
        """The next calls of unanswered alerts."""
        return minding.call_the_ladder(self.house)

    @ticks(5)
    def call_about_the_unread(self) -> int:
        """Reports that no person has read in time."""
        return unread.call_about_the_unread(self.house)

    @ticks(1)
    def weigh_words(self) -> int:
        """What the words mean that came lately."""
        return weighing.weigh_words(self.house)

    @ticks(3)
    def look_again_at_people(self) -> int:
        """Who may see what, after who is who changed."""
        return minding.look_again_at_people(self.house)

    # -- asked

    @answers
    def alerts(self, *, person_id: str) -> list[dict[str, Any]]:
        """The board."""
        return showing.board(self.house, person_id)

    @answers
    def alert(self, *, person_id: str, alert_id: str) -> dict[str, Any]:
        """One alert. Raises `NotFound`."""
        return showing.alert(self.house, person_id, alert_id)

    @answers
    def acknowledge(self, *, person_id: str, alert_id: str, how: str = "page", can: bool = True) -> dict[str, Any]:
        """Answer an alert: "I have it", or with `can` False "I cannot". Raises `NotFound`, `Invalid`."""
        return answering.answer(self.house, person_id, alert_id, how, can=can)

    @answers
    def answer_by_text(self, *, people: list[str], text: str) -> str:
        """A text came from the number of these people. "have", "cannot", or "unclear": then it answers nothing."""
        return answering.answer_by_text(self.house, people, text)

    @answers
    def answer_by_phone(self, *, taken_by: str, person_id: str, code: str, can: bool = True) -> dict[str, Any]:
        """Somebody rang with the digits of a call. ``{can}``. Raises `NotFound`, `TooMany`."""
        return answering.answer_by_phone(self.house, taken_by, person_id, code, can=can)

    @answers
    def who_may_ring(self, *, person_id: str) -> list[dict[str, Any]]:
        """Whom the platform may call at this person's homes: ``[{id, name}]``."""
        return answering.who_may_ring(self.house, person_id)

    @answers
    def past_to_read(self, *, person_id: str) -> list[dict[str, Any]]:
        """Complaints of an earlier log that look like safeguarding, which nobody has read yet."""
        return past.to_read(self.house, person_id)

    @answers
    def past_read(self, *, person_id: str, report_id: str) -> dict[str, Any]:
        """One of them was read. Raises `NotFound`."""
        return past.was_read(self.house, person_id, report_id)

    @answers
    def record(self, *, person_id: str, report_id: str) -> dict[str, Any]:
        """A whole record, its words opened. Raises `NotFound`."""
        return showing.record(self.house, person_id, report_id)

    @answers
    def people_it_could_be(self, *, person_id: str, report_id: str) -> list[dict[str, Any]]:
        """``[{id, name, roles, could_be}]`` of the home. Raises `NotFound`."""
        return showing.people_it_could_be(self.house, person_id, report_id)

    @answers
    def confirm_concern(self, *, person_id: str, report_id: str, concern: str, reason: str) -> dict[str, Any]:
        """``{report_id, seq}``. Raises `NotFound`, `Refused`, `Invalid`; so do the others below."""
        return handling.on_a_concern(self.house, person_id, report_id, deciding.confirm, concern, reason)

    @answers
    def clear_concern(self, *, person_id: str, report_id: str, concern: str, reason: str) -> dict[str, Any]:
        """A concern turns out not to be so."""
        return handling.on_a_concern(self.house, person_id, report_id, deciding.clear, concern, reason)

    @answers
    def clear_concerns(self, *, person_id: str, report_id: str, concerns: list[str], reason: str) -> dict[str, Any]:
        """None of these turns out to be so: one decision with one reason. What is confirmed stays."""
        return handling.clear_together(self.house, person_id, report_id, concerns, reason)

    @answers
    def identify(
        self, *, person_id: str, report_id: str, subject: str, person: str | None, reason: str = ""
    ) -> dict[str, Any]:
        """Record who is meant; `person` None: nobody who works here."""

        def naming(g: Growth) -> Any:
            return deciding.identify(g.state, g.roster, subject, person, person_id, g.now)

        return handling.decide(self.house, person_id, report_id, naming, reason.strip() or None)

    @answers
    def record_referral(
        self, *, person_id: str, report_id: str, rule: str, whom: str, channel: str, at: str | None = None,
        note: str | None = None, agreed: bool = False,
    ) -> dict[str, Any]:  # fmt: skip
        """Record that somebody was told; `agreed`: and that they agreed what happens next."""
        return handling.record_referral(self.house, person_id, report_id, rule, whom, channel, at, note, agreed)

    @answers
    def form(self, *, person_id: str, report_id: str, form: str) -> dict[str, Any]:
        """A form of a body outside, filled in as far as it can be. Raises `NotFound`."""
        return forms.one(self.house, person_id, report_id, form)

    @answers
    def fill_form(self, *, person_id: str, report_id: str, form: str, answers: dict[str, str]) -> dict[str, Any]:
        """Keep what somebody typed into it. ``{report_id, seq}``. Raises `NotFound`, `Invalid`."""
        return forms.fill(self.house, person_id, report_id, form, answers)

    @answers
    def form_document(
        self, *, person_id: str, report_id: str, form: str, kind: str, sent: int | None = None
    ) -> dict[str, Any]:
        """It as a document, now or as it was sent: ``{name, kind, content}`` (base64). Raises `NotFound`, `NoPaper`."""
        return sending.document(self.house, person_id, report_id, form, kind, sent)

    @answers
    def send_form(self, *, person_id: str, report_id: str, form: str, whom: str, after: int) -> dict[str, Any]:
        """E-mail it to a contact whose address was verified. ``{report_id, seq}``. Raises `NotFound`, `Refused`."""
        return sending.send(self.house, person_id, report_id, form, whom, after)

    @answers
    def form_sent_otherwise(
        self, *, person_id: str, report_id: str, form: str, whom: str, channel: str, at: str, note: str, after: int
    ) -> dict[str, Any]:
        """Record that it was sent in another way. ``{report_id, seq}``. Raises `NotFound`, `Invalid`."""
        when = handling.moment(at)
        return sending.sent_otherwise(self.house, person_id, report_id, form, whom, channel, when, note, after)

    @answers
    def record_step(
        self, *, person_id: str, report_id: str, step: str, said: dict[str, Any], reason: str
    ) -> dict[str, Any]:
        """What happened with an allegation: a meeting planned or held, how it ended. ``{report_id, seq}``."""
        return handling.record_step(self.house, person_id, report_id, step, said, reason)

    @answers
    def evidence(self, *, person_id: str, report_id: str, kind: str, whom: str) -> dict[str, Any]:
        """Everything about it as a document: ``{name, kind, content}`` (base64). Raises `NotFound`, `Invalid`."""
        return evidence.pack(self.house, person_id, report_id, kind, whom)

    @answers
    def to_triage(self, *, person_id: str) -> list[dict[str, Any]]:
        """The reports whose questions this person has still to answer."""
        return triage.to_answer(self.house, person_id)

    @answers
    def triage(
        self, *, person_id: str, report_id: str, answers: dict[str, Any], decision: str, reason: str,
        reasons: dict[str, str] | None = None,
    ) -> dict[str, Any]:  # fmt: skip
        """Answer what every concern asks: yes, no or not_known, or a list of those where any yes is enough."""
        return handling.answer_questions(self.house, person_id, report_id, answers, decision, reason, reasons or {})

    @answers
    def close(self, *, person_id: str, report_id: str, reason: str, outcome: str) -> dict[str, Any]:
        """Safeguarding is through with a report."""
        return handling.close(self.house, person_id, report_id, reason, outcome)

    @answers
    def ended(self, *, person_id: str, report_id: str, event: str, reason: str, go_on: bool = True) -> dict[str, Any]:
        """The disciplinary procedure, or what the police and the court did, has ended."""
        why = deciding.reason_given(reason)
        return handling.decide(
            self.house, person_id, report_id,
            lambda g: deciding.ended(g.state, event, person_id, g.now, go_on=go_on), why,
        )  # fmt: skip

    @answers
    def ledger_since(self, *, position: str | None = None, limit: int = 500) -> dict[str, Any]:
        """A page of all ledgers, for whoever rebuilds: ids and codes only."""
        with self.house.db.reading() as conn:
            return ledger.ledger_since(conn, models.ledger, position, limit)
