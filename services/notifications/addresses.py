"""Where a message goes: a person's and a body's address from the directory, a complainant's from their own report.

Looked up when the message is sent, never kept with it.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from services.chassis.contact_book import given
from services.chassis.house import House
from services.chassis.post import Undeliverable
from services.notifications.memory import NOWHERE, Case

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


@dataclass(frozen=True, slots=True)
class Address:
    """An e-mail address, and whether it may be written to."""

    email: str = field(repr=False)
    verified: bool


@dataclass(frozen=True, slots=True)
class FollowPage:
    """No address: the message waits on the page that the reference and the receipt code open."""


def address_of(house: House, conn: Connection, case: Case, row: Mapping[str, Any]) -> Address | FollowPage:
    """Where this message goes. Raises `Undeliverable` when there is nowhere."""
    if row["kind"] == "party" and case.is_complainant(row["whom"]):
        return _complainants(house, conn, case)
    if row["kind"] == "person":
        entry = house.who.entry("person", row["whom"])
        if entry is None or not entry.get("email"):
            raise Undeliverable("no_address")
        return Address(entry["email"], bool(entry.get("verified")))
    return _bodys(house, case, str(row["whom"]))


def _bodys(house: House, case: Case, key: str) -> Address:
    """A body's address as the directory has it for this home: what a document prints, somebody must verify first."""
    version = case.procedure_version or (house.who.entry("provider", case.provider) or {}).get("procedure")
    procedure = house.procedures.get(str(version).partition("@")[0])
    kinds = [one.is_ for one in procedure.contacts if one.key == key]
    known = given(house.who, (key, *kinds), case.provider, case.home)
    if known is None or not known.email:
        raise Undeliverable("no_address")
    return Address(known.email, known.verified_on is not None)


def _complainants(house: House, conn: Connection, case: Case) -> Address | FollowPage:
    """A complainant's own address: they gave it for this, and what goes there carries no word of what they told.

    Whoever said how to be reached safely is reached in that way only.
    """
    if case.contact is None:
        return FollowPage()
    if case.contact == NOWHERE:
        raise Undeliverable("no_address")
    given = opened(house, conn, case.id, case.contact)
    wanted = given.get("safe_contact") or given.get("email") or ""
    return Address(wanted, True) if _EMAIL.fullmatch(wanted) else FollowPage()


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
