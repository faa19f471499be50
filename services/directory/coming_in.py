"""Somebody comes in, and is still there: a sign-in from its first try to its end. The rules stand in `sign_in.py`.

The portal keeps who is signed in at which browser; whether that still holds is asked here at each page, so that it ends
with the password it began with, and with the last role.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from services.chassis.errors import NotFound, NotSignedIn, Refused
from services.chassis.green import in_thread
from services.chassis.house import House
from services.directory import accounts, desk, noticed, passkeys, people, second_factor, tokens
from services.directory.sign_in import (
    counts_of,
    new_device,
    password_fits,
    token_digest,
    typed_address,
    wrong,
)  # fmt: skip
from services.directory.waiting import no_sooner


def sign_in(house: House, email: str, password: str, place: str, device: str) -> dict[str, Any]:
    """Who this is: as `entered`. Raises `Refused` (the same for unknown and wrong) or `TooMany`."""
    who = _who_knows(house, email, password, place, device)
    with house.db.writing() as conn:
        return entered(house, conn, who, device)


def _who_knows(house: House, email: str, password: str, place: str, device: str) -> str:
    """The person whose password this is. Raises as `sign_in`.

    The try is counted before the password is looked at: of a hundred at once only those that may guess do.
    """
    only_here(house)
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
    return str(kept["person"])


def only_here(house: House) -> None:
    """Raise `Refused` where nobody comes in by what is kept here: they have an account elsewhere, and it ends there."""
    if not house.settings.signs_in_here:
        raise Refused("Nobody signs in with a password here.", None, f"Sign in with {house.settings.oidc_name}.")


def entered(
    house: House, conn: Connection, person_id: str, device: str, *, second_shown: bool = False
) -> dict[str, Any]:
    """The person who gave what comes first: as `let_in`, or only ``{id, then}`` while something else is asked of them.

    First comes a password, or an account elsewhere, where a second thing may have been shown already. `then` is "code"
    (what their app shows), "set_up" (an app), or nothing. Raises `Refused` without a role.
    """
    person = _with_a_role(conn, person_id, house.clock.now())
    if person is None:
        raise _no_role()
    then = "" if second_shown else second_factor.step(house, conn, person)
    passkey_instead = then == "set_up" and house.settings.signs_in_here and passkeys.of_person(conn, person_id)
    if passkey_instead:  # else whoever knows the password brings an app
        raise Refused("A password alone does not let you in.", None, "Sign in with your passkey.")
    return {"id": person_id, "then": then} if then else let_in(conn, person_id, device, house.clock.now())


def let_in(conn: Connection, person_id: str, device: str, now: datetime) -> dict[str, Any]:
    """The person who has shown who they are, with the `device` they are known by. Raises `Refused` without a role."""
    person = _with_a_role(conn, person_id, now)
    if person is None:
        raise _no_role()
    if not accounts.knows_device(conn, token_digest(device), person_id, now):
        device = new_device()
    accounts.keep_device(conn, token_digest(device), person_id, now)
    return {**person, "device": device, "then": ""}


def _no_role() -> Refused:
    return Refused("You hold no role here now.", None, "Ask whoever keeps the directory of your group.")


def show_code(house: House, person_id: str, code: str, device: str) -> dict[str, Any]:
    """What the app shows, after the password: as `let_in`. Raises `Refused`, `TooMany`."""
    second_factor.show(house, person_id, code)
    with house.db.writing() as conn:
        return let_in(conn, person_id, device, house.clock.now())


def set_up_app(house: House, person_id: str, ask: str, code: str, device: str) -> dict[str, Any]:
    """An app is set up, and shows the right digits: as `let_in`, with the recovery `codes`. Raises as `show_code`."""
    codes = second_factor.confirm(house, person_id, ask, code)
    with house.db.writing() as conn:
        return {**let_in(conn, person_id, device, house.clock.now()), "codes": codes}


def shown_again(house: House, person_id: str, password: str, code: str, place: str, device: str) -> None:
    """Somebody who is signed in shows once more that it is they, by all that signing in asks: a browser may be left

    open. Raises `Refused`, `TooMany`.
    """
    _password_again(house, person_id, password, place, device)
    with house.db.reading() as conn:
        asked = second_factor.has_one(conn, person_id)
    if asked:
        second_factor.show(house, person_id, code)


def passkey_to_add(house: House, person_id: str) -> dict[str, Any]:
    """What one's device is asked to make: ``{ask, options}``. Raises `Refused`, `NotFound`."""
    only_here(house)
    return passkeys.to_add(house, person_id, _account(house, person_id)["email"])


