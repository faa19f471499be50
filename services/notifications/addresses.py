"""Where a message goes: a person's and a body's address from the directory, a complainant's from their own report.

Looked up when the message is sent, never kept with it.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from sqlalchemy import Connection

from heard.reaching import offices_are_shut
from services.chassis.contact_book import OUT_OF_HOURS, given
from services.chassis.gate import Undeliverable
from services.chassis.house import House
from services.chassis.texting import mobile_of
from services.notifications.memory import NOWHERE, Case

_BY_TEXT = frozenset({
    "text", "by text", "text only", "only text", "only by text", "by text only", "text me", "only text me",
    "text me only", "please text", "please text me", "just text", "just text me", "sms", "by sms", "sms only",
    "only by sms",
})  # fmt: skip
"""What somebody writes who wants texts and nothing else. Of any other words the machine makes nothing."""
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


@dataclass(frozen=True, slots=True)
class Address:
    """An e-mail address, and whether it may be written to."""

    email: str = field(repr=False)
    verified: bool


@dataclass(frozen=True, slots=True)
class Number:
    """A number that takes texts, and whether it may be written to."""

    number: str = field(repr=False)
    verified: bool


@dataclass(frozen=True, slots=True)
class FollowPage:
    """No address: the message waits on the page that the reference and the receipt code open.

    `by_hand`: they asked to be reached in a way that only a person can use ("write to my aunt").
    """

    by_hand: bool = False


@dataclass(frozen=True, slots=True)
class Inbox:
    """No address: whoever works here reads it where they sign in, as they asked."""


Place = Address | Number | FollowPage | Inbox
_LATE = ("staff/needs_you", "staff/escalated", "staff/time_over")
"""What nobody may find a day later because they had asked to look for it themselves."""


def ways_to(house: House, person: str) -> tuple[Literal["email", "text"], ...]:
    """Every way by which a person on call is reached: a call goes out by all of them at once, whatever they chose."""
    entry = house.who.entry("person", person) or {}
    texts = mobile_of(entry.get("phone")) is not None
    return ("email", "text") if texts and entry.get("email") else ("text",) if texts else ("email",)


def goes_first(house: House, row: Any) -> bool:
    """Whether this is the way that whoever is called chose: the other may wait for a server, this one does not."""
    return row.way is not None and row.way == (house.who.entry("person", row.whom) or {}).get("alert_way")


def address_of(house: House, conn: Connection, case: Case, row: Mapping[str, Any]) -> Place:
    """Where this message goes. Raises `Undeliverable` when there is nowhere."""
    if row["kind"] == "party" and case.is_complainant(row["whom"]):
        return of_complainant(house, conn, case)
    if row["kind"] == "person":
        return _persons(house.who.entry("person", row["whom"]) or {}, row)
    return _bodys(house, case, str(row["whom"]), is_call=bool(row["about"].get("alert_id")))


def _persons(entry: Mapping[str, Any], row: Mapping[str, Any]) -> Address | Number | Inbox:
    """As they chose for what can wait; else by e-mail, and by a text, which says only that something waits, whoever

    has no e-mail address.
    """
    way, verified = row["way"], bool(entry.get("verified"))
    if way is None and not row["urgent"] and row["template"] not in _LATE:
        if entry.get("routine_way") == "portal":
            return Inbox()
        if entry.get("routine_way") == "text" and mobile_of(entry.get("phone")):
            way = "text"
    if entry.get("email") and way != "text":
        return Address(entry["email"], verified)
    if way != "email" and (number := mobile_of(entry.get("phone"))):
        return Number(number, verified)
    raise Undeliverable("no_address")


def _bodys(house: House, case: Case, key: str, *, is_call: bool) -> Address:
    """A body's address as the directory has it for this home: what a document prints, somebody must verify first.

    A call while offices are shut goes to the area's team for nights and weekends, where that has an address.
    """
    version = case.procedure_version or (house.who.entry("provider", case.provider) or {}).get("procedure")
    procedure = house.procedures.get(str(version).partition("@")[0])
    kinds = [one.is_ for one in procedure.contacts if one.key == key]
    if is_call and offices_are_shut(house.clock.now(), house.calendars(procedure)["working_days"]):
        late = given(house.who, (OUT_OF_HOURS,), case.provider, case.home)
        if late is not None and late.email and late.verified_on is not None:
            return Address(late.email, True)
    known = given(house.who, (key, *kinds), case.provider, case.home)
    if known is None or not known.email:
        raise Undeliverable("no_address")
    return Address(known.email, known.verified_on is not None)


def of_complainant(house: House, conn: Connection, case: Case) -> Address | Number | FollowPage:
    """A complainant's own address: they gave it for this, and what goes there carries no word of what they told.

    Whoever said how to be reached safely is reached in that way only: at the address or number that they said, or by
    text where that is all they asked for. Anything else is for a person to read, and the message waits on the page.
    """
    if case.contact is None:
        return FollowPage()
    if case.contact == NOWHERE:
        raise Undeliverable("no_address")
    given = opened(house, conn, case.id, case.contact)
    safe = given.get("safe_contact", "").strip()
    if safe and " ".join(re.findall(r"[a-z]+", safe.lower())) in _BY_TEXT:
        return _first_of(given.get("phone"))
    if not safe:
        return _first_of(given.get("email"), given.get("phone"))
    place = _first_of(safe)
    return FollowPage(by_hand=True) if isinstance(place, FollowPage) else place


def _first_of(*wanted: str | None) -> Address | Number | FollowPage:
    for one in wanted:
        if one and _EMAIL.fullmatch(one):
            return Address(one, True)
        if number := mobile_of(one):
            return Number(number, True)
    return FollowPage()


def keep_keys(house: House, conn: Connection, these: Sequence[tuple[str, Mapping[str, Any]]]) -> list[dict[str, Any]]:
    """Envelopes as they are kept: the keys stand in their own table, where destroying them erases the words."""
    house.vault.keep(conn, *(house.vault.envelope_key(case_id, envelope) for case_id, envelope in these))
    return [
        {
            "key": envelope["key"],
            "class": envelope.get("class") or envelope["retention"],
            "fields": dict(envelope.get("fields") or envelope["fields_"]),
        }
        for _, envelope in these
    ]


def opened(house: House, conn: Connection, case_id: str, kept: Mapping[str, Any]) -> dict[str, str]:
    """What stands in an envelope that was kept. Raises `Erased` when its key was destroyed."""
    key = house.vault.key(conn, case_id, kept["class"])
    return {
        name: key.open(base64.b64decode(sealed), f"envelope/{key.id}/{name}") for name, sealed in kept["fields"].items()
    }
