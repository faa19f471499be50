"""Links by which somebody chooses a password, on their way by mail.

Apart from all other messages: they belong to no case, no page shows them to anybody, and what is kept of one goes when
it was sent. The link itself is made as the mail is written (`chassis.entering`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import delete, select, update

from heard.instants import LONDON
from heard.letter_page import email_page
from heard.public_view import day_in_words
from heard.wording import Wording
from services.chassis import entering, rows
from services.chassis.errors import Unavailable
from services.chassis.gate import Undeliverable
from services.chassis.house import House
from services.chassis.post import Letter, Post
from services.chassis.work import Fact, Work
from services.notifications.models import sign_in_links

TEMPLATE = "staff/sign_in_link"
WHY = {
    "invited": "You have been given a part in Heard, where complaints about the home are looked into.",
    "forgotten": "Somebody, we hope you, said that they do not know your password any more.",
}
AT_ONCE = 20
_LEASE = timedelta(minutes=2)  # longer than a mail server may take: then another replica may try
_PAUSE = timedelta(minutes=1)


def made(house: House, work: Work, facts: Sequence[Fact]) -> None:
    """Links that are to be sent. A trial sends nothing: whoever made the link has it on their screen."""
    if house.settings.live:
        fresh = [
            {
                "id": fact.body["link_id"], "person": fact.body["person"], "email": fact.body["email"],
                "verified": fact.body["verified"], "why": fact.body["why"], "over_at": fact.body["over_at"],
                "attempts": 0, "next_at": work.now,
            }
            for fact in facts
        ]  # fmt: skip
        rows.add_new(work.conn, sign_in_links, fresh, sign_in_links.c.id)


def send_due(house: House, post: Post) -> int:
    """Send what is due, outside any transaction; how many were tried. One that cannot go is told to whoever runs it."""
    with house.db.reading() as conn:
        due = sign_in_links.c.next_at <= house.clock.now()
        if conn.execute(select(sign_in_links.c.id).where(due).limit(1)).first() is None:
            return 0
    with house.db.writing() as conn:
        now = house.clock.now()
        these = select(sign_in_links).where(sign_in_links.c.next_at <= now).order_by(sign_in_links.c.next_at)
        taken = conn.execute(these.limit(AT_ONCE).with_for_update(skip_locked=True)).all()
        for row in taken:
            held = {"next_at": now + _LEASE, "attempts": row.attempts + 1}
            conn.execute(update(sign_in_links).where(sign_in_links.c.id == row.id).values(held))
    for row in taken:
        again = None
        try:
            if row.over_at <= now:
                raise Undeliverable("over")
            post.send(_mail(house, row))
        except Undeliverable as fault:
            house.log.error("sign_in_link_not_sent", link=row.id, why=fault.why)
        except Unavailable:
            again = house.clock.now() + _PAUSE * min(row.attempts + 1, 15)
        mine = sign_in_links.c.id == row.id
        with house.db.writing() as conn:
            conn.execute(update(sign_in_links).where(mine).values(next_at=again) if again else
                         delete(sign_in_links).where(mine))  # fmt: skip
    return len(taken)


def _mail(house: House, row: object) -> Letter:
    known = row._mapping  # type: ignore[attr-defined]
    over_at = known["over_at"].astimezone(LONDON)
    letter = Wording().write(
        TEMPLATE,
        told=WHY[known["why"]],
        until=f"{day_in_words(over_at.date())} at {over_at:%H:%M}",
        link=entering.link(house.vault, house.settings.public_url, known["id"], known["over_at"]),
    )
    person = house.who.entry("person", known["person"]) or {}
    sender = str((house.who.entry("operator", str(person.get("operator"))) or {}).get("name", "Heard"))
    page = email_page(letter, sender)
    return Letter(known["id"], known["email"], letter.subject, letter.text, True, known["verified"], page)