def show_passkey(house: House, ask: str, credential: str, place: str, device: str) -> dict[str, Any]:
    """Somebody comes in by a passkey: as `let_in`; nothing else is asked of them. Raises `Refused`."""
    only_here(house)
    person_id = passkeys.shown(house, ask, credential, place)
    with house.db.writing() as conn:
        return let_in(conn, person_id, device, house.clock.now())


def remove_passkey(house: House, person_id: str, passkey_id: str) -> None:
    """Forget one of one's own passkeys; another person's is left as it is."""
    with house.working() as work:
        if passkeys.remove(work.conn, person_id, passkey_id):
            noticed.tell(work, person_id, "passkey_removed")


def app_to_set_up(house: House, person_id: str, ask: str = "") -> dict[str, str]:
    """``{ask, secret, uri}`` for the app of somebody who has none yet. Raises `Refused`, `NotFound`."""
    return second_factor.to_set_up(house, person_id, _account(house, person_id)["email"], ask)


def turn_app_off(house: House, person_id: str, code: str) -> None:
    """One's own app is asked for no more. Raises `Refused` for wrong digits, and where a role asks for it."""
    with house.db.reading() as conn:
        person = people.person(conn, person_id, house.clock.now())
    if second_factor.is_asked_of(house, person):
        raise Refused("Your role asks for it.", None, "On a new telephone: whoever runs Heard lets you set it up anew.")
    second_factor.show(house, person_id, code)
    with house.working() as work:
        if second_factor.turn_off(work.conn, person_id):
            noticed.tell(work, person_id, "app_off")


def change_password(house: House, person_id: str, password: str, new: str, place: str, device: str) -> dict[str, Any]:
    """Change one's own password, which ends every sign-in; as `let_in`.

    Raises `Refused` and `TooMany` as `sign_in` (somebody else may sit at a browser left alone), `Invalid` for the new.
    """
    email = _password_again(house, person_id, password, place, device)
    desk.set_password(house, person_id, email, new)
    with house.db.writing() as conn:
        return let_in(conn, person_id, device, house.clock.now())


def _password_again(house: House, person_id: str, password: str, place: str, device: str) -> str:
    """The address with which somebody signs in, who has said their password once more. Raises `Refused`, `TooMany`."""
    account = _account(house, person_id)
    try:
        _who_knows(house, account["email"], password, place, device)
    except Refused:
        raise Refused("This is not the password you have now.") from None
    return str(account["email"])


def _account(house: House, person_id: str) -> dict[str, Any]:
    with house.db.reading() as conn:
        account = accounts.of_person(conn, person_id)
    if account is None:
        raise NotFound("There is no such account.")
    return account


def signed_in(conn: Connection, person_id: str, since: datetime, now: datetime) -> dict[str, Any]:
    """The person whose sign-in began then: as `person`. Raises `NotSignedIn` when it has ended.

    It ends when their password changes and when they hold no role any more.
    """
    account = accounts.of_person(conn, person_id)
    person = _with_a_role(conn, person_id, now)
    if account is None or since < account["changed_at"] or person is None:
        raise NotSignedIn
    return person


def by_token(house: House, token: str) -> dict[str, Any]:
    """Whose bearer token this is, with its ``scopes``. Raises `NotSignedIn`; without a role it opens nothing."""
    person_id, scopes = tokens.use(house, token)
    with house.db.reading() as conn:
        person = _with_a_role(conn, person_id, house.clock.now())
    if person is None:
        raise NotSignedIn("This token is unknown, over or revoked.")
    return {**person, "scopes": scopes}


def _with_a_role(conn: Connection, person_id: str, now: datetime) -> dict[str, Any] | None:
    try:
        person = people.person(conn, person_id, now)
    except NotFound:
        return None
    return person if person["holdings"] else None
