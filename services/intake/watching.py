"""Watching for the proof that each report is in good hands, and what happens while it stays away.

After `knock_after` seconds intake knocks at safeguarding's own HTTP door with the same report; after `page_after` it
calls the ladder itself, through its own outgoing port, and says again and again until the proof is here: that
safeguarding holds the report, and that nobody need be called about it or a call was handed on. A call of a later day is
watched like the first. Works with the broker, the relay, safeguarding or notifications dead; what was done is kept as
evidence.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from heard.casefile import replay
from heard.ledger import Happening
from heard.people import Recipient, Roster, Rung, ladder
from heard.procedure import Procedure
from heard.reaching import offices_are_shut
from heard.vocabulary import LEAD
from services.chassis.contact_book import OUT_OF_HOURS, given, reached
from services.chassis.errors import Unavailable
from services.chassis.gate import Undeliverable
from services.chassis.house import House
from services.chassis.post import Letter, Post
from services.chassis.tables import new_id
from services.chassis.texting import Text, Texting, mobile_of
from services.chassis.vault import Erased
from services.chassis.work import Fact, Work
from services.intake import reports
from services.intake.knocking import knock
from services.intake.receiving import with_wraps

AGAIN = timedelta(minutes=5)  # between two pages, and two knocks after the first page
_LEASE = timedelta(seconds=20)  # for which a replica has a report to itself; should it die, another looks after it
_BATCH = 20
_PAGE = """A report about {home} came in at {at} (UTC).
Part of Heard does not work at the moment, and nobody may have been called about it.

Please sign in at {url} now. If that does not work, telephone whoever runs Heard for you.
The report's reference is {reference}.
"""

_TEXT = "Heard: a report needs you now, and nobody may have been called. Please sign in: {url}"


def hear_screened(work: Work, facts: Sequence[Fact]) -> None:
    """Safeguarding has these reports. Where it calls somebody about one, that call is waited for."""
    bodies = [fact.body for fact in facts if not fact.body["words_id"]]
    for rest in (True, False):
        these = [body["report_id"] for body in bodies if (body["alert_id"] is None) is rest]
        reports.screened(work.conn, these, work.now, rest=rest)


def hear_called(work: Work, facts: Sequence[Fact]) -> None:
    """Somebody is called. A report that was at rest is watched again; in its first minute it is watched anyway."""
    look_at = work.now + timedelta(seconds=work.house.settings.page_after)
    for fact in facts:
        reports.called_about(work.conn, fact.body["report_id"], fact.body["ladder"], work.now, look_at)


def hear_sent(work: Work, facts: Sequence[Fact]) -> None:
    """A call was handed on."""
    reports.proven(work.conn, [fact.body["report_id"] for fact in facts], work.now)


def watch(house: House) -> int:
    """Look after the reports whose proof is overdue; how many were."""
    with house.working() as work:
        late = reports.without_proof(work.conn, work.now, _BATCH)
        if not late:
            return 0
        # They stay claimed only until here: no request is made inside a transaction.
        knocked = {row.id: fact for row in late if (fact := _as_it_was_said(work, row))}
        for row in late:
            reports.look_again(work.conn, row.id, work.now + _LEASE)
    erased = {row.id for row in late} - knocked.keys()
    proven = erased | {report_id for report_id, fact in knocked.items() if knock(house, fact)}
    with house.working() as work:
        reports.proven(work.conn, proven, work.now)
        for row in late:
            if row.id in proven:
                continue
            reports.look_again(work.conn, row.id, next_look(house, row, work.now), knocked_at=work.now)
    for row in late:
        if row.id not in proven and house.clock.now() - row.received_at >= timedelta(seconds=house.settings.page_after):
            page(house, knocked[row.id], row.ladder or (), again=row.paged)
    return len(late)


def _as_it_was_said(work: Work, row: Any) -> dict[str, Any] | None:
    """The fact that announced a report, with its words; None when they were erased since."""
    try:
        keys = work.house.vault.keys(work.conn, [(row.id, retention) for retention in ("words", "contact")])
    except Erased:
        return None
    return dict(row.fact) | {
        "words": with_wraps(row.words, keys, row.id), "contact": with_wraps(row.contact, keys, row.id),
    }  # fmt: skip


def next_look(house: House, row: Any, now: datetime) -> datetime:
    """When to ask again: at the moment for paging, then every few minutes."""
    page_at: datetime = row.received_at + timedelta(seconds=house.settings.page_after)
    return page_at if now < page_at else now + AGAIN


def page(house: House, fact: Mapping[str, Any], ladder_: Sequence[Mapping[str, Any]], *, again: bool) -> None:
    """Call the ladder about a report that nobody may have seen, and keep the evidence.

    Everybody inside is called at once, since nobody answers for the first one; with the second page the body outside
    too, and with the first one where the report may be about somebody who would be called first. Whom safeguarding
    would call stands in `ladder_`, where it has called. Where it has not, whoever the report names, or holds a role
    that it names, is left out. The message says only that one waits.
    """
    roster, procedure = house.roster(even_if_stale=True), house.procedures.get(str(fact["procedure"]))
    now = house.clock.now()
    known = [Rung(one["after"], Recipient(one["kind"], one["key"], one["key"])) for one in ladder_]
    called = [
        one.who
        for one in known or whom_to_page(procedure, roster, fact, now, spoken_of(house, fact, roster))
        if one.who.kind == "person" or again or one.after_seconds == 0
    ] or [one.who for one in whom_to_page(procedure, roster, fact, now, ()) if one.who.kind == "contact"]
    rows = [send(house, one, fact, now) for one in called]
    with house.working() as work:
        reports.look_again(work.conn, fact["report_id"], now + AGAIN, paged=True)
        if rows:
            reports.note_pages(work.conn, rows)
        work.publish(
            "ladder_paged",
            {
                "report_id": fact["report_id"], "whom": [one.key for one in called], "channel": "email",
                "at": now.isoformat(), **{name: fact[name] for name in ("operator", "provider", "home")},
            },
        )  # fmt: skip


def whom_to_page(
    procedure: Procedure, roster: Roster, fact: Mapping[str, Any], now: datetime, left_out: Sequence[str]
) -> Sequence[Rung]:
    """Everybody on the ladder of the procedure's calling rule, without those whom the report may be about."""
    received = {name: fact[name] for name in ("operator", "provider", "home", "complainant")}
    meant = {"subject": "spoken_of", "person": None, "identified": False, "might_be": list(left_out)}
    state = replay(
        procedure,
        [
            Happening(1, "received", now, now, "complainant", None, received),
            Happening(2, "named", now, now, "system", None, meant),
        ],
    )
    rules = [rule for rule in procedure.notification_rules if rule.until_answered]
    rule = min(rules, key=lambda one: LEAD not in one.tell, default=None)
    if rule is None:
        held = roster.holders(LEAD, str(fact["provider"]), str(fact["home"]), now)
        return [Rung(0, Recipient("person", person, LEAD)) for person in held if person not in left_out]
    return [rung for rung in ladder(procedure, state, roster, rule.key, now) if rung.who.kind != "party"]


