"""The second thing by which somebody shows who they are: six digits from an app, or a code kept for when it is lost.

The app and the directory share a secret, which is kept sealed. Digits are good once, so that whoever looks over a
shoulder has nothing. It can be asked of everybody who reads safeguarding records or looks after a group
(`HEARD_SECOND_FACTOR`); a trial asks it of nobody.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pyotp
from sqlalchemy import Connection, delete, select, update

from heard.registry import Registry
from heard.vocabulary import LEAD
from services.chassis import rows
from services.chassis.errors import Refused
from services.chassis.green import in_thread
from services.chassis.house import House
from services.chassis.vault import DataKey
from services.directory import accounts, noticed
from services.directory.changes import GROUP_OPERATOR, SYSTEM_ADMINISTRATOR
from services.directory.models import accounts as account_table
from services.directory.models import passkeys, recovery_codes, second_factors
from services.directory.sign_in import FROM_HERE, NO_PASSWORD, code_from, code_hash, password_fits
from services.directory.waiting import no_sooner

ISSUER = "Heard"
CODES = 8
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that looks like another
_STEP = 30  # seconds for which an app shows its digits; those before and after count, too: clocks differ


def has_one(conn: Connection, person: str) -> bool:
    """Whether this person has set up an app."""
    return conn.execute(select(second_factors.c.person).where(second_factors.c.person == person)).first() is not None


def is_asked_of(house: House, person: Mapping[str, Any]) -> bool:
    """Whether this person must have one: for the roles that they hold now."""
    return house.settings.second_factor and not asked_of(house.procedures).isdisjoint(
        one["role"] for one in person["holdings"]
    )


def asked_of(procedures: Registry) -> frozenset[str]:
    """The roles that read safeguarding records, by themselves or standing in, and those that look after a group."""
    every = [procedures.get(key) for key in procedures.keys()]  # noqa: SIM118 (a registry, not a dict)
    leads = [role for procedure in every for role in procedure.roles if role.key == LEAD]
    stand_in = {one for role in leads for one in role.stands_in}
    return frozenset({LEAD, GROUP_OPERATOR, SYSTEM_ADMINISTRATOR} | stand_in)


def step(house: House, conn: Connection, person: Mapping[str, Any]) -> str:
    """What is still asked of somebody whose password was right: "code", "set_up", or nothing."""
    if has_one(conn, person["id"]):
        return "code"
    return "set_up" if is_asked_of(house, person) else ""


def to_set_up(house: House, person: str, name: str, ask: str = "") -> dict[str, str]:
    """A secret for an app: ``{ask, secret, uri}``, another one each time; with `ask` the one that was shown with it.

    It is kept nowhere until its digits were shown: whoever looked at such a page before knows nothing of what somebody
    sets up later. Raises `Refused` for somebody who has one: whoever finds a browser open must not put theirs in its
    place.
    """
    with house.db.reading() as conn:
        if has_one(conn, person):
            raise Refused("You have an app already.", None, "Turn it off first, with its digits.")
    ask = ask or secrets.token_urlsafe(18)
    secret = _secret_shown(house, person, ask)
    return {"ask": ask, "secret": secret, "uri": pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=ISSUER)}


def confirm(house: House, person: str, ask: str, code: str) -> list[str]:
    """The app shows the right digits of what `ask` stands for: from now on it is asked for.

    Answers the recovery codes, to be shown once.

    Raises `Refused` for wrong digits.
    """
    made = [f"{n}{_word(4)}-{_word(5)}" for n in range(1, CODES + 1)]
    hashed = in_thread(lambda: [code_hash(_plain(one)) for one in made])
    _count(house, person)
    secret, now = _secret_shown(house, person, ask), house.clock.now()
    step = _step_of(secret, _plain(code), now)
    if step is None:
        raise _wrong()
    with house.working() as work:
        conn = work.conn
        sealed = _key(house, person).seal(secret, _place(person))
        row = {"person": person, "sealed": sealed, "confirmed_at": now, "last_step": step}
        if not rows.add_new(conn, second_factors, [row], second_factors.c.person):
            raise _wrong()  # there is one already
        conn.execute(delete(recovery_codes).where(recovery_codes.c.person == person))
        rows.add(conn, recovery_codes, [
            {"person": person, "n": n, "code": one, "used_at": None} for n, one in enumerate(hashed, 1)
        ])  # fmt: skip
        accounts.forgive(conn, {code_from(person): FROM_HERE})
        noticed.tell(work, person, "app_on")
    return made


def show(house: House, person: str, code: str) -> None:
    """The digits that the app shows now, or a recovery code, each good once. Raises `Refused`, `TooMany`."""
    said = _plain(code)
    _count(house, person)
    with house.db.reading() as conn:
        kept = None
        if not said.isdigit() and said[:1].isdigit():
            found = select(recovery_codes.c.code).where(
                recovery_codes.c.person == person, recovery_codes.c.n == int(said[0]),
                recovery_codes.c.used_at.is_(None),
            )  # fmt: skip
            kept = conn.execute(found).scalar()
    fits = kept is not None and in_thread(password_fits, said, kept)
    with house.db.writing() as conn:
        if fits:
            mine = (recovery_codes.c.person == person) & (recovery_codes.c.code == kept)
            used = update(recovery_codes).where(mine, recovery_codes.c.used_at.is_(None))
            done = used.values(used_at=house.clock.now()).returning(recovery_codes.c.n)
            right = conn.execute(done).first() is not None
        else:
            right = _digits_fit(house, conn, person, said, house.clock.now())
        if not right:
            raise _wrong()
        accounts.forgive(conn, {code_from(person): FROM_HERE})


def turn_off(conn: Connection, person: str) -> bool:
    """Forget a person's app and codes; whether there was one."""
    conn.execute(delete(recovery_codes).where(recovery_codes.c.person == person))
    gone = delete(second_factors).where(second_factors.c.person == person).returning(second_factors.c.person)
    return conn.execute(gone).first() is not None


