"""Somebody comes in, and is still there: a sign-in from its first try to its end. The rules stand in `sign_in.py`.

The portal keeps who is signed in at which browser; whether that still holds is asked here at each page, so that it ends
with the password it began with, and with the last role.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from services.chassis.errors import NotFound, NotSignedIn, Refused, TooMany
from services.chassis.green import in_thread
from services.chassis.house import House
from services.directory import accounts, desk, people
from services.directory.sign_in import (
    Waiting,
    counts_of,
    new_device,
    password_fits,
    token_digest,
    typed_address,
    wrong,
)  # fmt: skip


def sign_in(house: House, email: str, password: str, place: str, device: str) -> dict[str, Any]:
    """Who this is: as `person`, with the `device` by which their browser is known from now on.

    Raises `Refused` (the same for unknown and wrong) or `TooMany`. The try is counted before the password is looked at:
    of a hundred at once only those that may guess do.
    """
    address, now = typed_address(email), house.clock.now()
    with house.db.writing() as conn:
        kept = accounts.account(conn, address)
        known = accounts.knows_device(conn, token_digest(device), kept["person"] if kept else "", now)
        counts = counts_of(email, place, device if known else None)
        no_sooner(conn, counts, now)
        accounts.failed(conn, counts, now)
    if not in_thread(password_fits, password, kept["password"] if kept else None) or kept is None:
        raise wrong()
    with house.db.writing() as conn:
        accounts.forgive(conn, counts)
        return let_in(conn, kept["person"], device, now)


def no_sooner(conn: Connection, counts: Mapping[str, Waiting], now: datetime) -> None:
    """Raise `TooMany` while anything that is counted must wait."""
    before = accounts.failures(conn, counts)
    waits = [end for who, said in before.items() if (end := counts[who].until(*said, now))]
    if waits:
        raise TooMany((max(waits) - now).total_seconds() + 1)


def let_in(conn: Connection, person_id: str, device: str, now: datetime) -> dict[str, Any]:
    """The person who has shown who they are, with the `device` they are known by. Raises `Refused` without a role."""
    person = _with_a_role(conn, person_id, now)
    if person is None:
        raise Refused("You hold no role here now.", None, "Ask whoever keeps the directory of your group.")
    if not accounts.knows_device(conn, token_digest(device), person_id, now):
        device = new_device()
    accounts.keep_device(conn, token_digest(device), person_id, now)
    return {**person, "device": device}


def change_password(
    house: House, person_id: str, password: str, new: str, place: str, device: str
) -> dict[str, Any]:
    """Change one's own password, which ends every sign-in; as `sign_in`.

    Raises `Refused` and `TooMany` as that does (somebody else may sit at a browser left alone), `Invalid` for the new.
    """
    with house.db.reading() as conn:
        account = accounts.of_person(conn, person_id)
    if account is None:
        raise NotFound("There is no such account.")
    try:
        person = sign_in(house, account["email"], password, place, device)
    except Refused:
        raise Refused("This is not the password you have now.") from None
    desk.set_password(house, person_id, account["email"], new)
    return person


def signed_in(conn: Connection, person_id: str, since: datetime, now: datetime) -> dict[str, Any]:
    """The person whose sign-in began then: as `person`. Raises `NotSignedIn` when it has ended.

    It ends when their password changes and when they hold no role any more.
    """
    account = accounts.of_person(conn, person_id)
    person = _with_a_role(conn, person_id, now)
    if account is None or since < account["changed_at"] or person is None:
        raise NotSignedIn
    return person


def _with_a_role(conn: Connection, person_id: str, now: datetime) -> dict[str, Any] | None:
    try:
        person = people.person(conn, person_id, now)
    except NotFound:
        return None
    return person if person["holdings"] else None
