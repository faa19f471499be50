"""Answering a call: "I have it" or "I cannot", by the page, the link, a text, the telephone; whichever comes first.

Answering ends the calls and nothing else: every clock of the law runs on until the referral is recorded as made. Who
cannot is passed over at once. To whoever may not see the record, and with a wrong link or wrong digits, there is no
alert: all of them are told the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from heard.people import kept_from_calls
from heard.vocabulary import LEAD
from services.chassis.answering import Said, is_code, person_of_token, said_in
from services.chassis.errors import NotFound, TooMany
from services.chassis.house import House
from services.chassis.work import Work
from services.safeguarding import deciding, records, tries
from services.safeguarding.calling import cannot_take
from services.safeguarding.growing import call_of, load, write

CODES_FOR = timedelta(hours=72)
"""For how long after an alert was raised its digits are looked at."""


def answer(
    house: House, person_id: str, alert_id: str, how: str, *, can: bool = True, taken_by: str | None = None
) -> dict[str, Any]:
    """Answer an alert: the calls end, or go on to the next at once. ``{alert_id, report_id, answered_at, ..}``.

    Answering twice is answering once: the first answer stands. `taken_by` wrote down what was said on the telephone.
    Raises `NotFound` for whoever may not see the record.
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
        if standing["answered_at"] is not None:
            return answer_of(standing)
        growth.alert = dict(standing)
        said = deciding.answered(alert_id, standing["rule"], how, person_id, work.now, can=can, taken_by=taken_by)
        if can:
            growth.alert |= {"answered_at": work.now, "answered_by": person_id, "how": how, "next_call_at": None}
            growth.add(*said)
        elif person_id not in cannot_take(growth.state, alert_id):
            growth.add(*said)
            made = records.calls_of(work.conn, [alert_id])[alert_id]
            growth.call([call_of(call) for call in made], pass_on=True)
        write(work, [growth])
        return answer_of(growth.alert)


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
    """Whose link this is, and its alert with the home's name.

    Raises `NotFound` for a wrong token, one whose time is over, and for whoever may no longer see it.
    """
    with house.db.reading() as conn:
        alert = records.alert(conn, alert_id) if len(alert_id) == 32 else None
        people = records.viewers_of(conn, alert["report_id"]) if alert else ()
        place = records.standing(conn, [alert["report_id"]])[alert["report_id"]] if alert else {}
    person = person_of_token(house.vault, token, alert_id, people, house.clock.now())
    if person is None or alert is None:
        raise NotFound
    home = house.who.entry("home", place["home"]) or {}
    return person, {**alert, "home_name": home.get("name", "")}


def answer_by_text(house: House, people: Sequence[str], text: str) -> str:
    """Somebody texted back. `people`: whose number it is. Returns "have", "cannot" or "unclear".

    "unclear" also when the digits are wrong, have been tried too often, or fit nothing that these people may see.
    """
    said = said_in(text)
    try:
        _by_code(house, people, said, "sms_reply", [f"sms_reply:{person}" for person in people])
    except (NotFound, TooMany):
        return "unclear"
    return "have" if said.can else "cannot"


def answer_by_phone(house: House, taken_by: str, person_id: str, code: str, *, can: bool) -> dict[str, Any]:
    """Somebody rang and said their digits; whoever took the call writes it down. ``{can}``: nothing else is theirs.

    Raises `NotFound` when they do not fit, `TooMany` after several that did not.
    """
    _by_code(house, [person_id], Said((code.strip(),), can), "pin", [f"pin:{taken_by}"], taken_by)
    return {"can": can}


def _by_code(
    house: House, people: Sequence[str], said: Said, how: str, tried_by: Sequence[str], taken_by: str | None = None
) -> None:
    """Answer the alert that these digits are for. Raises `NotFound`, or `TooMany`."""
    with house.working() as work:
        for who in tried_by:
            tries.check(work.conn, who, work.now)
        meant = next(((p, one) for p in people if (one := _meant(work, p, said, taken_by))), None)
        for who in tried_by if meant is None else ():
            tries.was_wrong(work.conn, who, work.now)
    if meant is None:
        raise NotFound("That does not fit. Please ask for the four digits once more.")
    answer(house, *meant, how, can=said.can, taken_by=taken_by)


def _meant(work: Work, person_id: str, said: Said, taken_by: str | None) -> str | None:
    """The newest alert of this person whose digits were given; unanswered ones first.

    Whoever takes the call and is kept away from the matter is told what somebody with wrong digits is told.
    """
    house = work.house
    found = [
        alert
        for alert in records.alerts_to_answer(work.conn, person_id, work.now - CODES_FOR)
        if any([is_code(house.vault, code, alert["id"], person_id) for code in said.codes])
    ]
    if not found or taken_by is None:
        return str(found[0]["id"]) if found else None
    growth = load(work, [found[0]["report_id"]], house.roster(even_if_stale=True))[found[0]["report_id"]]
    kept_away = kept_from_calls(growth.procedure, growth.state, growth.roster, work.now)
    return None if taken_by in kept_away else str(found[0]["id"])


def who_may_ring(house: House, person_id: str) -> list[dict[str, Any]]:
    """Whom the platform may have called at the homes of whoever asks: ``[{id, name}]``, whether or not it did."""
    roster, now = house.roster(even_if_stale=True), house.clock.now()
    places = {(held.provider, held.home) for held in roster.holdings_of(person_id)}
    found: set[str] = set()
    for provider, home in places:
        known = house.who.entry("provider", provider) if provider else None
        if known is None:
            continue
        procedure = house.procedures.get(str(known["procedure"]))
        lead = next((role for role in procedure.roles if role.key == LEAD), None)
        words = [LEAD, *(lead.stands_in if lead else ()), *procedure.calling.then]
        found |= {one for word in words for one in roster.holders(word, provider, home, now)}
    people = [roster.people[one] for one in found if one in roster.people and one != person_id]
    return [{"id": one.id, "name": one.name} for one in sorted(people, key=lambda one: one.name)]

