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

from services.chassis.house import House
from services.chassis.post import Undeliverable
from services.notifications.memory import Case
from services.notifications.plan import COMPLAINANT

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
    if row["whom"] in COMPLAINANT:
        return _complainants(house, conn, case)
    if row["kind"] == "person":
        entry = house.who.entry("person", row["whom"])
    else:
        given = house.who.entries("contact").values()
        entry = next((c for c in given if c["provider"] == case.provider and c["contact"] == row["whom"]), None)
    if entry is None or not entry.get("email"):
        raise Undeliverable("no_address")
    return Address(entry["email"], bool(entry.get("verified")))


def _complainants(house: House, conn: Connection, case: Case) -> Address | FollowPage:
    """A complainant's own address: they gave it for this, and what goes there carries no word of what they told.

    Whoever said how to be reached safely is reached in that way only.
    """
    if case.contact is None:
        return FollowPage()
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
