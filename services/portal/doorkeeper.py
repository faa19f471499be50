"""Who is asking: the person signed in at this browser, or the bearer of a token. One place for both.

Every staff page and every staff answer of the API asks here first; what the person may then see is decided by the
services that hold the records, in that person's name.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from flask import Request, current_app, g, request
from werkzeug.wrappers import Response

from heard.vocabulary import ADMINISTRATOR, LEAD, LOOKING_IN
from services.chassis.errors import NotAllowed, NotFound, NotSignedIn
from services.portal import drafts, sign_ins
from services.portal.drafts import Draft
from services.portal.reach import Reach

STAFF_COOKIE = "heard_staff"
DEVICE_COOKIE = "heard_device"
DRAFT_COOKIE = "heard_draft"
LAST_PAGE = 100_000
"""No list is longer; a number beyond what a database counts to would be a fault of ours."""
GROUP_OPERATOR = "group_operator"
"""The operator-level role of who-is-who: sees its own group's homes, and what was parked."""
SYSTEM_ADMINISTRATOR = ADMINISTRATOR
"""Looks after the installation: the directory of everybody, what was parked by its number alone, and no case."""


def reach() -> Reach:
    """The other services, for this app."""
    return cast(Reach, current_app.extensions["heard_reach"])


def me() -> dict[str, Any]:
    """The person signed in at this browser, as the directory knows them. Raises `NotSignedIn`."""
    if "person" not in g:
        house = reach().house
        token = request.cookies.get(STAFF_COOKIE)
        found = sign_ins.find(house.db, token, house.clock.now()) if token else None
        if token is None or found is None or found.waits_for:
            raise NotSignedIn
        g.person = _as_the_directory_says(found, token)
    return cast(dict[str, Any], g.person)


class AskAgain(Exception):
    """How somebody signs in is about to change, and it is long since this browser's owner showed that it is they."""


def is_proven() -> bool:
    """Whether the person at this browser showed lately that it is they. Raises `NotSignedIn`."""
    me()
    house = reach().house
    found = sign_ins.find(house.db, request.cookies.get(STAFF_COOKIE, ""), house.clock.now())
    shown = found.proved_at if found else None
    return shown is not None and house.clock.now() < shown + sign_ins.PROVEN_FOR


def proven() -> dict[str, Any]:
    """`me`, for whatever changes how they sign in: a browser may be left open. Raises `AskAgain`, `NotSignedIn`."""
    person = me()
    if not is_proven():
        raise AskAgain
    return person


def _as_the_directory_says(found: sign_ins.SignIn, token: str) -> dict[str, Any]:
    """The person whose sign-in this is. Where the directory says that it has ended, it ends. Raises `NotSignedIn`."""
    try:
        person = reach().calls.directory.signed_in(person_id=found.person_id, since=found.began_at.isoformat())
    except NotSignedIn:
        sign_ins.end(reach().house.db, token)
        raise
    return cast(dict[str, Any], person)


def half_way(waits_for: str) -> str:
    """The id of whoever gave a password at this browser, of whom this is still asked. Raises `NotSignedIn`.

    A password that was changed meanwhile opens nothing by halves either.
    """
    house = reach().house
    token = request.cookies.get(STAFF_COOKIE, "")
    found = sign_ins.find(house.db, token, house.clock.now())
    if found is None or found.waits_for != waits_for:
        raise NotSignedIn
    _as_the_directory_says(found, token)
    return found.person_id


def bearer() -> dict[str, Any]:
    """The person whose token came in the Authorization header. Raises `NotSignedIn`."""
    if "person" not in g:
        kind, _, token = request.headers.get("Authorization", "").partition(" ")
        if kind.lower() != "bearer" or not token.strip() or len(token) > 500:
            raise NotSignedIn("Send a token as 'Authorization: Bearer ...'.")
        try:
            g.person = reach().calls.directory.token(token=token.strip())
        except (NotAllowed, NotFound):
            raise NotSignedIn("This token is unknown, over or revoked.") from None
    return cast(dict[str, Any], g.person)


def keeps_the_directory(person: Mapping[str, Any]) -> bool:
    """Whether this person keeps who is who: of the whole group, or of the installation."""
    kept_by = (GROUP_OPERATOR, SYSTEM_ADMINISTRATOR)
    return any(one["role"] in kept_by and not one.get("provider") for one in person.get("holdings", ()))


def makes_sure_of_contacts(person: Mapping[str, Any]) -> bool:
    """Whether the bodies outside are this person's to ring now and then: a safeguarding lead, or a keeper."""
    return keeps_the_directory(person) or LEAD in _roles(person)


def _roles(person: Mapping[str, Any]) -> set[str]:
    return {str(one["role"]) for one in person.get("holdings", ())}


def only_looks_in(person: Mapping[str, Any]) -> bool:
    """Whether somebody visits, inspects or audits and does nothing else here: they read cases and reports."""
    return bool(_roles(person)) and _roles(person) <= {*LOOKING_IN}


def only_administers(person: Mapping[str, Any]) -> bool:
    """Whether somebody looks after the installation and has no part in what it is for."""
    return _roles(person) == {SYSTEM_ADMINISTRATOR}


def sees_parked(person: Mapping[str, Any]) -> bool:
    """Whether somebody mends what was parked: of their group, or, by its number alone, of everybody."""
    return bool(_roles(person) & {GROUP_OPERATOR, SYSTEM_ADMINISTRATOR})


def only_who_mends(person: Mapping[str, Any]) -> None:
    """Raise `NotFound` for everybody else: what was parked is no business of a home's."""
    if not sees_parked(person):
        raise NotFound


def only_who_works_here(person: Mapping[str, Any]) -> None:
    """Raise `NotFound` for who only reads, or only looks after the installation: they write nothing down."""
    if only_looks_in(person) or only_administers(person):
        raise NotFound


def _secure() -> bool:
    return reach().house.settings.public_url.startswith("https://")


def hand_cookie(answer: Response, name: str, token: str, lasts: int | None = None) -> None:
    """Give the browser a token that scripts and other sites never see; gone when the browser closes, or in seconds."""
    answer.set_cookie(name, token, lasts, httponly=True, secure=_secure(), samesite="Lax", path="/")


def take_cookie(answer: Response, name: str) -> None:
    """Take a cookie back."""
    answer.delete_cookie(name, httponly=True, secure=_secure(), samesite="Lax", path="/")


def draft_of(asked: Request) -> Draft | None:
    """The draft that this browser has, if any."""
    house = reach().house
    return drafts.find(house.db, asked.cookies.get(DRAFT_COOKIE), house.clock.now())


def keep_draft(draft: Draft) -> None:
    """Save a draft as it now stands."""
    house = reach().house
    drafts.keep(house.db, draft, house.clock.now())
