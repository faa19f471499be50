"""Links by which somebody chooses a password: to come in for the first time, and when the password was forgotten.

Nobody hands a password over. Whoever keeps the directory has a link sent; a link is good once and for a while, goes to
the address with which the person signs in, and is shown on a screen only where no mail can be sent, and then to nobody
who could use it to come in as somebody who is in already.

Where nobody signs in with a password, there is nothing to choose one for; whoever runs the installation can still let
somebody in by a link, once, for the day on which the place where they sign in otherwise does not answer.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from services.chassis import entering
from services.chassis.errors import NotFound, Refused
from services.chassis.green import in_thread
from services.chassis.house import House
from services.chassis.tables import new_id
from services.chassis.work import Work
from services.directory import accounts, coming_in, noticed, register
from services.directory.models import forgotten, sign_in_links
from services.directory.sign_in import FROM_HERE, NO_PASSWORD, asked_from, hash_password, typed_address
from services.directory.waiting import no_sooner

BREAK_GLASS = "break_glass"
GOOD_FOR = {"invited": timedelta(days=7), "forgotten": timedelta(hours=1), BREAK_GLASS: timedelta(hours=1)}
ONE_IN = timedelta(minutes=5)
"""Whoever asks again before gets no second mail."""
AT_ONCE = 100


def invite(house: House, person: str, by: str, email: str | None = None, *, on_screen: bool = False) -> dict[str, Any]:
    """Have a link sent, or answer it where no mail can go: ``{email, sent, link}``.

    `on_screen` is for whoever runs the installation: they get to see it, too, of somebody who signs in already.
    Raises `NotFound`, `Refused`.
    """
    coming_in.only_here(house)
    with house.working() as work:
        known = register.find(work.conn, "person", person)
        if known is None:
            raise NotFound("There is no such person.")
        account = accounts.of_person(work.conn, person)
        address = typed_address(email or (account["email"] if account else known["email"]) or "")
        if not address:
            raise Refused("There is no email address to sign in with.", None, "Write one down first.")
        other = accounts.account(work.conn, address)
        if other is not None and other["person"] != person:
            raise Refused("Somebody else signs in with this email address.", None, "Use another one.")
        tried = address != typed_address(known["email"] or "") or bool(known["verified"])
        sent = tried and house.settings.live
        if account and not sent and not on_screen:
            raise Refused(
                "They sign in already, and no mail can go to them from here.",
                None,
                "Whoever runs the installation makes a link with: heard directory sign-in",
            )
        made = _make(house, work, person, address, "invited", by, sent=sent)
    return {"email": address, "sent": sent, "link": None if sent and not on_screen else made}


def break_the_glass(house: House, person: str, by: str) -> str:
    """A link that lets a person in without the place where they sign in otherwise. Raises `NotFound`, `Refused`."""
    if house.settings.signs_in_here:
        raise Refused("People sign in with a password here.", None, "Make a link with: heard directory sign-in")
    with house.working() as work:
        known = register.find(work.conn, "person", person)
        if known is None:
            raise NotFound("There is no such person.")
        account = accounts.of_person(work.conn, person)
        address = account["email"] if account else typed_address(known["email"] or "")
        if not address:
            raise Refused("There is no email address to sign in with.", None, "Write one down first.")
        house.log.warning("glass_broken", person=person, by=by)
        noticed.tell(work, person, "glass")
        return _make(house, work, person, address, BREAK_GLASS, by, sent=False)


def ask(house: House, email: str, place: str) -> None:
    """Somebody forgot their password. The same is done for an address that nobody has. Raises `TooMany`, `Refused`."""
    coming_in.only_here(house)
    counts = {asked_from(place): FROM_HERE}
    with house.db.writing() as conn:
        now = house.clock.now()
        no_sooner(conn, counts, now)
        accounts.failed(conn, counts, now)
        conn.execute(insert(forgotten).values(id=new_id(), email=typed_address(email)[:254], asked_at=now))


def answer(house: House) -> int:
    """Make the links that were asked for; how many asked. Apart from the asking: it tells nobody who is known."""
    with house.db.reading() as conn:
        waiting = conn.execute(select(forgotten.c.id).limit(AT_ONCE)).scalars().all()
    if not waiting:
        return 0
    with house.working() as work:
        gone = delete(forgotten).where(forgotten.c.id.in_(waiting)).returning(forgotten.c.email)
        for email in sorted(set(work.conn.execute(gone).scalars())):
            account = accounts.account(work.conn, email)
            if account is not None and not _just_made(work, account["person"]):
                _make(house, work, account["person"], email, "forgotten", account["person"], sent=True)
    return len(waiting)


def look(house: House, link_id: str, token: str) -> dict[str, Any]:
    """Whose link this is: ``{name, email, why}``. Raises `NotFound` for one that is wrong, used or over."""
    with house.db.reading() as conn:
        row = _good(house, conn, link_id, token)
        name = (register.find(conn, "person", row.person) or {}).get("name")
    return {"name": name, "email": row.email, "why": row.why}


def use(house: House, link_id: str, token: str, password: str, device: str) -> dict[str, Any]:
    """Choose a password, and come in with it: as `coming_in.sign_in`. Raises `NotFound`, `Refused`, `Invalid`.

    Whatever other links there were are good no more, and every sign-in and every token from before is over. Where the
    glass is broken no password is chosen, and what was before stays.
    """
    said = look(house, link_id, token)
    glass = said["why"] == BREAK_GLASS
    if not glass:
        coming_in.only_here(house)
    hashed = NO_PASSWORD if glass else in_thread(hash_password, password, str(said["name"]))
    with house.working() as work:
        conn, now = work.conn, work.now
        row = _good(house, conn, link_id, token)
        mine = sign_in_links.c.person == row.person
        used = update(sign_in_links).where(mine, sign_in_links.c.used_at.is_(None)).values(used_at=now)
        if link_id not in conn.execute(used.returning(sign_in_links.c.id)).scalars().all():
            raise NotFound  # somebody was quicker with the same link
        other = accounts.account(conn, row.email)
        if other is not None and other["person"] != row.person:
            raise Refused("Somebody else signs in with this email address.")
        if not glass or other is None:
            before = accounts.of_person(conn, row.person)
            if before is not None:  # also where they sign in with another address from now on
                noticed.tell(work, row.person, "password", before)
            accounts.keep_account(conn, row.person, row.email, hashed, now)
        return coming_in.entered(house, conn, row.person, device)


def standing(conn: Connection, person: str) -> dict[str, Any]:
    """How somebody signs in, for a keeper: ``{email, link: {made_at, over_at, used_at} or None}``."""
    account = accounts.of_person(conn, person)
    newest = (
        select(sign_in_links.c.made_at, sign_in_links.c.over_at, sign_in_links.c.used_at)
        .where(sign_in_links.c.person == person, sign_in_links.c.why == "invited")
        .order_by(sign_in_links.c.made_at.desc())
    )
    row = conn.execute(newest.limit(1)).mappings().first()
    said = {name: at.isoformat() if at else None for name, at in row.items()} if row else None
    return {"email": account["email"] if account else None, "link": said}


def _make(house: House, work: Work, person: str, email: str, why: str, by: str, *, sent: bool) -> str:
    """A link; what is to be sent is told to notifications. An earlier invitation is good no more."""
    link_id, over_at = new_id(), work.now + GOOD_FOR[why]
    earlier = (sign_in_links.c.person == person) & sign_in_links.c.used_at.is_(None) & (sign_in_links.c.why == why)
    work.conn.execute(update(sign_in_links).where(earlier).values(over_at=work.now))
    work.conn.execute(
        insert(sign_in_links).values(
            id=link_id, person=person, email=email, why=why, by=by[:40], made_at=work.now, over_at=over_at
        )
    )
    if sent:
        known = register.find(work.conn, "person", person) or {}
        tried = email != typed_address(known.get("email") or "") or bool(known.get("verified"))
        told = {"link_id": link_id, "person": person, "email": email, "verified": tried, "why": why}
        work.publish("sign_in_link_made", told | {"over_at": over_at.isoformat()})
    return entering.link(house.vault, house.settings.public_url, link_id, over_at)


def _just_made(work: Work, person: str) -> bool:
    lately = (sign_in_links.c.person == person) & (sign_in_links.c.made_at > work.now - ONE_IN)
    found = select(sign_in_links.c.id).where(lately, sign_in_links.c.why == "forgotten")
    return work.conn.execute(found).first() is not None


def _good(house: House, conn: Connection, link_id: str, token: str) -> Any:
    """The row of a link that may be used now. Raises `NotFound`."""
    row = conn.execute(select(sign_in_links).where(sign_in_links.c.id == link_id[:32])).first()
    right = row is not None and entering.is_token(house.vault, token, row.id, row.over_at)
    if row is None or not right or row.used_at is not None or row.over_at <= house.clock.now():
        raise NotFound("This link was used, or its time is over.")
    return row
