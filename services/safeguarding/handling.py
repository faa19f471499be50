"""What a person does with a record or an alert: through the wall, decided, written, announced.

To somebody who may not see a record it does not exist, whatever they ask of it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from heard.ledger import NewHappening
from services.chassis.errors import Invalid, NotFound
from services.chassis.house import House
from services.safeguarding import deciding, records
from services.safeguarding.growing import Growth, load, write

Decide = Callable[[Growth], Sequence[NewHappening]]


def decide(house: House, person_id: str, report_id: str, decision: Decide, words: str | None = None) -> dict[str, Any]:
    """Let a person decide about a record. ``{report_id, seq}``. Raises `NotFound`, `Refused`, `Invalid`, `Stale`."""
    roster = house.roster()
    with house.working() as work:
        if records.seen(work.conn, person_id, report_id) is None:
            raise NotFound
        growth = load(work, [report_id], roster)[report_id]
        alert = records.open_alert(work.conn, report_id)
        growth.alert = dict(alert) if alert else None
        growth.add(*decision(growth), words=words)
        if growth.state.ledger and growth.new[-1].event == "safeguarding_closed":
            growth.row["closed_at"] = work.now
        write(work, [growth])
        return {"report_id": report_id, "seq": growth.state.seq}


def close(house: House, person_id: str, report_id: str, reason: str, outcome: str) -> dict[str, Any]:
    """Close a record."""

    def closing(growth: Growth) -> Sequence[NewHappening]:
        owed = deciding.dues(growth.state, house.calendars(growth.procedure), growth.now)
        return deciding.close(growth.state, owed, outcome, person_id, growth.now, alert_open=growth.alert is not None)

    return decide(house, person_id, report_id, closing, deciding.reason_given(reason))


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


def acknowledge(house: House, person_id: str, alert_id: str, how: str) -> dict[str, Any]:
    """Answer an alert: the calls end, the clocks run on. ``{alert_id, report_id, answered_at, answered_by, how}``.

    Answering twice is answering once: the first answer stands. Raises `NotFound` for whoever may not see the record.
    """
    roster = house.roster(even_if_stale=True)  # an answer is never refused because the directory is away
    with house.working() as work:
        alert = records.seen_alert(work.conn, person_id, alert_id)
        if alert is None:
            raise NotFound
        growth = load(work, [alert["report_id"]], roster)[alert["report_id"]]  # holds the record: one answer at a time
        standing = records.alert(work.conn, alert_id, to_change=True)
        if standing is None:
            raise NotFound
        if standing["answered_at"] is None:
            growth.alert = {
                **standing, "answered_at": work.now, "answered_by": person_id, "how": how, "next_call_at": None,
            }  # fmt: skip
            growth.add(*deciding.acknowledge(alert_id, standing["rule"], how, person_id, work.now))
            write(work, [growth])
            standing = growth.alert
    return answer_of(standing)


def answer_of(alert: Any) -> dict[str, Any]:
    """Whether and by whom an alert is answered."""
    return {
        "alert_id": alert["id"],
        "report_id": alert["report_id"],
        "priority": alert["priority"],
        "raised_at": alert["raised_at"].isoformat(),
        "answered_at": alert["answered_at"].isoformat() if alert["answered_at"] else None,
        "answered_by": alert["answered_by"],
        "how": alert["how"],
    }


def person_of_link(house: House, alert_id: str, token: str) -> tuple[str, Any]:
    """Whose link this is, and its alert. Raises `NotFound` for a wrong token and for whoever may no longer see it."""
    with house.db.reading() as conn:
        alert = records.alert(conn, alert_id) if len(alert_id) == 32 else None
        people = records.viewers_of(conn, alert["report_id"]) if alert else ()
    for person in people:
        if house.vault.is_link_token(token, "alert", alert_id, person):
            return person, alert
    raise NotFound
