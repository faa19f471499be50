"""What a person does with a record: through the wall, decided, written, announced.

To somebody who may not see a record it does not exist, whatever they ask of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from heard.casefile import CaseState
from heard.ledger import NewHappening
from services.chassis.errors import Invalid
from services.chassis.house import House
from services.safeguarding import allegation, deciding, records, triage
from services.safeguarding.growing import Growth, load, write

Decide = Callable[[Growth], Sequence[NewHappening]]
OnAConcern = Callable[[CaseState, str, str, datetime], Sequence[NewHappening]]


def decide(house: House, person_id: str, report_id: str, decision: Decide, words: str | None = None) -> dict[str, Any]:
    """Let a person decide about a record. ``{report_id, seq}``. Raises `NotFound`, `Refused`, `Invalid`, `Stale`."""
    roster = house.roster()
    with house.working() as work:
        records.seen(work.conn, person_id, report_id)
        growth = load(work, [report_id], roster)[report_id]
        alert = records.open_alert(work.conn, report_id)
        growth.alert = dict(alert) if alert else None
        rows = decision(growth)
        if not rows and not growth.new:  # it stands already
            return {"report_id": report_id, "seq": growth.state.seq}
        growth.add(*rows, words=words)
        if growth.new[-1].event == "safeguarding_closed":
            growth.row["closed_at"] = work.now
        write(work, [growth])
        return {"report_id": report_id, "seq": growth.state.seq}


def close(house: House, person_id: str, report_id: str, reason: str, outcome: str) -> dict[str, Any]:
    """Close a record."""

    def closing(growth: Growth) -> Sequence[NewHappening]:
        owed = deciding.dues(growth.state, house.calendars(growth.procedure), growth.now)
        return deciding.close(growth.state, owed, outcome, person_id, growth.now, alert_open=growth.alert is not None)

    return decide(house, person_id, report_id, closing, deciding.reason_given(reason))


def on_a_concern(
    house: House, person_id: str, report_id: str, decided: OnAConcern, concern: str, reason: str
) -> dict[str, Any]:
    """Confirm or clear one concern."""
    why = deciding.reason_given(reason)
    return decide(house, person_id, report_id, lambda g: decided(g.state, concern, person_id, g.now), why)


def clear_together(
    house: House, person_id: str, report_id: str, concerns: Sequence[str], reason: str
) -> dict[str, Any]:
    """Clear several concerns that nobody has confirmed; the reason is sealed beside each.

    Only those that were shown to whoever decides: one that later words raised meanwhile stays open.
    """
    why = deciding.reason_given(reason)

    def clearing(growth: Growth) -> Sequence[NewHappening]:
        undecided = [one.concern for one in growth.state.open_concerns if one.confirmed_at is None]
        these = [key for key in dict.fromkeys(concerns) if key in undecided]
        for key in these[:-1]:
            growth.add(*deciding.clear(growth.state, key, person_id, growth.now), words=why)
        return deciding.clear(growth.state, these[-1] if these else "", person_id, growth.now)

    return decide(house, person_id, report_id, clearing, why)


def record_step(
    house: House, person_id: str, report_id: str, step: str, said: Mapping[str, Any], reason: str
) -> dict[str, Any]:
    """Record what happened with an allegation; what stands already is recorded once. Words the reason, sealed."""
    if step not in allegation.STEPS:
        raise Invalid({"step": [f"Choose one of: {', '.join(allegation.STEPS)}."]})
    why = deciding.reason_given(reason)
    return decide(house, person_id, report_id, lambda g: allegation.STEPS[step](g.state, said, person_id, g.now), why)


def answer_questions(
    house: House, person_id: str, report_id: str, answers: Mapping[str, Any], decision: str, reason: str,
    reasons: Mapping[str, str],
) -> dict[str, Any]:  # fmt: skip
    """The lead answers what every concern asks. The reasons are sealed beside the answers."""

    def answering(growth: Growth) -> Sequence[NewHappening]:
        first, *following = triage.answered(growth.state, answers, decision, person_id, growth.now)
        growth.add(first, words=triage.written(growth.procedure, answers, decision, reason, reasons))
        growth.row["triage_due_at"] = None
        return following

    return decide(house, person_id, report_id, answering)


def record_referral(
    house: House, person_id: str, report_id: str, rule: str, whom: str, channel: str, at: str | None, note: str | None,
    agreed: bool,
) -> dict[str, Any]:  # fmt: skip
    """Record that somebody was told. Words the note, sealed."""

    def telling(growth: Growth) -> Sequence[NewHappening]:
        when = moment(at) if at else growth.now
        return deciding.referral(growth.state, rule, whom, channel, when, person_id, growth.now, agreed=agreed)

    return decide(house, person_id, report_id, telling, (note or "").strip()[:5_000] or None)


def moment(text: str) -> datetime:
    """An instant as sent. Raises `Invalid`."""
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        raise Invalid({"at": ["Please give a date and time."]}) from None
    if when.tzinfo is None:
        raise Invalid({"at": ["Please give the time zone too."]})
    return when
