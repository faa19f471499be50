"""Passkeys: what a telephone or a computer keeps for its owner and shows when a finger, a face or a PIN unlocks it.

One is both things at once: something that somebody has, and proof that it is they. So whoever shows one is asked for
nothing else, and whoever must not come in with a password alone may have one instead of an app.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import webauthn
from sqlalchemy import Connection, delete, insert, select, update
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from services.chassis.errors import Refused
from services.chassis.house import House
from services.directory import accounts, challenges, noticed
from services.directory.models import passkeys
from services.directory.sign_in import FROM_THIS_PLACE, asked_from, token_digest
from services.directory.waiting import no_sooner

GOOD_FOR = timedelta(minutes=5)
MOST = 10
"""Passkeys of one person."""
_SHOWN = 16  # of a digest: names one on a page, and opens nothing
_NAME = "Heard"


def to_add(house: House, person: str, email: str) -> dict[str, Any]:
    """What a device is asked to make: ``{ask, options}``. Raises `Refused` for somebody who has many already."""
    with house.db.reading() as conn:
        known = conn.execute(select(passkeys.c.credential).where(passkeys.c.person == person)).scalars().all()
    if len(known) >= MOST:
        raise Refused("You have many passkeys already.", None, "Remove one first.")
    options = webauthn.generate_registration_options(
        rp_id=_host(house),
        rp_name=_NAME,
        user_id=person.encode(),
        user_name=email,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=base64url_to_bytes(one)) for one in known],
    )
    return _asked(house, person, options.challenge, webauthn.options_to_json(options))


def add(house: House, person: str, ask: str, credential: str, name: str) -> None:
    """Keep the passkey that a device made. Raises `Refused` for one that does not answer what was asked."""
    now = house.clock.now()
    try:
        with house.db.writing() as conn:
            challenge = challenges.take(house, conn, ask, person, _wrong())
        made = webauthn.verify_registration_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=_host(house),
            expected_origin=house.settings.public_url,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError):
        raise _wrong() from None
    known = bytes_to_base64url(made.credential_id)
    with house.working() as work:
        if work.conn.execute(select(passkeys.c.person).where(passkeys.c.digest == token_digest(known))).first():
            raise _wrong()
        noticed.tell(work, person, "passkey_added")
        work.conn.execute(
            insert(passkeys).values(
                digest=token_digest(known), person=person, credential=known, public_key=made.credential_public_key,
                times=made.sign_count, name=name.strip()[:80] or "A passkey", made_at=now, used_at=None,
            )
        )  # fmt: skip


def to_show(house: House, place: str) -> dict[str, Any]:
    """What a device is asked to show: ``{ask, options}``. Nobody is named: the device knows whose it is."""
    counts, now = {asked_from(place + " passkey"): FROM_THIS_PLACE}, house.clock.now()
    with house.db.writing() as conn:
        no_sooner(conn, counts, now)
        accounts.failed(conn, counts, now)
    options = webauthn.generate_authentication_options(
        rp_id=_host(house), user_verification=UserVerificationRequirement.REQUIRED
    )
    return _asked(house, "", options.challenge, webauthn.options_to_json(options))


def shown(house: House, ask: str, credential: str, place: str) -> str:
    """Whose passkey this is. Raises `Refused`, the same for every fault."""
    now = house.clock.now()
    try:
        known = str(json.loads(credential)["id"])
        with house.db.writing() as conn:
            challenge = challenges.take(house, conn, ask, "", _wrong())
            row = conn.execute(select(passkeys).where(passkeys.c.digest == token_digest(known))).first()
        if row is None:
            raise _wrong()
        proof = webauthn.verify_authentication_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=_host(house),
            expected_origin=house.settings.public_url,
            credential_public_key=row.public_key,
            credential_current_sign_count=row.times,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError):
        raise _wrong() from None
    with house.db.writing() as conn:
        used = update(passkeys).where(passkeys.c.digest == row.digest, passkeys.c.times == row.times)
        done = used.values(times=proof.new_sign_count, used_at=now).returning(passkeys.c.person)
        if conn.execute(done).first() is None:  # removed meanwhile, or shown twice at once
            raise _wrong()
        accounts.forgive(conn, {asked_from(place + " passkey"): FROM_THIS_PLACE})
    return str(row.person)


def of_person(conn: Connection, person: str) -> list[dict[str, Any]]:
    """A person's passkeys: ``[{id, name, made_at, used_at}]``, the oldest first."""
    found = select(passkeys).where(passkeys.c.person == person).order_by(passkeys.c.made_at, passkeys.c.digest)
    return [
        {"id": row.digest[:_SHOWN], "name": row.name, "made_at": row.made_at.isoformat(),
         "used_at": row.used_at.isoformat() if row.used_at else None}
        for row in conn.execute(found)
    ]  # fmt: skip


def remove(conn: Connection, person: str, passkey_id: str | None = None) -> bool:
    """Forget one of a person's passkeys, or all; whether there was one."""
    gone = delete(passkeys).where(passkeys.c.person == person)
    if passkey_id is not None:
        if len(passkey_id) != _SHOWN or not passkey_id.isalnum():
            return False
        gone = gone.where(passkeys.c.digest.startswith(passkey_id))
    return conn.execute(gone.returning(passkeys.c.digest)).first() is not None


def _asked(house: House, person: str, challenge: bytes, options: str) -> dict[str, Any]:
    return {"ask": challenges.keep(house, person, challenge, GOOD_FOR), "options": json.loads(options)}


def _host(house: House) -> str:
    return urlsplit(house.settings.public_url).hostname or "localhost"


def _wrong() -> Refused:
    return Refused("That passkey did not work here.", None, "Try again, or sign in with your password.")
