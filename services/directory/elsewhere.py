"""Coming in by the account that a group has elsewhere: who somebody is there, and who that is here.

Nobody comes in whom the directory does not know. The first time it knows them by their address, which the other place
must say is verified; from then on by the account itself, so that an address which is given to somebody else there lets
nobody in here. Their roles, and the end of a sign-in, are ours as with a password; what is asked besides is the other
place's matter where it says that more than a password was shown, or where it is trusted to see to that.
"""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, func, select

from services.chassis.errors import NotFound, Refused
from services.chassis.house import House
from services.chassis.work import Work
from services.directory import accounts, challenges, coming_in, issuer, noticed
from services.directory.models import people
from services.directory.sign_in import FROM_THIS_PLACE, asked_from, typed_address
from services.directory.waiting import no_sooner

GOOD_FOR = timedelta(minutes=15)  # at the other place somebody may have to look for their telephone
_QUESTION = "elsewhere"
_LONGEST_CODE = 4000
_AGAIN = "again "  # before the verifier of such a question; no verifier holds a space


def ways_in(house: House) -> dict[str, Any]:
    """``{elsewhere, here}``: what the other place is called, if there is one, and whether a password lets in."""
    settings = house.settings
    return {"elsewhere": settings.oidc_name if settings.oidc_issuer else None, "here": settings.signs_in_here}


def to_ask(house: House, place: str, *, again: bool = False) -> dict[str, str]:
    """Where a browser is to go: ``{ask, address}``; `again`: to show there once more who they are.

    Raises `NotFound`, `TooMany`, `Unavailable`.
    """
    if not house.settings.oidc_issuer:
        raise NotFound
    counts, now = {asked_from(place + " elsewhere"): FROM_THIS_PLACE}, house.clock.now()
    with house.db.writing() as conn:
        no_sooner(conn, counts, now)
        accounts.failed(conn, counts, now)
    verifier = secrets.token_urlsafe(48)
    ask = challenges.keep(house, _QUESTION, ((_AGAIN if again else "") + verifier).encode(), GOOD_FOR)
    return {"ask": ask, "address": issuer.where_to_ask(house.settings, ask, verifier, now, again=again)}


def answered(house: House, ask: str, code: str, place: str, device: str) -> dict[str, Any]:
    """Somebody comes back with a code: as `coming_in.entered`. Raises `Refused`, the same for every fault.

    ``shown`` says whether they showed just now who they are, and were not only still signed in there.

    Raises `NotFound` where there is no other place, `Unavailable` when it cannot be reached.
    """
    settings = house.settings
    if not settings.oidc_issuer:
        raise NotFound
    with house.db.writing() as conn:
        verifier = challenges.take(house, conn, ask, _QUESTION, _not_here()).decode()
    again, verifier, now = verifier.startswith(_AGAIN), verifier.removeprefix(_AGAIN), house.clock.now()
    try:
        said = issuer.who_it_was(settings, code[:_LONGEST_CODE], verifier, now)
        lately = said.at is not None and now - GOOD_FOR <= said.at
        if again and said.at is not None and not lately:
            raise issuer.Disbelieved("not_shown_again")
        with house.working() as work:
            conn, person = work.conn, _person(house, work, said)
            accounts.forgive(conn, {asked_from(place + " elsewhere"): FROM_THIS_PLACE})
            second = said.second or settings.oidc_second_factor == "trusted"
            entered = coming_in.entered(house, conn, person, device, second_shown=second)
            return {**entered, "shown": again or lately}
    except issuer.Disbelieved as why:
        house.log.warning("not_let_in_from_elsewhere", why=str(why))
        raise _not_here() from None


def _person(house: House, work: Work, said: issuer.Said) -> str:
    """Who that is here. Raises `Disbelieved` for somebody whom the directory does not know, or knows as another."""
    theirs, conn = (house.settings.oidc_issuer, said.subject), work.conn
    known = accounts.who_is(conn, *theirs)
    if known is not None:
        return known
    if said.email is None:
        raise issuer.Disbelieved("address_not_verified")
    address = typed_address(said.email)
    account = accounts.account(conn, address)
    person = str(account["person"]) if account else _written_down(conn, address)
    if not accounts.join(conn, person, address, *theirs, work.now):
        raise issuer.Disbelieved("joined_to_another_account")
    if account is not None:
        noticed.tell(work, person, "joined")
    return person


def _written_down(conn: Connection, address: str) -> str:
    """The one person with this address who never signed in. Who did is known by the address they sign in with:

    somebody who keeps the directory must not come in as another by writing their own address beside that name.
    """
    found = conn.execute(select(people.c.id).where(func.lower(people.c.email) == address)).scalars().all()
    if len(found) != 1 or accounts.of_person(conn, found[0]) is not None:
        raise issuer.Disbelieved("address_unknown" if not found else "address_not_theirs_alone")
    return str(found[0])


def _not_here() -> Refused:
    return Refused(
        "That did not let you in here.", None,
        "Try once more. If it happens again, ask whoever keeps the directory of your group what address it has of you.",
    )  # fmt: skip
