"""Whoever signs in is told by mail when the way in which they do has changed: so that they notice if it was not they.

The fact is part of the change. It says what changed and goes to the address with which they sign in; who signs in for
the first time has nothing to be told.
"""

from __future__ import annotations

from typing import Any

from services.chassis.tables import new_id
from services.chassis.work import Work
from services.directory import accounts, register
from services.directory.sign_in import typed_address


def tell(work: Work, person: str, what: str, account: dict[str, Any] | None = None) -> None:
    """Say that this changed (`sign_in_changed`), to the address of `account`, or the one that they have."""
    account = account or accounts.of_person(work.conn, person)
    if account is None:
        return
    known, address = register.find(work.conn, "person", person) or {}, account["email"]
    tried = address != typed_address(known.get("email") or "") or bool(known.get("verified"))
    said = {"change_id": new_id(), "person": person, "email": address, "verified": tried, "what": what}
    work.publish("sign_in_changed", said | {"at": work.now.isoformat()})