def codes_left(conn: Connection, person: str) -> int:
    """How many recovery codes were not used."""
    left = select(recovery_codes.c.n).where(recovery_codes.c.person == person, recovery_codes.c.used_at.is_(None))
    return len(conn.execute(left).all())


def without_one(conn: Connection) -> frozenset[str]:
    """Who signs in with a password alone."""
    account = select(account_table.c.person)
    found = account.where(
        account_table.c.password != NO_PASSWORD,
        account_table.c.person.not_in(select(second_factors.c.person)),
        account_table.c.person.not_in(select(passkeys.c.person)),
    )
    return frozenset(conn.execute(found).scalars())


def _digits_fit(house: House, conn: Connection, person: str, digits: str, now: datetime) -> bool:
    """Whether the app shows these digits, and nobody used them or later ones before. They count as used now."""
    row = conn.execute(select(second_factors).where(second_factors.c.person == person)).first()
    if row is None:
        return False
    step = _step_of(_key(house, person).open(row.sealed, _place(person)), digits, now)
    if step is None:
        return False
    newer = (second_factors.c.person == person) & (second_factors.c.last_step < step)
    used = update(second_factors).where(newer).values(last_step=step)
    return conn.execute(used.returning(second_factors.c.person)).first() is not None


def _step_of(secret: str, digits: str, now: datetime) -> int | None:
    """For which half minute, of this one and those beside it, an app with this secret shows these digits."""
    totp, this = pyotp.TOTP(secret), int(now.timestamp()) // _STEP
    right = [one for one in (this - 1, this, this + 1) if secrets.compare_digest(totp.at(one * _STEP), digits)]
    return right[-1] if right else None


def _secret_shown(house: House, person: str, ask: str) -> str:
    """The secret that a page shows with `ask`, to this person alone."""
    key = house.vault.derive("apps that are being set up")
    made = hmac.new(key, f"{person}\x1f{ask}".encode(), hashlib.sha256).digest()
    return base64.b32encode(made[:20]).decode()


def _count(house: House, person: str) -> None:
    """Count a try before it is looked at. Raises `TooMany`."""
    counts, now = {code_from(person): FROM_HERE}, house.clock.now()
    with house.db.writing() as conn:
        no_sooner(conn, counts, now)
        accounts.failed(conn, counts, now)


def _key(house: House, person: str) -> DataKey:
    return DataKey("", person, "second factors", house.vault.derive("second factors"), {})


def _place(person: str) -> str:
    return f"second_factors/{person}/sealed"


def _plain(code: str) -> str:
    return "".join(each for each in code.lower() if each.isascii() and each.isalnum())[:20]


def _word(length: int) -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(length))


def _wrong() -> Refused:
    return Refused("These are not the digits. Each is good once.", None, "Wait for the next ones and try again.")