def spoken_of(house: House, fact: Mapping[str, Any], roster: Roster) -> Sequence[str]:
    """People of that home of whose name any part stands in the report, or who hold a role that it names: no more than
    a rough look, made when nothing better answers, and it leaves out rather too many.
    """
    said = house.vault.open_envelope(fact["words"])
    words = set(re.findall(r"[^\W_]+", " ".join(said.values()).lower()))
    roles = {str(one.get("role", "")).lower() for one in json.loads(said.get("about") or "[]")}
    meant = []
    for person in roster.people.values():
        held = {holding.role for holding in roster.holdings_of(person.id) if holding.provider == fact["provider"]}
        names = {part for part in re.findall(r"[^\W_]+", person.name.lower()) if len(part) > 2}
        if held and (names & words or roles & {role.replace("_", " ") for role in held} or roles & held):
            meant.append(person.id)
    return meant


def send(house: House, who: Recipient, fact: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """Page one of them through intake's own outgoing ports, by e-mail and by text where they have both; the row of
    evidence, which says by which of them it got through.
    """
    outcomes = {"email": _by_mail(house, who, fact)} | _by_text(house, who)
    through = [way for way, outcome in outcomes.items() if outcome in (way, "trial")]
    outcome = outcomes[through[0]] if through else outcomes["email"]
    house.log.warning("paged", report=fact["report_id"], person=who.key, **outcomes)
    way = "+".join(through) or "email"
    return {"report_id": fact["report_id"], "at": now, "person": who.key, "channel": way, "outcome": outcome[:32]}


def _by_text(house: House, who: Recipient) -> dict[str, str]:
    """``{"sms": outcome}`` where somebody carries texts and whoever is paged has a number that takes them."""
    person = (house.who.entry("person", who.key) or {}) if who.kind == "person" else {}
    texting = Texting(house.settings)
    if texting.carrier is None or mobile_of(person.get("phone")) is None:
        return {}
    text = Text(new_id(), str(person["phone"]), _TEXT.format(url=house.settings.public_url), bool(person["verified"]))
    try:
        return {"sms": texting.send(text).channel}
    except (Undeliverable, Unavailable) as fault:
        return {"sms": fault.why if isinstance(fault, Undeliverable) else "no_answer"}


def _by_mail(house: House, who: Recipient, fact: Mapping[str, Any]) -> str:
    address, verified = address_of(house, who, fact)
    home = house.who.entry("home", str(fact["home"])) or {}
    body = _PAGE.format(
        home=home.get("name", "one of your homes"), at=fact["received_at"], url=house.settings.public_url,
        reference=fact["reference"],
    )  # fmt: skip
    letter = Letter(new_id(), address, "Heard: a report needs you now", body, narrative=False, verified=verified)
    try:
        return Post(house.settings).send(letter).channel if address else "no_address"
    except Undeliverable as fault:
        return fault.why
    except Unavailable:
        return "no_answer"


def address_of(house: House, who: Recipient, fact: Mapping[str, Any]) -> tuple[str, bool]:
    """An e-mail address and whether anybody has verified it; empty when none is known.

    While offices are shut, a body outside is the area's team for nights and weekends, where that has an address.
    """
    if who.kind == "person":
        person = house.who.entry("person", who.key) or {}
        return str(person.get("email") or ""), bool(person.get("verified"))
    procedure = house.procedures.get(str(fact["procedure"]))
    contact = next((one for one in procedure.contacts if one.key == who.key), None)
    if contact is None:
        return "", False
    place = str(fact["provider"]), str(fact["home"])
    if offices_are_shut(house.clock.now(), house.calendars(procedure)["working_days"]):
        late = given(house.who, (OUT_OF_HOURS,), *place)
        if late is not None and late.email and late.verified_on is not None:
            return late.email, True
    known = reached(house.who, contact, *place)
    return known.email or "", known.verified_on is not None
